import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kokyaku_bulk_edit", {
    steps: () => [
        {
            content: "enter a change",
            trigger: ".o_field_widget[name='line_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "archive them",
            trigger: ".modal .o_field_widget[name='fname'] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(In Use or Archived)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='shelf'] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Archived)",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Archived)",
        },
        {
            content: "see whom it hits",
            trigger: "button[name='action_check']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='preview']:contains(2 of 2 people will change)",
        },
        {
            content: "carry it out",
            trigger: "button[name='action_execute']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='changed_count']:contains(2)",
        },
        {
            content: "and take it back",
            trigger: "button[name='action_undo']",
            run: "click",
        },
        {
            content: "it asks first",
            trigger: ".modal:contains(unless someone changed them since) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='undone_count']:contains(2)",
        },
    ],
});

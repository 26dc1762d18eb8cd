import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kokyaku_selection_set", {
    steps: () => [
        {
            content: "a second criterion: what they bought",
            trigger: ".o_field_widget[name='criterion_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='kind'] label:contains(What They Bought)",
            run: "click",
        },
        {
            content: "the fields of purchases show",
            trigger: ".modal .o_field_widget[name='threshold'] input",
            run: "edit 2",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the number shows while one enters, before anything is saved",
            trigger: "body:not(:has(.modal)) .o_field_widget[name='live_count_text']:contains(1 people)",
        },
        {
            content: "build it",
            trigger: "button[name='action_build']",
            run: "click",
        },
        {
            trigger: "button[name='action_members'] .o_stat_value:contains(1)",
        },
        {
            content: "confirm it, seeing first who gets it",
            trigger: "button[name='action_confirm']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='send_count']:contains(1)",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "and send it",
            trigger: ".o_statusbar_buttons button[name='action_execute']:contains(Execute)",
            run: "click",
        },
        {
            content: "it asks first",
            trigger: ".modal:contains(on its way) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Executed)",
        },
    ],
});

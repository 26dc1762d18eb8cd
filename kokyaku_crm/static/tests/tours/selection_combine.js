import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kokyaku_selection_combine", {
    steps: () => [
        {
            content: "the sets of two departments",
            trigger: ".o_data_row:contains(巡回 営業一課) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(巡回 営業二課) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus button:contains(Actions)",
            run: "click",
        },
        {
            trigger: ".o_menu_item:contains(Combine Sets)",
            run: "click",
        },
        {
            content: "everybody who is in one of them",
            trigger: ".modal .o_field_widget[name='number']:contains(3)",
        },
        {
            trigger: ".modal .o_field_widget[name='name'] input",
            run: "edit 巡回 全社",
        },
        {
            trigger: ".modal button[name='action_combine']",
            run: "click",
        },
        {
            content: "who is in it twice stands there with the reason",
            trigger: ".o_data_row:contains(same@example.jp)",
        },
        {
            trigger: "button[name='action_apply']",
            run: "click",
        },
        {
            content: "it asks first",
            trigger: ".modal:contains(Duplicates are taken out) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(1 duplicates were taken out)",
        },
    ],
});

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kokyaku_selection_copy", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name='action_copy']",
            run: "click",
        },
        {
            content: "the name is that of the next year already",
            trigger: ".modal .o_field_widget[name='name'] input:value(2026年お歳暮)",
        },
        {
            trigger: ".modal button[name='action_copy']",
            run: "click",
        },
        {
            content: "the copy opens, with its people",
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name='name'] input:value(2026年お歳暮)",
        },
        {
            trigger: "button[name='action_members'] .o_stat_value:contains(2)",
        },
        {
            content: "and is compared with what it was copied from",
            trigger: ".o_field_widget[name='previous_id'] input:value(2025年お歳暮)",
        },
    ],
});

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kokyaku_selection_compare", {
    steps: () => [
        {
            content: "against last year's set",
            trigger: "button[name='action_compare_previous']",
            run: "click",
        },
        {
            content: "one was in last year's only",
            trigger: ".o_kokyaku_compare button:contains(Last Time Only):contains(1)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(鈴木 三郎)",
        },
        {
            trigger: "body:not(:has(.o_data_row:contains(黒木 健一))) .o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "take them over",
            trigger: "button[name='action_take_in']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(1 people were put in)",
        },
        {
            content: "the numbers above follow",
            trigger: ".o_kokyaku_compare button:contains(Last Time Only):contains(0)",
        },
    ],
});

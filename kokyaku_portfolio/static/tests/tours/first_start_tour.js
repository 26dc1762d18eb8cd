import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** はじめに: opening the app, the questions of the first start, the board. */
registry.category("web_tour.tours").add("kokyaku_portfolio_first_start", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='kokyaku_portfolio.menu_root']",
            run: "click",
        },
        {
            content: "The office is asked what kind of business it is",
            trigger: ".modal [name=business_type] input[data-value=mail_order]",
            run: "click",
        },
        {
            content: "The proposal stands there before anything is computed",
            trigger: ".modal [name=unit] input[data-value=person]:checked",
        },
        { trigger: ".modal [name=suggested_amount]:contains(560,000)" },
        {
            content: "The history ended in the past: its last day is proposed",
            trigger: ".modal [name=base_choice] input[data-value=last]:checked",
        },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "The board opens and shows how far the first aggregation is",
            trigger: ".o_kokyaku_board .o_kokyaku_run_progress",
        },
        { trigger: ".o_menu_sections [data-menu-xmlid='kokyaku_portfolio.menu_customers']" },
    ],
});

/** 顧客一覧: the loyal among the customers, and the person behind a row. */
registry.category("web_tour.tours").add("kokyaku_portfolio_customers", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(A-8)" },
        {
            content: "Open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Only the loyal ones",
            trigger: ".o_filter_menu .o_menu_item:contains(Loyal active)",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(A-8)))" },
        {
            content: "Open the person behind the row",
            trigger: ".o_data_row:contains(A-7) td[name=partner_id]",
            run: "click",
        },
        {
            content: "The person shows the tier",
            trigger: ".o_form_view .o_kokyaku_glance .badge:contains(Loyal active)",
        },
    ],
});

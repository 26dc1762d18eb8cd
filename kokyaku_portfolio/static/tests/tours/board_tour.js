import { registry } from "@web/core/registry";

/** Back from a list to the board. */
const back = [
    { trigger: ".o_control_panel .breadcrumb-item a", run: "click" },
    { trigger: ".o_kokyaku_board .o_board_cells" },
];

/** The Monday meeting: read the figures, see the people, look back a month, print, refresh. */
registry.category("web_tour.tours").add("kokyaku_portfolio_board", {
    steps: () => [
        {
            content: "One new customer this month",
            trigger: "[data-figure=new] .o_board_number:contains(1)",
        },
        {
            content: "Two churned, one of them loyal",
            trigger: "[data-figure=churned] .o_board_loss .o_board_link:contains(1)",
        },
        { content: "All ten cells are there", trigger: ".o_board_cell[data-tier=loyal_lapsed]" },
        { content: "The trend is drawn", trigger: ".o_board_trend canvas" },
        {
            content: "Open the people of a cell",
            trigger: ".o_board_cell[data-tier=steady_active]",
            run: "click",
        },
        {
            content: "The list has as many rows",
            trigger: ".o_pager .o_pager_limit:contains(3)",
        },
        ...back,
        {
            content: "Open who came back",
            trigger: "[data-figure=reactivated] .o_board_number",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(復田)" },
        ...back,
        {
            content: "Who lapses this week",
            trigger: "[data-task=lapsing] .o_board_parts button:last-child",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(去川)" },
        ...back,
        { content: "One month back", trigger: ".o_board_previous", run: "click" },
        { trigger: ".o_board_day input:value(/0?5.31/)" },
        {
            content: "A past day opens the stays of that day",
            trigger: ".o_board_row_active .o_board_number",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row" },
        ...back,
        { content: "The month is still May", trigger: ".o_board_next:enabled", run: "click" },
        { trigger: ".o_board_next:disabled" },
        {
            content: "Compare with last year",
            trigger: ".o_board_control .btn-group button:eq(1)",
            run: "click",
        },
        { trigger: ".o_board_control .btn-group button:eq(1).active" },
        {
            content: "Sales of the last 12 months",
            trigger: ".o_board_control:last-child .btn-group button:eq(1)",
            run: "click",
        },
        { trigger: ".o_board_control:last-child .btn-group button:eq(1).active" },
        {
            content: "The trend as shares",
            trigger: ".o_board_trend_panel .btn-group button:eq(1)",
            run: "click",
        },
        { trigger: ".o_board_trend_panel .btn-group button:eq(1).active" },
        { content: "What the figures mean", trigger: ".o_board_help", run: "click" },
        { trigger: ".modal .o_board_terms dt" },
        { trigger: ".modal .btn-close", run: "click" },
        { content: "Refresh", trigger: "body:not(:has(.modal)) .o_board_refresh", run: "click" },
        { content: "The progress shows", trigger: ".o_board_run .o_kokyaku_run_progress" },
    ],
});

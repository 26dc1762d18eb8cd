import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";

/** Labels for two people from the list of the partners, printed from position 5 on. */
registry.category("web_tour.tours").add("kokyaku_label_print", {
    url: "/odoo/contacts?view_type=list",
    steps: () => [
        {
            content: "look for the two people",
            trigger: ".o_searchview_input",
            run: "edit ラベルツアー",
        },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { trigger: ".o_facet_value:contains('ラベルツアー')" },
        {
            trigger:
                ".o_list_view .o_data_row:nth-child(2):not(:has(~ .o_data_row)) .o_data_cell",
        },
        { content: "choose both", trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)", run: "click" },
        {
            trigger: ".o-dropdown-item:contains(/Print Address Labels|宛名ラベル印刷/)",
            run: "click",
        },
        {
            content: "two labels on one sheet",
            trigger: ".o_kokyaku_label_print [name='label_count']:contains('2')",
        },
        {
            content: "see the sheet",
            trigger: ".o_kokyaku_label_preview img[src]",
        },
        {
            trigger: ".o_kokyaku_label_print [name='start_position'] input",
            run: "edit 12 && press Tab",
        },
        {
            content: "the second label goes onto a second sheet",
            trigger: ".o_kokyaku_label_print [name='sheet_count']:contains('2')",
        },
        {
            content: "print; the PDF opens in a tab of its own, which a tour cannot follow",
            trigger: "footer button[name='action_print']",
            run({ anchor }) {
                browser.open = (url) => {
                    document.body.dataset.labelUrl = url;
                    return { closed: false };
                };
                anchor.click();
            },
        },
        { trigger: "body[data-label-url*='/pdf/']:not(:has(.o_kokyaku_label_print))" },
    ],
});

import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kokyaku_person_page", {
    steps: () => [
        {
            content: "a new person",
            trigger: "button.o_list_button_add",
            run: "click",
        },
        {
            content: "the name, with a full-width space",
            trigger: ".o_form_view h1 div[name='name'] :is(input, textarea)",
            run: "edit 検証　太郎",
        },
        {
            content: "the reading, in hiragana",
            trigger: "div[name='family_kana'] input",
            run: "edit つあー",
        },
        {
            content: "and in half-width kana",
            trigger: "div[name='given_kana'] input",
            run: "edit ｼﾞﾛｳ",
        },
        {
            content: "the name was split",
            trigger: "div[name='family_name'] input:value(検証)",
        },
        {
            content: "the given name is written anew",
            trigger: "div[name='given_name'] input",
            run: "edit 次郎",
        },
        {
            content: "a personal type",
            trigger: "div[name='personal_type_ids'] input",
            run: "edit Tour type",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour type)",
            run: "click",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the name stands as 姓 名",
            trigger: ".o_form_saved, .o_form_view:not(.o_form_dirty)",
        },
        {
            content: "back to the list",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "search by the reading in hiragana",
            trigger: ".o_searchview_input",
            run: "edit けんしょう はな",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(/Kana|フリガナ/), .o_searchview_autocomplete li:nth-child(2)",
            run: "click",
        },
        {
            content: "open the person",
            trigger: ".o_data_row:contains(検証 花子) td[name='name']",
            run: "click",
        },
        {
            content: "what was bought stands at a glance; a click opens the order",
            trigger: ".o_kokyaku_glance [data-card=purchases] a:contains(Tour tea)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='order_line'] .o_data_row:contains(Tour tea)",
        },
        {
            content: "and back to the person",
            trigger: ".breadcrumb-item a:contains(検証 花子), .o_back_button:contains(検証 花子)",
            run: "click",
        },
        {
            content: "the consents, by the line of the glance",
            trigger: ".o_kokyaku_glance [data-card=reach] a:contains(Not asked yet)",
            run: "click",
        },
        {
            trigger: ".o_notebook a[name='kokyaku_consents'].active",
        },
        {
            content: "the sales history",
            trigger: ".o_notebook a[name='kokyaku_sales_history']",
            run: "click",
        },
        {
            content: "every line",
            trigger: ".o_kokyaku_sales_history tbody tr:contains(Tour tea)",
        },
        {
            content: "by product",
            trigger: ".o_kokyaku_sales_history .btn-group:first button:last",
            run: "click",
        },
        {
            trigger: ".o_kokyaku_sales_history tbody tr:contains(Tour tea)",
        },
        {
            content: "the full list",
            trigger: ".o_kokyaku_sales_history button:has(.fa-list)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Tour tea)",
        },
    ],
});

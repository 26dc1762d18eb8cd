import { registry } from "@web/core/registry";
import { choose } from "./data_in_file";

const SALES = [
    "伝票番号,売上日,顧客コード,氏名,商品名,数量,金額",
    "T-1,2026/05/01,,巡回 花子,緑茶,2,2000",
    "T-2,2026/2/30,,巡回 花子,湯呑み,1,3000",
    "T-3,2026/05/03,,巡回 太郎,湯呑み,1,3000",
].join("\r\n");

registry.category("web_tour.tours").add("kokyaku_data_in", {
    steps: () => [
        {
            content: "a file is chosen",
            trigger: ".o_data_in_drop:has(.o_data_in_file)",
            run: choose("巡回5月.csv", SALES),
        },
        {
            content: "it is taken for sales, and the columns are known",
            trigger: ".o_import_setup .btn.active:contains(Sales Data)",
        },
        {
            trigger: ".o_import_columns tr:contains(売上日) select:has(option[value='date']:checked)",
        },
        {
            content: "what is wrong is red before it is imported",
            trigger: ".o_import_preview tr.o_rejected:contains(2026/2/30) .o_wrong",
        },
        {
            content: "whether the tax is in the amounts is asked, not assumed",
            trigger: ".o_import_tax_open",
        },
        {
            trigger: ".o_import_start:disabled",
        },
        {
            trigger: ".o_import_setup label:contains(with consumption tax) input",
            run: "click",
        },
        {
            trigger: ".o_import_start:enabled",
            run: "click",
        },
        {
            content: "say where it comes from: nothing has begun without it",
            trigger: ".o_import_source.is-invalid:focus",
            run: "edit 巡回レジ",
        },
        {
            trigger: ".o_import_start:enabled",
            run: "click",
        },
        {
            content: "two rows are stored, one is not",
            trigger: ".o_form_view .o_arrow_button_current:contains(Imported)",
        },
        {
            trigger: ".o_field_widget[name='new_count']:contains(2)",
        },
        {
            trigger: ".o_field_widget[name='first_reject_ids'] .o_data_row:contains(no such day)",
        },
        {
            content: "look at all of them",
            trigger: "button[name='action_open_rejects']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(2026/2/30)",
        },
        {
            trigger: ".o_breadcrumb a:contains(巡回5月)",
            run: "click",
        },
        {
            content: "next month it takes one click",
            trigger: ".o_form_view button:contains(Import Another File)",
            run: "click",
        },
        {
            trigger: ".o_data_in_drop:has(.o_data_in_file)",
            run: choose("巡回6月.csv", SALES),
        },
        {
            trigger: ".o_import_before:contains(imported already)",
        },
        {
            trigger: ".o_import_profile:contains(巡回レジ)",
        },
        {
            trigger: ".o_import_start:enabled:contains(Import as Last Time)",
            run: "click",
        },
        {
            content: "nothing has changed",
            trigger: ".o_form_view .o_arrow_button_current:contains(Imported)",
        },
        {
            trigger: ".o_field_widget[name='same_count']:contains(2)",
        },
        {
            content: "the first one is taken back",
            trigger: ".o_breadcrumb a:contains(Data Converter):first",
            run: "click",
        },
        {
            trigger: ".o_data_in_last tr:contains(巡回5月)",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name='action_undo']",
            run: "click",
        },
        {
            content: "it asks first",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_arrow_button_current:contains(Undone)",
        },
    ],
});

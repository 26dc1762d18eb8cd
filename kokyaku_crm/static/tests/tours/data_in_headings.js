import { registry } from "@web/core/registry";
import { choose } from "./data_in_file";

const LIST = [
    "売上一覧,表題店,2026年5月分",
    "出力日,2026/06/01,担当 表題",
    "売上日,商品名,金額",
    "2026/05/01,緑茶,1000",
    "2026/05/02,湯呑み,3000",
].join("\r\n");
const HEADING_ROW = ".o_import_layout input[type=number]";

/** A column is read as this. */
function isTarget(heading, target) {
    const chosen = `option[value='${target}']:checked`;
    return `.o_import_columns tr:has(b:contains(${heading})) select:has(${chosen})`;
}

registry.category("web_tour.tours").add("kokyaku_data_in_headings", {
    steps: () => [
        {
            trigger: ".o_data_in_drop:has(.o_data_in_file)",
            run: choose("表題5月.csv", LIST),
        },
        {
            content: "the headings were found below the two lines of the title",
            trigger: `${HEADING_ROW}:value(3)`,
        },
        {
            trigger: isTarget("売上日", "date"),
        },
        {
            content: "upwards: the second line of the title is said to be them",
            trigger: HEADING_ROW,
            run: "edit 2 && press Tab",
        },
        {
            content: "none of its columns is known",
            trigger: isTarget("担当 表題", ""),
        },
        {
            trigger: ".o_import_setup .btn.active:contains(Customer Data)",
        },
        {
            content: "there are none at all",
            trigger: HEADING_ROW,
            run: "edit 0 && press Tab",
        },
        {
            trigger: ".o_import_columns tr:contains(Column 3)",
        },
        {
            content: "downwards again: the columns are proposed anew",
            trigger: HEADING_ROW,
            run: "edit 3 && press Tab",
        },
        {
            trigger: isTarget("売上日", "date"),
        },
        {
            trigger: isTarget("商品名", "product_name"),
        },
        {
            trigger: isTarget("金額", "amount"),
        },
        {
            trigger: ".o_import_setup .btn.active:contains(Sales Data)",
        },
        {
            trigger: ".o_import_setup label:contains(with consumption tax) input",
            run: "click",
        },
        {
            trigger: ".o_import_source",
            run: "edit 表題レジ",
        },
        {
            trigger: ".o_import_start:enabled",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_arrow_button_current:contains(Imported)",
        },
    ],
});

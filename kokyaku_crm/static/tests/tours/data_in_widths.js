import { registry } from "@web/core/registry";
import { choose } from "./data_in_file";

// Columns without any space between them: code, day, amount.
const TILL = ["W001202605010002000", "W002202605020003000", "W003202605030000500"].join("\r\n");
// Headings of the address book of a parcel service, and one that somebody has renamed.
const BOOK = ["お届け先郵便番号,お届け先住所,宛名", "150-0001,東京都渋谷区神宮前1-2-3,幅 次郎"].join("\r\n");

/** Click on the first line where a byte begins. */
function clickAt(byte) {
    return () => {
        const body = document.querySelector(".o_ruler_body");
        const box = body.getBoundingClientRect();
        const clientX = box.left + (box.width * byte) / 19;
        const line = body.querySelector(".o_ruler_line");
        line.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX }));
    };
}

function press(...keys) {
    return ({ anchor }) => {
        anchor.focus();
        for (const key of keys) {
            document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { key, bubbles: true })
            );
        }
    };
}

registry.category("web_tour.tours").add("kokyaku_data_in_widths", {
    steps: () => [
        {
            trigger: ".o_data_in_drop:has(.o_data_in_file)",
            run: choose("幅5月.txt", TILL),
        },
        {
            content: "nothing separates the columns: they are ruled by hand",
            trigger: ".o_import_separator",
            run: "select fixed",
        },
        {
            content: "by keyboard: a boundary after the code",
            trigger: ".o_width_ruler .o_ruler_scale",
            run: press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"),
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(1):contains(W001)",
        },
        {
            content: "by mouse: one in a wrong place",
            trigger: ".o_ruler_line",
            run: clickAt(10),
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(3):contains(010002000)",
        },
        {
            content: "it is moved",
            trigger: ".o_boundary[title*='after byte 10']",
            run: press("ArrowRight"),
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(3):contains(10002000)",
        },
        {
            content: "and taken away again",
            trigger: ".o_boundary[title*='after byte 11']",
            run: press("Delete"),
        },
        {
            trigger: ".o_import_columns:not(:has(tbody tr:nth-child(3)))",
        },
        {
            trigger: ".o_ruler_line",
            run: clickAt(12),
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(3):contains(0002000)",
        },
        {
            content: "the columns are given names, and the names tell what they are",
            trigger: ".o_import_columns tbody tr:nth-child(2) .o_column_name",
            run: "edit 売上日 && press Tab",
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(2) select:has(option[value='date']:checked)",
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(3) .o_column_name",
            run: "edit 金額 && press Tab",
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(3) select:has(option[value='amount']:checked)",
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(1) .o_column_name",
            run: "edit 顧客コード && press Tab",
        },
        {
            trigger: ".o_import_setup .btn:contains(Sales Data)",
            run: "click",
        },
        {
            trigger: ".o_import_columns tbody tr:nth-child(1) select:has(option[value='customer_code']:checked)",
        },
        {
            trigger: ".o_import_setup label:contains(with consumption tax) input",
            run: "click",
        },
        {
            trigger: ".o_import_source",
            run: "edit 幅レジ",
        },
        {
            trigger: ".o_import_preview tr:contains(W003):contains(2026)",
        },
        {
            trigger: ".o_import_start:enabled",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='new_count']:contains(3)",
        },
        {
            content: "next month the boundaries and names are known",
            trigger: ".o_form_view button:contains(Import Another File)",
            run: "click",
        },
        {
            trigger: ".o_data_in_drop:has(.o_data_in_file)",
            run: choose("幅6月.txt", TILL.replaceAll("202605", "202606")),
        },
        {
            trigger: ".o_import_profile:contains(幅レジ)",
        },
        {
            trigger: ".o_import_preview tr:contains(W003)",
        },
        {
            trigger: ".o_import_start:enabled:contains(Import as Last Time)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='new_count']:contains(3)",
        },
    ],
});

registry.category("web_tour.tours").add("kokyaku_data_in_pattern", {
    steps: () => [
        {
            trigger: ".o_data_in_drop:has(.o_data_in_file)",
            run: choose("住所録.csv", BOOK),
        },
        {
            content: "no profile was recognised: one is chosen by hand",
            trigger: ".o_import_pattern:has(option[value='']:checked)",
            run: "select yamato_b2",
        },
        {
            content: "it says how far it fits, and its columns are read as it says",
            trigger: ".o_import_fit:contains(2 of the)",
        },
        {
            trigger: ".o_import_columns tr:contains(お届け先住所) select:has(option[value='address']:checked)",
        },
        {
            trigger: ".o_import_source:value(Yamato B2)",
        },
        {
            content: "what it does not know is said once",
            trigger: ".o_import_columns tr:contains(宛名) select",
            run: "select name",
        },
        {
            trigger: ".o_import_preview tr:contains(幅 次郎)",
        },
        {
            content: "back to what the file looks like",
            trigger: ".o_import_pattern",
            run: "select ",
        },
        {
            trigger: ".o_import_setup:not(:has(.o_import_fit))",
        },
    ],
});

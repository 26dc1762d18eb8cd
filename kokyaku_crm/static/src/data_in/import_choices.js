import { _t } from "@web/core/l10n/translation";

// What can be said of a file, and how the office calls it: pairs of value and label.

export function kinds() {
    return [
        ["customers", _t("Customer Data")],
        ["sales", _t("Sales Data")],
        ["products", _t("Product Data")],
    ];
}

export function encodings() {
    return [
        ["utf-8-sig", _t("UTF-8 (with BOM)")],
        ["utf-8", "UTF-8"],
        ["cp932", _t("Shift JIS (Windows)")],
        ["utf-16", "UTF-16"],
    ];
}

export function separators() {
    return [
        [",", _t("Comma")],
        ["\t", _t("Tab")],
        [";", _t("Semicolon")],
        ["|", _t("Vertical Bar")],
        ["fixed", _t("Fixed Width")],
    ];
}

/** A format of ``SourceFile.layout`` in words. */
export function formatName(format) {
    const names = {
        csv: "CSV",
        tsv: "TSV",
        fixed: _t("Fixed Width"),
        xlsx: "Excel (xlsx)",
        xls: "Excel (xls)",
        vcard: "vCard",
    };
    return names[format] || "";
}

/** What a file does with what is entered already. */
export function rules() {
    return [
        ["fill", _t("fills what is empty")],
        ["overwrite", _t("replaces what is there")],
        ["keep", _t("changes nothing")],
    ];
}

/** What the values of a column of this type may mean; undefined where they speak for themselves. */
export function meanings(type) {
    return {
        code: [["male", _t("Male")], ["female", _t("Female")], ["other", _t("Other")]],
        consent: [["yes", _t("Yes")], ["no", _t("No")]],
        boolean: [["yes", _t("Yes")], ["no", _t("No")]],
    }[type];
}

import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { rules } from "./import_choices";

/** What else must be known than the columns: of sales, or of people. */
export class ImportQuestions extends Component {
    static template = "kokyaku_crm.ImportQuestions";
    static props = { model: Object }; // ImportModel

    setup() {
        this.model = useState(this.props.model);
    }

    get options() {
        return this.model.options;
    }
    get ratePlaceholder() {
        return this.options.tax_included ? _t("as on the day") : _t("no tax added");
    }
    /** What becomes of lines a corrected file has no more; the first is the careful one. */
    get replacements() {
        const hasSlips = this.model.has("slip");
        return [
            ["", _t("stay as they are")],
            ...(hasSlips ? [["slips", _t("are taken out if the file has their slip")]] : []),
            ["days", _t("are taken out if the file has lines of their day (it is complete for its days)")],
        ];
    }
    get rules() {
        return rules();
    }
    setNumber(key, text) {
        this.model.setOption(key, text === "" ? null : Number(text));
    }

    // ---- Values of a column that are listed: cancelled, returned … ---------------------

    /** The values in the column that holds `target`, and those listed already. */
    choices(target, key) {
        const { file, mapping, options } = this.model;
        const at = mapping.columns.findIndex((column) => column.target === target);
        return [...new Set([...(file.columns[at]?.choices || []), ...(options[key] || [])])];
    }
    isListed(key, value) {
        return (this.options[key] || []).includes(value);
    }
    toggleListed(key, value) {
        const listed = this.options[key] || [];
        const without = listed.filter((one) => one !== value);
        this.model.setOption(key, without.length < listed.length ? without : [...listed, value]);
    }
}

import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { meanings, rules } from "./import_choices";

const MOST_MEANINGS = 8; // different values whose meaning is asked

/** Which column of a file is what, and what its values mean. */
export class ImportColumns extends Component {
    static template = "kokyaku_crm.ImportColumns";
    static props = { model: Object }; // ImportModel

    setup() {
        this.model = useState(this.props.model);
    }

    get columns() {
        return this.model.mapping.columns.map((column, index) => ({
            ...this.model.file.columns[index],
            column,
        }));
    }
    columnText({ position }) {
        return _t("Column %s", position + 1);
    }
    get targets() {
        return this.model.file.targets[this.model.mapping.kind];
    }
    typeOf(target) {
        return this.targets.find((one) => one.target === target)?.type || "";
    }
    /** Targets that more than one column is said to hold. */
    get twins() {
        const targets = this.model.mapping.columns.map(({ target }) => target).filter(Boolean);
        return new Set(targets.filter((target, index) => targets.indexOf(target) < index));
    }
    setTarget({ position, column }, target) {
        const { codes, ...options } = column.options; // what values meant is no more known
        this.model.setColumn(position, { target, options });
    }

    get rules() {
        return rules();
    }
    setRule({ position, column }, rule) {
        const options = { ...column.options, rule: rule || undefined };
        this.model.setColumn(position, { options });
    }

    /** What the values of a column may mean, where it must be known. */
    meanings({ choices, column }) {
        const known = meanings(this.typeOf(column.target));
        return known && choices.length <= MOST_MEANINGS ? known : null;
    }
    meaningOf({ column }, value) {
        const meaning = column.options.codes?.[value];
        return { true: "yes", false: "no" }[meaning] || meaning || "";
    }
    setMeaning({ position, column }, value, meaning) {
        const codes = { ...column.options.codes };
        delete codes[value];
        if (meaning) {
            const isBoolean = this.typeOf(column.target) === "boolean";
            codes[value] = isBoolean ? meaning === "yes" : meaning;
        }
        this.model.setColumn(position, { options: { ...column.options, codes } });
    }
}

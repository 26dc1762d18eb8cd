import { Component, useState } from "@odoo/owl";
import { encodings, formatName, separators } from "./import_choices";

/** How a file is laid out: its format, character code and separator, where its headings stand. */
export class ImportLayout extends Component {
    static template = "kokyaku_crm.ImportLayout";
    static props = { model: Object }; // ImportModel

    setup() {
        this.model = useState(this.props.model);
    }

    get encodings() {
        return encodings();
    }
    get separators() {
        return separators();
    }
    get formatName() {
        return formatName(this.model.layout.format);
    }
    get isText() {
        return ["csv", "tsv", "fixed"].includes(this.model.layout.format);
    }
    get separator() {
        return this.model.isFixed ? "fixed" : this.model.layout.separator;
    }
}

import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** The first rows of a file as they will be stored, and what is wrong with which. */
export class ImportPreview extends Component {
    static template = "kokyaku_crm.ImportPreview";
    static props = { preview: Object }; // as `preview` of the server returns it

    get wrongCount() {
        return this.props.preview.rows.filter(({ state }) => state === "rejected").length;
    }
    get wrongText() {
        return _t(
            "%s of the first rows cannot be stored. They come back with the reason; the others are imported.",
            this.wrongCount
        );
    }
    get hasReasons() {
        return this.props.preview.rows.some(({ reason }) => reason);
    }
    cellClass(row, target) {
        const marks = { warning: "o_doubtful", rejected: "o_wrong" };
        return (row.problems[target] && marks[row.state]) || "";
    }
}

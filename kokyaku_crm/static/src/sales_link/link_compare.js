import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { certainties, money } from "./link_words";

/** The chosen buyer beside whom they may be, and whom they are linked to. */
export class LinkCompare extends Component {
    static template = "kokyaku_crm.LinkCompare";
    static props = {
        model: Object, // LinkModel
        fields: Array, // of { word, label }
        texts: Object,
        onLines: Function,
        onPerson: Function,
    };

    setup() {
        this.model = useState(this.props.model);
    }

    get buyer() {
        return this.model.buyer;
    }
    get certainties() {
        return certainties();
    }
    get summary() {
        const { source, lines } = this.buyer;
        const amount = money(this.buyer.amount, this.model.screen.currency_id);
        if (!lines) {
            return `${source} ${amount}`;
        }
        return _t("%(source)s: %(lines)s lines, %(amount)s", {
            source,
            lines: formatInteger(lines),
            amount,
        });
    }
    get period() {
        const { first, last } = this.buyer;
        return first === last ? last : `${first} – ${last}`;
    }
    agrees(person, word) {
        return person.reasons?.includes(word);
    }
}

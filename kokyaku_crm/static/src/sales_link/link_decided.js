import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** The last decisions, each to be taken back. */
export class LinkDecided extends Component {
    static template = "kokyaku_crm.LinkDecided";
    static props = { model: Object, texts: Object }; // LinkModel

    setup() {
        this.model = useState(this.props.model);
    }

    /** What was decided: whom the buyer was linked to, or what else. */
    said({ how, name }) {
        const words = {
            new: _t("New person"),
            refuse: this.props.texts.refuse,
            reopen: _t("Link taken off"),
            later: _t("Put Off"),
            now: _t("To Be Decided"),
        };
        return name || words[how];
    }
}

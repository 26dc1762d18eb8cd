import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { certainties, money } from "./link_words";

/** The buyers of the list; the chosen one is kept in sight. */
export class LinkBuyers extends Component {
    static template = "kokyaku_crm.LinkBuyers";
    static props = { model: Object, tabs: Array }; // LinkModel

    setup() {
        this.model = useState(this.props.model);
        this.list = useRef("list");
        useEffect(
            (at) => {
                this.list.el.children[at]?.scrollIntoView({ block: "nearest" });
            },
            () => [this.model.at, this.model.buyer?.id]
        );
    }

    get certainties() {
        return certainties();
    }
    placeName(item) {
        return this.props.tabs.find(({ state }) => state === this.model.placeOf(item)).label;
    }
    amount(item) {
        return money(item.amount, this.model.screen.currency_id);
    }
}

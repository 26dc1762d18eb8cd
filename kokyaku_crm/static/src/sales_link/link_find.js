import { Component, useState } from "@odoo/owl";
import { useForwardRefToParent } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

const FIND_AFTER = 200; // milliseconds

/** Looking for somebody the program does not offer. */
export class LinkFind extends Component {
    static template = "kokyaku_crm.LinkFind";
    static props = { model: Object, input: Function, onLeave: Function }; // LinkModel

    setup() {
        this.model = useState(this.props.model);
        this.input = useForwardRefToParent("input");
        this.find = useDebounced(() => this.model.find(), FIND_AFTER);
    }

    take(person) {
        this.model.decide("link", person);
        this.leave();
    }
    leave() {
        this.model.stopLooking();
        if (document.activeElement === this.input.el) {
            this.props.onLeave();
        }
    }

    onKeydown(ev) {
        if (ev.isComposing) {
            return; // Enter ends the conversion of kana
        }
        const { model } = this;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            model.choose(ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === "Enter") {
            if (model.takeFound()) {
                this.leave();
            }
        } else if (ev.key === "Escape") {
            this.leave();
        } else {
            return;
        }
        ev.preventDefault();
    }
}

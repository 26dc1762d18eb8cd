import { Component, onMounted, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useChildRef, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RunProgress } from "../run_progress/run_progress";
import { LinkBuyers } from "./link_buyers";
import { LinkCompare } from "./link_compare";
import { LinkDecided } from "./link_decided";
import { LinkFind } from "./link_find";
import { LinkModel } from "./link_model";

const SEARCH_AFTER = 200; // milliseconds

/**
 * Who buyers are, decided one after the other without the mouse: ↑↓ the buyer, ↵ the likeliest
 * person, 1–5 another one, N a new one, X nobody of ours, R the link taken off, S later, U take
 * back, / look for somebody.
 *
 * To be extended with what is decided: see `SalesLink` and `PersonLink`.
 */
export class LinkScreen extends Component {
    static template = "kokyaku_crm.LinkScreen";
    static components = { LinkBuyers, LinkCompare, LinkDecided, LinkFind, RunProgress };
    static props = { ...standardActionServiceProps };

    serverModel = ""; // which the list is asked of
    after = {}; // in which state each decision leaves a buyer
    isTakenOffFirst = false; // whether a link has to be taken off before another decision

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.findInput = useChildRef();
        this.model = useState(
            new LinkModel((method, ...words) => this.orm.call(this.serverModel, method, words), {
                after: this.after,
                isTakenOffFirst: this.isTakenOffFirst,
                onRefused: this.onRefused.bind(this),
            })
        );
        this.search = useDebounced(() => this.model.reload(), SEARCH_AFTER);
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        useSetupAction({
            beforeLeave: () => this.model.writing, // what is decided is written first
            beforeUnload: (ev) => this.model.isWriting && ev.preventDefault(),
            getLocalState: () => this.model.place,
        });
        onWillStart(() => this.model.open(this.props.state));
        onMounted(() => this.focus());
    }

    // ---- What a list says of itself ----------------------------------------------------

    /** The rows of the comparison, each with its word of an item. */
    get fields() {
        return [];
    }
    /** The states of the list, the first one first. */
    get tabs() {
        return [];
    }
    get texts() {
        return {};
    }

    // ---- What happens ------------------------------------------------------------------

    onRefused(item, error) {
        const text = error.data?.message || error.message;
        this.notification.add(`${item.text}: ${text}`, { type: "danger" });
    }

    async lookAgain() {
        await this.model.writing;
        const found = await this.model.call("link_again");
        if (Number.isInteger(found)) {
            this.notification.add(
                found ? _t("%s buyers were found.", found) : _t("Nobody new was found."),
                { type: found ? "success" : "info" }
            );
        }
        await this.model.renew();
    }

    /** Tell what a run has found; whoever did not start it may not see it any more. */
    async runEnded(run) {
        if (run?.message) {
            const type = run.state === "done" ? "success" : "warning";
            this.notification.add(run.message, { type });
        }
        await this.model.renew();
    }

    async openLines() {
        const action = await this.model.call("action_lines", [this.model.buyer.id]);
        return this.action.doAction(action);
    }
    openPerson({ partner_id, name }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "res.partner",
            res_id: partner_id,
            views: [[false, "form"]],
            target: "new",
        });
    }

    number(value) {
        return formatInteger(value);
    }

    // ---- Keys --------------------------------------------------------------------------

    focus() {
        this.root.el?.focus();
    }
    focusFind() {
        this.findInput.el?.focus();
        this.findInput.el?.select();
    }

    onKeydown(ev) {
        const inField = ev.target.closest?.("input, select, textarea, .modal, .dropdown-menu");
        const isRepeated = ev.repeat && ev.key === "Enter";
        if (inField || ev.ctrlKey || ev.altKey || ev.metaKey || isRepeated) {
            return;
        }
        const { model } = this;
        const key = this.keyOf(ev);
        const keys = {
            ArrowDown: () => model.move(1),
            ArrowUp: () => model.move(-1),
            Enter: () => this.onEnter(),
            "/": () => this.focusFind(),
            KeyN: () => model.decide("new"),
            KeyX: () => model.decide("refuse"),
            KeyS: () => model.putOff(),
            KeyU: () => model.undo(),
            KeyR: () => model.takeOff(),
        };
        if (/^[1-5]$/.test(key)) {
            model.take(Number(key));
        } else if (keys[key] && !(key === "Enter" && ev.target.closest?.("button, a"))) {
            keys[key]();
        } else {
            return;
        }
        ev.preventDefault();
    }

    /** By the place of the key: a Japanese input method hides the letter. */
    keyOf(ev) {
        if (/^Key[A-Z]$/.test(ev.code)) {
            return ev.code;
        }
        const digit = ev.code.match(/^(?:Digit|Numpad)([0-9])$/);
        return digit ? digit[1] : ev.code === "Slash" ? "/" : ev.key;
    }

    onEnter() {
        const { likeliest } = this.model;
        if (likeliest) {
            this.model.decide("link", likeliest);
        } else {
            this.focusFind();
        }
    }
}

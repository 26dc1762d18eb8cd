import { Component, onMounted, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RunProgress } from "../run_progress/run_progress";

const FETCH_BELOW = 15; // buyers left on the screen
const LAST = 30; // decisions that stay on the screen, to be taken back
const FIND_AFTER = 200; // milliseconds

/**
 * 売上の紐付け: who the buyers of imported sales are, one after the other without the mouse.
 *
 * ↑↓ the buyer, ↵ the likeliest person, 1–5 another one, N a new one, X nobody of ours, S later,
 * U take back, / look for somebody. A decision leaves the list at once and is written behind it,
 * one after the other; what fails comes back to the list with its reason.
 */
export class SalesLink extends Component {
    static template = "kokyaku_crm.SalesLink";
    static components = { RunProgress };
    static props = { ...standardActionServiceProps };
    model = "kokyaku.sales.link";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.list = useRef("list");
        this.input = useRef("input");
        this.finds = new KeepLast();
        this.loads = new KeepLast();
        this.writing = Promise.resolve();
        this.gone = new Set(); // left the list; the server may not know it yet
        this.state = useState({
            screen: null,
            shown: "open",
            source: "",
            text: "",
            buyers: [],
            at: 0,
            loading: false,
            looking: "",
            found: [],
            chosen: 0,
            decided: [],
        });
        this.certainties = {
            sure: _t("Almost certain"),
            likely: _t("Likely"),
            maybe: _t("Possible"),
        };
        this.search = useDebounced(() => this.reload(), FIND_AFTER);
        this.find = useDebounced(() => this.findNow(), FIND_AFTER);
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        onWillStart(async () => {
            this.state.screen = await this.orm.call(this.model, "link_screen", []);
            await this.reload();
        });
        onMounted(() => this.root.el?.focus());
    }

    get fields() {
        return [
            { word: "name", label: _t("Name") },
            { word: "kana", label: _t("Kana") },
            { word: "company", label: _t("Company") },
            { word: "zip", label: _t("Postal Code") },
            { word: "address", label: _t("Address") },
            { word: "phone", label: _t("Phone") },
            { word: "email", label: _t("Email") },
            { word: "code", label: _t("Customer Code") },
        ];
    }
    get tabs() {
        return [
            { state: "open", label: _t("To Be Decided") },
            { state: "skipped", label: _t("Put Off") },
            { state: "auto", label: _t("Linked Automatically") },
            { state: "linked", label: _t("Linked by Hand") },
            { state: "new", label: _t("Entered as a New Person") },
            { state: "refused", label: _t("Nobody of Ours") },
        ];
    }
    get texts() {
        return {
            as: _t("As in the Sales"),
            lines: _t("Show the lines"),
            none: _t("Nobody like that is known. Look for somebody, or enter a new person."),
            finished: _t(
                "Every buyer is decided. Sales that are imported next link themselves, and who is not found stands here."
            ),
            refuse: _t("Nobody of Ours"),
            search: _t("Buyer, code or customer"),
        };
    }
    get canEnter() {
        return true;
    }
    /** What the list calls the states after a decision. */
    get after() {
        return { link: "linked", new: "new", refuse: "refused", reopen: "open" };
    }

    // ---- the list ---------------------------------------------------------------------------

    get buyer() {
        return this.state.buyers[this.state.at];
    }

    get summary() {
        const { source, lines, amount } = this.buyer;
        if (!lines) {
            return `${source} ${this.money(amount)}`;
        }
        return _t("%(source)s: %(lines)s lines, %(amount)s", {
            source,
            lines: this.number(lines),
            amount: this.money(amount),
        });
    }
    get period() {
        const { first, last } = this.buyer;
        return first === last ? last : `${first} – ${last}`;
    }

    async reload() {
        Object.assign(this.state, { buyers: [], at: 0 });
        this.isAll = false;
        await this.writing;
        this.gone.clear();
        await this.fetch();
        this.leaveSearch();
    }

    async fetch() {
        const { shown, source, text, buyers } = this.state;
        const known = [...buyers.map(({ id }) => id), ...this.gone];
        this.state.loading = true;
        const more = await this.loads.add(
            this.orm.call(this.model, "link_buyers", [shown, source, text, known])
        );
        this.state.loading = false;
        this.isAll = !more.length;
        const here = new Set(this.state.buyers.map(({ id }) => id));
        this.state.buyers.push(...more.filter(({ id }) => !here.has(id) && !this.gone.has(id)));
    }

    show(shown) {
        Object.assign(this.state, { shown, text: "" });
        return this.reload();
    }

    /** Looking for a buyer: those found stand there whatever became of them, and stay. */
    get searching() {
        return Boolean(this.state.text.trim());
    }

    placeOf({ state, skipped }) {
        return state === "open" && skipped ? "skipped" : state;
    }

    placeName(item) {
        return this.tabs.find(({ state }) => state === this.placeOf(item)).label;
    }

    setSource(ev) {
        this.state.source = ev.target.value;
        return this.reload();
    }

    move(step) {
        const last = this.state.buyers.length - 1;
        this.go(Math.max(0, Math.min(last, this.state.at + step)));
    }

    go(at) {
        this.state.at = at;
        this.leaveSearch();
        this.list.el?.children[at]?.scrollIntoView({ block: "nearest" });
        this.fetchAhead();
    }

    fetchAhead() {
        if (this.state.buyers.length - this.state.at < FETCH_BELOW && !this.isAll) {
            if (!this.state.loading) {
                this.fetch();
            }
        }
    }

    // ---- deciding -----------------------------------------------------------------------------

    /**
     * @param {"link"|"new"|"refuse"|"reopen"} how
     * @param {{partner_id: number, name: string}} [person]
     */
    decide(how, person) {
        const item = this.buyer;
        if (!item || !this.state.screen.can_decide || (how === "new" && !this.canEnter)) {
            return;
        }
        const said = {
            link: person?.name,
            new: _t("New person"),
            refuse: this.texts.refuse,
            reopen: _t("Link taken off"),
        }[how];
        const state = this.after[how];
        const key = `${item.id}-${Date.now()}`;
        const entry = { key, item, said, after: state, busy: true, log: null };
        this.takeOut(item, state);
        this.state.decided = [entry, ...this.state.decided].slice(0, LAST);
        const reactive = this.state.decided[0];
        this.write(reactive, state, async () => {
            const done = await this.orm.call(this.model, "link_decide", [
                [item.id],
                how,
                person?.partner_id || null,
            ]);
            Object.assign(reactive, { log: done.log_id, busy: false });
            reactive.said = done.name || said;
            this.renew(done.item);
        });
    }

    putOff() {
        const item = this.buyer;
        if (!item || item.state !== "open") {
            return;
        }
        const later = !item.skipped;
        const state = later ? "skipped" : "open";
        this.takeOut(item, state);
        const entry = { item, busy: true };
        this.write(entry, state, async () => {
            await this.orm.call(this.model, "put_off", [[item.id], later]);
            this.renew({ ...item, skipped: later });
        });
    }

    /** Write decisions one after the other; what fails comes back to the list. */
    write(entry, state, ask) {
        this.writing = this.writing.then(async () => {
            try {
                await ask();
            } catch (error) {
                this.state.decided = this.state.decided.filter((one) => one !== entry);
                this.putBack(entry.item, state);
                const text = error.data?.message || error.message;
                this.notification.add(`${entry.item.text}: ${text}`, { type: "danger" });
            }
        });
        return this.writing;
    }

    takeOut(item, state) {
        const { buyers, screen } = this.state;
        const place = this.placeOf(item);
        screen.counts[place]--;
        screen.counts[state]++;
        if (this.searching) {
            this.state.at = Math.min(this.state.at + 1, buyers.length - 1);
        } else if (state !== place) {
            this.gone.add(item.id);
            buyers.splice(buyers.indexOf(item), 1);
            this.state.at = Math.max(0, Math.min(this.state.at, buyers.length - 1));
        }
        this.leaveSearch();
        this.fetchAhead();
    }

    putBack(item, state) {
        this.gone.delete(item.id);
        const { buyers, shown, screen, at } = this.state;
        const place = this.placeOf(item);
        screen.counts[state]--;
        screen.counts[place]++;
        if (this.searching) {
            this.renew(item);
        } else if (place === shown && !buyers.some(({ id }) => id === item.id)) {
            buyers.splice(at, 0, item);
        }
    }

    /** What became of a buyer who stays on the list. */
    renew(item) {
        const { buyers } = this.state;
        const at = buyers.findIndex(({ id }) => id === item.id);
        if (at >= 0) {
            buyers[at] = item;
        }
    }

    async undo(entry) {
        entry ||= this.state.decided[0];
        if (!entry) {
            return;
        }
        await this.writing;
        if (!entry.log) {
            return; // it failed
        }
        const item = await this.orm.call(this.model, "link_undo", [[entry.item.id], entry.log]);
        this.state.decided = this.state.decided.filter((one) => one !== entry);
        if (!this.searching) {
            this.state.buyers = this.state.buyers.filter(({ id }) => id !== item.id);
        }
        this.putBack(item, entry.after);
        this.leaveSearch();
    }

    // ---- looking for somebody -----------------------------------------------------------------

    startSearch(ev) {
        ev?.preventDefault();
        this.input.el?.focus();
        this.input.el?.select();
    }

    leaveSearch() {
        Object.assign(this.state, { looking: "", found: [], chosen: 0 });
        if (document.activeElement === this.input.el) {
            this.root.el?.focus();
        }
    }

    async findNow() {
        const text = this.state.looking.trim();
        const found = await this.finds.add(this.orm.call(this.model, "link_find", [text]));
        if (text === this.state.looking.trim()) {
            Object.assign(this.state, { found, chosen: 0 });
        }
    }

    onSearchKeydown(ev) {
        if (ev.isComposing) {
            return; // Enter ends the conversion of kana
        }
        const { found, chosen } = this.state;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            const step = ev.key === "ArrowDown" ? 1 : -1;
            this.state.chosen = Math.max(0, Math.min(found.length - 1, chosen + step));
        } else if (ev.key === "Enter" && found[chosen]) {
            this.decide("link", found[chosen]);
        } else if (ev.key === "Escape") {
            this.leaveSearch();
        } else {
            return;
        }
        ev.preventDefault();
    }

    // ---- keys ---------------------------------------------------------------------------------

    onKeydown(ev) {
        const inField = ev.target.closest?.("input, select, textarea, .modal, .dropdown-menu");
        if (inField || ev.ctrlKey || ev.altKey || ev.metaKey || ev.repeat && ev.key === "Enter") {
            return;
        }
        const key = this.keyOf(ev);
        const number = Number(key);
        const keys = {
            ArrowDown: () => this.move(1),
            ArrowUp: () => this.move(-1),
            Enter: () => this.accept(1),
            "/": () => this.startSearch(),
            KeyN: () => this.decide("new"),
            KeyX: () => this.decide("refuse"),
            KeyS: () => this.putOff(),
            KeyU: () => this.undo(),
            KeyR: () => this.takeOff(),
        };
        if (number >= 1 && number <= 5) {
            this.accept(number);
        } else if (keys[key]) {
            if (key === "Enter" && ev.target.closest?.("button, a")) {
                return;
            }
            keys[key]();
        } else {
            return;
        }
        ev.preventDefault();
    }

    /** By the place of the key: a Japanese input method hides the letter. */
    keyOf(ev) {
        if (/^(Key[A-Z])$/.test(ev.code)) {
            return ev.code;
        }
        const digit = ev.code.match(/^(?:Digit|Numpad)([0-9])$/);
        return digit ? digit[1] : ev.code === "Slash" ? "/" : ev.key;
    }

    accept(number) {
        const candidate = this.buyer?.candidates[number - 1];
        if (candidate) {
            this.decide("link", candidate);
        } else if (number === 1 && this.buyer?.partner) {
            this.decide("link", this.buyer.partner);
        } else if (number === 1 && this.buyer) {
            this.startSearch();
        }
    }

    takeOff() {
        if (this.buyer && !["open", "skipped"].includes(this.buyer.state)) {
            this.decide("reopen");
        }
    }

    // ---- the rest -----------------------------------------------------------------------------

    async lookAgain() {
        const found = await this.orm.call(this.model, "link_again", []);
        if (Number.isInteger(found)) {
            this.notification.add(
                found ? _t("%s buyers were found.", found) : _t("Nobody new was found."),
                { type: found ? "success" : "info" }
            );
        }
        await this.renewAll();
    }

    /** Tell what a run has found; whoever did not start it may not see it any more. */
    async runEnded(run) {
        if (run?.message) {
            this.notification.add(run.message, { type: run.state === "done" ? "success" : "warning" });
        }
        await this.renewAll();
    }

    async renewAll() {
        this.state.screen = await this.orm.call(this.model, "link_screen", []);
        await this.reload();
    }

    async openLines() {
        return this.action.doAction(
            await this.orm.call(this.model, "action_lines", [[this.buyer.id]])
        );
    }

    openPerson({ partner_id }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: partner_id,
            views: [[false, "form"]],
            target: "new",
        });
    }

    agrees(candidate, word) {
        return candidate.reasons?.includes(word);
    }
    number(value) {
        return formatInteger(value);
    }
    money(value) {
        return formatMonetary(value, { currencyId: this.state.screen.currency_id });
    }
}

registry.category("actions").add("kokyaku_sales_link", SalesLink);

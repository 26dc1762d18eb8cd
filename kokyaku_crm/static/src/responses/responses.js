import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { beep } from "./beep";

const LAST = 50; // answers that stay on the screen, to be undone
const FIND_AFTER = 150; // milliseconds

/**
 * 応答登録: who answered what, typed or read one after the other without touching the mouse.
 *
 * `type`: a name or code, ↑↓, Enter.  `scan`: every code that is read is entered at once with the
 * response chosen above.  `arrived`: what came unasked, cards and gifts, whoever it is from.
 */
export class Responses extends Component {
    static template = "kokyaku_crm.Responses";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useRef("input");
        this.finds = new KeepLast();
        this.state = useState({
            screen: null,
            executionId: this.props.action.context?.default_execution_id || null,
            mode: this.props.action.context?.kokyaku_response_mode || "type",
            typeId: null,
            method: "letter",
            item: "",
            date: "",
            companions: 0,
            note: "",
            text: "",
            found: [],
            chosen: 0,
            searched: false,
            busy: false,
            flash: null, // { kind: success | warning | danger, text }
            entered: [],
        });
        this.find = useDebounced(() => this.findNow(), FIND_AFTER);
        onWillStart(async () => {
            const screen = await this.model("respond_screen", [this.state.executionId]);
            const { executions, types, today } = screen;
            const given = executions.find(({ id }) => id === this.state.executionId);
            Object.assign(this.state, {
                screen,
                // the latest that was sent: nobody answers to what is still being prepared
                executionId:
                    (given || executions.find(({ sent }) => sent) || executions[0])?.id || null,
                typeId: types[0]?.id || null,
                date: today,
            });
        });
        onMounted(() => this.focus());
    }

    model(method, words) {
        return this.orm.call("kokyaku.selection.execution", method, words);
    }
    ofExecution(method, ...words) {
        return this.model(method, [[this.state.executionId], ...words]);
    }

    get execution() {
        return this.state.screen.executions.find(({ id }) => id === this.state.executionId);
    }
    get type() {
        return this.state.screen.types.find(({ id }) => id === this.state.typeId);
    }
    get isArrived() {
        return this.state.mode === "arrived";
    }
    get placeholder() {
        return {
            type: _t("Name, customer code, phone …"),
            scan: _t("Read a code"),
            arrived: _t("From whom: name, customer code …"),
        }[this.state.mode];
    }
    get answer() {
        const { typeId, date, companions, note } = this.state;
        return {
            type_id: typeId,
            date: date || false,
            companions: this.type?.is_attendance ? Number(companions) || 0 : 0,
            note,
        };
    }

    focus() {
        this.input.el?.focus();
        this.input.el?.select();
    }

    // ---- what is chosen for the answers that follow ----------------------------------------

    setMode(mode) {
        Object.assign(this.state, { mode, text: "", found: [], searched: false, flash: null });
        this.focus();
    }
    setExecution(ev) {
        Object.assign(this.state, { executionId: Number(ev.target.value), found: [], text: "" });
        this.focus();
    }
    setType(typeId) {
        this.state.typeId = typeId;
        this.focus();
    }
    setMethod(method) {
        this.state.method = method;
        this.focus();
    }

    // ---- who ----------------------------------------------------------------------------------

    onInput() {
        if (this.state.mode !== "scan") {
            this.find();
        }
    }

    async findNow() {
        const text = this.state.text.trim();
        const asked = this.isArrived
            ? this.model("received_find", [text])
            : this.ofExecution("respond_find", text);
        const found = text ? await this.finds.add(asked) : [];
        if (text === this.state.text.trim()) {
            Object.assign(this.state, { found, chosen: 0, searched: Boolean(text) });
            this.foundFor = text;
        }
    }

    async onKeydown(ev) {
        if (ev.isComposing) {
            return; // Enter ends the conversion of kana
        }
        const { found, chosen, screen, typeId } = this.state;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            const step = ev.key === "ArrowDown" ? 1 : -1;
            this.state.chosen = Math.max(0, Math.min(found.length - 1, chosen + step));
            ev.preventDefault();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            await this.enter();
        } else if (["PageUp", "PageDown"].includes(ev.key) && !this.isArrived) {
            ev.preventDefault();
            const { types } = screen;
            const index = types.findIndex(({ id }) => id === typeId);
            const step = ev.key === "PageDown" ? 1 : types.length - 1;
            this.state.typeId = types[(index + step) % types.length]?.id;
        }
    }

    // ---- entering --------------------------------------------------------------------------

    async enter() {
        if (this.state.busy || !this.state.text.trim()) {
            return;
        }
        if (this.state.mode === "scan") {
            const code = this.state.text;
            this.state.text = "";
            return this.register(() => this.ofExecution("respond_scan", code, this.answer));
        }
        if (this.foundFor !== this.state.text.trim()) {
            await this.findNow(); // typed faster than it was looked for
            if (this.state.found.length !== 1) {
                return; // the clerk looks who is meant
            }
        }
        const person = this.state.found[this.state.chosen];
        if (person) {
            return this.choose(person);
        }
        this.say("danger", _t("Nobody was found by “%s”.", this.state.text.trim()));
    }

    choose(person) {
        if (this.isArrived) {
            const { method, item, date, note, executionId } = this.state;
            const what = { method, item, date: date || false, note, execution_id: executionId };
            return this.register(() => this.model("received_enter", [person.partner_id, what]));
        }
        return this.register(() =>
            this.ofExecution("respond_enter", person.partner_id, this.answer)
        );
    }

    async register(ask) {
        this.state.busy = true;
        try {
            const entered = await ask();
            if (entered.error) {
                this.say("danger", entered.error);
                return;
            }
            this.say(
                entered.warning ? "warning" : "success",
                [entered.name, entered.response, entered.warning].filter(Boolean).join("  ")
            );
            this.take(entered.summary);
            entered.key = `${entered.id}-${Date.now()}`;
            entered.executionId = this.isArrived ? null : this.state.executionId;
            this.state.entered = [entered, ...this.state.entered].slice(0, LAST);
            Object.assign(this.state, { text: "", found: [], searched: false, note: "" });
            this.state.companions = 0;
        } catch (error) {
            beep("danger");
            throw error;
        } finally {
            this.state.busy = false;
            this.focus();
        }
    }

    take(summary) {
        if (summary) {
            const { executions } = this.state.screen;
            Object.assign(executions.find(({ id }) => id === summary.id), summary);
        }
    }

    async undo(entered) {
        if (entered.executionId) {
            const words = [[entered.executionId], entered.id, entered.before];
            this.take(await this.model("respond_undo", words));
        } else {
            await this.model("received_undo", [entered.id]);
        }
        this.state.entered = this.state.entered.filter((one) => one !== entered);
        this.say("success", _t("Taken back: %s", entered.name));
        this.focus();
    }

    /** Only the last answer of a line can be undone: those before it have been overwritten. */
    canUndo(entered) {
        const sameLine = (one) =>
            one.id === entered.id && one.executionId === entered.executionId;
        return entered.said !== "same" && this.state.entered.find(sameLine) === entered;
    }

    say(kind, text) {
        this.state.flash = { kind, text, key: Date.now() };
        beep(kind);
    }

    openList() {
        return this.action.doAction("kokyaku_crm.action_response_list", {
            additionalContext: {
                default_execution_id: this.state.executionId,
                default_response_type_id: this.state.typeId,
            },
        });
    }
}

registry.category("actions").add("kokyaku_responses", Responses);

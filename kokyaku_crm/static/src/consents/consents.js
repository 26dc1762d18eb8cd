import { Component, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { deserializeDate, formatDate, serializeDate, today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const OPT_IN = ["email/promotion", "sms/promotion", "fax/promotion"];
const STATES = ["allowed", "refused", "unknown"];

/**
 * 受取可否: what a person wants to receive, per channel and purpose, with the blacklists, in one
 * picture. A click marks a cell; date, basis and evidence are asked for once, for all that was
 * marked.
 */
export class Consents extends Component {
    static template = "kokyaku_crm.Consents";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.basisInput = useRef("basis");
        this.states = STATES;
        this.state = useState({ data: null, pending: {}, ...this.nothingSaid() });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            const other = next.record.resId !== this.resId;
            if (other) {
                this.forget();
            }
            return this.load(next.record.resId);
        });
        // Whoever saves or leaves the form keeps what was marked.
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", (ev) => {
            if (this.count) {
                ev.detail.proms.push(this.write());
            }
        });
        // An input of the form that was read again calls itself clean; what was marked here still
        // waits to be saved.
        useBus(this.props.record.model.bus, "FIELD_IS_DIRTY", (ev) => {
            if (!ev.detail) {
                Promise.resolve().then(() => {
                    if (this.count) {
                        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
                    }
                });
            }
        });
    }

    nothingSaid() {
        return { date: serializeDate(today()), basis: "", source: "", missing: false };
    }

    get count() {
        return Object.keys(this.state.pending).length;
    }

    get readonly() {
        return this.props.readonly || !this.state.data.can_write;
    }

    get changes() {
        return _t("Changes so far: %s", this.state.data.log_count);
    }

    get summary() {
        return _t("%s changes:", this.count);
    }

    async load(resId) {
        this.resId = resId;
        const data = resId
            ? await this.orm.call("res.partner", "kokyaku_consents", [[resId]])
            : null;
        if (resId === this.resId) {
            this.state.data = data;
        }
    }

    label(state) {
        return { allowed: _t("Allowed"), refused: _t("Refused"), unknown: _t("Unknown") }[state];
    }

    cellOf(channel, purpose) {
        const key = `${channel}/${purpose}`;
        const cell = this.state.data.cells[key];
        const state = this.state.pending[key] || cell.state;
        return { key, ...cell, state, changed: key in this.state.pending };
    }

    buttonClass(cell, state) {
        if (cell.state !== state) {
            return "btn-outline-secondary";
        }
        return { allowed: "btn-success", refused: "btn-danger", unknown: "btn-secondary" }[state];
    }

    note(cell) {
        const date = cell.date ? formatDate(deserializeDate(cell.date)) : "";
        return [date, cell.basis, cell.source].filter(Boolean).join(" ");
    }

    mark(key, state) {
        if (this.state.data.cells[key].state === state) {
            delete this.state.pending[key];
        } else {
            this.state.pending[key] = state;
        }
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", Boolean(this.count));
    }

    forget() {
        Object.assign(this.state, { pending: {}, ...this.nothingSaid() });
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", false);
    }

    async write() {
        const { pending, basis, source, date } = this.state;
        const changes = { ...pending };
        await this.orm.call("res.partner", "kokyaku_set_consents", [[this.resId], changes], {
            basis: basis.trim() || null,
            source: source.trim() || null,
            date: date || null,
        });
        this.forget();
        await this.load(this.resId);
    }

    async save() {
        const needsBasis = OPT_IN.some((key) => this.state.pending[key] === "allowed");
        if (needsBasis && !this.state.basis.trim()) {
            this.state.missing = true;
            this.notification.add(
                _t("Advertising by e-mail, SMS or fax needs a basis: a form, a business card …"),
                { type: "warning" }
            );
            this.basisInput.el.focus();
            return;
        }
        await this.write();
        await this.reload();
    }

    async decline() {
        await this.orm.call("res.partner", "action_decline_promotion", [[this.resId]]);
        this.forget();
        await this.reload();
    }

    async setBlacklist(address) {
        await this.orm.call("res.partner", "kokyaku_set_blacklist", [
            [this.resId],
            address.kind,
            address.text,
            !address.blacklisted,
        ]);
        await this.reload();
    }

    prefer(channel) {
        const { record } = this.props;
        const preferred_channel = record.data.preferred_channel === channel ? false : channel;
        return record.update({ preferred_channel });
    }

    openLog() {
        return this.action.doAction("kokyaku_crm.action_consent_log_of_person", {
            additionalContext: { active_id: this.resId },
        });
    }

    /** Read the person again: badges and log follow. */
    async reload() {
        const { record } = this.props;
        if (await record.isDirty()) {
            await record.save();
        } else {
            await record.load();
        }
        await this.load(this.resId);
    }
}

registry.category("view_widgets").add("kokyaku_consents", {
    component: Consents,
    fieldDependencies: [{ name: "preferred_channel", type: "selection" }],
});

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAGE = 20;

/**
 * コンタクト履歴: what was talked about with a person (or the people of a company).
 *
 * A tab of the partner's form that reads one page at a time, and only when it is opened.
 */
export class ContactHistory extends Component {
    static template = "kokyaku_crm.ContactHistory";
    static components = { Pager };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ kind: false, offset: 0, limit: PAGE, data: null });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                this.state.offset = 0;
                return this.load(next.record.resId);
            }
        });
    }

    async load(resId = this.props.record.resId) {
        if (!resId) {
            this.state.data = null;
            return;
        }
        const { kind, offset, limit } = this.state;
        this.state.data = await this.orm.call("res.partner", "kokyaku_contact_history", [[resId]], {
            kind,
            offset,
            limit,
        });
    }

    async setKind(kind) {
        Object.assign(this.state, { kind, offset: 0 });
        await this.load();
    }

    async onPage({ offset, limit }) {
        Object.assign(this.state, { offset, limit });
        await this.load();
    }

    async openAll() {
        const action = await this.orm.call("res.partner", "action_kokyaku_contacts", [
            [this.props.record.resId],
        ]);
        await this.action.doAction(action);
    }

    open(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kokyaku.contact.history",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    record() {
        return this.action.doAction("kokyaku_crm.action_contact_entry", {
            additionalContext: { default_partner_id: this.props.record.resId },
            onClose: () => this.load(),
        });
    }

    date(value) {
        const moment = deserializeDateTime(value);
        return `${formatDate(moment)} ${moment.toFormat("HH:mm")}`;
    }
}

registry.category("view_widgets").add("kokyaku_contact_history", { component: ContactHistory });

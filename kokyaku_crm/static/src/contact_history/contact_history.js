import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { PartnerHistory } from "../partner_history/partner_history";

/** コンタクト履歴: what was talked about with a person (or the people of a company). */
export class ContactHistory extends PartnerHistory {
    static template = "kokyaku_crm.ContactHistory";
    static method = "kokyaku_contact_history";
    static narrowing = { kind: false };

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

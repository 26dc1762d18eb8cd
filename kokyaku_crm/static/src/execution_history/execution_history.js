import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { PartnerHistory } from "../partner_history/partner_history";

/** 実施履歴: what a person (or the people of a company) was sent, and what they answered. */
export class ExecutionHistory extends PartnerHistory {
    static template = "kokyaku_crm.ExecutionHistory";
    static method = "kokyaku_execution_history";
    static narrowing = { only_sent: false };

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }
}

registry.category("view_widgets").add("kokyaku_execution_history", { component: ExecutionHistory });

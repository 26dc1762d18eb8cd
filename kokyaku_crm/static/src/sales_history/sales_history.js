import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { PartnerHistory } from "../partner_history/partner_history";

/** 販売履歴: every product a person (or the people of a company) ever bought. */
export class SalesHistory extends PartnerHistory {
    static template = "kokyaku_crm.SalesHistory";
    static method = "kokyaku_sales_history";
    static narrowing = { mode: "lines" };

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    money(value, currencyId) {
        return formatMonetary(value, { currencyId });
    }

    taxExcluded(total) {
        return _t("(tax excluded %s)", this.money(total.tax_excluded, total.currency_id));
    }

    orders(total) {
        return _t("%s orders", this.number(total.orders));
    }

    number(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }
}

registry.category("view_widgets").add("kokyaku_sales_history", { component: SalesHistory });

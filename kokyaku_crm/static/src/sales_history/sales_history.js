import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAGE = 20;

/**
 * 販売履歴: every product a person (or the people of a company) ever bought.
 *
 * A tab of the partner's form. It reads nothing until the tab is opened, and then one page
 * with the totals, so that a long history does not slow down opening the person.
 */
export class SalesHistory extends Component {
    static template = "kokyaku_crm.SalesHistory";
    static components = { Pager };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ mode: "lines", offset: 0, limit: PAGE, data: null });
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
        const { mode, offset, limit } = this.state;
        this.state.data = await this.orm.call("res.partner", "kokyaku_sales_history", [[resId]], {
            mode,
            offset,
            limit,
        });
    }

    async setMode(mode) {
        Object.assign(this.state, { mode, offset: 0 });
        await this.load();
    }

    async onPage({ offset, limit }) {
        Object.assign(this.state, { offset, limit });
        await this.load();
    }

    async open(viewMode) {
        const action = await this.orm.call("res.partner", "action_kokyaku_purchases", [
            [this.props.record.resId],
            viewMode,
        ]);
        await this.action.doAction(action);
    }

    openOrder(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: row.order_id,
            views: [[false, "form"]],
        });
    }

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

import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * 効果: what an execution, or all those of a set, has brought; against those kept for comparison.
 * Reads nothing until its page is opened. Every number opens its people.
 */
export class ExecutionResults extends Component {
    static template = "kokyaku_crm.ExecutionResults";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({ data: null });
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load(this.props)]));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                return this.load(next);
            }
        });
        useEffect(
            (data) => this.draw(data),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load({ record }) {
        const { resModel, resId } = record;
        this.state.data = resId ? await this.orm.call(resModel, "results_data", [[resId]]) : null;
    }

    async open(which) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "results_people", [[resId], which]);
        return this.action.doAction(action);
    }

    number(value) {
        return formatInteger(value);
    }
    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id });
    }
    rate(part, whole) {
        return whole ? `${formatFloat((100 * part) / whole, { digits: [16, 1] })} %` : "－";
    }
    perHead(side) {
        return side.people ? this.money(side.sales / side.people) : "－";
    }
    get back() {
        const { sent, cost } = this.state.data;
        return cost ? formatFloat(sent.sales / cost, { digits: [16, 2] }) : "－";
    }
    get orders() {
        return _t("%(orders)s orders in %(days)s days", {
            orders: this.number(this.state.data.sent.orders),
            days: this.state.data.days,
        });
    }
    /** Sales beyond what as many people buy without it. */
    get effect() {
        const { sent, control } = this.state.data;
        if (!sent.people || !control.people) {
            return null;
        }
        return sent.sales - (control.sales / control.people) * sent.people;
    }

    draw(data) {
        this.chart?.destroy();
        if (!data?.types.length || !this.canvas.el) {
            return;
        }
        // eslint-disable-next-line no-undef
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: data.types.map(({ name }) => name),
                datasets: [
                    {
                        label: _t("Number of People"),
                        data: data.types.map(({ number }) => number),
                        backgroundColor: data.types.map(({ positive }) =>
                            positive ? "#2f73a3" : "#b8c2cc"
                        ),
                        maxBarThickness: 26,
                    },
                ],
            },
            options: {
                animation: false,
                indexAxis: "y",
                maintainAspectRatio: false,
                onClick: (event, [bar]) => bar && this.open(data.types[bar.index].id),
                onHover: (event, bars) => {
                    event.native.target.style.cursor = bars.length ? "pointer" : "";
                },
                scales: {
                    x: { beginAtZero: true, ticks: { precision: 0 } },
                    y: { grid: { display: false } },
                },
                plugins: { legend: { display: false } },
            },
        });
    }
}

registry.category("view_widgets").add("kokyaku_execution_results", {
    component: ExecutionResults,
});

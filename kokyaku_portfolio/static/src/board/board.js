import { onMounted, onWillStart, onWillUnmount, status, useRef, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RunProgress } from "@kokyaku_crm/run_progress/run_progress";
import { BoardFigures } from "./board_figures";
import { BoardHelp } from "./board_help";
import { BoardTrend } from "./board_trend";

const PAPER = "@page { size: A4 landscape; margin: 8mm; }";

/**
 * ボード: the portfolio on one screen, for the Monday meeting.
 *
 * Shows what `kokyaku.portfolio.board_data` answers (see `BoardFigures`). Every number is a
 * button that opens its people (`board_people`).
 */
export class PortfolioBoard extends BoardFigures {
    static template = "kokyaku_portfolio.Board";
    static components = { BoardTrend, DateTimeInput, RunProgress };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.loads = new KeepLast();
        const kept = this.props.state?.board || {};
        this.state = useState({
            data: null,
            portfolioId: kept.portfolioId || this.props.action.context?.default_portfolio_id || null,
            baseDate: kept.baseDate || null, // null: as far as the figures reach
            comparison: kept.comparison || "previous_month",
            sales: kept.sales || "amount",
            measure: kept.measure || "people",
            runId: null,
            failure: "",
            loading: false,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => {
                const { portfolioId, baseDate, comparison, sales, measure } = this.state;
                return { board: { portfolioId, baseDate, comparison, sales, measure } };
            },
        });
        onWillStart(() => this.load());
        this.paper = document.createElement("style"); // only while the board is on screen
        this.paper.textContent = PAPER;
        onMounted(() => {
            document.head.append(this.paper);
            if (this.state.data.status === "unconfigured") {
                this.firstStart();
            }
        });
        onWillUnmount(() => this.paper.remove());
    }

    async load(changes = {}) {
        Object.assign(this.state, changes, { loading: true });
        const { portfolioId, baseDate, comparison, sales } = this.state;
        try {
            const data = await this.loads.add(
                this.orm.call("kokyaku.portfolio", "board_data", [], {
                    portfolio_id: portfolioId,
                    base_date: baseDate,
                    comparison,
                    sales,
                })
            );
            this.state.data = data;
            this.state.runId = data.run_id || null;
            this.prepare(data);
        } finally {
            this.state.loading = false;
        }
    }

    // ---- what the user does ----------------------------------------------------------------

    async open(number, day = this.state.data.base.date) {
        const action = await this.orm.call("kokyaku.portfolio", "board_people", [
            this.state.data.portfolio.id,
            number,
            day,
        ]);
        return this.action.doAction(action);
    }

    openBefore(number) {
        return this.open(number, this.state.data.comparison.date);
    }

    setPortfolio(ev) {
        this.load({ portfolioId: Number(ev.target.value), baseDate: null });
    }
    moveMonth(months) {
        this.load({ baseDate: this.base.startOf("month").plus({ months }).toFormat("yyyy-MM") });
    }
    setBase(date) {
        if (date && !date.hasSame(this.base, "day")) {
            this.load({ baseDate: serializeDate(date) });
        }
    }
    setComparison(comparison) {
        this.load({ comparison });
    }
    setComparisonDay(date) {
        if (date && !date.hasSame(this.comparison, "day")) {
            this.load({ comparison: serializeDate(date) });
        }
    }
    freeComparison() {
        this.load({ comparison: this.state.data.comparison.date });
    }
    setSales(sales) {
        this.load({ sales });
    }
    setMeasure(measure) {
        this.state.measure = measure;
    }

    async refresh() {
        this.state.failure = "";
        this.state.runId = await this.orm.call("kokyaku.portfolio", "action_refresh", [
            [this.state.data.portfolio.id],
        ]);
    }
    refreshDone() {
        return this.load();
    }
    refreshFailed(run) {
        if (run?.state === "failed") {
            this.state.failure = run.message || _t("The aggregation failed.");
        }
        return this.load();
    }
    print() {
        window.print();
    }
    help() {
        this.dialog.add(BoardHelp, {
            terms: Object.values(this.terms),
            portfolioId: this.state.data.portfolio.id,
        });
    }
    async workbook() {
        const action = await this.orm.call("kokyaku.portfolio", "action_workbook", [
            [this.state.data.portfolio.id],
        ]);
        return this.action.doAction(action);
    }
    rules() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Set rules"),
            res_model: "kokyaku.portfolio",
            res_id: this.state.data.portfolio.id,
            views: [[false, "form"]],
        });
    }
    firstStart() {
        return this.action.doAction("kokyaku_portfolio.action_first_start", {
            // answered: a new board is opened in this one's place
            onClose: () => status(this) !== "destroyed" && this.load(),
        });
    }
}

registry.category("actions").add("kokyaku_portfolio.board", PortfolioBoard);

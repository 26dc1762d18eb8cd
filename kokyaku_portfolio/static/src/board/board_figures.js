import { Component } from "@odoo/owl";
import { getCurrency } from "@web/core/currency";
import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import {
    amountFormatter,
    describeChange,
    formatCount,
    formatPoints,
    formatShare,
} from "./board_format";
import { boardTerms } from "./board_help";
import { TIER_COLORS } from "./board_trend";

/**
 * What the board shows, out of what `board_data` answered: shares, differences and texts.
 * Computes nothing else. `this.state` is that of the board.
 */
export class BoardFigures extends Component {
    /** Derive once per answer what the template asks for many times. */
    prepare(data) {
        if (data.status !== "ok") {
            return;
        }
        this.terms = boardTerms(data, (day) => this.shortDay(day));
        const amounts = data.tiers.flatMap(({ now, before }) => [now[1], before[1]]);
        const currency = getCurrency(data.portfolio.currency_id) || {
            name: "", symbol: "", position: "before",
        };
        this.amount = amountFormatter(amounts, currency, user.lang);
        const monthly = data.trend.days.map((_day, index) =>
            data.tiers.reduce((sum, { code }) => sum + data.trend.sales[code][index], 0)
        );
        this.trendAmount = amountFormatter(monthly, currency, user.lang);
        const { all } = data.figures;
        this.cells = data.tiers.map((tier) => this.cell(tier, all));
    }

    cell(tier, all) {
        const share = all.now ? tier.now[0] / all.now : 0;
        const shareBefore = all.before ? tier.before[0] / all.before : 0;
        const good = tier.lapsed ? "down" : "up";
        return {
            ...tier,
            color: TIER_COLORS[tier.code],
            texture: { o_board_hatched: tier.lapsed, o_board_pale: tier.rank < 3 },
            share,
            people: tier.now[0],
            sales: tier.now[1],
            change: this.change(tier.now[0] - tier.before[0], good),
            shareChange: this.points(share - shareBefore, good),
            salesChange: describeChange(tier.now[1] - tier.before[1], this.amount, good),
        };
    }

    // ---- texts -----------------------------------------------------------------------------

    /** The counter behind a number, in languages that count with one: 697人, 52社. */
    get unit() {
        if (!/^(ja|zh|ko)/.test(user.lang)) {
            return "";
        }
        return this.countsCompanies ? _t("companies") : _t("people");
    }
    get countsCompanies() {
        return this.state.data.portfolio.unit === "entity";
    }
    get refreshedAt() {
        return deserializeDateTime(this.state.data.refreshed_at).toLocaleString({
            year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "2-digit",
        });
    }
    get howCounted() {
        const { unit, tax_included, basis } = this.state.data.portfolio;
        return [
            unit === "entity" ? _t("Counted by company") : _t("Counted by person"),
            tax_included ? _t("Tax included") : _t("Tax excluded"),
            basis === "invoices" ? _t("Invoices") : _t("Confirmed orders"),
        ];
    }
    get salesName() {
        return this.terms[this.state.data.sales].term;
    }
    get comparisonName() {
        return {
            previous_month: _t("Previous month"),
            previous_year: _t("Same month last year"),
            free: _t("Comparison date"),
        }[this.state.data.comparison.kind];
    }
    get comparisonShort() {
        return {
            previous_month: _t("Prev. month"),
            previous_year: _t("Year before"),
            free: _t("Comparison date"),
        }[this.state.data.comparison.kind];
    }
    get base() {
        return deserializeDate(this.state.data.base.date);
    }
    get comparison() {
        return deserializeDate(this.state.data.comparison.date);
    }
    get asOf() {
        return deserializeDate(this.state.data.as_of);
    }
    get baseMonth() {
        return this.base.toLocaleString({ year: "numeric", month: "long" });
    }
    get isLastMonth() {
        return this.base.hasSame(this.asOf, "month");
    }
    get outdated() {
        return {
            rules: _t("The rules were changed after this aggregation."),
            day: _t("A new day has begun since this aggregation."),
        }[this.state.data.outdated];
    }
    get asOfText() {
        return _t("as of %s", this.shortDay(this.state.data.as_of));
    }
    get companyName() {
        return user.activeCompany.name;
    }

    shortDay(day) {
        return deserializeDate(day).toLocaleString({ month: "numeric", day: "numeric" });
    }
    longDay(day) {
        return deserializeDate(day).toLocaleString({
            year: "numeric", month: "numeric", day: "numeric",
        });
    }
    count(value) {
        return formatCount(value, user.lang);
    }
    percent(value) {
        return formatShare(value, user.lang);
    }
    change(value, good = "up") {
        return describeChange(value, (number) => this.count(number), good);
    }
    points(value, good = "up") {
        const rounded = Math.round(value * 1000) / 1000;
        return describeChange(rounded, (number) => formatPoints(number, user.lang), good);
    }

    // ---- what the template shows -----------------------------------------------------------

    get rows() {
        const { figures } = this.state.data;
        const row = (number, name, zone, good) => {
            const tiers = this.cells.filter(({ lapsed }) => lapsed === (number === "lapsed"));
            const { now, before } = figures[number];
            return {
                number,
                name,
                zone,
                tiers,
                people: now,
                share: figures.all.now ? now / figures.all.now : 0,
                sales: tiers.reduce((sum, { sales }) => sum + sales, 0),
                change: this.change(now - before, good),
            };
        };
        return [
            row("active", _t("Active customers"), "", "up"),
            row("lapsed", _t("Lapsed customers"), _t("Outflow zone"), "down"),
        ];
    }

    get keyFigures() {
        const { active, repeat, all, churned, churned_loyal } = this.state.data.figures;
        const { base } = this.state.data;
        const period = `${this.shortDay(base.from)}–${this.shortDay(base.date)}`;
        const flow = (key, good) => {
            const { now, before } = this.state.data.figures[key];
            return {
                key,
                number: key,
                value: this.count(now),
                unit: this.unit,
                period,
                before: this.count(before),
                change: this.change(now - before, good),
            };
        };
        const rate = (part, whole) => (whole ? part / whole : 0);
        const rates = [rate(repeat.now, all.now), rate(repeat.before, all.before)];
        return [
            {
                key: "active",
                number: "active",
                value: this.count(active.now),
                unit: this.unit,
                before: this.count(active.before),
                change: this.change(active.now - active.before),
            },
            flow("new", "up"),
            flow("promoted", "up"),
            {
                ...flow("churned", "down"),
                loyal: this.count(churned_loyal.now),
                sales: this.amount(churned.sales_now),
                exact: this.amount(churned.sales_now, true),
            },
            flow("reactivated", "up"),
            {
                key: "f2",
                number: "repeat",
                value: this.percent(rates[0]),
                unit: "",
                before: this.percent(rates[1]),
                change: this.points(rates[0] - rates[1]),
            },
        ];
    }

    get measures() {
        return [
            { key: "people", name: this.countsCompanies ? _t("Companies") : _t("People") },
            { key: "share", name: _t("Share") },
            { key: "sales", name: this.salesName },
        ];
    }

    get trendValues() {
        const { trend } = this.state.data;
        if (this.state.measure !== "share") {
            return trend[this.state.measure];
        }
        const totals = trend.days.map((_day, index) =>
            Object.values(trend.people).reduce((sum, values) => sum + values[index], 0)
        );
        return Object.fromEntries(
            Object.entries(trend.people).map(([code, values]) => [
                code,
                values.map((value, index) => (totals[index] ? value / totals[index] : 0)),
            ])
        );
    }

    get trendFormat() {
        return {
            people: (value) => this.count(value),
            share: (value) => `${this.count(value * 100)}%`,
            sales: (value) => this.trendAmount(value),
        }[this.state.measure];
    }

    get measureName() {
        return this.measures.find(({ key }) => key === this.state.measure).name;
    }
    get trendTitle() {
        return _t("Trend over 24 months: %s", this.measureName);
    }

    get week() {
        const { week } = this.state.data;
        return [
            {
                key: "lapsing",
                number: "lapsing",
                value: week.lapsing,
                title: _t("Lapse within 30 days"),
                hint: _t("Reach them before they have gone %s days without a purchase.",
                    this.state.data.portfolio.lapse_days),
                parts: [
                    { number: "lapsing_loyal", name: _t("loyal"), value: week.lapsing_loyal },
                    { number: "lapsing_urgent", name: _t("within 7 days"), value: week.lapsing_urgent },
                ],
            },
            {
                key: "loyal_lost",
                number: "loyal_lost_month",
                value: week.loyal_lost_month,
                title: _t("No longer loyal"),
                hint: _t("Left the loyal tier in the last 30 days."),
                parts: [
                    { number: "loyal_lost_week", name: _t("last 7 days"), value: week.loyal_lost_week },
                ],
            },
            {
                key: "demoted",
                number: "demoted_month",
                value: week.demoted_month,
                title: _t("Rank down"),
                hint: _t("Fell to a lower active tier in the last 30 days."),
                parts: [
                    { number: "demoted_week", name: _t("last 7 days"), value: week.demoted_week },
                ],
            },
        ];
    }

    describeCell(cell) {
        return _t("%(tier)s: %(people)s, %(share)s, %(sales)s, change %(change)s. Open the list.", {
            tier: cell.name,
            people: this.count(cell.people) + this.unit,
            share: this.percent(cell.share),
            sales: this.amount(cell.sales, true),
            change: cell.change.text,
        });
    }
}

import { Component, markup, onWillStart } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/**
 * What each figure of the board means, with this portfolio's own limits and days.
 *
 * @param {Object} data what `board_data` answered
 * @param {(day: string) => string} date writes a day
 * @returns {Object<string, {term: string, text: string}>}
 */
export function boardTerms(data, date) {
    const days = data.portfolio.lapse_days;
    const period = { from: date(data.base.from), to: date(data.base.date) };
    return {
        active: {
            term: _t("Active customers"),
            text: _t(
                "Customers whose last purchase lies less than %(days)s days before the base date.",
                { days }
            ),
        },
        new: {
            term: _t("New customers"),
            text: _t(
                "Bought for the first time between %(from)s and %(to)s. Who had returned everything and buys again counts once more.",
                period
            ),
        },
        promoted: {
            term: _t("Rank up"),
            text: _t(
                "Active customers who rose to a higher tier between %(from)s and %(to)s.",
                period
            ),
        },
        churned: {
            term: _t("Churned"),
            text: _t(
                "Active customers who reached %(days)s days without a purchase between %(from)s and %(to)s. The amount is what these people had bought by then.",
                { ...period, days }
            ),
        },
        reactivated: {
            term: _t("Came back"),
            text: _t("Lapsed customers who bought again between %(from)s and %(to)s.", period),
        },
        f2: {
            term: _t("F2 conversion"),
            text: _t(
                "Of all customers with one purchase or more, the share that has two or more. Orders on the same day are one purchase."
            ),
        },
        share: {
            term: _t("Share"),
            text: _t("The part of all customers in the ten tiers. Prospects are not in it."),
        },
        amount: {
            term: _t("Total sales"),
            text: _t("Everything the customers of a tier ever bought, returns deducted."),
        },
        amount_12m: {
            term: _t("Last 12 months"),
            text: _t("What they bought within twelve months before the day, returns deducted."),
        },
        prospects: {
            term: _t("Prospects"),
            text: _t(
                "Known contacts who bought nothing, or returned everything. Counted at the last aggregation."
            ),
        },
        comparison: {
            term: _t("Comparison"),
            text: _t(
                "People, shares and sales on the base date against those on the comparison date. New, rank up, churned and reactivated count from the first of the month to that day, against the same of the comparison month."
            ),
        },
        demoted: {
            term: _t("Rank down"),
            text: _t("Active customers who fell to a lower active tier, because of returns."),
        },
        loyal_lost: {
            term: _t("No longer loyal"),
            text: _t("Customers who left the loyal active tier, for a lower one or by lapsing."),
        },
    };
}

/** 用語の説明: all terms of the board, and the ten tiers with their present limits. */
export class BoardHelp extends Component {
    static template = "kokyaku_portfolio.BoardHelp";
    static components = { Dialog };
    static props = { terms: Array, portfolioId: Number, close: Function };

    setup() {
        this.orm = useService("orm");
        onWillStart(async () => {
            const [portfolio] = await this.orm.read(
                "kokyaku.portfolio",
                [this.props.portfolioId],
                ["tier_words"]
            );
            this.tierWords = markup(portfolio.tier_words || "");
        });
    }
}

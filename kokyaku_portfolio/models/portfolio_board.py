"""The figures of the board (ボード): one call, a handful of statements, nothing computed.

The statements are in ``portfolio_board_sums``, what people a number stands for is in
``portfolio_board_people``.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tiers.days import month_end, months_before, trend_days
from .portfolio import SOURCE_RULES, THRESHOLDS
from .portfolio_board_sums import LAPSING_DAYS, URGENT_DAYS

TREND_MONTHS = 24
SALES_KINDS = ("amount", "amount_12m")
BOARD_FIELDS = (
    "name", "company_id", "is_default", "configured", "basis", "base_date",
    *SOURCE_RULES, *THRESHOLDS,
)  # all at once: each field that comes later would be a statement more


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    @api.readonly
    @api.model
    def board_data(
        self, portfolio_id=None, base_date=None, comparison="previous_month", sales="amount"
    ):
        """ボード: return all figures of the board in one answer. Computes nothing, writes nothing.

        - State figures (people 人数, share 構成比, sales, 現役客, F2転換率) are those at the end
          of the base day (基準日) against those of the comparison day (比較日).
        - Flow figures (新規, 引上げ, 離脱, 復活) count the moves from the first day of the base
          month up to the base day, against the first day of the comparison month up to the
          comparison day (see ``FLOWS``).
        - Share: of all people in the ten cells. F2転換率: people with two purchases or more ÷
          people with one or more, that is 1 − the share of the first-time tiers.
        - What to do this week always is as of the last aggregation.

        At most eight statements whatever the number of customers: rules, state, tiers, one sum over
        ``kokyaku_tier_day`` for all days shown, one over ``kokyaku_tier_move`` for all ranges,
        one look for a run under way; who is about to lapse was counted by the ranking, else one
        index-only count.

        :param portfolio_id: id; None, or one that is gone or not the user's to see = the default
            portfolio of the present company
        :param base_date: ``"YYYY-MM-DD"``, or ``"YYYY-MM"`` for the last known day of that month;
            None = the day of the last aggregation. Later days are brought back to that, with a
            message.
        :param comparison: ``"previous_month"`` (前月, the same day; month end stays month end),
            ``"previous_year"`` (前年同月) or a date before the base date
        :param sales: ``"amount"`` (売上累計) or ``"amount_12m"`` (直近12か月)
        :return: dict; ``status`` is ``unconfigured`` (first start not answered), ``never`` (not
            aggregated yet), ``empty`` (no purchases at all) or ``ok``; amounts in company
            currency, shares as fractions of 1
        :raises UserError: what was asked for is not a date or not a kind of sales
        """
        if sales not in SALES_KINDS:
            raise UserError(self.env._("“%s” is not a kind of sales.", sales))
        portfolios = self.search_fetch([], BOARD_FIELDS)
        own = portfolios.filtered(
            lambda one: one.is_default and one.company_id == self.env.company
        )
        portfolio = portfolios.filtered(lambda one: one.id == portfolio_id) or own
        data = {
            "status": "unconfigured",
            "can_refresh": self.env.user.has_group("kokyaku_crm.group_user"),
            "can_configure": self.env.user.has_group("kokyaku_crm.group_manager"),
            "portfolios": portfolios._board_names(),
        }
        state = portfolio and portfolio._board_state()
        if not portfolio or not (portfolio.configured or state["as_of"]):
            return data
        data |= portfolio._board_head(state)
        if not state["as_of"]:
            return data | {"status": "never"}
        if not state["first_day"]:
            return data | {"status": "empty"}
        return data | portfolio._board_figures(state, base_date, comparison, sales)

    # ---- head ------------------------------------------------------------------------------

    def _board_names(self):
        """Return ``[{id, name}]`` for the switcher; with the company's name if several."""
        several = len(self.company_id) > 1
        return [
            {
                "id": one.id,
                "name": f"{one.company_id.sudo().name} — {one.name}" if several else one.name,
            }
            for one in self
        ]

    def _board_state(self):
        """Return the state row as a dict (``as_of`` None when never aggregated), with the
        company's currency and the first day anything happened."""
        self.ensure_one()
        self.env["kokyaku.portfolio.state"].flush_model()
        [row] = self.env.execute_query_dict(
            SQL(
                """SELECT s.as_of, s.rules, s.refreshed_at, s.ranked_at, s.prospect_count,
                       s.lapsing, c.currency_id, (
                           SELECT min(date) FROM kokyaku_tier_day WHERE portfolio_id = %(id)s
                       ) AS first_day
                   FROM res_company c
                   LEFT JOIN kokyaku_portfolio_state s ON s.portfolio_id = %(id)s
                   WHERE c.id = %(company)s""",
                id=self.id,
                company=self.company_id.id,
            )
        )
        return row

    def _board_head(self, state):
        """Return what stands above the figures: whose, how counted, when aggregated."""
        run = self.env["kokyaku.run"].sudo().search_fetch(
            self.env["kokyaku.run"]._active_domain("refresh", self), ["state"], limit=1
        )
        outdated = False
        # The key of the rules names the currency; read no more of the two records than that.
        self.company_id.fetch(["currency_id"])
        self.company_id.currency_id.fetch(["name"])
        if state["as_of"]:
            if state["rules"] != self._rules_key():
                outdated = "rules"
            elif state["as_of"] < self._base_day():
                outdated = "day"
        return {
            "portfolio": {
                "id": self.id,
                "name": self.name,
                "company_id": self.company_id.id,
                "unit": self.unit,
                "basis": self.basis,
                "tax_included": self.tax_included,
                "currency_id": state["currency_id"],
                "short_tenure_days": self.short_tenure_days,
                "long_tenure_days": self.long_tenure_days,
                "lapse_days": self.lapse_days,
                "loyal_amount": self.loyal_amount,
            },
            "as_of": fields.Date.to_string(state["as_of"]),
            "refreshed_at": fields.Datetime.to_string(state["refreshed_at"]),
            "outdated": outdated,
            "run_id": run.id,
        }

    # ---- figures ---------------------------------------------------------------------------

    def _board_figures(self, state, base_date, comparison, sales):
        """Return the figures themselves, for :meth:`board_data`."""
        as_of, messages = state["as_of"], []
        base = self._board_base_day(base_date, as_of, messages)
        kind, other = self._board_comparison_day(comparison, base, messages)
        if base < state["first_day"]:
            messages.append(
                self.env._(
                    "There were no purchases yet on %(day)s: the first one was on %(first)s.",
                    day=format_date(self.env, base),
                    first=format_date(self.env, state["first_day"]),
                )
            )
        tiers = self.env["kokyaku.tier"].search_fetch([], ["code", "name", "rank", "lapsed"])
        days = trend_days(base, TREND_MONTHS)
        sums = self._board_sums({base, other, *days}, sales)
        flows = self._board_flows(
            tiers,
            {
                "now": (base.replace(day=1), base),
                "before": (other.replace(day=1), other),
                "week": (as_of - timedelta(days=URGENT_DAYS - 1), as_of),
                "month": (as_of - timedelta(days=LAPSING_DAYS - 1), as_of),
            },
            sales,
        )
        return {
            "status": "ok",
            "messages": messages,
            "sales": sales,
            "base": {"date": str(base), "from": str(base.replace(day=1))},
            "comparison": {
                "kind": kind, "date": str(other), "from": str(other.replace(day=1)),
            },
            "tiers": [
                {"id": tier.id, "code": tier.code, "name": tier.name, "rank": tier.rank,
                 "lapsed": tier.lapsed, "now": sums[base].get(tier.id, (0, 0.0)),
                 "before": sums[other].get(tier.id, (0, 0.0))}
                for tier in tiers
            ],
            "figures": self._board_key_figures(tiers, sums[base], sums[other], flows),
            "prospects": state["prospect_count"] if state["ranked_at"] else None,
            "trend": {
                "days": [str(one) for one in days],
                "people": {t.code: [sums[one].get(t.id, (0, 0))[0] for one in days] for t in tiers},
                "sales": {t.code: [sums[one].get(t.id, (0, 0))[1] for one in days] for t in tiers},
            },
            # Counted anew only between a refresh and its ranking.
            "week": (state["lapsing"] or self._board_lapsing(tiers, as_of)) | {
                f"{flow}_{span}": flows[span][flow][0]
                for flow in ("loyal_lost", "demoted")
                for span in ("week", "month")
            },
        }

    def _board_base_day(self, wanted, as_of, messages):
        """Return the base day (基準日): what was asked for, up to ``as_of``."""
        if not wanted:
            return as_of
        if len(str(wanted)) == 7:  # a month
            return min(month_end(self._board_parse(f"{wanted}-01")), as_of)
        day = self._board_parse(wanted)
        if day > as_of:
            messages.append(
                self.env._(
                    "The figures reach up to %(as_of)s, so that day is shown instead of %(day)s.",
                    as_of=format_date(self.env, as_of),
                    day=format_date(self.env, day),
                )
            )
        return min(day, as_of)

    def _board_comparison_day(self, comparison, base, messages):
        """Return ``(kind, day)`` of the comparison (比較日)."""
        if comparison == "previous_year":
            return comparison, months_before(base, 12)
        if comparison and comparison != "previous_month":
            day = self._board_parse(comparison)
            if day < base:
                return "free", day
            messages.append(
                self.env._(
                    "The comparison date must lie before the base date %s; the month before is "
                    "shown instead.",
                    format_date(self.env, base),
                )
            )
        return "previous_month", months_before(base, 1)

    def _board_parse(self, value):
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError):
            raise UserError(
                self.env._("“%s” is not a date. Write it as year-month-day.", value)
            ) from None

    def _board_key_figures(self, tiers, now, before, flows):
        """Return ``{name: {now, before, …}}`` of the row of key figures."""

        def people(sums, condition):
            return sum(sums.get(tier.id, (0, 0))[0] for tier in tiers if condition(tier))

        def state_figure(condition):
            return {"now": people(now, condition), "before": people(before, condition)}

        figures = {
            "active": state_figure(lambda tier: not tier.lapsed),
            "lapsed": state_figure(lambda tier: tier.lapsed),
            "repeat": state_figure(lambda tier: tier.rank > 1),
            "all": state_figure(lambda tier: True),
        }
        for name in ("new", "promoted", "churned", "churned_loyal", "reactivated"):
            figures[name] = {
                "now": flows["now"][name][0], "before": flows["before"][name][0],
                "sales_now": flows["now"][name][1], "sales_before": flows["before"][name][1],
            }
        return figures

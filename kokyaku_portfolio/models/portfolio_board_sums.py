"""The statements behind the board: running sums, flows, and who is about to lapse."""

from datetime import timedelta

from odoo import models
from odoo.tools import SQL

LAPSING_DAYS = 30  # 30日以内に離脱
URGENT_DAYS = 7  # of them: before the next Monday meeting


def _is_new(came_from, to):
    return not came_from and not to.lapsed


def _is_promotion(came_from, to):
    return came_from and not came_from.lapsed and not to.lapsed and to.rank > came_from.rank


def _is_demotion(came_from, to):
    return came_from and not came_from.lapsed and not to.lapsed and to.rank < came_from.rank


def _is_churn(came_from, to):
    return came_from and not came_from.lapsed and to.lapsed


def _is_loyal_churn(came_from, to):
    return _is_churn(came_from, to) and came_from.code == "loyal_active"


def _is_return(came_from, to):
    return came_from and came_from.lapsed and not to.lapsed


def _is_loyal_loss(came_from, to):
    return came_from.code == "loyal_active"  # every other tier is lower, or lapsed


FLOWS = {
    "new": _is_new,
    "promoted": _is_promotion,
    "demoted": _is_demotion,
    "churned": _is_churn,
    "churned_loyal": _is_loyal_churn,
    "reactivated": _is_return,
    "loyal_lost": _is_loyal_loss,
}
"""Which moves between two tiers a flow figure counts: predicates of (from, to) tier records.

``from`` is empty for new customers and former prospects. Moves that end outside the ten tiers
(everything was returned) are in none of them.
"""


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    def _board_sums(self, days, sales):
        """Return ``{day: {tier id: (people, sales)}}``, one scan of the daily differences.

        A difference of day ``d`` counts from ``d`` on: it falls into the first of ``days`` that
        is not before it, and from there the sums run on.
        """
        days = sorted(days)
        rows = self.env.execute_query(
            SQL(
                """SELECT width_bucket(date, %(after)s::date[]) AS bucket, tier_id,
                       sum(people_delta), sum(%(sales)s)::float
                   FROM kokyaku_tier_day
                   WHERE portfolio_id = %(id)s AND date <= %(last)s
                   GROUP BY 1, 2""",
                after=[one + timedelta(days=1) for one in days],
                sales=SQL.identifier(f"{sales}_delta"),
                id=self.id,
                last=days[-1],
            )
        )
        added = {}
        for bucket, tier, people, amount in rows:
            added.setdefault(bucket, []).append((tier, people, amount))
        found, running = {}, {}
        for bucket, one in enumerate(days):
            for tier, people, amount in added.get(bucket, ()):
                before = running.get(tier, (0, 0.0))
                running[tier] = (before[0] + people, round(before[1] + amount, 2))
            found[one] = dict(running)
        return found

    def _board_flows(self, tiers, ranges, sales):
        """Return ``{range: {flow: (people, sales)}}`` of :data:`FLOWS`.

        :param ranges: ``{name: (first day, last day)}``, both included
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT r.name, m.from_tier_id, m.to_tier_id, sum(m.people),
                       sum(m.%(sales)s)::float
                   FROM (VALUES %(ranges)s) AS r (name, first_day, last_day)
                   JOIN kokyaku_tier_move m ON m.portfolio_id = %(id)s
                       AND m.date BETWEEN r.first_day AND r.last_day
                   WHERE m.to_tier_id IS NOT NULL
                   GROUP BY 1, 2, 3""",
                sales=SQL.identifier(sales),
                ranges=SQL(", ").join(
                    SQL("(%s, %s::date, %s::date)", name, *days) for name, days in ranges.items()
                ),
                id=self.id,
            )
        )
        by_id, nobody = {tier.id: tier for tier in tiers}, tiers.browse()
        found = {name: dict.fromkeys(FLOWS, (0, 0.0)) for name in ranges}
        for name, came_from, to, people, amount in rows:
            for flow, counts in FLOWS.items():
                if counts(by_id.get(came_from, nobody), by_id[to]):
                    before = found[name][flow]
                    found[name][flow] = (before[0] + people, before[1] + amount)
        return found

    def _board_lapsing(self, tiers, as_of):
        """Return how many lapse (離脱見込み) within 30 days, and of them the loyal ones and
        those within 7 days, from the day of the figures."""
        first, last = self._lapse_window(LAPSING_DAYS, as_of)
        rows = self.env.execute_query(
            SQL(
                """SELECT tier_id, last_date <= %(urgent)s, count(*)
                   FROM kokyaku_customer_metrics
                   WHERE portfolio_id = %(id)s AND last_date BETWEEN %(first)s AND %(last)s
                       AND tier_id = ANY(%(active)s)
                   GROUP BY 1, 2""",
                urgent=first + timedelta(days=URGENT_DAYS - 1),
                id=self.id,
                first=first,
                last=last,
                active=[tier.id for tier in tiers if not tier.lapsed],
            )
        )
        loyal = tiers.filtered(lambda tier: tier.code == "loyal_active").id
        return {
            "lapsing": sum(count for _tier, _urgent, count in rows),
            "lapsing_urgent": sum(count for _tier, urgent, count in rows if urgent),
            "lapsing_loyal": sum(count for tier, _urgent, count in rows if tier == loyal),
        }

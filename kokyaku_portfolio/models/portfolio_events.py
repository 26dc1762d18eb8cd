"""From days to tier changes: the heart of the portfolio, as one SELECT over everyone.

The life of a customer is a row of events: a day with purchases or returns, the day the lapse
limit is reached, and the day a purchase drops out of the last twelve months. On each of them
the state (tier, amount, 12-month amount) is known from the days before, and between two events
nothing changes. So the events of everyone, in order, hold the portfolio of every day there
ever was: the last event is today's state, the changes of tier are the stays, and what each
event adds or takes away is the daily difference.
"""

from odoo import models
from odoo.tools import SQL


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    def _tier_case(self):
        """Return the tier id as SQL over ``n, first, last, amount, day``; NULL for a prospect.

        The same rules as :func:`~..tiers.tier_of`.
        """
        ids = self.env["kokyaku.tier"]._ids_by_code()

        def by_lapse(step):
            return SQL(
                "CASE WHEN day - last >= %s THEN %s ELSE %s END",
                self.lapse_days, ids[f"{step}_lapsed"], ids[f"{step}_active"],
            )

        return SQL(
            """CASE WHEN n = 0 OR amount <= 0 THEN NULL
                    WHEN n = 1 THEN %(first)s
                    WHEN last - first < %(short)s THEN %(toddler)s
                    WHEN amount < %(loyal_amount)s THEN %(steady)s
                    WHEN last - first < %(long)s THEN %(trend)s
                    ELSE %(loyal)s END""",
            first=by_lapse("first"),
            toddler=by_lapse("toddler"),
            steady=by_lapse("steady"),
            trend=by_lapse("trend"),
            loyal=by_lapse("loyal"),
            short=self.short_tenure_days,
            long=self.long_tenure_days,
            loyal_amount=self.loyal_amount,
        )

    def _events_sql(self, days, until):
        """Return the SELECT of all events of the customers in ``days``.

        Columns: ``customer, day``; the state after the event ``tier, amount, amount_12m``; the
        state before it ``tier_before, amount_before, amount_12m_before`` (NULL at the start);
        ``n, first, last, orders``; and ``is_last``, true on one event per customer. Several
        events on one day show the same state after; all but one then change nothing.

        :param days: SELECT or table of ``customer, day, amount, orders``; one row per day
        :param until: last day (date); later days must not be in ``days``
        """
        self.ensure_one()
        return SQL(
            """
            SELECT *,
                lag(tier) OVER w AS tier_before,
                lag(amount) OVER w AS amount_before,
                lag(amount_12m) OVER w AS amount_12m_before,
                lead(day) OVER w IS NULL AS is_last
            FROM (
                SELECT *, %(tier)s AS tier
                FROM (
                    SELECT customer, day,
                        sum(added) OVER w AS amount,
                        sum(added_12m) OVER w AS amount_12m,
                        count(bought) OVER w AS n,
                        min(bought) OVER w AS first,
                        max(bought) OVER w AS last,
                        sum(orders) OVER w AS orders
                    FROM (
                        SELECT day_of.customer, event.*
                        FROM (
                            SELECT customer, day, amount, orders,
                                lead(day) OVER w AS next_day, lead(amount) OVER w AS next_amount
                            FROM (%(days)s) AS day_row
                            WHERE amount <> 0
                            WINDOW w AS (PARTITION BY customer ORDER BY day)
                        ) AS day_of,
                        LATERAL (VALUES
                            (day_of.day, day_of.amount, day_of.amount, day_of.orders,
                                CASE WHEN day_of.amount > 0 THEN day_of.day END),
                            ((day_of.day + interval '12 months')::date, 0, -day_of.amount, 0, NULL),
                            (CASE WHEN day_of.amount > 0
                                   AND (day_of.next_day IS NULL OR day_of.next_amount < 0
                                        OR day_of.next_day > day_of.day + %(lapse)s)
                                  THEN day_of.day + %(lapse)s END, 0, 0, 0, NULL)
                        ) AS event (day, added, added_12m, orders, bought)
                        WHERE event.day <= %(until)s
                    ) AS single
                    WINDOW w AS (PARTITION BY customer ORDER BY day)
                ) AS state
            ) AS event
            WINDOW w AS (PARTITION BY customer ORDER BY day)
            """,
            days=days, tier=self._tier_case(), lapse=self.lapse_days, until=until,
        )

    # ---- what the events say: SELECTs over a table or CTE of events -------------------------

    def _metrics_sql(self, events):
        """One row per customer who ever bought: ``customer, tier, first, last, n, orders,
        amount``."""
        return SQL(
            """SELECT customer, tier, first, last, n, orders, amount
            FROM %s AS event WHERE is_last AND n > 0""",
            events,
        )

    def _periods_sql(self, events):
        """One row per stay: ``customer, tier, tier_before, date_from, date_to, amount,
        amount_12m``; ``date_to`` included, NULL = still."""
        return SQL(
            """SELECT customer, tier, tier_before, day AS date_from, next_day - 1 AS date_to,
                amount, amount_12m
            FROM (
                SELECT *, lead(day) OVER (PARTITION BY customer ORDER BY day) AS next_day
                FROM %s AS event WHERE tier IS DISTINCT FROM tier_before
            ) AS change
            WHERE tier IS NOT NULL""",
            events,
        )

    def _tier_days_sql(self, events):
        """Daily differences: ``day, tier, people, amount, amount_12m``."""
        return SQL(
            """SELECT day, tier, sum(people) AS people, sum(amount) AS amount,
                sum(amount_12m) AS amount_12m
            FROM (
                SELECT day, tier, 0 AS people, amount - amount_before AS amount,
                    amount_12m - amount_12m_before AS amount_12m
                FROM %(events)s AS event
                WHERE tier = tier_before
                    AND (amount <> amount_before OR amount_12m <> amount_12m_before)
                UNION ALL
                SELECT day, tier, 1, amount, amount_12m
                FROM %(events)s AS event
                WHERE tier IS NOT NULL AND tier IS DISTINCT FROM tier_before
                UNION ALL
                SELECT day, tier_before, -1, -amount_before, -amount_12m_before
                FROM %(events)s AS event
                WHERE tier_before IS NOT NULL AND tier IS DISTINCT FROM tier_before
            ) AS difference
            GROUP BY day, tier""",
            events=events,
        )

    def _tier_moves_sql(self, events):
        """Moves per day: ``day, tier_before, tier, people, amount, amount_12m``."""
        return SQL(
            """SELECT day, tier_before, tier, count(*) AS people,
                sum(CASE WHEN tier IS NULL THEN amount_before ELSE amount END) AS amount,
                sum(CASE WHEN tier IS NULL THEN amount_12m_before ELSE amount_12m END) AS amount_12m
            FROM %s AS event
            WHERE tier IS DISTINCT FROM tier_before
            GROUP BY day, tier_before, tier""",
            events,
        )

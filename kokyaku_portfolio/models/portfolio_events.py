"""From days to tier changes: the heart of the portfolio, as one SELECT over everyone.

The life of a customer is a row of events: the day a purchase drops out of the last twelve months
(kind 1), a day with purchases or returns (2), and the day the lapse limit is reached (3). On
each of them the state (tier, amount, 12-month amount) follows from the events so far, and between
two events nothing changes. So the events of everyone, in order, hold the portfolio of every day
there ever was: changes of tier begin the stays, and what each event adds or takes away is the
daily difference.

Amounts run through here as whole numbers of the currency's smallest unit (yen, cents) in
``float8``: exact up to 9 × 10^15, and several times faster to sum up than ``numeric``. They are
turned back where rows are written.
"""

from odoo import models
from odoo.tools import SQL


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    # ---- money -----------------------------------------------------------------------------

    def _to_units(self, amount):
        """Return the SQL that turns an amount in currency into units of 1/10^digits."""
        digits = self.company_id.currency_id.decimal_places
        scaled = SQL("%s * %s", amount, 10**digits) if digits else amount
        return SQL("round(%s)::float8", scaled)

    def _from_units(self, units):
        """Return the SQL that turns units back into an amount in currency."""
        digits = self.company_id.currency_id.decimal_places
        if not digits:
            return SQL("(%s)::numeric", units)
        return SQL("round((%s)::numeric / %s, %s)", units, 10**digits, digits)

    # ---- events ----------------------------------------------------------------------------

    def _tier_case(self, day):
        """Return the tier id on ``day`` as SQL over ``first, last, amount`` (first and last
        purchase, units); NULL for a prospect. The same rules as :func:`~..tiers.tier_of`:
        who bought on one day only has ``first = last``, who never bought has neither.
        """
        ids = self.env["kokyaku.tier"]._ids_by_code()

        def by_lapse(step):
            return SQL(
                "CASE WHEN (%s) - last >= %s THEN %s ELSE %s END",
                day, self.lapse_days, ids[f"{step}_lapsed"], ids[f"{step}_active"],
            )

        return SQL(
            """CASE WHEN last IS NULL OR amount <= 0 THEN NULL
                    WHEN last = first THEN %(first)s
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
            loyal_amount=self._to_units(SQL("%s::numeric", self.loyal_amount)),
        )

    def _events_sql(self, days, until):
        """Return the SELECT of all events of the customers in ``days``.

        Columns: ``customer, day``; the state after the event ``tier, amount, amount_12m``; the
        state before it ``tier_before, amount_before, amount_12m_before``. The tier before the
        first event is NULL. No customer changes the tier twice on one day: the events of a day
        stand in the order of their kinds. What drops out of the twelve months goes first, so that
        a new tier begins without it, and leaves the tier as it was the evening before.

        :param days: SELECT or table of ``customer, day, amount`` (units), one row per day
        :param until: last day (date); later days must not be in ``days``
        """
        self.ensure_one()
        return SQL(
            """
            SELECT customer, day, tier, lag(tier) OVER w AS tier_before,
                amount, amount - added AS amount_before,
                amount_12m, amount_12m - added_12m AS amount_12m_before
            FROM (
                SELECT *, %(tier)s AS tier
                FROM (
                    SELECT customer, day, kind, added, added_12m,
                        sum(added) OVER w AS amount,
                        sum(added_12m) OVER w AS amount_12m,
                        min(bought) OVER w AS first,
                        max(bought) OVER w AS last
                    FROM (
                        WITH purchase AS MATERIALIZED (
                            SELECT customer, day, amount,
                                (day + interval '12 months')::date AS leaves,
                                CASE WHEN amount > 0 THEN day END AS bought,
                                -- superfluous where a later purchase comes first, but only
                                -- the next day is looked at: the state tells
                                CASE WHEN amount > 0 AND (
                                        lead(day) OVER w IS NULL OR lead(amount) OVER w < 0
                                        OR lead(day) OVER w > day + %(lapse)s)
                                     THEN day + %(lapse)s END AS lapses
                            FROM (%(days)s) AS day_row
                            WHERE amount <> 0
                            WINDOW w AS (PARTITION BY customer ORDER BY day)
                        )
                        SELECT customer, 1 AS kind, leaves AS day, 0 AS added,
                            -amount AS added_12m, NULL::date AS bought
                        FROM purchase WHERE leaves <= %(until)s
                        UNION ALL
                        SELECT customer, 2, day, amount, amount, bought FROM purchase
                        UNION ALL
                        SELECT customer, 3, lapses, 0, 0, NULL
                        FROM purchase WHERE lapses <= %(until)s
                    ) AS single
                    WINDOW w AS (
                        PARTITION BY customer ORDER BY day, kind ROWS UNBOUNDED PRECEDING)
                ) AS state
            ) AS event
            WINDOW w AS (PARTITION BY customer ORDER BY day, kind)
            """,
            days=days, lapse=self.lapse_days, until=until,
            tier=self._tier_case(SQL("CASE kind WHEN 1 THEN day - 1 ELSE day END")),
        )

    # ---- what the days and the events say ---------------------------------------------------

    def _metrics_sql(self, days, until):
        """One row per customer who ever bought: ``customer, tier, first, last, n, orders,
        amount`` (currency), the tier as of ``until``."""
        return SQL(
            """SELECT customer, %(tier)s AS tier, first, last, n, orders,
                %(amount)s AS amount
            FROM (
                SELECT customer, sum(amount) AS amount, sum(orders) AS orders,
                    min(day) FILTER (WHERE amount > 0) AS first,
                    max(day) FILTER (WHERE amount > 0) AS last,
                    count(*) FILTER (WHERE amount > 0) AS n
                FROM %(days)s AS day_row WHERE amount <> 0 GROUP BY customer
            ) AS total
            WHERE n > 0""",
            days=days, tier=self._tier_case(SQL("%s::date", until)),
            amount=self._from_units(SQL("amount")),
        )

    def _ledger_sql(self, days):
        """One row per customer: ``customer, days, amounts`` (arrays; currency)."""
        return SQL(
            """SELECT customer, array_agg(day ORDER BY day), array_agg(%s ORDER BY day)
            FROM %s AS day_row WHERE amount <> 0 GROUP BY customer""",
            self._from_units(SQL("amount")), days,
        )

    def _periods_sql(self, events):
        """One row per stay: ``customer, tier, tier_before, date_from, date_to, amount,
        amount_12m`` (currency); ``date_to`` included, NULL = still."""
        return SQL(
            """SELECT customer, tier, tier_before, day AS date_from, next_day - 1 AS date_to,
                %(amount)s AS amount, %(amount_12m)s AS amount_12m
            FROM (
                SELECT *, lead(day) OVER (PARTITION BY customer ORDER BY day) AS next_day
                FROM %(events)s AS event WHERE tier IS DISTINCT FROM tier_before
            ) AS change
            WHERE tier IS NOT NULL""",
            events=events,
            amount=self._from_units(SQL("amount")),
            amount_12m=self._from_units(SQL("amount_12m")),
        )

    def _flows_sql(self, events):
        """Everything that happened on a day between two tiers, or within one: ``day,
        tier_before, tier, people, amount_before, amount, amount_12m_before, amount_12m``
        (currency). The daily differences and the moves are sums of these few rows."""
        return SQL(
            """SELECT day, tier_before, tier, people,
                %s AS amount_before, %s AS amount, %s AS amount_12m_before, %s AS amount_12m
            FROM (
                SELECT day, tier_before, tier, count(*) AS people,
                    sum(amount_before) AS amount_before, sum(amount) AS amount,
                    sum(amount_12m_before) AS amount_12m_before, sum(amount_12m) AS amount_12m
                FROM %s AS event
                WHERE tier IS NOT NULL OR tier_before IS NOT NULL
                GROUP BY day, tier_before, tier
            ) AS flow""",
            self._from_units(SQL("amount_before")), self._from_units(SQL("amount")),
            self._from_units(SQL("amount_12m_before")), self._from_units(SQL("amount_12m")),
            events,
        )

    def _tier_days_sql(self):
        """Daily differences of the staged flows: ``day, tier, people, amount, amount_12m``."""
        return SQL(
            """SELECT day, tier, CASE WHEN tier = tier_before THEN 0 ELSE people END AS people,
                amount - CASE WHEN tier = tier_before THEN amount_before ELSE 0 END AS amount,
                amount_12m - CASE WHEN tier = tier_before THEN amount_12m_before ELSE 0 END
                    AS amount_12m
            FROM kokyaku_stage_flow WHERE tier IS NOT NULL
            UNION ALL
            SELECT day, tier_before, -people, -amount_before, -amount_12m_before
            FROM kokyaku_stage_flow
            WHERE tier_before IS NOT NULL AND tier IS DISTINCT FROM tier_before"""
        )

    def _tier_moves_sql(self):
        """Moves of the staged flows: ``day, tier_before, tier, people, amount, amount_12m``."""
        return SQL(
            """SELECT day, tier_before, tier, people,
                CASE WHEN tier IS NULL THEN amount_before ELSE amount END AS amount,
                CASE WHEN tier IS NULL THEN amount_12m_before ELSE amount_12m END AS amount_12m
            FROM kokyaku_stage_flow WHERE tier IS DISTINCT FROM tier_before"""
        )

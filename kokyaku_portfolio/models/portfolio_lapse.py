from datetime import timedelta

from odoo import models
from odoo.tools import SQL


class Portfolio(models.Model):
    """離脱: customers to whom nothing happened but that time went by.

    On an ordinary day a few hundred customers reach the lapse limit and nobody's orders
    changed. What follows is known from the metrics and the ledger alone: the tier becomes its
    lapsed sibling on that day. So nobody's purchases are read again.
    """

    _inherit = "kokyaku.portfolio"

    def _siblings_sql(self):
        """Return a table ``(active, lapsed)`` of tier ids as SQL."""
        ids = self.env["kokyaku.tier"]._ids_by_code()
        pairs = [
            SQL("(%s, %s)", tier, ids[code.replace("_active", "_lapsed")])
            for code, tier in ids.items()
            if code.endswith("_active")
        ]
        return SQL("(VALUES %s) AS sibling (active, lapsed)", SQL(", ").join(pairs))

    def _lapse(self, as_of, until, touched):
        """Let those lapse who reach the limit after ``as_of`` and up to ``until``, and stage
        the flows of it.

        The 12-month amount of the new stay is that of the lapse day, after what leaves the
        twelve months on it (see ``portfolio_events``).

        :param touched: name of the table of customers (``customer``) who are computed anyway,
            or None
        """
        self.env.cr.execute(
            SQL(
                """
                WITH lapse AS MATERIALIZED (
                    SELECT m.id, m.partner_id, m.company_id, m.tier_id, sibling.lapsed, m.amount,
                        m.last_date + %(limit)s AS day,
                        (SELECT COALESCE(sum(d.amount), 0)
                         FROM unnest(l.days, l.amounts) AS d (day, amount)
                         WHERE (d.day + interval '12 months')::date > m.last_date + %(limit)s
                        ) AS amount_12m
                    FROM kokyaku_customer_metrics m
                    JOIN %(siblings)s ON sibling.active = m.tier_id
                    JOIN kokyaku_customer_ledger l
                        ON l.portfolio_id = m.portfolio_id AND l.partner_id = m.partner_id
                    WHERE m.portfolio_id = %(portfolio)s
                        AND m.last_date > %(after)s AND m.last_date <= %(up_to)s %(others)s
                ), metrics AS (
                    UPDATE kokyaku_customer_metrics m SET tier_id = lapse.lapsed
                    FROM lapse WHERE m.id = lapse.id
                ), ended AS (
                    UPDATE kokyaku_tier_period p SET date_to = lapse.day - 1
                    FROM lapse
                    WHERE p.portfolio_id = %(portfolio)s AND p.partner_id = lapse.partner_id
                        AND p.date_to IS NULL
                ), begun AS (
                    INSERT INTO kokyaku_tier_period (
                        portfolio_id, company_id, partner_id, tier_id, previous_tier_id,
                        date_from, amount, amount_12m)
                    SELECT %(portfolio)s, company_id, partner_id, lapsed, tier_id, day, amount,
                        amount_12m
                    FROM lapse
                )
                INSERT INTO kokyaku_stage_flow
                SELECT day, tier_id, lapsed, count(*), sum(amount), sum(amount),
                    sum(amount_12m), sum(amount_12m)
                FROM lapse GROUP BY day, tier_id, lapsed
                """,
                limit=self.lapse_days,
                siblings=self._siblings_sql(),
                portfolio=self.id,
                after=as_of - timedelta(days=self.lapse_days),
                up_to=until - timedelta(days=self.lapse_days),
                others=SQL(
                    "AND m.partner_id NOT IN (SELECT customer FROM %s)", SQL.identifier(touched)
                ) if touched else SQL(),
            )
        )

    def _expired_sql(self, as_of, until, touched):
        """Return the daily differences of purchases that drop out of the last twelve months
        after ``as_of`` and up to ``until``, of customers whose orders did not change.

        To be read after :meth:`_lapse`. What drops out on the day of a lapse or before was
        still in the tier the customer had then.
        """
        self._create_temporary("kokyaku_expiring", "raw int, day date, amount numeric")
        if until > as_of:
            # Twelve months are 365 or 366 days.
            for documents in self._source_queries(
                day_from=as_of - timedelta(days=365), day_to=until - timedelta(days=365)
            ):
                self.env.cr.execute(
                    SQL(
                        """INSERT INTO kokyaku_expiring
                        SELECT raw, (day + interval '12 months')::date, amount
                        FROM (%s) AS document
                        WHERE (day + interval '12 months')::date > %s
                            AND (day + interval '12 months')::date <= %s""",
                        documents, as_of, until,
                    )
                )
            self.env.cr.execute("ANALYZE kokyaku_expiring")
        return SQL(
            """SELECT e.day,
                CASE WHEN t.last_date > %(after)s AND e.day <= t.last_date + %(limit)s
                     THEN COALESCE(sibling.active, t.tier_id) ELSE t.tier_id END AS tier,
                0 AS people, 0 AS amount, -sum(e.amount) AS amount_12m
            FROM kokyaku_expiring e
            LEFT JOIN (%(mapped)s) AS m ON m.raw = e.raw
            JOIN kokyaku_customer_metrics t ON t.portfolio_id = %(portfolio)s
                AND t.partner_id = COALESCE(m.customer, e.raw)
            LEFT JOIN %(siblings)s ON sibling.lapsed = t.tier_id
            WHERE t.tier_id IS NOT NULL %(others)s
            GROUP BY 1, 2""",
            after=as_of - timedelta(days=self.lapse_days),
            limit=self.lapse_days,
            siblings=self._siblings_sql(),
            mapped=self._mapped_sql(SQL("a.id IN (SELECT raw FROM kokyaku_expiring)")),
            portfolio=self.id,
            others=SQL(
                "AND t.partner_id NOT IN (SELECT customer FROM %s)", SQL.identifier(touched)
            ) if touched else SQL(),
        )

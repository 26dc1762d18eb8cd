"""Computing customers into staging tables, and publishing what stands there.

A staging table has the shape of what will be read, without keys. A refresh in one transaction
uses temporary ones; a refresh in several uses unlogged tables of the same names that outlive
a transaction. The temporary ones hide the others while they exist, so the statements are the
same.
"""

from odoo import models
from odoo.tools import SQL

from .portfolio_source import create_statistics

STAGED = {
    "kokyaku_stage_metrics": (
        "customer int, tier int, first date, last date, n int, orders int, amount numeric"
    ),
    "kokyaku_stage_period": (
        "customer int, tier int, tier_before int, date_from date, date_to date, amount numeric, "
        "amount_12m numeric"
    ),
    "kokyaku_stage_flow": (
        "day date, tier_before int, tier int, people int, amount_before numeric, amount numeric, "
        "amount_12m_before numeric, amount_12m numeric"
    ),
    "kokyaku_stage_ledger": "customer int, days date[], amounts numeric[]",
}
CHUNKS = "kokyaku_stage_chunk"
"""Which chunks a background refresh has staged. Unlogged as the others: after a crash of the
database all of them are empty together, and the refresh begins again."""


def create_permanent_stage(cr):
    """Create the staging tables of background refreshes (unlogged: they can be lost)."""
    for table, columns in STAGED.items():
        cr.execute(
            SQL("CREATE UNLOGGED TABLE IF NOT EXISTS %s (%s)", SQL.identifier(table), SQL(columns))
        )
    cr.execute(
        SQL("CREATE UNLOGGED TABLE IF NOT EXISTS %s (run_id int, start int)",
            SQL.identifier(CHUNKS))
    )


def drop_permanent_stage(cr):
    for table in (*STAGED, CHUNKS):
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    def init(self):
        create_permanent_stage(self.env.cr)
        create_statistics(self.env.cr)

    # ---- staging ---------------------------------------------------------------------------

    def _create_temporary(self, table, columns):
        """Create an empty temporary table that lives until the end of the transaction."""
        table = SQL.identifier(table)
        self.env.cr.execute(
            SQL(
                "DROP TABLE IF EXISTS pg_temp.%s; CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP",
                table, table, SQL(columns),
            )
        )

    def _create_temporary_stage(self):
        for table, columns in STAGED.items():
            self._create_temporary(table, columns)

    def _drop_temporary_stage(self):
        """Uncover the permanent staging tables again, for what follows in the transaction."""
        tables = SQL(", ").join(SQL("pg_temp.%s", SQL.identifier(table)) for table in STAGED)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", tables))

    def _clear_permanent_stage(self):
        for table in (*STAGED, CHUNKS):
            self.env.cr.execute(SQL("TRUNCATE %s", SQL.identifier(table)))

    def _stage(self, days, until):
        """Compute customers from their purchases per day into the staging tables.

        One statement: the days and the events are computed once and read by each table.

        :param days: SELECT of ``customer, day, amount, orders`` (amount in units, see
            ``portfolio_events``)
        :param until: base date (date)
        """
        day_row, event = SQL("day_row"), SQL("event")
        self.env.cr.execute(
            SQL(
                """
                WITH day_row AS MATERIALIZED (%(days)s),
                event AS MATERIALIZED (%(events)s),
                metrics AS (INSERT INTO kokyaku_stage_metrics %(metrics)s),
                ledger AS (INSERT INTO kokyaku_stage_ledger %(ledger)s),
                period AS (INSERT INTO kokyaku_stage_period %(periods)s)
                INSERT INTO kokyaku_stage_flow %(flows)s
                """,
                days=days,
                events=self._events_sql(SQL("SELECT * FROM day_row"), until),
                metrics=self._metrics_sql(day_row, until),
                ledger=self._ledger_sql(day_row),
                periods=self._periods_sql(event),
                flows=self._flows_sql(event),
            )
        )

    def _take_out_flows(self, days, until):
        """Stage the flows of customers with the opposite sign: what they have contributed so far.

        :param days: their former purchases per day, as for :meth:`_stage`
        :param until: the day the former figures stand for (date)
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_stage_flow
                SELECT day, tier_before, tier, -people, -amount_before, -amount,
                    -amount_12m_before, -amount_12m
                FROM (%s) AS flow
                """,
                self._flows_sql(SQL("(%s)", self._events_sql(days, until))),
            )
        )

    # ---- publishing ------------------------------------------------------------------------

    def _publish_all(self):
        """Make what is staged the figures of the portfolio; touch only rows that differ."""
        self.ensure_one()
        [(empty,)] = self.env.execute_query(
            SQL(
                "SELECT NOT EXISTS (SELECT FROM kokyaku_customer_ledger WHERE portfolio_id = %s)",
                self.id,
            )
        )
        self._publish_customers(touched=None, empty=empty)
        if not empty:
            for table in ("kokyaku_tier_day", "kokyaku_tier_move"):
                self.env.cr.execute(
                    SQL("DELETE FROM %s WHERE portfolio_id = %s", SQL.identifier(table), self.id)
                )
        self._add_tier_days(self._tier_days_sql(), empty=True)
        self._add_tier_moves(empty=True)
        # The first rows have no statistics yet, and the next refresh would read them all.
        self.env.cr.execute(
            "ANALYZE kokyaku_customer_metrics, kokyaku_tier_period, kokyaku_customer_ledger"
        )

    def _publish_customers(self, touched, empty=False):
        """Bring metrics, stays and ledger of customers in line with the staging tables.

        :param touched: name of a table with a column ``customer``; None = everyone
        :param empty: the portfolio has no rows yet
        """
        params = {
            "portfolio": self.id,
            "company": self.company_id.id,
            "among": SQL(
                "AND t.partner_id IN (SELECT customer FROM %s)", SQL.identifier(touched)
            ) if touched else SQL(),
        }
        metrics = """
            INSERT INTO kokyaku_customer_metrics AS t (
                portfolio_id, company_id, partner_id, tier_id, first_date, last_date,
                purchase_days, order_count, amount, tenure_days)
            SELECT %(portfolio)s, %(company)s, customer, tier, first, last, n, orders, amount,
                last - first
            FROM kokyaku_stage_metrics"""
        ledger = """
            INSERT INTO kokyaku_customer_ledger AS t (portfolio_id, partner_id, days, amounts)
            SELECT %(portfolio)s, customer, days, amounts FROM kokyaku_stage_ledger"""
        periods = """
            INSERT INTO kokyaku_tier_period AS t (
                portfolio_id, company_id, partner_id, tier_id, previous_tier_id, date_from,
                date_to, amount, amount_12m)
            SELECT %(portfolio)s, %(company)s, customer, tier, tier_before, date_from, date_to,
                amount, amount_12m
            FROM kokyaku_stage_period AS s"""
        if empty:
            statements = [metrics, ledger, periods]
        else:
            same_stay = """
                s.customer = t.partner_id AND s.date_from = t.date_from AND s.tier = t.tier_id
                AND s.date_to IS NOT DISTINCT FROM t.date_to
                AND s.tier_before IS NOT DISTINCT FROM t.previous_tier_id
                AND s.amount = t.amount AND s.amount_12m = t.amount_12m"""
            statements = [
                """DELETE FROM kokyaku_customer_metrics t
                WHERE t.portfolio_id = %(portfolio)s %(among)s AND NOT EXISTS (
                    SELECT FROM kokyaku_stage_metrics s WHERE s.customer = t.partner_id)""",
                metrics + """
                ON CONFLICT (portfolio_id, partner_id) DO UPDATE SET
                    tier_id = excluded.tier_id, first_date = excluded.first_date,
                    last_date = excluded.last_date, purchase_days = excluded.purchase_days,
                    order_count = excluded.order_count, amount = excluded.amount,
                    tenure_days = excluded.tenure_days
                WHERE (t.tier_id, t.first_date, t.last_date, t.purchase_days, t.order_count,
                       t.amount)
                    IS DISTINCT FROM (excluded.tier_id, excluded.first_date,
                       excluded.last_date, excluded.purchase_days, excluded.order_count,
                       excluded.amount)""",
                """DELETE FROM kokyaku_customer_ledger t
                WHERE t.portfolio_id = %(portfolio)s %(among)s AND NOT EXISTS (
                    SELECT FROM kokyaku_stage_ledger s WHERE s.customer = t.partner_id)""",
                ledger + """
                ON CONFLICT (portfolio_id, partner_id) DO UPDATE SET
                    days = excluded.days, amounts = excluded.amounts
                WHERE (t.days, t.amounts) IS DISTINCT FROM (excluded.days, excluded.amounts)""",
                f"""DELETE FROM kokyaku_tier_period t
                WHERE t.portfolio_id = %(portfolio)s %(among)s AND NOT EXISTS (
                    SELECT FROM kokyaku_stage_period s WHERE {same_stay})""",
                periods + f"""
                WHERE NOT EXISTS (
                    SELECT FROM kokyaku_tier_period t
                    WHERE t.portfolio_id = %(portfolio)s AND {same_stay})""",
            ]
            # Without statistics of the staging tables the anti-joins below become nested loops.
            self.env.cr.execute(
                "ANALYZE kokyaku_stage_metrics, kokyaku_stage_ledger, kokyaku_stage_period"
            )
        for statement in statements:
            self.env.cr.execute(SQL(statement, **params))

    def _add_tier_days(self, differences, empty=False):
        """Add daily differences (``day, tier, people, amount, amount_12m``) to the table."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_tier_day AS t (
                    portfolio_id, date, tier_id, people_delta, amount_delta, amount_12m_delta)
                SELECT %(portfolio)s, day, tier, sum(people), sum(amount), sum(amount_12m)
                FROM (%(differences)s) AS difference
                GROUP BY day, tier
                HAVING sum(people) <> 0 OR sum(amount) <> 0 OR sum(amount_12m) <> 0
                ON CONFLICT (portfolio_id, date, tier_id) DO UPDATE SET
                    people_delta = t.people_delta + excluded.people_delta,
                    amount_delta = t.amount_delta + excluded.amount_delta,
                    amount_12m_delta = t.amount_12m_delta + excluded.amount_12m_delta
                """,
                portfolio=self.id, differences=differences,
            )
        )
        if not empty:
            self.env.cr.execute(
                SQL(
                    """DELETE FROM kokyaku_tier_day
                    WHERE portfolio_id = %s AND date IN (
                            SELECT day FROM kokyaku_stage_flow
                            UNION SELECT day FROM kokyaku_expiring)
                        AND people_delta = 0 AND amount_delta = 0 AND amount_12m_delta = 0""",
                    self.id,
                )
            )

    def _add_tier_moves(self, empty=False):
        """Add the staged moves to the table."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_tier_move AS t (
                    portfolio_id, date, from_tier_id, to_tier_id, people, amount, amount_12m)
                SELECT %(portfolio)s, day, tier_before, tier, sum(people), sum(amount),
                    sum(amount_12m)
                FROM (%(moves)s) AS move
                GROUP BY day, tier_before, tier
                HAVING sum(people) <> 0 OR sum(amount) <> 0 OR sum(amount_12m) <> 0
                ON CONFLICT (portfolio_id, date, COALESCE(from_tier_id, 0),
                             COALESCE(to_tier_id, 0)) DO UPDATE SET
                    people = t.people + excluded.people,
                    amount = t.amount + excluded.amount,
                    amount_12m = t.amount_12m + excluded.amount_12m
                """,
                portfolio=self.id, moves=self._tier_moves_sql(),
            )
        )
        if not empty:
            self.env.cr.execute(
                SQL(
                    """DELETE FROM kokyaku_tier_move
                    WHERE portfolio_id = %s AND date IN (SELECT day FROM kokyaku_stage_flow)
                        AND people = 0""",
                    self.id,
                )
            )

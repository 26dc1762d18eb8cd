"""The lines of the refresh: refresh_full, rank, refresh_next_day, refresh_changed."""

from contextlib import closing
from datetime import timedelta

import place

from . import floors
from .data import LAST_DAY
from .measuring import Line, same, sides

DERIVED = (
    "kokyaku_customer_metrics, kokyaku_customer_ledger, kokyaku_tier_period, kokyaku_tier_day, "
    "kokyaku_tier_move, kokyaku_portfolio_state, kokyaku_portfolio_pending, "
    "kokyaku_portfolio_change"
)
BARE = ", ".join(f"floor.{name}" for name in floors.portfolio.TABLES)


class Refreshing:
    """The company's default portfolio in one database, and the floor's tables beside it."""

    def __init__(self, database, size, repeats):
        self.database, self.size, self.repeats = database, size, repeats
        with place.environment(database, rollback=False) as env:
            portfolio = env["kokyaku.portfolio"]._default_for(env.company)
            portfolio.base_date = LAST_DAY
            self.id = portfolio.id
            self.tiers = env["kokyaku.tier"].search([]).ids
        self.connection = place.connect(database, autocommit=True)
        self.cr = self.connection.cursor()
        self.cr.execute("SELECT to_regclass('floor.metrics')")
        if not self.cr.fetchone()[0]:
            floors.portfolio.create_tables(self.cr)

    def full(self):
        """Everything for everyone, from nothing."""
        line = Line("refresh_full", self.size, 1.3)
        for _, side, warming in sides(self.repeats):
            self._empty(side)
            target = Line("warm-up", "", 1) if warming else line
            if side == "ours":
                with place.environment(self.database, rollback=False) as env:
                    portfolio = self._portfolio(env)
                    with target.timing("ours"):
                        portfolio.refresh()
                        env.cr.commit()
            else:
                with closing(place.connect(self.database, autocommit=False)) as connection:
                    cr = connection.cursor()
                    with target.timing("floor"):
                        floors.portfolio.refresh_full(cr, self.id, self.tiers, LAST_DAY)
                        connection.commit()
        for table in floors.portfolio.TABLES:
            self.cr.execute(f"VACUUM ANALYZE floor.{table}")
            self.cr.execute(f"VACUUM ANALYZE {floors.portfolio.TABLES[table]}")
        self._compare(self.cr)
        return line

    def rank(self):
        """The ranks of everyone, from none."""
        self._have_figures()
        line = Line("rank", self.size, 1.3)
        for _, side, warming in sides(self.repeats):
            for table in ("kokyaku_customer_metrics", "floor.metrics"):
                self.cr.execute(
                    f"""UPDATE {table} SET decile = NULL, abc_class = NULL, r_quintile = NULL,
                        f_quintile = NULL, m_quintile = NULL, amount_12m = NULL
                    WHERE decile IS NOT NULL AND portfolio_id = {self.id}"""
                )
                self.cr.execute(f"VACUUM ANALYZE {table}")
            target = Line("warm-up", "", 1) if warming else line
            if side == "ours":
                with place.environment(self.database, rollback=False) as env:
                    portfolio = self._portfolio(env)
                    with target.timing("ours"):
                        portfolio.rank()
                        env.cr.commit()
            else:
                with closing(place.connect(self.database, autocommit=False)) as connection:
                    cr = connection.cursor()
                    with target.timing("floor"):
                        floors.portfolio.rank(cr, LAST_DAY)
                        connection.commit()
            ranks = self._ranks(side)
            if warming:
                first = ranks
            same("ranks", ranks, first)
        with place.environment(self.database, rollback=False) as env:
            self._portfolio(env).rank()
        return line

    def next_day(self):
        """The day after, nothing ordered: who lapses, what leaves the last twelve months."""
        self._have_figures()
        line = Line("refresh_next_day", self.size, 0.1)
        tomorrow = LAST_DAY + timedelta(days=1)
        for number, side, warming in sides(self.repeats):
            target = Line("warm-up", "", 1) if warming else line
            with place.environment(self.database) as env:
                portfolio = self._portfolio(env)
                if side == "floor":
                    with target.timing("floor"):
                        floors.portfolio.next_day(env.cr)
                    continue
                portfolio.base_date = tomorrow
                env.flush_all()
                with target.timing("ours"):
                    portfolio.refresh()
                if number == self.repeats - 1:
                    env.cr.execute(f"TRUNCATE {BARE}")
                    floors.portfolio.refresh_full(env.cr, self.id, self.tiers, tomorrow)
                    self._compare(env.cr)
        line.allow_seconds(0.05)
        return line

    def changed(self):
        """One order in a thousand was edited, moved to somebody else, cancelled or deleted."""
        self._have_figures()
        line = Line("refresh_changed", self.size, 2)
        for number in range(-1, self.repeats):
            target = line if number >= 0 else Line("warm-up", "", 1)
            with place.environment(self.database) as env:
                portfolio = self._portfolio(env)
                self._change_orders(env.cr, number)
                for side in ("ours", "floor") if number % 2 else ("floor", "ours"):
                    with target.timing(side):
                        if side == "ours":
                            portfolio.refresh()
                        else:
                            floors.portfolio.refresh_changed(env.cr, self.id, self.tiers, LAST_DAY)
                    for table in ("purchase", "event", "flow"):
                        env.cr.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
                self._compare(env.cr)
            # What was rolled back must not slow the next measurement.
            self.cr.execute("VACUUM sale_order")
            for name, table in floors.portfolio.TABLES.items():
                self.cr.execute(f"VACUUM {table}")
                self.cr.execute(f"VACUUM floor.{name}")
        return line

    # ---- means -----------------------------------------------------------------------------

    def _portfolio(self, env):
        return env["kokyaku.portfolio"].browse(self.id)

    def _empty(self, side):
        self.cr.execute(f"TRUNCATE {DERIVED if side == 'ours' else BARE}")

    def have_ranks(self):
        """Everything computed and ranked as of the last day, for the lines that only read."""
        self._have_figures()
        self.cr.execute("SELECT count(*) FROM kokyaku_portfolio_state WHERE ranked_at IS NULL")
        if self.cr.fetchone()[0]:
            with place.environment(self.database, rollback=False) as env:
                self._portfolio(env).rank()
            self.cr.execute("VACUUM ANALYZE kokyaku_customer_metrics")

    def _have_figures(self):
        """Both sides as of the last day; made when an earlier line has not."""
        self.cr.execute("SELECT count(*) FROM kokyaku_portfolio_state")
        ours = self.cr.fetchone()[0]
        self.cr.execute("SELECT count(*) FROM floor.metrics")
        if not ours or not self.cr.fetchone()[0]:
            repeats, self.repeats = self.repeats, 0
            self.full()
            self.repeats = repeats

    def _change_orders(self, cr, number):
        """Edit, move, cancel and delete one order in a thousand, of customers drawn evenly;
        the customers they were and are of go to the table ``touched``."""
        cr.execute("SELECT setseed(%s)", (number / 100,))
        cr.execute(
            f"""CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
            SELECT o.id, m.partner_id AS customer, m.n %% 4 AS what,
                (SELECT partner_id FROM kokyaku_customer_metrics WHERE id = m.other) AS other
            FROM (
                SELECT partner_id, row_number() OVER (ORDER BY random()) AS n,
                    lead(id, 7, 1) OVER () AS other
                FROM kokyaku_customer_metrics WHERE portfolio_id = {self.id}
            ) AS m, LATERAL (
                SELECT id FROM sale_order
                WHERE company_id = 1 AND state = 'sale'
                    AND COALESCE(person_id, partner_id) = m.partner_id
                ORDER BY date_order LIMIT 1 OFFSET floor(random() * 3)
            ) AS o
            WHERE m.n <= (SELECT count(*) / 1000 FROM sale_order WHERE state = 'sale')""", ()
        )
        cr.execute("CREATE TEMPORARY TABLE touched (customer int PRIMARY KEY) ON COMMIT DROP")
        cr.execute(
            """INSERT INTO touched SELECT customer FROM chosen
            UNION SELECT other FROM chosen WHERE what = 1 AND other IS NOT NULL"""
        )
        changes = (
            "UPDATE sale_order o SET amount_total = amount_total + 1100, "
            "amount_untaxed = amount_untaxed + 1000 FROM chosen c WHERE c.id = o.id AND what = 0",
            "UPDATE sale_order o SET partner_id = other, person_id = NULL "
            "FROM chosen c WHERE c.id = o.id AND what = 1 AND other IS NOT NULL",
            "UPDATE sale_order o SET state = 'cancel' FROM chosen c WHERE c.id = o.id AND what = 2",
            "DELETE FROM sale_order o USING chosen c WHERE c.id = o.id AND what = 3",
        )
        for change in changes:
            cr.execute(change)
        cr.execute("ANALYZE touched")

    def _compare(self, cr):
        """Hold all tables of both sides against each other, by number and hash of the rows."""
        for name, table in floors.portfolio.TABLES.items():
            same(name, *(self._fingerprint(cr, one, name) for one in (table, f"floor.{name}")))

    def _fingerprint(self, cr, table, name):
        return fingerprint(cr, table, floors.portfolio.CONTENT[name], f"portfolio_id = {self.id}")

    def _ranks(self, side):
        table = "kokyaku_customer_metrics" if side == "ours" else "floor.metrics"
        where = f"portfolio_id = {self.id} AND tier_id IS NOT NULL"
        return fingerprint(self.cr, table, floors.portfolio.RANKS, where)


def fingerprint(cr, table, content, where):
    """Return the number of rows and a hash over them, whatever their order."""
    cr.execute(
        f"""SELECT count(*), sum(hashtextextended(r::text, 0)::numeric)::text
        FROM (SELECT {content} FROM {table} WHERE {where}) AS r"""
    )
    return tuple(cr.fetchone())

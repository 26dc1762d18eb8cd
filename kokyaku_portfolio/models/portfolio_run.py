"""The same refresh in the background: in chunks, each in a transaction of its own.

A run that is killed goes on after the last chunk that was committed; until the last
transaction users see the former figures, after it the new ones.
"""

import time

from odoo import models
from odoo.modules import module
from odoo.tools import SQL, format_date

from .portfolio_refresh import RefreshIsRunning
from .portfolio_stage import CHUNKS

CHUNK = 50_000  # partner ids per chunk: a few seconds of work
PAUSE = 2  # seconds to wait while another refresh is at work


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    def _run_refresh(self, run):
        """Do the next step of a queued refresh (see ``kokyaku.run``): stage a chunk of
        everyone if it must be everyone, publish them, or add what changed, and rank.

        :returns: ``{"again": True}`` as long as there are steps left, else the last message
        """
        self.ensure_one()
        portfolio = self.sudo()
        try:
            if portfolio._begin_staging(run):
                if share := portfolio._stage_chunk(run):
                    run._report(80 * share, self.env._("Reading the purchases…"))
                else:
                    run._report(85, self.env._("Writing the figures…"))
                    portfolio._publish_staged(run)
                return {"again": True}
            run._report(90, self.env._("Adding the latest changes…"))
            portfolio._refresh()
            run._report(95, self.env._("Ranking…"))
            portfolio._rank()
        except RefreshIsRunning as busy:
            if module.current_test:
                raise
            run._report(0, str(busy))
            time.sleep(PAUSE)
            return {"again": True}
        return self.env._(
            "%(count)s customers as of %(date)s",
            count=portfolio.customer_count,
            date=format_date(self.env, portfolio.as_of),
        )

    # ---- the steps -------------------------------------------------------------------------

    def _begin_staging(self, run):
        """Prepare the staging of everyone, or go on with the one ``run`` has begun.

        :returns: False when changes alone will do
        """
        self._lock()
        until, state = self._base_day(), self._state()
        if state and not self._needs_full(state, until):
            return False
        if state.stage_run == run.id and (state.stage_until, state.stage_rules) == (
            until, self._rules_key()
        ):
            return True
        state = self._locked_state()
        self._delete_pending()  # all of them will be computed
        self._clear_permanent_stage()
        self.env["kokyaku.portfolio.state"].sudo().search([("stage_run", "!=", 0)]).stage_run = 0
        state.write(
            {"stage_run": run.id, "stage_until": until, "stage_rules": self._rules_key()}
        )
        return True

    def _stage_chunk(self, run):
        """Stage the next chunk of customers.

        :returns: the share that is done (above 0, up to 1), or False when all is
        """
        self._lock()
        state = self._state()
        if state.stage_run != run.id:  # somebody else refreshed meanwhile
            return False
        start, end = self._next_chunk(run), self._last_partner()
        if start > end:
            return False
        self._stage(
            self._chunk_days_sql(state.stage_until, start, start + CHUNK), state.stage_until
        )
        self.env.cr.execute(
            SQL("INSERT INTO %s VALUES (%s, %s)", SQL.identifier(CHUNKS), run.id, start)
        )
        return min(1, (start + CHUNK) / max(end, 1))

    def _publish_staged(self, run):
        """Make the staged figures those that users see, all at once."""
        self._lock()
        state = self._state()
        if state.stage_run != run.id or self._next_chunk(run) <= self._last_partner():
            return  # void or lost: the refresh that follows computes everyone
        started = time.monotonic()
        self._publish_all()
        self._clear_permanent_stage()
        rules, until = state.stage_rules, state.stage_until
        state.write({"stage_run": 0})
        self._finish(until, time.monotonic() - started)
        state.rules = rules

    def _next_chunk(self, run):
        """Return the partner id at which the next chunk of a run begins."""
        [(start,)] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(max(start) + %s, 0) FROM %s WHERE run_id = %s",
                CHUNK, SQL.identifier(CHUNKS), run.id,
            )
        )
        return start

    def _last_partner(self):
        [(last,)] = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM res_partner"))
        return last

    def _chunk_days_sql(self, until, start, stop):
        """Return the SELECT of the purchases of the customers with ``start <= id < stop``."""

        def in_chunk(column):
            return SQL("(%s >= %s AND %s < %s)", column, start, column, stop)

        self._create_temporary("kokyaku_contact", "raw int, customer int")
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_contact %s""",
                self._mapped_sql(
                    SQL("(%s OR a.id IN (%s))", in_chunk(SQL("a.id")), self._members_sql(in_chunk))
                ),
            )
        )
        self.env.cr.execute("ANALYZE kokyaku_contact")
        documents = self._source_queries(where=in_chunk, day_to=until) + self._source_queries(
            where=lambda raw: SQL(
                "%s IN (SELECT raw FROM kokyaku_contact WHERE NOT %s)", raw, in_chunk(SQL("raw"))
            ),
            day_to=until,
        )
        return SQL(
            "SELECT * FROM (%s) AS day_row WHERE %s",
            self._days_sql(documents, "kokyaku_contact"), in_chunk(SQL("customer")),
        )

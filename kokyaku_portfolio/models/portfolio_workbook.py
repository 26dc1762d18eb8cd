"""The portfolio as an Excel workbook: a summary, and one sheet per tier with ten columns.

The rows come from one server-side cursor, a few thousand at a time, and go straight to the
disk (xlsxwriter's ``constant_memory``), so the memory does not grow with the customers.
"""

import json
import sys
import tempfile

import xlsxwriter

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .workbook_sheet import TierSheets, WorkbookFormats, write_summary

DIRECT_ROWS = 100_000  # more leave by a background run whose file expires
FETCH = 5_000  # rows per round trip to the database
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    def action_workbook(self, domain=None):
        """Excel出力: return the action that hands out the workbook.

        Up to ``DIRECT_ROWS`` customers are downloaded at once, more are written in the
        background and kept for some days under 処理状況.

        :param domain: which rows of ``kokyaku.customer.metrics``; default: everyone
        :raises UserError: nothing was aggregated yet, or no customer matches
        """
        self.ensure_one()
        domain = json.loads(json.dumps(list(Domain(domain or Domain.TRUE))))  # as it will travel
        count = self._workbook_count(domain)
        if count <= DIRECT_ROWS:
            return {
                "type": "ir.actions.client",
                "tag": "kokyaku_portfolio.download_workbook",
                "params": {"portfolio_id": self.id, "domain": domain},
            }
        run = self.env["kokyaku.run"]._enqueue_workbook(self, domain)
        return {
            "type": "ir.actions.client",
            "tag": "kokyaku_portfolio.run",
            "name": self.env._("Excel workbook: %s", self.name),
            "target": "new",
            "params": {
                "run_id": run.id,
                "keep_open": True,
                "note": self.env._(
                    "There are more than %s customers, so the file is made in the background.",
                    f"{DIRECT_ROWS:,}",
                ),
            },
        }

    def _workbook_count(self, domain):
        """Return how many customers the workbook of ``domain`` has, at most one above
        ``DIRECT_ROWS``."""
        self.check_access("read")
        if not self.as_of:
            raise UserError(
                self.env._("Nothing has been aggregated yet. Please press “Refresh” first.")
            )
        count = self.env["kokyaku.customer.metrics"].search_count(
            self._workbook_domain(domain), limit=DIRECT_ROWS + 1
        )
        if not count and not Domain(domain).is_true():
            raise UserError(self.env._("There is no customer on this list to write to a file."))
        return count

    def _workbook_domain(self, domain):
        return (
            Domain("portfolio_id", "=", self.id) & Domain("tier_id", "!=", False) & Domain(domain)
        )

    def _workbook_name(self):
        """Return the file name, with the base date."""
        name = "".join(c for c in self.name if c.isprintable() and c not in '\\/:*?"<>|')
        return f"{name}_{self.as_of:%Y%m%d}.xlsx"

    def _workbook(self, target, domain=None, report=None, part=None):
        """Write the workbook of the customers the user may see.

        The sheets are in the user's language, one per tier in growth order, largest amount
        first; the ten tiers all have one, also when empty, unless ``domain`` chooses. What does
        not fit on a sheet goes on on a second one.

        :param target: path or writable binary file
        :param domain: as for :meth:`action_workbook`
        :param report: called with the number of customers written so far, now and then
        :param part: ``(start, stop)``: only these customers, counted from 0 in the order of the
            sheets; the summary stays that of all
        :returns: number of customers
        """
        self.ensure_one()
        domain = Domain(domain or Domain.TRUE)
        totals = self._workbook_totals(domain)
        everyone = domain.is_true() or sum(
            people for people, *__ in totals.values()
        ) == self.env["kokyaku.customer.metrics"].search_count(self._workbook_domain([]))
        start, stop = part or (0, sys.maxsize)
        written = passed = 0
        with tempfile.TemporaryDirectory(prefix="kokyaku_workbook_") as folder:
            book = xlsxwriter.Workbook(
                target,
                {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy/m/d"},
            )
            formats = WorkbookFormats(book, self.currency_id.decimal_places)
            write_summary(self, book, formats, totals, everyone)
            sheets = TierSheets(self.env, book, formats)
            for tier in self.env["kokyaku.tier"].search([]):
                people = totals.get(tier, (0,))[0]
                skip, limit = max(start - passed, 0), min(stop - passed, people)
                passed += people
                if limit <= skip and (part or not everyone):
                    continue
                sheets.begin(tier.name)
                of_tier = domain & Domain("tier_id", "=", tier.id)
                for rows in self._workbook_rows(of_tier, skip, limit - skip):
                    sheets.add(rows)
                    written += len(rows)
                    if report:
                        report(written)
                sheets.end()
            book.close()
        return written

    def _workbook_totals(self, domain):
        """Return ``{tier: (people, amount, amount_12m)}`` of the tiers that have someone."""
        groups = self.env["kokyaku.customer.metrics"]._read_group(
            self._workbook_domain(domain),
            ["tier_id"],
            ["__count", "amount:sum", "amount_12m:sum"],
        )
        return {tier: tuple(figures) for tier, *figures in groups}

    def _workbook_rows(self, domain, offset, limit):
        """Yield lists of rows, the ten columns in order, days as Excel counts them."""
        Metrics = self.env["kokyaku.customer.metrics"]
        query = Metrics._search(
            self._workbook_domain(domain), order="amount desc, id", offset=offset, limit=limit
        )
        row = query.table
        partner = query.left_join(row, "partner_id", "res_partner", "id", "partner")
        tier = query.left_join(row, "tier_id", "kokyaku_tier", "id", "tier")
        columns = SQL(
            """COALESCE(%(partner)s.ref, ''),
            COALESCE(%(partner)s.name, %(deleted)s),
            COALESCE(%(partner)s.email, ''),
            COALESCE(NULLIF(%(partner)s.phone, ''), %(partner)s.mobile_phone, ''),
            %(row)s.amount::float8,
            %(row)s.first_date - '1899-12-30'::date,
            %(row)s.last_date - '1899-12-30'::date,
            %(row)s.tenure_days,
            %(as_of)s - %(row)s.last_date,
            %(tier_name)s""",
            partner=SQL.identifier(partner),
            row=SQL.identifier(row),
            deleted=self.env._("(deleted)"),
            as_of=self.as_of,
            tier_name=self.env["kokyaku.tier"]._field_to_sql(tier, "name", query),
        )
        cursor = SQL.identifier("kokyaku_workbook")
        self.env.cr.execute("SET LOCAL cursor_tuple_fraction = 1")  # all rows will be fetched
        self.env.cr.execute(
            SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, query.select(columns))
        )
        while rows := self.env.execute_query(SQL("FETCH %s FROM %s", FETCH, cursor)):
            yield rows
        self.env.cr.execute(SQL("CLOSE %s", cursor))

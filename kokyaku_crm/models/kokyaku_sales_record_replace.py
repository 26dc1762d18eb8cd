"""A file that is complete for its slips or days replaces what its source told before."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .kokyaku_import_kept import FILE_DAYS
from .kokyaku_sales_record_load import KNOWN

AT_ONCE = 20_000  # lines taken out; more of them are a turn of the run by themselves
# What a line must share with one of the file to be taken out when the file has it no more.
SCOPES = {"slips": "slip", "days": "date"}


class KokyakuSalesRecordSeen(models.Model):
    """A line that was here already and stands in the file of an import. Kept until it is known
    which lines do not."""

    _name = "kokyaku.sales.record.seen"
    _description = "Sales Record Seen in a File"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, index=True, ondelete="cascade")
    record_id = fields.Many2one(
        "kokyaku.sales.record", required=True, index=True, ondelete="cascade"
    )


class KokyakuSalesRecord(models.Model):
    _inherit = "kokyaku.sales.record"

    def _note_seen(self, import_):
        """Note which of the lines of this part were here already."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_sales_record_seen (import_id, record_id)
                   SELECT %s, id FROM %s""",
                import_.id,
                SQL.identifier(KNOWN),
            )
        )

    def _stale(self, import_):
        """Return the condition (over ``r``) of lines the source told before for a slip or a day
        of the file, and that neither the file has any more nor a later one, such as that of
        its mended rows."""
        scope = SQL.identifier(SCOPES[import_._replaces()])
        return SQL(
            """r.company_id = %(company)s AND r.source = %(source)s
            AND r.is_cancelled IS NOT TRUE AND r.import_id < %(import)s
            AND r.%(scope)s IN (
                SELECT %(scope)s FROM kokyaku_sales_record WHERE import_id = %(import)s
                UNION SELECT one.%(scope)s FROM kokyaku_sales_record_seen s
                  JOIN kokyaku_sales_record one ON one.id = s.record_id
                 WHERE s.import_id = %(import)s)
            AND NOT EXISTS (
                SELECT FROM kokyaku_sales_record_seen s
                 WHERE s.import_id >= %(import)s AND s.record_id = r.id)
            AND NOT EXISTS (
                SELECT FROM kokyaku_sales_record_before b
                 WHERE b.import_id > %(import)s AND b.record_id = r.id)""",
            company=import_.company_id.id,
            source=import_.source,
            scope=scope,
            **{"import": import_.id},
        )

    def _reject_unclear(self, import_, rows, counts):
        """Give back a changed line of a slip without line numbers when the file has less lines
        of its product than we: which of them it is cannot be told."""
        self.env.cr.execute(
            SQL(
                """SELECT k.row FROM %(known)s k,
                          regexp_replace(k.external_key, '#[0-9]+$', '') AS base
                    WHERE k.changed AND NOT k.in_file AND EXISTS (
                          SELECT FROM generate_series(1, 20) AS n
                            JOIN kokyaku_sales_record r
                              ON r.company_id = %(company)s AND r.source = %(source)s
                             AND r.external_key = base || CASE WHEN n > 1 THEN '#' || n ELSE '' END
                           WHERE r.is_cancelled IS NOT TRUE
                             AND NOT EXISTS (SELECT FROM %(known)s o WHERE o.id = r.id))""",
                known=SQL.identifier(KNOWN),
                company=import_.company_id.id,
                source=import_.source,
            )
        )
        refused = [row for (row,) in self.env.cr.fetchall()]
        self._give_back(import_, rows, refused, counts, "which_line")


class KokyakuImport(models.Model):
    """What the office answered to: what of lines that are not in the file any more?

    ``mapping["options"]["replaces"]``: nothing (they stay), ``slips`` or ``days`` (those of a
    slip, of a day, that the file has lines of are taken out). With rejected rows nothing is
    taken out by itself: it may be just them that seem to be missing.
    """

    _inherit = "kokyaku.import"

    stale_count = fields.Integer(
        string="Not in the File any More", readonly=True, copy=False,
        help="Lines this source told before for the same slips or days. Rows of this file were "
        "rejected, perhaps just these, so they have not been taken out.",
    )  # fmt: skip
    taken_out_count = fields.Integer(
        string="Taken Out", readonly=True, copy=False,
        help="Lines this source told before for the same slips or days, and that the file does "
        "not have any more. Undoing the import brings them back.",
    )  # fmt: skip

    is_replaced = fields.Boolean(
        readonly=True, copy=False, help="What is not in the file any more was looked for."
    )

    def _replaces(self):
        """Return ``slips``, ``days`` or ""."""
        answer = ((self.mapping or {}).get("options") or {}).get("replaces")
        return answer if self.kind == "sales" and answer in SCOPES else ""

    def _is_of_rejected_rows(self):
        """Say whether this is a file of mended rows, which never is complete."""
        headings = [column["heading"] for column in (self.mapping or {}).get("columns", [])]
        return self._file_headings(list(headings)) != headings

    def _tells_lines(self):
        """Say whether the file has a number of its own for each line."""
        columns = (self.mapping or {}).get("columns", [])
        return any(column["target"] in ("external_key", "line_no") for column in columns)

    def _after_reading(self, run):
        waiting = super()._after_reading(run)
        if waiting or self.is_replaced or not self._replaces() or self._is_of_rejected_rows():
            return waiting
        if self.rejected_count:
            self.sudo().write({"stale_count": self._count_stale(), "is_replaced": True})
        else:
            self._take_out()
            if self.taken_out_count > AT_ONCE:
                return {"again": True}  # what follows has a turn, and its time limit, of its own
        return None

    def _count_stale(self):
        self.env.flush_all()
        stale = self.env["kokyaku.sales.record"]._stale(self)
        [(count,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM kokyaku_sales_record r WHERE %s", stale)
        )
        return count

    def _take_out(self):
        """Let what the file does not have any more count for nothing."""
        records = self.env["kokyaku.sales.record"].sudo()
        self.env.flush_all()
        count = records._cancel_where(self, records._stale(self))
        values = {"taken_out_count": count, "stale_count": 0, "is_replaced": True}
        self.sudo().write(values)
        self._forget_seen()
        if count:
            self.env["kokyaku.sales.link"].sudo()._recount(self._touched_links())

    def _forget_seen(self):
        self.env.cr.execute(
            "DELETE FROM kokyaku_sales_record_seen WHERE import_id = ANY(%s)", [self.ids]
        )

    @api.autovacuum
    def _gc_seen(self):
        """Forget what was seen in files that are not kept any more."""
        self.env.cr.execute(
            """DELETE FROM kokyaku_sales_record_seen s USING kokyaku_import i
                WHERE i.id = s.import_id AND i.create_date < %s""",
            [fields.Datetime.now() - timedelta(days=FILE_DAYS)],
        )

    def action_take_out(self):
        """取り消す: the office says that the lines really are gone."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state", "stale_count"])
        if self.state != "done" or not self.stale_count:
            raise UserError(self.env._("There is nothing to be taken out."))
        self._take_out()
        return True

    def _undo_sales(self, turn=None):
        self._forget_seen()
        result = super()._undo_sales(turn)
        self.sudo().write({"stale_count": 0, "taken_out_count": 0, "is_replaced": False})
        return result

from odoo import api, models
from odoo.tools import SQL

UNDO_PART = 100_000  # lines taken back in one transaction of a background run
UNDO_LINES = (
    "SELECT record_id FROM kokyaku_sales_record_before WHERE import_id = %s LIMIT %s",
    "SELECT id FROM kokyaku_sales_record WHERE import_id = %s LIMIT %s",
)


class KokyakuImportReject(models.Model):
    _inherit = "kokyaku.import.reject"

    @api.model
    def _reasons(self):
        return super()._reasons() | {
            "same_key_twice": self.env._(
                "Another row of the file has the same number, but says something else."
            ),
            "which_line": self.env._(
                "The slip has several lines of this product with us, and the file only some of "
                "them, so it cannot be told which one has changed. Please bring in the whole "
                "slip, and choose that lines are taken out that are not in the file any more."
            ),
        }


class KokyakuImport(models.Model):
    """Undoing an import of sales: what it brought goes, what it corrected comes back."""

    _inherit = "kokyaku.import"

    def _undo_sales(self, turn=None):
        """Delete the lines this import brought and give those it corrected their former words
        back, links included. Whether it may be is for the caller to ask (``_undo_blockers``).

        :param turn: ``Turn``, to do it in parts; default: all at once
        :return: dict; ``again``: whether there is more to do
        """
        self.ensure_one()
        while lines := self._lines_to_undo(UNDO_PART if turn else None):
            self._undo_lines(lines)
            if turn and turn.ends_after(self._count_lines_to_undo(), self.row_count):
                return {"again": True}
        return {"again": False}

    def _lines_to_undo(self, limit):
        """Return the ids of lines this import corrected or brought, the former first."""
        self.env.flush_all()
        for query in UNDO_LINES:
            rows = self.env.execute_query(SQL(query, self.id, limit))
            if rows:
                return [number for [number] in rows]
        return []

    def _count_lines_to_undo(self):
        [[count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM kokyaku_sales_record WHERE import_id = %s", self.id)
        )
        return count

    def _undo_lines(self, lines):
        """Take back what this import did to some lines.

        :param lines: list of ids
        """
        records = self.env["kokyaku.sales.record"]
        self.env.flush_all()
        columns = [
            (name, field)
            for name, field in records._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        # Who was merged away and what was deleted meanwhile is not there to come back to.
        restored = [
            SQL(
                """%(column)s = CASE WHEN EXISTS (SELECT FROM %(table)s WHERE id = %(was)s)
                    THEN %(was)s END""",
                column=SQL.identifier(name),
                was=SQL.identifier("b", name),
                table=SQL.identifier(self.env[field.comodel_name]._table),
            )
            if field.type == "many2one"
            else SQL("%s = %s", SQL.identifier(name), SQL.identifier("b", name))
            for name, field in columns
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET %s
                  FROM kokyaku_sales_record_before kept,
                       jsonb_populate_record(NULL::kokyaku_sales_record, kept.values) AS b
                 WHERE kept.import_id = %s AND kept.record_id = ANY(%s)
                   AND r.id = kept.record_id""",
                SQL(", ").join(restored),
                self.id,
                lines,
            )
        )
        corrected = SQL(
            "SELECT record_id FROM kokyaku_sales_record_before"
            " WHERE import_id = %s AND record_id = ANY(%s)",
            self.id,
            lines,
        )
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record SET link_state = 'none', linked_by = NULL
                WHERE partner_id IS NULL AND link_state IN ('auto', 'manual') AND id IN (%s)""",
                corrected,
            )
        )
        # A line that was brought and corrected by this same import goes with a later part.
        self.env.cr.execute(
            SQL(
                """DELETE FROM kokyaku_sales_record
                WHERE import_id = %s AND id = ANY(%s) AND id NOT IN (%s)""",
                self.id,
                lines,
                corrected,
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM kokyaku_sales_record_before"
                " WHERE import_id = %s AND record_id = ANY(%s)",
                self.id,
                lines,
            )
        )
        self.env.invalidate_all()

    def _undo_blockers(self):
        reasons = super()._undo_blockers()
        if self.kind == "sales":
            reasons += [
                self.env._(
                    "“%(file)s” (no. %(number)s) corrected lines of it. Please undo that first.",
                    file=later.file_name,
                    number=later.id,
                )
                for later in self._corrected_later()
            ]
        return reasons

    def _corrected_later(self):
        """Return the later imports that corrected lines of this one: they are undone first."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT b.import_id FROM kokyaku_sales_record_before b
                  JOIN kokyaku_sales_record r ON r.id = b.record_id
                 WHERE b.import_id > %(import)s AND (r.import_id = %(import)s OR EXISTS (
                     SELECT FROM kokyaku_sales_record_before mine
                      WHERE mine.record_id = b.record_id AND mine.import_id = %(import)s))""",
                **{"import": self.id},
            )
        )
        return self.browse(sorted(id_ for (id_,) in rows))

from odoo import api, models
from odoo.tools import SQL

UNDO_PART = 100_000  # lines taken back in one transaction of a background run
UNDO_TABLE = "kokyaku_import_undo_line"
# Where the lines stand that are taken back, and how, in this order: a line that was brought and
# corrected by the same import is put right first and goes then.
UNDO_STEPS = {
    "kokyaku_sales_record_before": "_undo_corrected",
    "kokyaku_sales_record": "_undo_brought",
}


class KokyakuImportReject(models.Model):
    _inherit = "kokyaku.import.reject"

    @api.model
    def _reasons(self):
        return super()._reasons() | {
            "same_key_twice": self.env._(
                "Another row of the file has the same number, but says something else. Please "
                "correct one of the two, or take it out."
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
        if turn:
            turn.begins_with(sum(map(self._count_lines_to_undo, UNDO_STEPS)), self.row_count)
        for table, undo in UNDO_STEPS.items():
            while number := self._take_lines_to_undo(table, UNDO_PART if turn else None):
                getattr(self, undo)()
                self.env.invalidate_all()
                if turn and turn.ends_after(number):
                    return {"again": True}
        return {"again": False}

    def _count_lines_to_undo(self, table):
        [[count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM %s WHERE import_id = %s", SQL.identifier(table), self.id)
        )
        return count

    def _take_lines_to_undo(self, table, limit):
        """Note lines that are to be taken back in a table of their ids; return their number."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(UNDO_TABLE)))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS"
                " SELECT %s AS id FROM %s WHERE import_id = %s LIMIT %s",
                SQL.identifier(UNDO_TABLE),
                SQL.identifier("id" if table == "kokyaku_sales_record" else "record_id"),
                SQL.identifier(table),
                self.id,
                limit,
            )
        )
        number = self.env.cr.rowcount
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(UNDO_TABLE)))
        return number

    def _undo_corrected(self):
        """Give the noted lines the words back that they had before this import."""
        records = self.env["kokyaku.sales.record"]
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
        noted = SQL("(SELECT id FROM %s)", SQL.identifier(UNDO_TABLE))
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET %s
                  FROM kokyaku_sales_record_before kept,
                       jsonb_populate_record(NULL::kokyaku_sales_record, kept.values) AS b
                 WHERE kept.import_id = %s AND kept.record_id IN %s
                   AND r.id = kept.record_id""",
                SQL(", ").join(restored),
                self.id,
                noted,
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record SET link_state = 'none', linked_by = NULL
                WHERE partner_id IS NULL AND link_state IN ('auto', 'manual') AND id IN %s""",
                noted,
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM kokyaku_sales_record_before"
                " WHERE import_id = %s AND record_id IN %s",
                self.id,
                noted,
            )
        )

    def _undo_brought(self):
        """Delete the noted lines."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM kokyaku_sales_record r USING %s n WHERE r.id = n.id",
                SQL.identifier(UNDO_TABLE),
            )
        )

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

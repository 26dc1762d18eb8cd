from odoo import models
from odoo.tools import SQL


class KokyakuImport(models.Model):
    """Undoing an import of sales: what it brought goes, what it corrected comes back."""

    _inherit = "kokyaku.import"

    def _undo_sales(self):
        """Delete the lines this import brought and give those it corrected their former words
        back, links included. Whether it may be is for the caller to ask (``_undo_blockers``)."""
        self.ensure_one()
        records = self.env["kokyaku.sales.record"]
        self.env.flush_all()
        columns = [
            name
            for name, field in records._fields.items()
            if field.store and field.column_type and name not in ("id", "partner_id")
        ]
        restored = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), SQL.identifier("b", name)) for name in columns
        )
        # Who was merged away or deleted meanwhile is not there to come back to.
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET %s,
                       partner_id = CASE
                           WHEN b.partner_id IS NULL
                               OR EXISTS (SELECT FROM res_partner p WHERE p.id = b.partner_id)
                           THEN b.partner_id ELSE r.partner_id END
                  FROM kokyaku_sales_record_before kept,
                       jsonb_populate_record(NULL::kokyaku_sales_record, kept.values) AS b
                 WHERE kept.import_id = %s AND r.id = kept.record_id""",
                restored,
                self.id,
            )
        )
        for table in ("kokyaku_sales_record_before", "kokyaku_sales_record"):
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE import_id = %s", SQL.identifier(table), self.id)
            )
        self.env.invalidate_all()

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

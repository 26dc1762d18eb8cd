from odoo import models
from odoo.tools import SQL


class Portfolio(models.Model):
    """Imported sales count like orders, whatever the basis, once their person is known. What is
    the same sale as an order, or where invoices are counted as an invoice, counts as that: an
    order that is not invoiced yet takes nothing away there."""

    _inherit = "kokyaku.portfolio"

    def _source_queries(self, where=None, day_from=None, day_to=None):
        return [
            *super()._source_queries(where, day_from, day_to),
            self._record_source(where, day_from, day_to),
        ]

    def _record_source(self, where, day_from, day_to):
        """Slips of imported lines, except those that are the same sale as what the basis counts.
        Reads nothing but the covering index on ``kokyaku_sales_record``."""
        amount = SQL("r.amount") if self.tax_included else SQL("r.amount - COALESCE(r.tax, 0)")
        conditions = [
            SQL(
                """r.company_id = %s AND r.partner_id IS NOT NULL AND %s IS NULL
                AND r.is_cancelled IS NOT TRUE""",
                self.company_id.id,
                SQL("r.move_id" if self.basis == "invoices" else "r.order_id"),
            )
        ]
        if where:
            conditions.append(where(SQL("r.partner_id")))
        if day_from:
            conditions.append(SQL("r.date >= %s", day_from))
        if day_to:
            conditions.append(SQL("r.date <= %s", day_to))
        return SQL(
            """SELECT r.partner_id AS raw, r.date AS day, sum(%s) AS amount
               FROM kokyaku_sales_record r
               WHERE %s
               GROUP BY r.partner_id, r.date, r.slip""",
            amount, SQL(" AND ").join(conditions),
        )

    def _flush_sources(self):
        self.env["kokyaku.sales.record"].flush_model()
        return super()._flush_sources()

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .kokyaku_sales_record_lookup import SAME_SALE_DAYS

SALES = ("out_invoice", "out_refund")
WATCHED = {"state", "name", "invoice_date", "company_id"}
# Whether an invoice (``m``) is the same sale as an imported line (``r``).
SAME = SQL(
    """m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
    AND r.company_id = m.company_id AND r.slip = m.name
    AND abs(r.date - COALESCE(m.invoice_date, m.date)) <= %s""",
    SAME_SALE_DAYS,
)
# The order an invoice (``m``) is of.
ITS_ORDER = SQL(
    """SELECT min(so.id) AS order_id
         FROM account_move_line line
         JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
         JOIN sale_order_line sold ON sold.id = rel.order_line_id
         JOIN sale_order so ON so.id = sold.order_id AND so.state = 'sale'
        WHERE line.move_id = m.id"""
)


class AccountMove(models.Model):
    """An invoice may be the same sale as an imported slip. Of an order's invoice the order is
    the same sale too; else the line counts where orders are counted, and the invoice where
    invoices are."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._pair_with_records()
        return posted

    def write(self, vals):
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._pair_with_records()
        return result

    def _pair_with_records(self):
        """Find the imported lines these invoices are the same sale as, and let go of those they
        no longer are; two statements."""
        sales = self.filtered(lambda move: move.move_type in SALES and move.id)
        if not sales:
            return
        sales.flush_recordset(WATCHED)
        records = self.env["kokyaku.sales.record"]
        records.flush_model(["order_id", "move_id", "slip", "date"])
        freed = self.env.execute_query(
            SQL(
                """UPDATE kokyaku_sales_record r SET move_id = NULL FROM account_move m
                    WHERE m.id = r.move_id AND r.move_id = ANY(%s) AND (%s) IS NOT TRUE
                RETURNING r.order_id""",
                sales.ids,
                SAME,
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r
                      SET move_id = m.id, order_id = COALESCE(r.order_id, its.order_id)
                     FROM account_move m LEFT JOIN LATERAL (%s) AS its ON TRUE
                    WHERE m.id = ANY(%s) AND r.move_id IS NULL AND %s""",
                ITS_ORDER,
                sales.ids,
                SAME,
            )
        )
        if freed or self.env.cr.rowcount:
            records.invalidate_model(["order_id", "move_id"])
            self.env["kokyaku.purchase"].invalidate_model()
            orders = {order_id for [order_id] in freed if order_id}
            self.env["sale.order"].sudo().browse(orders)._pair_with_records()


class KokyakuSalesRecord(models.Model):
    _inherit = "kokyaku.sales.record"

    @api.model
    def _found_invoices(self, company, slips, days):
        """Return, for each line, (invoice, its order) as texts, '' = none: the posted invoice
        that is the same sale, see ``move_id``."""
        none = [("", "")] * len(slips)
        words = [slip for slip in set(slips) if slip]
        if not words:
            return none
        invoices = {
            name: (day, str(id_), str(order or ""))
            for name, day, id_, order in self.env.execute_query(
                SQL(
                    """SELECT m.name, COALESCE(m.invoice_date, m.date), m.id, its.order_id
                         FROM account_move m LEFT JOIN LATERAL (%s) AS its ON TRUE
                        WHERE m.name = ANY(%s) AND m.state = 'posted' AND m.name <> '/'
                          AND m.company_id = %s AND m.move_type IN ('out_invoice', 'out_refund')""",
                    ITS_ORDER,
                    words,
                    company.id,
                )
            )
        }
        if not invoices:
            return none
        return [_same_sale(invoices.get(slip), day) for slip, day in zip(slips, days, strict=True)]


def _same_sale(invoice, day):
    if not invoice or abs((invoice[0] - date.fromisoformat(day)).days) > SAME_SALE_DAYS:
        return "", ""
    return invoice[1:]

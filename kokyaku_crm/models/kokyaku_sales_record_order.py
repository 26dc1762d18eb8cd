from odoo import api, models
from odoo.tools import SQL

from .kokyaku_sales_record_lookup import SAME_SALE_DAYS

WATCHED = {"state", "name", "client_order_ref", "company_id", "date_order"}


class SaleOrder(models.Model):
    """An order may be the same sale as an imported slip; then only the order counts."""

    _inherit = "sale.order"

    # How an imported slip finds its order.
    _kokyaku_name_idx = models.Index("(company_id, name)")
    _kokyaku_reference_idx = models.Index(
        "(company_id, client_order_ref) WHERE client_order_ref IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._pair_with_records()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._pair_with_records()
        return result

    def _pair_with_records(self):
        """Find the imported lines these orders are the same sale as, and let go of those they
        no longer are; two statements."""
        if not self.ids:
            return
        self.flush_recordset(WATCHED)
        records = self.env["kokyaku.sales.record"]
        records.flush_model(["order_id", "slip", "date"])
        same = SQL(
            """o.state = 'sale' AND r.company_id = o.company_id
            AND r.slip = ANY(ARRAY[o.name, o.client_order_ref])
            AND abs(r.date - o.date_order::date) <= %s""",
            SAME_SALE_DAYS,
        )
        # The slip may have the number of its invoice, see ``account.move``.
        by_invoice = SQL(
            "o.state = 'sale' AND r.company_id = o.company_id AND r.move_id IS NOT NULL"
        )
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET order_id = NULL FROM sale_order o
                WHERE o.id = r.order_id AND r.order_id = ANY(%s) AND (%s OR %s) IS NOT TRUE""",
                self.ids,
                by_invoice,
                same,
            )
        )
        changed = self.env.cr.rowcount
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET order_id = o.id FROM sale_order o
                WHERE o.id = ANY(%s) AND r.order_id IS NULL AND %s""",
                self.ids,
                same,
            )
        )
        if changed or self.env.cr.rowcount:
            records.invalidate_model(["order_id"])
            self.env["kokyaku.purchase"].invalidate_model()

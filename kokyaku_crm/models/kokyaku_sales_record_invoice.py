from odoo import models

SALES = ("out_invoice", "out_refund")
WATCHED = {"state", "name", "invoice_date", "company_id"}


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
        no longer are."""
        sales = self.filtered(lambda move: move.move_type in SALES and move.id)
        if sales:
            sales.flush_recordset(WATCHED)
            orders = self.env["sale.order"]
            orders.flush_model(["state", "name", "client_order_ref", "date_order"])
            self.env["kokyaku.sales.record"]._pair(orders, sales)

from odoo import api, models

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
        no longer are."""
        if self.ids:
            self.flush_recordset(WATCHED)
            self.env["kokyaku.sales.record"]._pair(self, self.env["account.move"])

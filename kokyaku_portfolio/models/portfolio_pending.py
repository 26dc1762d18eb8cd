from odoo import fields, models

from .derived import LooseMany2one


class PortfolioPending(models.Model):
    """The changed customers each portfolio still has to compute; filled from the queue."""

    _name = "kokyaku.portfolio.pending"
    _description = "Customers to compute"
    _log_access = False

    portfolio_id = LooseMany2one("kokyaku.portfolio", required=True, readonly=True)
    partner_id = fields.Integer(required=True, readonly=True)  # may be gone by now

    _customer_uniq = models.UniqueIndex("(portfolio_id, partner_id)")

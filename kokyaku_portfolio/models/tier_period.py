from odoo import fields, models

from .derived import LooseMany2one


class TierPeriod(models.Model):
    """顧客層の履歴: one row per stay of a customer in a tier, exact to the day.

    Written by the refresh only. A stay begins on ``date_from`` and ends with the day
    ``date_to`` (both included; empty = still); the row with a ``previous_tier_id`` is also
    the move from there on ``date_from``.
    """

    _name = "kokyaku.tier.period"
    _description = "Stay of a Customer in a Tier"
    _order = "date_from desc, id desc"
    _log_access = False
    _rec_name = "partner_id"

    portfolio_id = LooseMany2one("kokyaku.portfolio", required=True, readonly=True)
    company_id = LooseMany2one("res.company", required=True, readonly=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True)
    tier_id = LooseMany2one("kokyaku.tier", required=True, readonly=True)
    previous_tier_id = LooseMany2one(
        "kokyaku.tier", readonly=True, help="Empty: a new customer, or a prospect before."
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", readonly=True, help="Last day, included. Empty: still.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        "Amount at the start", readonly=True, help="All purchases up to and with the first day."
    )
    amount_12m = fields.Monetary("12 months before the start", readonly=True)

    _customer_idx = models.Index("(partner_id, portfolio_id)")
    _day_idx = models.Index("(portfolio_id, date_from, tier_id)")
    _stay_idx = models.Index("(portfolio_id, tier_id, date_to)")

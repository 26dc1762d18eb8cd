from odoo import fields, models

from .derived import LooseMany2one


class TierDay(models.Model):
    """顧客層の日次差分: what changed in a tier on a day.

    The portfolio of any day is the sum of all rows up to and with that day, so the board
    reads days × tiers rows whatever the number of customers.
    """

    _name = "kokyaku.tier.day"
    _description = "Daily Difference of a Tier"
    _order = "date, tier_id"
    _log_access = False
    _rec_name = "date"

    portfolio_id = LooseMany2one("kokyaku.portfolio", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    tier_id = LooseMany2one("kokyaku.tier", required=True, readonly=True)
    people_delta = fields.Integer("People", readonly=True)
    amount_delta = fields.Float("Amount", readonly=True, digits=(16, 2))
    amount_12m_delta = fields.Float("12 months", readonly=True, digits=(16, 2))

    _day_uniq = models.Constraint(
        "UNIQUE(portfolio_id, date, tier_id)", "One difference per tier and day."
    )

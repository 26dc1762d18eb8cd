from odoo import fields, models

from .derived import LooseMany2one


class TierMove(models.Model):
    """顧客層の移動（日次）: how many went from one tier to another on a day.

    ``from_tier_id`` empty: new customers, or prospects before. ``to_tier_id`` empty: everything
    was returned. Amounts are those of the people who moved: after the move, or before it for
    those who left the portfolio.
    """

    _name = "kokyaku.tier.move"
    _description = "Moves between Tiers per Day"
    _order = "date, from_tier_id, to_tier_id"
    _log_access = False
    _rec_name = "date"

    portfolio_id = LooseMany2one("kokyaku.portfolio", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    from_tier_id = LooseMany2one("kokyaku.tier", readonly=True)
    to_tier_id = LooseMany2one("kokyaku.tier", readonly=True)
    people = fields.Integer(readonly=True)
    amount = fields.Float(readonly=True, digits=(16, 2))
    amount_12m = fields.Float("12 months", readonly=True, digits=(16, 2))

    _move_uniq = models.UniqueIndex(
        "(portfolio_id, date, COALESCE(from_tier_id, 0), COALESCE(to_tier_id, 0))"
    )

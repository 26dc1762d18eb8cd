from odoo import fields, models

from .derived import LooseMany2one


class PortfolioState(models.Model):
    """How far a portfolio is computed. Written by the refresh and the ranking only, and apart
    from the rules, so that a refresh never collides with somebody who edits them."""

    _name = "kokyaku.portfolio.state"
    _description = "State of a Portfolio"
    _log_access = False

    portfolio_id = LooseMany2one("kokyaku.portfolio", required=True, readonly=True)
    as_of = fields.Date(readonly=True, help="The base date the figures stand for.")
    rules = fields.Char(readonly=True, help="The rules the figures were computed by.")
    refreshed_at = fields.Datetime(readonly=True)
    ranked_at = fields.Datetime(readonly=True)
    seconds = fields.Float(readonly=True)
    prospect_count = fields.Integer(readonly=True)
    lapsing = fields.Json(
        readonly=True,
        help="Who is about to lapse, counted by the ranking; empty after a refresh.",
    )
    stage_run = fields.Integer(
        readonly=True, help="The run that is staging everyone just now; 0 when none is."
    )
    stage_until = fields.Date(readonly=True, help="The base date of that staging.")
    stage_rules = fields.Char(readonly=True, help="The rules of that staging.")

    _portfolio_uniq = models.Constraint("UNIQUE(portfolio_id)", "One state per portfolio.")

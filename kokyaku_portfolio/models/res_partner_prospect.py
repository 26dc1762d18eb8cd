from odoo import fields, models
from odoo.fields import Domain


class Partner(models.Model):
    _inherit = "res.partner"

    kokyaku_prospect_portfolio_id = fields.Many2one(
        "kokyaku.portfolio",
        "Prospect in",
        store=False,
        search="_search_kokyaku_prospect_portfolio_id",
        help="Only to search by: whoever a portfolio counts as a prospect.",
    )

    def _search_kokyaku_prospect_portfolio_id(self, operator, value):
        """Find the prospects (見込客) of portfolios, so that a domain the browser holds stays
        short whatever their number."""
        if operator != "in":
            return NotImplemented
        portfolios = self.env["kokyaku.portfolio"].search([("id", "in", list(value))])
        return Domain.OR(Domain(one._prospect_domain()) for one in portfolios)

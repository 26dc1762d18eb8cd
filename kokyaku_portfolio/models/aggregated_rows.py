from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PortfolioRows(models.AbstractModel):
    """What the lists over derived rows have in common: they open on the company's own
    portfolio, whatever its id, so that an action or a favourite needs not name it."""

    _name = "kokyaku.portfolio.rows"
    _description = "Rows of a Portfolio"

    in_default_portfolio = fields.Boolean(
        compute="_compute_in_default_portfolio", search="_search_in_default_portfolio",
    )

    def _compute_in_default_portfolio(self):
        mine = self.env["kokyaku.portfolio"]._current()
        for row in self:
            row.in_default_portfolio = row.portfolio_id.id == mine.id

    @api.model
    def _search_in_default_portfolio(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("portfolio_id", "=", self.env["kokyaku.portfolio"]._current().id or 0)
        return mine if True in value else ~mine

    @api.model
    def _search_per_portfolio(self, domain_of):
        """Return the domain of all rows that satisfy their own portfolio's condition.

        :param domain_of: takes a portfolio and returns a domain
        """
        return Domain.OR(
            Domain("portfolio_id", "=", portfolio.id) & Domain(domain_of(portfolio))
            for portfolio in self.env["kokyaku.portfolio"].search([])
        )

    def action_open_partner(self):
        """Open the person behind the row."""
        self.ensure_one()
        if not self.partner_id.exists():
            raise UserError(
                self.env._(
                    "This customer has been deleted meanwhile. The next refresh takes them off "
                    "the list."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

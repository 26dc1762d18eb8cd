from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerMetrics(models.Model):
    """顧客一覧: the metrics beside what one needs to reach the customer."""

    _name = "kokyaku.customer.metrics"
    _inherit = ["kokyaku.customer.metrics", "kokyaku.portfolio.rows"]

    partner_ref = fields.Char("Customer Code", related="partner_id.ref")
    partner_kana = fields.Char("Kana", related="partner_id.kana")
    partner_email = fields.Char("E-mail", related="partner_id.email")
    partner_phone = fields.Char("Phone", related="partner_id.phone")
    partner_user_id = fields.Many2one("res.users", "Staff in charge", related="partner_id.user_id")
    tier_color = fields.Integer(related="tier_id.color")
    lapses_soon = fields.Boolean(
        "Lapses within 30 days", compute="_compute_lapses_soon", search="_search_lapses_soon",
        help="Without a purchase they count as lapsed within 30 days from the base date.",
    )

    def _compute_lapses_soon(self):
        for row in self:
            first, last = row.portfolio_id._lapse_window()
            row.lapses_soon = bool(
                row.last_date and not row.tier_id.lapsed and first <= row.last_date <= last
            )

    @api.model
    def _search_lapses_soon(self, operator, value):
        if operator != "in":
            return NotImplemented
        active = self.env["kokyaku.tier"].sudo().search([("lapsed", "=", False)])

        def within_window(portfolio):
            first, last = portfolio._lapse_window()
            return [
                ("last_date", ">=", first),
                ("last_date", "<=", last),
                ("tier_id", "in", active.ids),
            ]

        found = self._search_per_portfolio(within_window)
        return found if True in value else ~found

    def action_workbook(self):
        """Excel出力: the workbook of the rows that are ticked, or of all that match.

        Called from the list: on the ticked rows, or with them as ``active_ids``. The client cuts
        them at ``active_ids_limit``; then, and when none is ticked, ``active_domain`` says which.
        """
        context = self.env.context
        ids = self.ids or context.get("active_ids") or []
        domain = Domain(context.get("active_domain") or Domain.TRUE)
        if ids and len(ids) < self._active_ids_limit():
            domain = Domain("id", "in", ids)
        portfolios = self._read_group(domain, ["portfolio_id"], limit=2)
        if not portfolios:
            raise UserError(self.env._("There is no customer on this list to write to a file."))
        if len(portfolios) > 1:
            raise UserError(
                self.env._("The list mixes several portfolios. Please filter it by one of them.")
            )
        return portfolios[0][0].action_workbook(list(domain))

    def _active_ids_limit(self):
        limit = self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit")
        return int(limit or 20_000)

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """設定: the way from Odoo's own settings to the company's portfolio."""

    _inherit = "res.config.settings"

    kokyaku_portfolio_id = fields.Many2one(
        "kokyaku.portfolio", "Customer portfolio", compute="_compute_kokyaku_portfolio"
    )
    kokyaku_rules_summary = fields.Text(related="kokyaku_portfolio_id.rules_summary")

    @api.depends("company_id")
    def _compute_kokyaku_portfolio(self):
        for settings in self:
            current = self.env["kokyaku.portfolio"].with_company(settings.company_id)._current()
            settings.kokyaku_portfolio_id = current if current.configured else False

    def action_kokyaku_portfolio(self):
        """Open the rules of the company's portfolio, or the questions of the first start."""
        portfolio = self.env["kokyaku.portfolio"]._current()
        if not portfolio.configured:
            return self.env["ir.actions.actions"]._for_xml_id(
                "kokyaku_portfolio.action_first_start"
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "kokyaku.portfolio",
            "res_id": portfolio.id,
            "views": [(False, "form")],
        }

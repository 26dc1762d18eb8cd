from odoo import api, models


class KokyakuDemo(models.AbstractModel):
    _inherit = "kokyaku.demo"

    @api.model
    def _set_up_portfolio(self):
        """Answer the first start as a mail-order house does, and fill the board."""
        company = self._company()
        if not company:  # the orders could not be loaded; nothing to show
            return
        demo = self.with_context(allowed_company_ids=company.ids).with_company(company)
        portfolio = demo.env["kokyaku.portfolio"]._default_for(company).sudo()
        portfolio.write(
            {
                "business_type": "mail_order",
                "unit": "person",
                "tax_included": True,
                "configured": True,
            }
        )
        portfolio.action_suggest_loyal_amount()
        portfolio.refresh()
        portfolio.rank()

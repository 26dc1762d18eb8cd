from odoo import Command, api, models


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
        demo._create_lapsed_set(company)

    @api.model
    def _create_lapsed_set(self, company):
        """Those who bought much and have stopped: the people to win back, once per database."""
        name = "優良離脱客への復活のご案内"
        sets = self.env["kokyaku.selection.set"]
        if sets.search_count([("company_id", "=", company.id), ("name", "=", name)], limit=1):
            return
        lapsed = self.env.ref("kokyaku_portfolio.tier_loyal_lapsed")
        one = sets.create(
            {
                "name": name,
                "owner_id": self._demo("demo_user_fujita").id,
                "department": "営業一課",
                "criterion_ids": [
                    Command.create(
                        {
                            "kind": "person",
                            "partner_domain": repr(
                                [
                                    ("kokyaku_tier_id", "=", lapsed.id),
                                    ("kokyaku_m_score", ">=", 4),
                                ]
                            ),
                        }
                    )
                ],
            }
        )
        one._build()

from odoo import models


class Partner(models.Model):
    """開示: the tiers a person was and is in are part of what we hold."""

    _inherit = "res.partner"

    def _disclosure_sections(self):
        stays = self.env["kokyaku.tier.period"].search(
            [("partner_id", "=", self.id), ("company_id", "in", self.env.companies.ids)]
        )
        rows = stays._disclosure_table(["portfolio_id", "tier_id", "date_from", "date_to"])
        sections = super()._disclosure_sections()
        return [*sections, (self.env._("Customer Tiers"), rows)] if rows else sections

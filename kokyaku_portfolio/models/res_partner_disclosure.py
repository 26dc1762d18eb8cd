from odoo import models

from odoo.addons.kokyaku_crm.models.record_text import record_table


class Partner(models.Model):
    """開示: the tiers a person was and is in are part of what we hold."""

    _inherit = "res.partner"

    def _disclosure_sections(self):
        stays = self.env["kokyaku.tier.period"].search(
            [("partner_id", "=", self.id), ("company_id", "in", self.env.companies.ids)]
        )
        rows = record_table(stays, ["portfolio_id", "tier_id", "date_from", "date_to"])
        sections = super()._disclosure_sections()
        return [*sections, (self.env._("Customer Tiers"), rows)] if rows else sections

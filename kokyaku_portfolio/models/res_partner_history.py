from odoo import api, fields, models


class Partner(models.Model):
    """What the person's page shows beside the figures: the colour of the tier, the history."""

    _inherit = "res.partner"

    kokyaku_tier_color = fields.Integer(compute="_compute_kokyaku_tier_color", compute_sudo=False)
    kokyaku_period_ids = fields.Many2many(
        "kokyaku.tier.period", string="Tier history", compute="_compute_kokyaku_period_ids",
        compute_sudo=False, groups="kokyaku_crm.group_analyst",
        help="Every stay in a tier, the present one first.",
    )

    @api.depends_context("company", "uid")
    def _compute_kokyaku_tier_color(self):
        for partner in self:
            partner.kokyaku_tier_color = partner.kokyaku_tier_id.color

    @api.depends_context("company", "uid")
    def _compute_kokyaku_period_ids(self):
        """Read the stays of all persons at once, in the default portfolio of the company."""
        Period = self.env["kokyaku.tier.period"]
        portfolio = self._kokyaku_portfolio_id()
        stays = Period
        if portfolio and self._origin and Period.has_access("read"):
            stays = Period.search(
                [("portfolio_id", "=", portfolio), ("partner_id", "in", self._origin.ids)]
            )
        by_partner = stays.grouped("partner_id")
        for partner in self:
            partner.kokyaku_period_ids = by_partner.get(partner._origin, Period)

from odoo import api, fields, models

from .kokyaku_honorific_rule import HONORIFIC_TEXTS

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """敬称 of those who have none of their own: by the rules, else 御中 or 様."""

    _inherit = "res.partner"

    honorific_proposal = fields.Char(
        string="Automatic Honorific", compute="_compute_honorific_proposal", groups=OFFICE
    )

    def _default_honorific(self):
        """The honorific of a partner that has none of its own: by its function, 御中 or 様."""
        if not self.is_company:
            found = self.env["kokyaku.honorific.rule"].matching(self.function)
            if found:
                return found
        return super()._default_honorific()

    @api.depends("function", "is_company")
    def _compute_honorific_proposal(self):
        for partner in self:
            partner.honorific_proposal = HONORIFIC_TEXTS[partner._default_honorific()]

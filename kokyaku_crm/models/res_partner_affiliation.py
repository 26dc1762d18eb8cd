from odoo import fields, models

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """所属: where a person belongs, and who belongs to a company."""

    _inherit = "res.partner"

    affiliation_ids = fields.One2many(
        "kokyaku.affiliation", "partner_id", string="Affiliations", groups=OFFICE
    )
    affiliated_ids = fields.One2many(
        "kokyaku.affiliation", "company_partner_id", string="People", groups=OFFICE
    )

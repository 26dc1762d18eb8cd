from odoo import fields, models

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """自社担当者: whose customer someone is."""

    _inherit = "res.partner"

    staff_ids = fields.Many2many(
        "res.users",
        "kokyaku_partner_staff_rel",
        "partner_id",
        "user_id",
        string="Further Staff",
        domain="[('share', '=', False)]",
        groups=OFFICE,
        help="Colleagues who look after this person besides the staff in charge.",
    )

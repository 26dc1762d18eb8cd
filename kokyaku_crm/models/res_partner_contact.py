from odoo import fields, models

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """コンタクト履歴 of a person."""

    _inherit = "res.partner"

    contact_history_ids = fields.One2many(
        "kokyaku.contact.history", "partner_id", string="Contact History", groups=OFFICE
    )

from odoo import fields, models

from .kokyaku_consent import CHANNELS

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """受取可否と状態: what may be sent to a person, and what speaks against it."""

    _inherit = "res.partner"

    consent_ids = fields.One2many(
        "kokyaku.consent", "partner_id", string="Consents", groups=OFFICE
    )
    mourning_ids = fields.One2many(
        "kokyaku.mourning", "partner_id", string="Mournings", groups=OFFICE
    )
    preferred_channel = fields.Selection(CHANNELS, groups=OFFICE)
    deceased_on = fields.Date(copy=False, groups=OFFICE)
    returned_mail = fields.Date(
        copy=False, groups=OFFICE, help="When post came back as undeliverable."
    )
    complaint_open = fields.Boolean(copy=False, groups=OFFICE)
    source_id = fields.Many2one(
        "kokyaku.source", index="btree_not_null", ondelete="restrict", groups=OFFICE
    )
    acquired_on = fields.Date(groups=OFFICE)

from odoo import fields, models

from .kokyaku_selection_type import ADDRESS_CHOICES

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """自宅・家族・関心・紹介元: the private side of a person."""

    _inherit = "res.partner"

    home_address_ids = fields.One2many(
        "kokyaku.home.address", "partner_id", string="Home", groups=OFFICE
    )
    family_ids = fields.One2many(
        "kokyaku.family.member", "partner_id", string="Family", groups=OFFICE
    )
    interest_ids = fields.Many2many("kokyaku.interest", string="Interests", groups=OFFICE)
    referrer_id = fields.Many2one(
        "res.partner",
        string="Referred by",
        index="btree_not_null",
        ondelete="set null",
        groups=OFFICE,
    )
    referred_ids = fields.One2many(
        "res.partner", "referrer_id", string="People Referred", groups=OFFICE
    )
    member_number = fields.Char(index="btree_not_null", copy=False, groups=OFFICE)
    address_choice = fields.Selection(
        ADDRESS_CHOICES,
        groups=OFFICE,
        help="Where post goes, unless a selection type says otherwise. Empty: to the company "
        "if there is one, else to the home.",
    )

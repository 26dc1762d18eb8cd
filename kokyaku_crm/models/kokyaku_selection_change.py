from odoo import fields, models

from ..tools import NOBODY_IN_CHARGE


class KokyakuSelectionChange(models.Model):
    """再抽出の増減: who came in and who went out when a set was last built anew."""

    _name = "kokyaku.selection.change"
    _description = "Change of a Selection Set"
    _order = "came_in desc, id"
    _rec_name = "partner_id"
    _log_access = False

    set_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Selection Set",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, index=True, ondelete="cascade"
    )
    came_in = fields.Boolean()
    partner_ref = fields.Char(related="partner_id.ref", string="Customer Code")
    partner_user_id = fields.Many2one(
        related="partner_id.user_id", string="Staff in Charge",
        falsy_value_label=NOBODY_IN_CHARGE,
    )

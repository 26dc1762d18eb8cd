from odoo import fields, models


class KokyakuSelectionMember(models.Model):
    """連名: who shares a home with another recipient is named on that one's piece."""

    _inherit = "kokyaku.selection.member"

    joint_with_id = fields.Many2one(
        "res.partner", string="On the Piece of", index="btree_not_null", ondelete="set null"
    )

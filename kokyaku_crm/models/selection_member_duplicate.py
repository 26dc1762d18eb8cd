from odoo import fields, models


class KokyakuSelectionMember(models.Model):
    """名寄せ: who was taken out because another recipient is the same person."""

    _inherit = "kokyaku.selection.member"

    duplicate_of_id = fields.Many2one(
        "res.partner", string="Duplicate of", index="btree_not_null", ondelete="set null"
    )

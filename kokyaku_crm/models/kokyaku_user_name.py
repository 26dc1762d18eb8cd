from odoo import api, fields, models

from .kokyaku_user_code import MASTERS, NAME_SLOTS


class KokyakuUserName(models.Model):
    """ユーザ定義名称: the label of one free-text slot of one master."""

    _name = "kokyaku.user.name"
    _description = "User-defined Name"
    _order = "model, slot"

    model = fields.Selection(
        MASTERS, string="Master", required=True, default="res.partner", index=True
    )
    slot = fields.Selection(
        [(str(slot), f"Name {slot}") for slot in NAME_SLOTS],
        required=True,
        help="Which of the five names of the master gets this label.",
    )
    name = fields.Char(
        string="Label", required=True, translate=True, help="What stands on the screen."
    )
    active = fields.Boolean(
        default=True, help="An archived name is hidden everywhere; its texts are kept."
    )

    _slot_uniq = models.Constraint(
        "UNIQUE(model, slot)",
        "This name of the master has a label already. Change that one instead.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        names = super().create(vals_list)
        self.env["kokyaku.user.label.mixin"]._labels_changed()
        return names

    def write(self, vals):
        result = super().write(vals)
        self.env["kokyaku.user.label.mixin"]._labels_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["kokyaku.user.label.mixin"]._labels_changed()
        return result

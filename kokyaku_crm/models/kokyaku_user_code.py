from odoo import api, fields, models
from odoo.exceptions import ValidationError

CODE_SLOTS = range(1, 11)  # ten codes and five names: what Plaza-i's users know
NAME_SLOTS = range(1, 6)
MASTERS = [("res.partner", "Persons and Companies"), ("product.template", "Products")]


class KokyakuUserCode(models.Model):
    """ユーザ定義コード: the label of one code slot of one master.

    A slot without a (living) label shows nowhere: see ``kokyaku.user.label.mixin``.
    """

    _name = "kokyaku.user.code"
    _description = "User-defined Code"
    _order = "model, slot"

    model = fields.Selection(
        MASTERS, string="Master", required=True, default="res.partner", index=True
    )
    slot = fields.Selection(
        [(str(slot), f"Code {slot}") for slot in CODE_SLOTS],
        required=True,
        help="Which of the ten codes of the master gets this label.",
    )
    name = fields.Char(
        string="Label", required=True, translate=True, help="What stands on the screen."
    )
    active = fields.Boolean(
        default=True, help="An archived code is hidden everywhere; its values are kept."
    )
    value_ids = fields.One2many("kokyaku.user.code.value", "code_id", string="Values")
    value_count = fields.Integer(compute="_compute_value_count")

    _slot_uniq = models.Constraint(
        "UNIQUE(model, slot)",
        "This code of the master has a label already. Change that one instead.",
    )

    @api.depends("value_ids")
    def _compute_value_count(self):
        counts = dict(
            self.env["kokyaku.user.code.value"]._read_group(
                [("code_id", "in", self.ids)], ["code_id"], ["__count"]
            )
        )
        for code in self:
            code.value_count = counts.get(code, 0)

    @api.model_create_multi
    def create(self, vals_list):
        codes = super().create(vals_list)
        self.env["kokyaku.user.label.mixin"]._labels_changed()
        return codes

    def write(self, vals):
        if {"model", "slot"} & vals.keys():
            for code in self:
                moved = any(name in vals and vals[name] != code[name] for name in ("model", "slot"))
                if moved and code.with_context(active_test=False).value_ids:
                    raise ValidationError(
                        self.env._(
                            "“%s” already has values, so it cannot move to another code. "
                            "Make a new one instead.",
                            code.name,
                        )
                    )
        result = super().write(vals)
        self.env["kokyaku.user.label.mixin"]._labels_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["kokyaku.user.label.mixin"]._labels_changed()
        return result

    def action_open_values(self):
        """Open the values (コードの値) of this code, ready to be typed in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_user_code_value")
        action.update(
            display_name=self.name,
            domain=[("code_id", "=", self.id)],
            context={"default_code_id": self.id},
        )
        return action

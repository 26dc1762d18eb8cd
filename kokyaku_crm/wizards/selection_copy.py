from odoo import api, fields, models


class SelectionCopy(models.TransientModel):
    """複写: the name of the copy, and whether hand decisions come along."""

    _name = "kokyaku.selection.copy"
    _description = "Copy of a Selection Set"

    set_id = fields.Many2one(
        "kokyaku.selection.set", string="Copy of", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(
        string="New Name", required=True, default=lambda self: self._default_name()
    )
    by_hand = fields.Boolean(
        string="With Decisions by Hand",
        default=True,
        help="Who was put in or taken out by hand, is so in the copy too.",
    )

    @api.model
    def _default_name(self):
        source = self.env["kokyaku.selection.set"].browse(self.env.context.get("default_set_id"))
        return source and source._name_of_copy()

    def action_copy(self):
        """Make the copy and open it."""
        self.ensure_one()
        source = self.set_id.with_context(kokyaku_without_hand=not self.by_hand)
        new = source.copy({"name": self.name})
        return {
            "type": "ir.actions.act_window",
            "res_model": "kokyaku.selection.set",
            "res_id": new.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

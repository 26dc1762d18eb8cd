from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.selection_set_combine import COMBINATIONS


class SelectionCombine(models.TransientModel):
    """結合・共通・差引: which sets, how, and what the new one is called."""

    _name = "kokyaku.selection.combine"
    _description = "Combination of Selection Sets"

    set_ids = fields.Many2many("kokyaku.selection.set", string="Selection Sets", required=True)
    how = fields.Selection(COMBINATIONS, string="Who Comes In", required=True, default="union")
    first_id = fields.Many2one(
        "kokyaku.selection.set", string="First Set", domain="[('id', 'in', set_ids)]"
    )
    name = fields.Char(string="New Name", required=True)
    selection_type_id = fields.Many2one("kokyaku.selection.type")
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    department = fields.Char()
    deadline = fields.Date()
    look_for_duplicates = fields.Boolean(
        string="Look for Duplicates",
        default=True,
        help="Afterwards, who is in it twice and who shares a home is shown.",
    )
    number = fields.Integer(string="People Together", compute="_compute_number")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        context = self.env.context
        if context.get("active_model") == "kokyaku.selection.set" and context.get("active_ids"):
            sets = self.env["kokyaku.selection.set"].browse(context["active_ids"])
            types = sets.selection_type_id
            # The oldest first: what is taken away from it came later.
            values.update(set_ids=[Command.set(sets.ids)], first_id=sets.sorted("id")[0].id)
            if len(types) == 1:
                values["selection_type_id"] = types.id
        return values

    @api.depends("set_ids", "how", "first_id")
    def _compute_number(self):
        for wizard in self:
            sets = wizard._sets()
            wizard.number = sets._combined_count(wizard.how) if sets and wizard.how else 0

    def _sets(self):
        """The sets, the one the others are taken from in front."""
        sets = self.env["kokyaku.selection.set"].browse(self.set_ids._origin.ids)
        return (self.first_id & sets) | sets if self.how == "difference" else sets

    def action_combine(self):
        """Make the new set and open it."""
        new = self._combined()
        if self.look_for_duplicates and new._find_duplicates():
            return new.action_duplicates()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kokyaku.selection.set",
            "res_id": new.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _combined(self):
        self.ensure_one()
        if self.how == "difference" and self.first_id not in self.set_ids:
            raise UserError(
                self.env._("Please choose the first set, which the others are taken away from.")
            )
        return self._sets()._combine(
            self.how,
            {
                "name": self.name,
                "selection_type_id": self.selection_type_id.id,
                "owner_id": self.owner_id.id,
                "department": self.department,
                "deadline": self.deadline,
            },
        )

from odoo import fields, models

from .kokyaku_label_print import REASONS


class KokyakuLabelProblem(models.TransientModel):
    """One person of a label print who is not printed, or should be looked at, and why."""

    _name = "kokyaku.label.problem"
    _description = "Label to Check"
    _order = "printed, code, id"
    _transient_max_count = 0

    wizard_id = fields.Many2one(
        "kokyaku.label.print", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="cascade")
    code = fields.Selection(REASONS, string="Reason", required=True)
    detail = fields.Char(string="Characters")
    printed = fields.Boolean()

    def action_open_partner(self):
        """Open the person to mend what is missing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

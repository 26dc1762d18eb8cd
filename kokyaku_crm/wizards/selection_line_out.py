from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import selected_domain, told

LINE = "kokyaku.execution.line"


class SelectionLineOut(models.TransientModel):
    """今回の発送から外す・戻す: the chosen lines of one execution, with the reason."""

    _name = "kokyaku.selection.line.out"
    _description = "Out of the Mailing or Back"

    operation = fields.Selection(
        [("out", "Leave out This Time"), ("back", "Let Them Get It Again")],
        required=True,
        default="out",
    )
    execution_id = fields.Many2one("kokyaku.selection.execution", required=True, readonly=True)
    number = fields.Integer(compute="_compute_numbers")
    other_number = fields.Integer(compute="_compute_numbers")
    printed_number = fields.Integer(compute="_compute_numbers")
    reason = fields.Char()

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        groups = self.env[LINE]._read_group(selected_domain(self.env[LINE]), ["execution_id"])
        if len(groups) != 1:
            raise UserError(self.env._("Please choose people of one execution, and at least one."))
        execution = groups[0][0]
        if execution.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", execution.name))
        return {**values, "execution_id": execution.id}

    def _selected(self):
        """Return the domain of the chosen lines this can be done with."""
        back = self.operation == "back"
        return selected_domain(self.env[LINE]) & fields.Domain(
            [
                ("execution_id", "=", self.execution_id.id),
                ("sent_on", "=", False),
                ("exclusion", "in", ["by_hand"] if back else [False, "joint"]),
                ("is_control", "=", False),
            ]
        )

    @api.depends("operation", "execution_id")
    def _compute_numbers(self):
        lines = self.env[LINE]
        for wizard in self:
            mine = wizard._selected()
            wizard.number = lines.search_count(mine)
            wizard.other_number = lines.search_count(selected_domain(lines)) - wizard.number
            wizard.printed_number = lines.search_count(
                mine & fields.Domain("printed_at", "!=", False)
            )

    def action_apply(self):
        """Take them out or put them back; return a message that says how many."""
        self.ensure_one()
        chosen = self.env[LINE]._search(self._selected()).select()
        if self.operation == "out":
            number = self.execution_id._take_out(chosen, self.reason)
            message = self.env._("%(number)s people are left out this time.", number=number)
        else:
            number = self.execution_id._put_back(chosen)
            message = self.env._("%(number)s people get it again.", number=number)
        return told(message, "success" if number else "warning")

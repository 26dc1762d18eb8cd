from odoo import fields, models


class SelectionCancel(models.TransientModel):
    """実行の取消, with its reason."""

    _name = "kokyaku.selection.cancel"
    _description = "Cancel an Execution"

    execution_id = fields.Many2one("kokyaku.selection.execution", required=True, readonly=True)
    printed_count = fields.Integer(related="execution_id.printed_count")
    reason = fields.Char(required=True)

    def action_apply(self):
        """取り消す; the lines stay as a trace."""
        self.ensure_one()
        self.execution_id._cancel(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import api, fields, models


class SelectionLate(models.TransientModel):
    """遅れて追加: one person more, or several, into a set that is locked."""

    _name = "kokyaku.selection.late"
    _description = "Late Addition"

    set_id = fields.Many2one("kokyaku.selection.set", required=True, readonly=True)
    company_id = fields.Many2one(related="set_id.company_id")
    execution_id = fields.Many2one(
        "kokyaku.selection.execution",
        string="Execution",
        required=True,
        domain="[('set_id', '=', set_id), ('state', '!=', 'cancelled')]",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Recipients",
        domain="[('type', '=', 'contact'), ('company_id', 'in', (False, company_id))]",
    )
    reason = fields.Char(string="Why Late", required=True)
    asked_by = fields.Many2one(
        "res.users",
        string="Asked for by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if values.get("set_id") and not values.get("execution_id"):
            values["execution_id"] = (
                self.env["kokyaku.selection.execution"]
                .search([("set_id", "=", values["set_id"]), ("state", "!=", "cancelled")], limit=1)
                .id
            )
        return values

    def action_apply(self):
        """追加する; show the new lines, also those that are left out, with the reason."""
        self.ensure_one()
        lines = self.execution_id._add_late(self.partner_ids, self.reason, self.asked_by)
        action = self.execution_id.action_lines()
        return {**action, "domain": [("id", "in", lines.ids)], "context": {}}

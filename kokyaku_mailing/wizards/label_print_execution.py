from odoo import api, fields, models
from odoo.tools import SQL

from .kokyaku_label_print import DIRECT_LIMIT


class KokyakuLabelPrint(models.TransientModel):
    """宛名ラベル of an execution: its lines as they are frozen, each marked when printed.

    Who is left out, is kept for comparison or waits for the 49 days is not printed; who was
    printed already only when that is asked for.
    """

    _inherit = "kokyaku.label.print"

    execution_id = fields.Many2one("kokyaku.selection.execution", readonly=True)
    printed_before = fields.Integer(compute="_compute_printed_before")
    print_again = fields.Boolean(string="Print those again who were printed already")

    @api.depends("execution_id")
    def _compute_printed_before(self):
        for wizard in self:
            wizard.printed_before = wizard.execution_id.printed_count

    @api.depends("print_again")
    def _compute_plan(self):
        return super()._compute_plan()

    @api.depends("print_again")
    def _compute_preview(self):
        return super()._compute_preview()

    def _selected_partner_ids(self):
        ids = super()._selected_partner_ids()
        if not self.execution_id:
            return ids
        lines = self.env["kokyaku.execution.line"]
        lines.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.partner_id
                  FROM kokyaku_execution_line l
                  JOIN kokyaku_selection_execution e ON e.id = l.execution_id
                 WHERE e.id = %s AND e.state <> 'cancelled'
                   AND l.exclusion IS NULL AND l.is_control IS NOT TRUE
                   AND (l.hold_until IS NULL OR l.hold_until <= GREATEST(e.date, %s))
                   AND (%s OR l.printed_at IS NULL)
                """,
                self.execution_id.id,
                fields.Date.context_today(self),
                self.print_again,
            )
        )
        wanted = {partner_id for (partner_id,) in rows}
        return [partner_id for partner_id in ids if partner_id in wanted]

    def _plan(self, *args, **kwargs):
        return super(
            KokyakuLabelPrint, self.with_context(kokyaku_execution_id=self.execution_id.id)
        )._plan(*args, **kwargs)

    def action_print(self):
        if not self.execution_id:
            return super().action_print()
        plan = self._plan(self._selected_partner_ids())
        action = super().action_print()
        if len(plan.labels) <= DIRECT_LIMIT:
            self._mark_lines(plan.partner_ids)
        return action

    def _run_labels(self, run):
        result = super()._run_labels(run)
        if self.execution_id:
            self._mark_lines(run.params["partner_ids"])
        return result

    def _mark_lines(self, partner_ids):
        lines = self.env["kokyaku.execution.line"].search(
            [("execution_id", "=", self.execution_id.id), ("partner_id", "in", partner_ids)]
        )
        lines._mark_printed()

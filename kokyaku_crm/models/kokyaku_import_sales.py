from odoo import api, fields, models
from odoo.tools import SQL


class KokyakuImport(models.Model):
    """取込（売上）: how many of its lines have found their customer, and the way to the rest."""

    _inherit = "kokyaku.import"

    linked_line_count = fields.Integer(string="With Customer", compute="_compute_linked_lines")
    open_line_count = fields.Integer(string="Without Customer", compute="_compute_linked_lines")

    @api.depends("state", "kind")
    def _compute_linked_lines(self):
        """Count the lines of imports of sales; who was said to be nobody of ours is neither."""
        self.linked_line_count = self.open_line_count = 0
        sales = self.filtered(lambda one: one.kind == "sales" and one.id)
        if not sales:
            return
        self.env["kokyaku.sales.record"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT import_id, count(partner_id),
                       count(*) FILTER (WHERE partner_id IS NULL AND link_state = 'none')
                  FROM kokyaku_sales_record WHERE import_id = ANY(%s) GROUP BY import_id
                """,
                sales.ids,
            )
        )
        for import_id, linked, waiting in rows:
            one = self.browse(import_id)
            one.linked_line_count, one.open_line_count = linked, waiting

    def action_open_sales(self):
        """Open the lines this import brought."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_sales_record")
        return action | {"domain": [("import_id", "=", self.id)]}

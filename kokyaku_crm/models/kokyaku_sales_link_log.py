from odoo import fields, models

from .kokyaku_sales_link import STATES
from .kokyaku_sales_record import LINKED_BY


class KokyakuSalesLinkLog(models.Model):
    """紐付けの履歴: who decided what about a buyer, when, and what was before. Never changed but
    for the mark that a decision was taken back."""

    _name = "kokyaku.sales.link.log"
    _description = "Decision about a Buyer"
    _order = "id desc"
    _rec_name = "link_id"
    _log_access = False

    link_id = fields.Many2one(
        "kokyaku.sales.link", string="Buyer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    date = fields.Datetime(string="Decided at", required=True)
    user_id = fields.Many2one("res.users", string="Decided by", required=True, ondelete="restrict")
    state = fields.Selection(STATES, string="Decision", required=True)
    partner_id = fields.Many2one("res.partner", string="Customer", index=True, ondelete="set null")
    old_state = fields.Selection(STATES, string="Decision before", required=True)
    old_partner_id = fields.Many2one(
        "res.partner", string="Customer before", index=True, ondelete="set null"
    )
    old_linked_by = fields.Selection(LINKED_BY, string="Linked by before")
    old_reasons = fields.Char(string="Reasons before")
    old_taken_off = fields.Boolean(string="Linked by Nobody before")
    line_count = fields.Integer(string="Lines")
    undone_at = fields.Datetime(string="Taken Back at")
    undone_by_id = fields.Many2one("res.users", string="Taken Back by", ondelete="restrict")

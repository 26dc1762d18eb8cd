from odoo import fields, models

from .kokyaku_consent import CHANNELS
from .kokyaku_selection_type import PURPOSES

STATES = [("prepared", "Prepared"), ("executed", "Executed"), ("cancelled", "Cancelled")]


class KokyakuSelectionExecution(models.Model):
    """選択セット実行: who gets it, who does not and why; printed and sent from, then executed.

    Prepared when its set is confirmed; its lines are what is printed and sent. Late additions
    join it. A set that goes out twice (the letter, then the call) has two of them.
    """

    _name = "kokyaku.selection.execution"
    _description = "Execution"
    _order = "date desc, id desc"

    set_id = fields.Many2one(
        "kokyaku.selection.set", string="Selection Set", required=True, index=True,
        readonly=True, ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="prepared", copy=False, index=True
    )
    channel = fields.Selection(CHANNELS, required=True, default="post")
    purpose = fields.Selection(PURPOSES, required=True, default="greeting")
    selection_type_id = fields.Many2one("kokyaku.selection.type", ondelete="restrict")
    date = fields.Date(string="Posting Date", help="When it is posted or sent.")
    executed_by = fields.Many2one("res.users", readonly=True)
    executed_at = fields.Datetime(readonly=True)
    cancelled_by = fields.Many2one("res.users", readonly=True)
    cancelled_at = fields.Datetime(readonly=True)
    cancel_reason = fields.Char(readonly=True)
    sender_id = fields.Many2one("kokyaku.sender", ondelete="restrict")
    campaign_id = fields.Many2one("utm.campaign", index="btree_not_null", ondelete="set null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    item = fields.Char(help="What everybody gets, unless the line says otherwise.")
    unit_cost = fields.Monetary(help="What one piece costs, with postage.")
    cost = fields.Monetary(
        string="Total Cost", help="What the whole costs beside the pieces: design, venue …"
    )
    noshi = fields.Selection(
        [("none", "None"), ("red", "Red and White"), ("plain", "Plain")],
        string="Wrapping", default="none", required=True,
        help="のし: 紅白 or 無地. Someone in mourning gets the plain one.",
    )
    control_percent = fields.Float(
        string="Not Sent for Comparison (%)",
        help="A random share of the people does not get it, to measure the effect.",
    )
    answer_until = fields.Date(help="Who has not answered by then is entered as no answer.")
    order_days = fields.Integer(
        default=60, help="Orders within so many days after the posting date count as effect."
    )
    line_ids = fields.One2many("kokyaku.execution.line", "execution_id", string="Lines")
    line_count = fields.Integer(string="Meant", readonly=True)
    excluded_count = fields.Integer(string="Left Out", readonly=True)
    control_count = fields.Integer(string="For Comparison", readonly=True)
    printed_count = fields.Integer(string="Printed", readonly=True)
    sent_count = fields.Integer(string="Sent", readonly=True)
    response_count = fields.Integer(string="Responses", readonly=True)
    positive_count = fields.Integer(string="Successes", readonly=True)

from odoo import fields, models


class KokyakuResponseType(models.Model):
    """応答: how someone can answer to what they were sent (申込, 出席, 欠席 …)."""

    _name = "kokyaku.response.type"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Response Type"

    is_positive = fields.Boolean(
        string="Counts as Success", help="Counts in the response rate of a selection set."
    )
    is_attendance = fields.Boolean(
        string="Attends", help="They come: companions are asked for, and they are on the "
        "reception list.",
    )
    is_no_answer = fields.Boolean(
        string="Means No Answer",
        help="Entered by itself for those who have not answered when the time to answer is over.",
    )
    is_returned = fields.Boolean(
        string="Came Back", help="The post came back: their address is marked as unknown."
    )

from odoo import fields, models

DIRECTIONS = [("out", "From Us"), ("in", "To Us")]


class KokyakuContactHistory(models.Model):
    """コンタクト履歴: one contact with a person: visit, call, letter, inquiry, gift received.

    No ``mail.thread``: these rows are counted in millions.
    """

    _name = "kokyaku.contact.history"
    _description = "Contact History"
    _order = "date desc, id desc"
    _rec_name = "subject"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    method_id = fields.Many2one("kokyaku.contact.method", required=True, ondelete="restrict")
    direction = fields.Selection(DIRECTIONS, required=True, default="out")
    user_id = fields.Many2one(
        "res.users", string="Staff", index=True, default=lambda self: self.env.user
    )
    subject = fields.Char(required=True)
    body = fields.Text(string="Text")
    item = fields.Char(help="What was given or received: gift, card, catalogue.")

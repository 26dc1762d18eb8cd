from odoo import fields, models


class KokyakuSender(models.Model):
    """差出人: in whose name something is sent (社長名, 支店名, 担当者)."""

    _name = "kokyaku.sender"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Sender"

    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, ondelete="cascade",
        help="Empty: for every company.",
    )
    company_name = fields.Char()
    department = fields.Char()
    title = fields.Char(string="Function")
    person_name = fields.Char(string="Name of the Person")
    zip = fields.Char()
    address = fields.Char(help="The whole address in one line.")
    phone = fields.Char()
    fax = fields.Char()
    email = fields.Char()
    user_id = fields.Many2one("res.users", string="Employee", ondelete="set null")

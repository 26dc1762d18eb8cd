from odoo import fields, models

DIRECTIONS = [("out", "From Us"), ("in", "To Us")]


class KokyakuContactMethod(models.Model):
    """コンタクト方法: visit, phone call, e-mail, letter …"""

    _name = "kokyaku.contact.method"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Contact Method"

    direction = fields.Selection(
        DIRECTIONS, required=True, default="out", help="Suggested for new entries."
    )
    icon = fields.Char(default="fa-comment", help="Name of a Font Awesome icon, e.g. fa-phone.")
    color = fields.Integer(aggregator=False)
    activity_type_ids = fields.Many2many(
        "mail.activity.type",
        "kokyaku_contact_method_activity_type_rel",
        string="Activities",
        help="When such an activity on a person is marked as done, it is kept as a contact.",
    )

from odoo import fields, models


class KokyakuContactMethod(models.Model):
    """コンタクト方法: visit, phone call, e-mail, letter …"""

    _name = "kokyaku.contact.method"
    _description = "Contact Method"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is taken by another contact method.")

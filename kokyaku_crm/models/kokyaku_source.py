from odoo import fields, models


class KokyakuSource(models.Model):
    """入手経路: where we got to know someone: exhibition, introduction, purchased list …"""

    _name = "kokyaku.source"
    _description = "Source"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is taken by another source.")

from odoo import fields, models


class KokyakuPersonalType(models.Model):
    """個人タイプ: what kind of person someone is to us (VIP, 紹介者, OB …)."""

    _name = "kokyaku.personal.type"
    _description = "Personal Type"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is taken by another personal type.")

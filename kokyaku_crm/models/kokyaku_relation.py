from odoo import fields, models


class KokyakuRelation(models.Model):
    """続柄: how a family member is related to the person, pets included."""

    _name = "kokyaku.relation"
    _description = "Family Relation"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)
    is_pet = fields.Boolean(string="Pet")

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is taken by another relation.")

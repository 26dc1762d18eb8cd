from odoo import fields, models


class KokyakuRelation(models.Model):
    """続柄: how a family member is related to the person, pets included."""

    _name = "kokyaku.relation"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Family Relation"

    is_pet = fields.Boolean(string="Pet")

from odoo import fields, models


class KokyakuMasterMixin(models.AbstractModel):
    """各種マスター: a list that the office keeps, of names with codes of its own."""

    _name = "kokyaku.master.mixin"
    _description = "Master Data"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "This code is taken already. Please choose another one."
    )

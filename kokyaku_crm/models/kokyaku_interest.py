from odoo import fields, models


class KokyakuInterest(models.Model):
    """関心・趣味: what someone likes: golf, tea, travelling …"""

    _name = "kokyaku.interest"
    _description = "Interest"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code is taken by another interest.")

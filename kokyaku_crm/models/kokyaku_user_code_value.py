from odoo import api, fields, models


class KokyakuUserCodeValue(models.Model):
    """One value a user-defined code can take (ユーザ定義コードの値)."""

    _name = "kokyaku.user.code.value"
    _description = "Value of a User-defined Code"
    _order = "code_id, sequence, code, id"
    _rec_names_search = ["name", "code"]

    code_id = fields.Many2one(
        "kokyaku.user.code",
        string="User-defined Code",
        required=True,
        index=True,
        ondelete="restrict",
    )
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=False)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code_id, code)", "This code is taken by another value of the same code."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for value in self:
            value.display_name = value.name

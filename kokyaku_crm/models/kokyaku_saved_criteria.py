from odoo import fields, models


class KokyakuSavedCriteria(models.Model):
    """保存した抽出条件: criteria to be used again in other sets."""

    _name = "kokyaku.saved.criteria"
    _description = "Saved Criteria"
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    criterion_ids = fields.One2many("kokyaku.selection.criterion", "saved_id", copy=True)
    active = fields.Boolean(default=True)

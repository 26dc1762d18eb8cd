from odoo import api, fields, models, tools

from ..tiers import TIER_CODES


class Tier(models.Model):
    """顧客層: the ten tiers. Fixed records; their names may be changed."""

    _name = "kokyaku.tier"
    _description = "Customer Tier"
    _order = "sequence, id"

    code = fields.Selection(
        [(code, code) for code in TIER_CODES], required=True, readonly=True, copy=False
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(required=True, readonly=True)
    rank = fields.Integer(
        required=True, readonly=True, help="Step in growth order, 1 (first-time) to 5 (loyal)."
    )
    color = fields.Integer()
    lapsed = fields.Boolean(readonly=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each tier exists once.")

    @api.model
    @tools.ormcache()
    def _ids_by_code(self):
        """Return ``{code: id}`` of all ten. Asked for several times in each refresh."""
        return {tier.code: tier.id for tier in self.sudo().search([])}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=True)
    def _forget_ids(self):
        self.env.registry.clear_cache()

from odoo import api, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "kokyaku.postal.mixin"]

    @api.onchange("home_zip")
    def _onchange_home_zip_fill_address(self):
        return self._fill_by_postal_code("home_")

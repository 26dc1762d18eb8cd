from odoo import models


class KokyakuHomeAddress(models.Model):
    _name = "kokyaku.home.address"
    _inherit = ["kokyaku.home.address", "kokyaku.postal.mixin"]

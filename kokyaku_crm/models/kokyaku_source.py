from odoo import models


class KokyakuSource(models.Model):
    """入手経路: where we got to know someone: exhibition, introduction, purchased list …"""

    _name = "kokyaku.source"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Source"

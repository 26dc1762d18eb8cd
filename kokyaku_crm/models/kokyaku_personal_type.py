from odoo import models


class KokyakuPersonalType(models.Model):
    """個人タイプ: what kind of person someone is to us (VIP, 紹介者, OB …)."""

    _name = "kokyaku.personal.type"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Personal Type"

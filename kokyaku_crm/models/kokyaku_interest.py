from odoo import models


class KokyakuInterest(models.Model):
    """関心・趣味: what someone likes: golf, tea, travelling …"""

    _name = "kokyaku.interest"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Interest"

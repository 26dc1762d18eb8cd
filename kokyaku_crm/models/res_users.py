from odoo import models


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "kokyaku.user.label.mixin"]

    _user_label_model = "res.partner"

from odoo import models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "kokyaku.user.code.mixin"]

    _user_label_model = "product.template"

from odoo import models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "kokyaku.user.label.mixin"]

    _user_label_model = "product.template"

from odoo import fields, models


class KokyakuBuyerMixin(models.AbstractModel):
    """購入者: the words by which a file of sales names the buyer; a sales line has them, and
    the buyer whom lines with the same words have in common."""

    _name = "kokyaku.buyer.mixin"
    _description = "Words of a Buyer"

    customer_code = fields.Char()
    buyer_name = fields.Char(string="Buyer")
    buyer_kana = fields.Char(string="Buyer's Kana")
    buyer_email = fields.Char(string="Buyer's Email")
    buyer_phone = fields.Char(string="Buyer's Phone")
    buyer_zip = fields.Char(string="Buyer's Postal Code")
    buyer_address = fields.Char(string="Buyer's Address")
    buyer_company = fields.Char(string="Buyer's Company")

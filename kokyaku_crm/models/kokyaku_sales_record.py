from odoo import fields, models

from ..tools import NOBODY_IN_CHARGE

LINK_STATES = [
    ("none", "Not Linked"),
    ("auto", "Linked Automatically"),
    ("manual", "Linked by Hand"),
    ("refused", "Nobody of Ours"),
]
LINKED_BY = [
    ("code", "Customer Code"),
    ("email", "Email"),
    ("phone", "Phone"),
    ("name_address", "Name and Address"),
    ("name", "Full Name"),
    ("manual", "Chosen by Hand"),
]


class KokyakuSalesRecord(models.Model):
    """売上データ: one imported sales line, linked to a person or not yet.

    Written by statements only (``_load``, the linking, undo of an import): there may be tens of
    millions. ``external_key`` is unique within company and source, so that importing a file
    twice changes nothing, and a corrected file corrects. Returns are negative.
    """

    _name = "kokyaku.sales.record"
    _inherit = ["kokyaku.buyer.mixin"]
    _description = "Sales Record"
    _order = "date desc, id desc"
    _rec_name = "slip"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    import_id = fields.Many2one("kokyaku.import", required=True, index=True, ondelete="restrict")
    source = fields.Char(string="Data Source", required=True)
    external_key = fields.Char(required=True)
    slip = fields.Char(string="Slip No.")
    date = fields.Date(required=True, string="Purchase Day")
    buyer_erased = fields.Boolean(
        readonly=True, help="The person was erased: a later import brings no words back."
    )
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="restrict")
    link_state = fields.Selection(LINK_STATES, required=True, default="none")
    linked_by = fields.Selection(LINKED_BY)
    product_code = fields.Char()
    product_name = fields.Char()
    product_id = fields.Many2one("product.product", ondelete="set null", index="btree_not_null")
    category_name = fields.Char(string="Category in the File")
    categ_id = fields.Many2one("product.category", string="Product Category", ondelete="set null")
    attribute_text = fields.Char(string="Color or Size")
    quantity = fields.Float(digits="Product Unit")
    unit_price = fields.Float(digits="Product Price")
    tax = fields.Monetary(help="Contained in the amount.")
    amount = fields.Monetary(string="Amount (Tax Included)")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="set null",
        falsy_value_label=NOBODY_IN_CHARGE,
    )
    user_name = fields.Char(string="Salesperson in the File")
    shop = fields.Char(string="Store")
    medium = fields.Char(string="Order Medium")
    is_subscription = fields.Boolean(string="Regular Order")
    is_cancelled = fields.Boolean(
        string="Cancelled Since",
        help="A later file says that this sale was cancelled. The line counts for nothing.",
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Same Sale as Order",
        index="btree_not_null",
        ondelete="set null",
        help="A confirmed order carries this slip number as its own number or as the customer's "
        "reference, within two months of this day, or an invoice of that order this slip number. "
        "It is the same sale: where purchases are counted by orders, only the order counts.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Same Sale as Invoice",
        index="btree_not_null",
        ondelete="set null",
        help="A posted invoice has this slip number as its own number, within two months of this "
        "day, or is that of the order with this number. Where purchases are counted by invoices, "
        "only the invoice counts.",
    )

    _key_uniq = models.UniqueIndex(
        "(company_id, source, external_key)", "This line was already imported from this source."
    )
    # What the purchases of a person and the portfolio read without touching the table.
    _customer_idx = models.Index(
        "(partner_id, company_id, date, slip) "
        "INCLUDE (amount, tax, order_id, move_id, is_cancelled) WHERE partner_id IS NOT NULL"
    )
    _purchase_idx = models.Index("((- id))")  # as the purchases number their rows
    _slip_idx = models.Index("(company_id, slip)")

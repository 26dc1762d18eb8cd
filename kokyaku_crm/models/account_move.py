from odoo import fields, models


class AccountMove(models.Model):
    """Invoices carry the person of their orders; see ``sale.order.person_id``."""

    _inherit = "account.move"

    person_id = fields.Many2one(
        "res.partner",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', False), ('type', '=', 'contact')]",
        help="The person behind a company's invoice. Empty: the customer itself.",
    )

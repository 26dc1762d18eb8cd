from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """Orders know the person (個人) behind a company.

    ``person_id`` is a plain nullable column: installing on millions of orders rewrites
    none of them, and an empty person means the order's own customer.
    """

    _inherit = "sale.order"

    person_id = fields.Many2one(
        "res.partner",
        string="Person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', False), ('type', '=', 'contact')]",
        help="The person behind a company's order. Empty: the order's own customer.",
    )

    # What the purchases of a customer and the portfolio read without touching the table.
    _kokyaku_customer_idx = models.Index(
        "(company_id, (COALESCE(person_id, partner_id)), date_order) "
        "INCLUDE (person_id, partner_id, amount_total, amount_untaxed, currency_rate) "
        "WHERE state = 'sale'"
    )

    @api.onchange("partner_id")
    def _onchange_partner_id_person(self):
        """A person of another company is hardly who ordered for this one."""
        person = self.person_id
        if person and person.commercial_partner_id not in (
            person,
            self.partner_id.commercial_partner_id,
        ):
            self.person_id = False

    def write(self, vals):
        result = super().write(vals)
        if "person_id" in vals:
            self._person_to_invoices()
        return result

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        values["person_id"] = self.person_id.id
        return values

    def _create_account_invoices(self, invoice_vals_list, final):
        """An invoice over the orders of several persons belongs to none of them."""
        moves = super()._create_account_invoices(invoice_vals_list, final)
        for move in moves.filtered("person_id"):
            if len(move.line_ids.sale_line_ids.order_id.mapped("person_id.id")) > 1 or any(
                not order.person_id for order in move.line_ids.sale_line_ids.order_id
            ):
                move.person_id = False
        return moves

    def _person_to_invoices(self, orders_query=None):
        """Set the person of these orders on their invoices too, in one statement.

        An invoice gets the person all its orders agree on, or none. With the rights of the
        system: who may change an order's person need not be an accountant, and nothing
        that accounting counts is touched.

        :param SQL orders_query: SELECT of the order ids, instead of ``self``
        """
        if orders_query is None:
            if not self.ids:
                return
            orders_query = SQL("SELECT unnest(%s)", self.ids)
        moves = self.env["account.move"].sudo()
        self.env["account.move.line"].flush_model(["move_id", "sale_line_ids"])
        self.flush_model(["person_id"])
        moves.flush_model(["person_id"])
        changed = self.env.execute_query(
            SQL(
                """
                WITH touched AS (
                    SELECT DISTINCT aml.move_id AS id
                      FROM sale_order_line line
                      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
                      JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                     WHERE line.order_id IN (%s)
                ), agreed AS (
                    SELECT touched.id,
                           CASE WHEN count(DISTINCT COALESCE(so.person_id, 0)) = 1
                                THEN max(so.person_id)
                           END AS person_id
                      FROM touched
                      JOIN account_move_line aml ON aml.move_id = touched.id
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = aml.id
                      JOIN sale_order_line line ON line.id = rel.order_line_id
                      JOIN sale_order so ON so.id = line.order_id
                     GROUP BY touched.id
                )
                UPDATE account_move move
                   SET person_id = agreed.person_id
                  FROM agreed
                 WHERE move.id = agreed.id
                   AND move.person_id IS DISTINCT FROM agreed.person_id
                RETURNING move.id
                """,
                orders_query,
            )
        )
        moves.browse([move_id for (move_id,) in changed]).invalidate_recordset(["person_id"])

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import selected_domain


class SaleOrderSetPerson(models.TransientModel):
    """個人を設定: set the person behind many orders at once.

    The orders are all that were selected, also beyond the page ("select all"). One UPDATE
    changes them, one more their invoices, whatever their number.
    """

    _name = "kokyaku.sale.order.set.person"
    _description = "Set the Person of Orders"

    person_id = fields.Many2one(
        "res.partner",
        string="Person",
        domain="[('is_company', '=', False), ('type', '=', 'contact')]",
    )
    operation = fields.Selection(
        [("set", "Set this person"), ("clear", "Take the person out")],
        required=True,
        default="set",
    )
    overwrite = fields.Boolean(
        string="Replace persons already set",
        help="Otherwise orders that have a person already stay as they are.",
    )
    order_count = fields.Integer(compute="_compute_counts")
    filled_count = fields.Integer(string="With a Person", compute="_compute_counts")
    summary = fields.Char(compute="_compute_counts")
    customer_id = fields.Many2one("res.partner", compute="_compute_counts")

    def _compute_counts(self):
        orders = self.env["sale.order"]
        domain = selected_domain(orders)
        customers = orders._read_group(domain, ["partner_id"], limit=2)
        for wizard in self:
            wizard.order_count = orders.search_count(domain)
            wizard.filled_count = orders.search_count(domain & Domain("person_id", "!=", False))
            wizard.summary = self.env._(
                "%(orders)s orders are selected; %(filled)s of them have a person already.",
                orders=wizard.order_count,
                filled=wizard.filled_count,
            )
            wizard.customer_id = customers[0][0] if len(customers) == 1 else False

    def action_apply(self):
        """Write the person on the selected orders; return a message with the number."""
        self.ensure_one()
        if self.operation == "set" and not self.person_id:
            raise UserError(self.env._("Please choose the person."))
        person = self.person_id if self.operation == "set" else self.env["res.partner"]
        done = self._update_orders(person, self.overwrite or self.operation == "clear")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s orders changed.", done),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _update_orders(self, person, overwrite):
        """Set `person` (may be empty) on the selected orders.

        :param bool overwrite: also where there is another person
        :return: number of orders changed
        """
        Order = self.env["sale.order"]
        domain = self._writable_domain(selected_domain(Order))
        if person.company_id:
            foreign = Order.search(
                domain & Domain("company_id", "!=", person.company_id.id), limit=1
            )
            if foreign:
                raise UserError(
                    self.env._(
                        "%(person)s belongs to %(company)s, but order %(order)s to %(other)s. "
                        "Please leave out the orders of other companies.",
                        person=person.display_name,
                        company=person.company_id.name,
                        order=foreign.name,
                        other=foreign.company_id.name,
                    )
                )
        if not overwrite:
            domain &= Domain("person_id", "=", False)
        Order.flush_model()
        query = Order._search(domain)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE sale_order
                   SET person_id = %(person)s,
                       write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'UTC'
                 WHERE id IN %(orders)s
                   AND person_id IS DISTINCT FROM %(person)s
                RETURNING id
                """,
                person=person.id or None,
                uid=self.env.uid,
                orders=query.subselect(),
            )
        )
        changed = [order_id for (order_id,) in rows]
        Order.invalidate_model(["person_id", "write_uid", "write_date"])
        if changed:
            Order._person_to_invoices(SQL("SELECT unnest(%s)", changed))
        return len(changed)

    def _writable_domain(self, domain):
        """Return `domain`, once it is sure that the user may write all of its orders."""
        Order = self.env["sale.order"]
        Order.check_access("write")
        if self.env.su:
            return domain
        rule = Domain(self.env["ir.rule"]._compute_domain("sale.order", "write"))
        total = Order.search_count(domain)
        allowed = Order.search_count(domain & rule)
        if allowed < total:
            raise AccessError(
                self.env._(
                    "You may not change %(refused)s of the %(total)s selected orders. Nothing was "
                    "changed. Please leave out the orders of others.",
                    refused=total - allowed,
                    total=total,
                )
            )
        return domain

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestPurchase(KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchases = cls.env["kokyaku.purchase"]

    def _of(self, partner, **context):
        return self.purchases.with_context(**context).search([("partner_id", "=", partner.id)])

    def test_a_confirmed_order_is_a_purchase_line_by_line(self):
        order = self._order(self.haruyama, (self.tea, 2), (self.cup, 1))
        lines = self._of(self.haruyama)
        self.assertEqual(set(lines.ids), set(order.order_line.ids))
        tea = lines.filtered(lambda line: line.product_id == self.tea)
        self.assertEqual(tea.quantity, 2)
        self.assertEqual((tea.amount_tax_excluded, tea.amount_tax_included), (2000, 2000))
        self.assertEqual((tea.order_id, tea.order_ref), (order, order.name))
        self.assertEqual(tea.source, "sale")
        self.assertEqual(tea.currency_id, self.company.currency_id)
        self.assertEqual(tea.company_id, self.company)

    def test_quotations_and_cancelled_orders_are_not(self):
        self._order(self.haruyama, confirm=False)
        order = self._order(self.haruyama)
        self.assertEqual(len(self._of(self.haruyama)), 1)
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertFalse(self._of(self.haruyama))

    def test_headings_notes_and_down_payments_are_not(self):
        order = self._order(self.haruyama)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "お茶"}),
            Command.create({"display_type": "line_note", "name": "のし付き"}),
            Command.create(
                {
                    "name": "前受金",
                    "product_id": self.cup.id,
                    "is_downpayment": True,
                    "product_uom_qty": 0,
                    "price_unit": 500,
                }
            ),
        ]
        self.assertEqual(self._of(self.haruyama).product_id, self.tea)

    def test_the_person_of_the_order_is_the_customer(self):
        order = self._order(self.wing)
        self.assertEqual(self._of(self.wing).order_id, order)
        order.person_id = self.kuroki
        self.purchases.invalidate_model()
        self.assertFalse(self._of(self.wing))
        line = self._of(self.kuroki)
        self.assertEqual(line.partner_id, self.kuroki)
        self.assertEqual(line.order_partner_id, self.wing)

    def test_an_address_counts_as_its_contact(self):
        self._order(self.haruyama_home)
        line = self._of(self.haruyama)
        self.assertEqual(line.partner_id, self.haruyama)
        self.assertEqual(line.address_id, self.haruyama_home)

    def test_an_archived_address_still_counts(self):
        self._order(self.haruyama_home)
        self.haruyama_home.active = False
        self.assertEqual(len(self._of(self.haruyama)), 1)

    def test_grouping_by_customer_folds_addresses(self):
        self._order(self.haruyama_home)
        self._order(self.haruyama)
        groups = self.purchases._read_group(
            [("partner_id", "in", (self.haruyama | self.kuroki).ids)],
            ["partner_id"],
            ["quantity:sum"],
        )
        self.assertEqual(groups, [(self.haruyama, 2)])

    def test_the_day_is_the_one_in_tokyo(self):
        self._order(self.haruyama, when="2026-05-09 15:00:00")  # midnight in Tokyo
        self._order(self.haruyama, when="2026-05-10 14:59:59")
        self._order(self.haruyama, when="2026-05-10 15:00:00")
        days = self._of(self.haruyama).sorted("date_order").mapped("date")
        self.assertEqual(days, [date(2026, 5, 10), date(2026, 5, 10), date(2026, 5, 11)])

    def test_searching_by_day_cuts_at_midnight_in_tokyo(self):
        instants = ["2026-05-09 14:59:59", "2026-05-09 15:00:00", "2026-05-10 15:00:00"]
        first, second, third = [self._order(self.haruyama, when=when) for when in instants]
        mine = [("partner_id", "=", self.haruyama.id)]
        for operator, day, orders in (
            ("=", "2026-05-10", second),
            ("<", "2026-05-10", first),
            ("<=", "2026-05-10", first | second),
            (">", "2026-05-10", third),
            (">=", "2026-05-10", second | third),
            ("in", ["2026-05-09", "2026-05-11"], first | third),
            ("!=", "2026-05-10", first | third),
        ):
            found = self.purchases.search([*mine, ("date", operator, day)])
            self.assertEqual(found.order_id, orders, f"{operator} {day}")

    def test_the_time_zone_of_the_company_counts(self):
        order = self._order(self.haruyama, when="2026-05-09 23:30:00")
        self.company.partner_id.tz = "America/New_York"
        self.assertEqual(self._of(self.haruyama).date, date(2026, 5, 9))
        self.company.partner_id.tz = False
        self.purchases.invalidate_model()
        self.assertEqual(self._of(self.haruyama).date, date(2026, 5, 10))
        self.assertEqual(
            self.purchases.search(
                [("date", "=", "2026-05-10"), ("partner_id", "=", self.haruyama.id)]
            ).order_id,
            order,
        )

    def test_amounts_are_in_company_currency_by_the_orders_rate(self):
        order = self._order(self.haruyama)
        self.env.flush_all()
        for rate, amount in ((0.5, 2000), (0, 1000), (None, 1000)):
            self.env.cr.execute(
                "UPDATE sale_order SET currency_rate = %s WHERE id = %s", [rate, order.id]
            )
            self.purchases.invalidate_model()
            self.assertEqual(self._of(self.haruyama).amount_tax_excluded, amount, rate)

    def test_quantities_are_in_the_products_own_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(self.haruyama, (self.cup, 1))
        order.order_line.product_uom_id = dozen
        self.assertEqual(self._of(self.haruyama).quantity, 12)

    def test_returns_are_negative(self):
        self._order(self.haruyama, (self.tea, 3))
        self._order(self.haruyama, (self.tea, -1))
        self.assertEqual(sorted(self._of(self.haruyama).mapped("quantity")), [-1, 3])

    def test_it_is_never_read_without_a_limit(self):
        purchases = self.purchases.with_user(self.manager)
        for domain in ([], [("quantity", ">", 0)], [("company_id", "=", self.company.id)]):
            with self.assertRaisesRegex(UserError, "choose a customer or a period"):
                purchases.search(domain)
            with self.assertRaisesRegex(UserError, "choose a customer or a period"):
                purchases.formatted_read_group(domain, ["product_id"], ["__count"])
        purchases.search([("date", ">=", "2026-01-01")])
        purchases.search([("partner_id", "=", self.wing.id)])

    def test_a_salesperson_sees_their_own_sales_only(self):
        mine = self._order(self.haruyama, user_id=self.seller.id)
        nobodys = self._order(self.haruyama, user_id=False)
        others = self._order(self.haruyama, user_id=self.manager.id)
        for user, orders in (
            (self.seller, mine | nobodys),
            (self.sales_lead, mine | nobodys | others),
            (self.analyst, mine | nobodys | others),
        ):
            found = self.purchases.with_user(user).search([("partner_id", "=", self.haruyama.id)])
            self.assertEqual(found.sudo().order_id, orders, user.login)

    def test_other_companies_do_not_show(self):
        order = self._order(self.haruyama)
        other = self.env["res.company"].create({"name": "別会社"})
        foreign = order.copy({"company_id": other.id, "user_id": False})
        foreign.action_confirm()
        found = self._as(self.analyst)["kokyaku.purchase"].search(
            [("partner_id", "=", self.haruyama.id)]
        )
        self.assertEqual(found.sudo().order_id, order)

    def test_one_person_is_found_by_index(self):
        """Among many orders of others. The times measured at a million are in the readme."""
        order = self._order(self.haruyama)
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO sale_order (name, partner_id, partner_invoice_id, partner_shipping_id,
                                    company_id, date_order, state)
                 SELECT 'X' || number, %(partner)s, %(partner)s, %(partner)s, %(company)s,
                        now() - number * interval '1 hour', 'sale'
                   FROM generate_series(1, 20000) AS number;
            INSERT INTO sale_order_line (order_id, name, product_id, product_uom_id, customer_lead,
                                         product_uom_qty, price_unit, price_subtotal)
                 SELECT id, 'X', %(product)s, %(uom)s, 0, 1, 1, 1
                   FROM sale_order
                  WHERE company_id = %(company)s AND name LIKE 'X%%';
            ANALYZE sale_order;
            ANALYZE sale_order_line
            """,
            {
                "partner": self.wing.id,
                "company": self.company.id,
                "product": self.tea.id,
                "uom": self.tea.uom_id.id,
            },
        )
        query = self._as(self.analyst)["kokyaku.purchase"]._search(
            [("partner_id", "=", self.haruyama.id)], order="date_order desc, id desc", limit=80
        )
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(row[0] for row in rows)
        self.assertIn("sale_order_kokyaku_customer_idx", plan)
        self.assertNotIn("Seq Scan on sale_order ", plan)
        self.assertNotIn("product_template", plan)  # joins nobody asked for are left out
        self.assertEqual(self._of(self.haruyama).order_id, order)

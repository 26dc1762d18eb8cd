from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSalePerson(KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_chart()

    def _wizard(self, orders, user=None, **values):
        env = self._as(user or self.sales_lead)
        return (
            env["kokyaku.sale.order.set.person"]
            .with_context(active_ids=orders.ids, active_domain=[["state", "=", "sale"]])
            .create(values)
        )

    def test_the_person_goes_onto_the_invoice(self):
        order = self._order(self.wing, person_id=self.kuroki.id)
        self.assertEqual(order._create_invoices().person_id, self.kuroki)

    def test_an_invoice_over_two_persons_belongs_to_neither(self):
        orders = self._order(self.wing, person_id=self.kuroki.id) | self._order(
            self.wing, person_id=self.suzuki.id
        )
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertFalse(invoice.person_id)

    def test_one_person_and_one_unknown_belong_to_nobody(self):
        orders = self._order(self.wing, person_id=self.kuroki.id) | self._order(self.wing)
        self.assertFalse(orders._create_invoices().person_id)

    def test_a_person_set_later_goes_onto_the_invoice_too(self):
        order = self._order(self.wing)
        invoice = order._create_invoices()
        self.assertFalse(invoice.person_id)
        order.person_id = self.kuroki
        self.assertEqual(invoice.person_id, self.kuroki)
        order.person_id = False
        self.assertFalse(invoice.person_id)

    def test_a_credit_note_keeps_the_person(self):
        order = self._order(self.wing, person_id=self.kuroki.id)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice._reverse_moves().person_id, self.kuroki)

    def test_another_customer_drops_the_person_of_the_first(self):
        order = self._order(self.wing, confirm=False, person_id=self.kuroki.id)
        with Form(order.with_user(self.sales_lead)) as form:
            form.partner_id = self.haruyama
        self.assertFalse(order.person_id)

    def test_a_free_person_stays_when_the_customer_changes(self):
        order = self._order(self.wing, confirm=False, person_id=self.haruyama.id)
        other = self.env["res.partner"].create({"name": "別の会社", "is_company": True})
        with Form(order.with_user(self.sales_lead)) as form:
            form.partner_id = other
        self.assertEqual(order.person_id, self.haruyama)

    def test_many_orders_at_once_from_the_list(self):
        orders = self._order(self.wing) | self._order(self.wing) | self._order(self.haruyama)
        invoice = orders[0]._create_invoices()
        orders[1].person_id = self.suzuki
        wizard = self._wizard(orders, person_id=self.kuroki.id)
        self.assertEqual((wizard.order_count, wizard.filled_count), (3, 1))
        message = wizard.action_apply()["params"]["message"]
        self.assertIn("2", message)
        self.assertEqual(orders.mapped("person_id"), self.kuroki | self.suzuki)
        self.assertEqual(orders[1].person_id, self.suzuki)
        self.assertEqual(invoice.person_id, self.kuroki)
        self.assertEqual(orders[0].write_uid, self.sales_lead)

    def test_replacing_and_clearing(self):
        orders = self._order(self.wing) | self._order(self.wing, person_id=self.suzuki.id)
        self._wizard(orders, person_id=self.kuroki.id, overwrite=True).action_apply()
        self.assertEqual(orders.person_id, self.kuroki)
        self._wizard(orders, operation="clear").action_apply()
        self.assertFalse(orders.person_id)

    def test_without_a_person_nothing_happens(self):
        orders = self._order(self.wing, person_id=self.suzuki.id)
        with self.assertRaisesRegex(UserError, "choose the person"):
            self._wizard(orders, overwrite=True).action_apply()
        self.assertEqual(orders.person_id, self.suzuki)

    def test_all_that_match_and_not_only_the_page(self):
        orders = self.env["sale.order"]
        for _number in range(5):
            orders |= self._order(self.wing)
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "2")
        wizard = (
            self._as(self.sales_lead)["kokyaku.sale.order.set.person"]
            .with_context(
                active_ids=orders[:2].ids, active_domain=[("partner_id", "=", self.wing.id)]
            )
            .create({"person_id": self.kuroki.id})
        )
        self.assertEqual(wizard.order_count, 5)
        wizard.action_apply()
        self.assertEqual(orders.mapped("person_id"), self.kuroki)

    def test_a_part_of_the_page_stays_a_part(self):
        orders = self._order(self.wing) | self._order(self.wing)
        self._wizard(orders[0], person_id=self.kuroki.id).action_apply()
        self.assertFalse(orders[1].person_id)

    def test_a_salesperson_cannot_reach_the_orders_of_others(self):
        mine = self._order(self.wing, user_id=self.seller.id)
        others = self._order(self.wing, user_id=self.manager.id)
        wizard = self._wizard(mine | others, user=self.seller, person_id=self.kuroki.id)
        self.assertEqual(wizard.order_count, 1)
        wizard.action_apply()
        self.assertEqual(mine.person_id, self.kuroki)
        self.assertFalse(others.person_id)

    def test_readable_orders_one_may_not_write_stop_everything(self):
        """As with a rule of one's own that lets people read more than write."""
        mine = self._order(self.wing, user_id=self.seller.id)
        nobodys = self._order(self.wing, user_id=False)
        self.env["ir.rule"].create(
            {
                "name": "own orders only",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain_force": "[('user_id', '=', user.id)]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        wizard = self._wizard(mine | nobodys, user=self.seller, person_id=self.kuroki.id)
        with self.assertRaisesRegex(AccessError, "1 of the 2"):
            wizard.action_apply()
        self.assertFalse((mine | nobodys).person_id)

    def test_who_may_not_write_orders_is_refused(self):
        order = self._order(self.wing)
        wizard = self._wizard(order, user=self.sales_lead, person_id=self.kuroki.id)
        with self.assertRaises(AccessError):
            wizard.with_user(self.clerk)._update_orders(self.kuroki, True)
        with self.assertRaises(AccessError):
            self._wizard(order, user=self.analyst, person_id=self.kuroki.id)
        self.assertFalse(order.person_id)

    def test_a_person_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "別会社"})
        person = self.env["res.partner"].create({"name": "他社 専用", "company_id": other.id})
        order = self._order(self.wing)
        with self.assertRaisesRegex(UserError, "別会社"):
            self._wizard(order)._update_orders(person, False)
        self.assertFalse(order.person_id)

    def test_the_list_lets_many_orders_be_edited_and_nothing_but_the_person(self):
        arch = self._as(self.sales_lead)["sale.order"].get_view(
            self.env.ref("sale.view_order_tree").id, "list"
        )["arch"]
        node = etree.fromstring(arch)
        self.assertEqual(node.get("multi_edit"), "1")
        editable = {
            field.get("name")
            for field in node.xpath("//field")
            if field.get("readonly") not in ("1", "True")
        }
        self.assertIn("person_id", editable)
        self.assertFalse(editable & {"user_id", "team_id", "tag_ids", "date_order"})

    def test_a_person_with_orders_cannot_be_deleted(self):
        self._order(self.wing, person_id=self.kuroki.id)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.kuroki.unlink()

    def test_duplicating_an_order_keeps_the_person(self):
        order = self._order(self.wing, person_id=self.kuroki.id)
        self.assertEqual(order.copy().person_id, self.kuroki)

    def test_an_order_line_of_a_section_only_has_no_invoice_to_follow(self):
        order = self._order(self.wing)
        order.order_line = [Command.create({"display_type": "line_note", "name": "メモ"})]
        order.person_id = self.kuroki
        self.assertEqual(order.person_id, self.kuroki)

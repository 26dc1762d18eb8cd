from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestStaff(KokyakuCase):
    """自分の担当: the people I look after, as main or as further staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kuroki.user_id = cls.seller
        cls.suzuki.staff_ids = cls.seller
        cls.haruyama.write({"user_id": cls.clerk.id, "staff_ids": [Command.set(cls.manager.ids)]})
        cls.orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "person_id": person and person.id,
                    "user_id": False,
                    "order_line": [Command.create({"product_id": cls.tea.id})],
                }
                for customer, person in (
                    (cls.kuroki, None),
                    (cls.wing, cls.suzuki),
                    (cls.haruyama, None),
                )
            ]
        )
        cls.orders.action_confirm()

    def _press(self, user, model, view):
        """What the filter 「自分の担当」 of a view finds for a user."""
        model = self.env[model].with_user(user)
        arch = etree.fromstring(model.get_view(self.env.ref(view).id, "search")["arch"])
        (button,) = arch.xpath("//filter[@name='my_customers']")
        return model.search(literal_eval(button.get("domain")))

    def test_people_of_a_main_and_of_a_further_staff(self):
        for user, people in (
            (self.seller, self.kuroki + self.suzuki),
            (self.clerk, self.haruyama),
            (self.manager, self.haruyama),
        ):
            found = self._press(user, "res.partner", "base.view_res_partner_filter")
            # a new user's own contact, or a delivery address, may follow its person
            found &= self.wing + self.kuroki + self.suzuki + self.haruyama
            self.assertEqual(found, people, user.login)
            self.assertTrue(all(found.mapped("in_my_charge")))
        self.assertFalse(self.kuroki.with_user(self.clerk).in_my_charge)

    def test_the_rest_can_be_asked_for_too(self):
        people = self.wing + self.kuroki + self.suzuki + self.haruyama
        mine = self.env["res.partner"].with_user(self.seller)
        others = mine.search([("in_my_charge", "=", False), ("id", "in", people.ids)])
        self.assertEqual(others, self.wing + self.haruyama)

    def test_a_change_shows_at_once(self):
        self.kuroki.user_id = self.clerk
        self.suzuki.staff_ids -= self.seller
        mine = self.env["res.partner"].with_user(self.seller)
        self.assertFalse(mine.search([("in_my_charge", "=", True)]) & (self.kuroki + self.suzuki))

    def test_orders_of_my_people(self):
        found = self._press(self.sales_lead, "sale.order", "sale.view_sales_order_filter")
        self.assertFalse(found & self.orders)
        self.haruyama.staff_ids += self.sales_lead
        self.suzuki.user_id = self.sales_lead
        found = self._press(self.sales_lead, "sale.order", "sale.view_sales_order_filter")
        self.assertEqual(found & self.orders, self.orders[1:])

    def test_purchases_of_my_people(self):
        self.suzuki.staff_ids += self.sales_lead
        found = self._press(
            self.sales_lead, "kokyaku.purchase", "kokyaku_crm.view_purchase_search"
        )
        self.assertEqual(found.partner_id, self.suzuki)

    def test_portal_does_not_learn_who_is_whose(self):
        with self.assertRaises(AccessError):
            self.kuroki.with_user(self.portal).read(["in_my_charge"])

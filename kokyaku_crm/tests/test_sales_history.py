from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSalesHistory(KokyakuCase):
    """The tab 販売履歴 of persons and companies."""

    def _history(self, partner, user=None, **options):
        env = self._as(user or self.analyst)
        return env["res.partner"].browse(partner.id).kokyaku_sales_history(**options)

    def test_every_product_ever_bought(self):
        self._order(self.haruyama, (self.tea, 2), when="2020-01-05 03:00:00")
        self._order(self.haruyama_home, (self.cup, 1), when="2026-05-10 03:00:00")
        history = self._history(self.haruyama)
        self.assertEqual(history["count"], 2)
        newest = history["rows"][0]
        self.assertEqual(newest["product"], "湯呑み")
        self.assertEqual(str(newest["date"]), "2026-05-10")
        (total,) = history["totals"]
        self.assertEqual((total["tax_included"], total["orders"], total["lines"]), (5000, 2, 2))
        self.assertEqual([str(total["first"]), str(total["last"])], ["2020-01-05", "2026-05-10"])

    def test_by_product(self):
        for when in ("2025-01-05", "2026-01-05"):
            self._order(self.haruyama, (self.tea, 2), (self.cup, 1), when=f"{when} 03:00:00")
        history = self._history(self.haruyama, mode="products")
        self.assertEqual(history["count"], 2)
        rows = [(row["product"], row["orders"], row["quantity"]) for row in history["rows"]]
        self.assertEqual(rows, [("湯呑み", 2, 2), ("緑茶", 2, 4)])

    def test_pages(self):
        for _number in range(3):
            self._order(self.haruyama)
        first = self._history(self.haruyama, limit=2)
        second = self._history(self.haruyama, offset=2, limit=2)
        self.assertEqual((first["count"], len(first["rows"]), len(second["rows"])), (3, 2, 1))
        self.assertFalse(
            {row["id"] for row in first["rows"]} & {row["id"] for row in second["rows"]}
        )

    def test_a_company_shows_what_its_people_bought(self):
        self._order(self.wing)
        self._order(self.wing, person_id=self.kuroki.id)
        self._order(self.suzuki)
        # someone from outside ordered for the company
        self._order(self.wing, person_id=self.haruyama.id)
        self.assertEqual(self._history(self.wing)["count"], 4)
        self.assertTrue(self._history(self.wing)["is_company"])
        self.assertEqual(self._history(self.kuroki)["count"], 1)

    def test_sales_without_a_salesperson_name_none(self):
        self._order(self.haruyama).user_id = False
        [row] = self._history(self.haruyama)["rows"]
        self.assertEqual(row["user"], "")

    def test_nothing_bought_yet(self):
        history = self._history(self.kuroki)
        self.assertEqual((history["rows"], history["count"], history["totals"]), ([], 0, []))

    def _queries(self, partner):
        """How many statements the first page of the history takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._history(partner)
        return self.env.cr.sql_log_count - before

    def test_it_costs_the_same_for_a_long_history(self):
        self._order(self.haruyama)
        self._queries(self.haruyama)  # fills the caches of the registry
        short = self._queries(self.haruyama)
        for _number in range(30):
            self._order(self.haruyama, (self.tea, 1), (self.cup, 1))
        self.assertEqual(self._queries(self.haruyama), short)

    def test_a_salesperson_sees_their_own_part(self):
        self._order(self.haruyama, user_id=self.seller.id)
        self._order(self.haruyama, user_id=self.manager.id)
        self.assertEqual(self._history(self.haruyama, self.seller)["count"], 1)
        self.assertEqual(self._history(self.haruyama, self.sales_lead)["count"], 2)

    def test_not_for_everyone(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self._history(self.haruyama, user)

    def test_the_whole_list(self):
        order = self._order(self.haruyama_home)
        for mode in ("list", "pivot", "graph"):
            action = self.haruyama.with_user(self.analyst).action_kokyaku_purchases(mode)
            self.assertEqual(action["views"][0][1], mode)
            found = self.env["kokyaku.purchase"].search(action["domain"])
            self.assertEqual(found.order_id, order)
        with self.assertRaises(UserError):
            self.haruyama.action_kokyaku_purchases("form")

    def test_opening_the_order_from_the_list(self):
        order = self._order(self.haruyama)
        line = self.env["kokyaku.purchase"].search([("partner_id", "=", self.haruyama.id)])
        self.assertEqual(line.action_open_order()["res_id"], order.id)

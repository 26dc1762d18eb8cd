import pandas as pd

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .sales_common import SalesCase

NOTHING = {"new": 0, "updated": 0, "same": 0, "rejected": 0}


@tagged("post_install", "-at_install")
class TestProductLoad(SalesCase):
    """A product master comes in; importing it again changes nothing."""

    def setUp(self):
        super().setUp()
        self.products = self.env["product.product"]
        self.import_.kind = "products"

    def _master(self, *lines, import_=None):
        names = ("product_code", "product_name", "category", "unit_price", "barcode")
        rows = pd.DataFrame(lines, columns=names)
        rows.index = range(2, len(rows) + 2)
        return self.products._load_products(import_ or self.import_, rows)

    def _by_code(self, code):
        return self.products.search([("default_code", "=", code)])

    def test_new_products_are_made(self):
        counts = self._master(
            ("T-1", "煎茶", "試験の茶", 800.0, "4901234567894"),
            ("T-2", "番茶", "試験の茶", float("nan"), ""),
        )
        self.assertEqual(counts, {**NOTHING, "new": 2})
        tea = self._by_code("T-1")
        self.assertEqual((tea.name, tea.list_price, tea.barcode), ("煎茶", 800, "4901234567894"))
        self.assertEqual(tea.categ_id.name, "試験の茶")
        self.assertEqual(tea.categ_id, self._by_code("T-2").categ_id)
        self.assertEqual(self._by_code("T-2").list_price, 0, "no price is not a price of 1 yen")

    def test_again_nothing_changes(self):
        line = ("T-1", "煎茶", "試験の茶", 800.0, "4901234567894")
        self._master(line)
        self.assertEqual(self._master(line, import_=self._import()), {**NOTHING, "same": 1})

    def test_a_corrected_master_corrects_and_empties_nothing(self):
        self._master(("T-1", "煎茶", "試験の茶", 800.0, ""))
        later = self._import(kind="products")
        counts = self._master(("T-1", "上煎茶", "", float("nan"), ""), import_=later)
        self.assertEqual(counts, {**NOTHING, "updated": 1})
        tea = self._by_code("T-1")
        self.assertEqual((tea.name, tea.list_price, tea.categ_id.name), ("上煎茶", 800, "試験の茶"))
        later._undo_products()
        self.assertEqual(tea.name, "煎茶")

    def test_taking_back_leaves_what_was_changed_again_since(self):
        self._master(("T-1", "煎茶", "試験の茶", 800.0, ""))
        later = self._import(kind="products")
        self._master(("T-1", "上煎茶", "", 900.0, ""), import_=later)
        tea = self._by_code("T-1")
        tea.list_price = 950
        later._undo_products()
        self.assertEqual((tea.name, tea.list_price), ("煎茶", 950))

    def test_a_category_of_which_there_are_two_is_neither_chosen_nor_made_once_more(self):
        categories = self.env["product.category"]
        food, drink = categories.create([{"name": "試験食品"}, {"name": "試験飲料"}])
        categories.create([{"name": "試験の茶", "parent_id": one.id} for one in (food, drink)])
        self._master(
            ("T-1", "煎茶", "試験の茶", 800.0, ""),
            ("T-2", "番茶", "試験飲料 / 試験の茶", 800.0, ""),
        )
        self.assertEqual(categories.search_count([("name", "=", "試験の茶")]), 2)
        self.assertNotEqual(self._by_code("T-1").categ_id.name, "試験の茶")
        self.assertEqual(self._by_code("T-2").categ_id.parent_id, drink)
        [listed] = self.env["kokyaku.import.reject"].search([("import_id", "=", self.import_.id)])
        self.assertEqual((listed.row, listed.code), (2, "several_categories"))
        self.assertIn("whole path", listed.reason)

    def test_a_list_of_prices_leaves_the_names_alone(self):
        self._master(("T-1", "煎茶", "試験の茶", 800.0, ""))
        counts = self._master(("T-1", "", "", 900.0, ""), import_=self._import(kind="products"))
        self.assertEqual(counts, {**NOTHING, "updated": 1})
        tea = self._by_code("T-1")
        self.assertEqual((tea.name, tea.list_price), ("煎茶", 900))

    def test_a_new_product_without_a_name_is_called_by_its_code_and_listed(self):
        self.assertEqual(self._master(("T-7", "", "", 500.0, "")), {**NOTHING, "new": 1})
        self.assertEqual(self._by_code("T-7").name, "T-7")
        [listed] = self.env["kokyaku.import.reject"].search([("import_id", "=", self.import_.id)])
        self.assertEqual(
            (listed.row, listed.value, listed.code, listed.is_warning),
            (2, "T-7", "no_product_name", True),
        )

    def test_the_way_to_the_products(self):
        self._master(("T-1", "煎茶", "", 800.0, ""), ("", "緑茶", "", 1200.0, ""))
        action = self.import_.action_open_products()
        opened = self.products.search(action["domain"])
        self.assertEqual(opened, self._by_code("T-1") | self.tea)
        self.assertEqual(action["display_name"], "Imported Products")

    def test_a_product_without_code_is_found_by_its_name(self):
        self.assertEqual(self._master(("", "緑茶", "", 1200.0, "")), {**NOTHING, "updated": 1})
        self.assertEqual(self.tea.list_price, 1200)

    def test_a_code_is_never_overruled_by_a_name(self):
        self.assertEqual(self._master(("T-9", "緑茶", "", 1200.0, ""))["new"], 1)
        self.assertEqual(self.tea.list_price, 1000)

    def test_two_rows_with_one_code(self):
        with self._refusing() as refused:
            counts = self._master(
                ("T-1", "煎茶", "", 800.0, ""),
                ("T-1", "煎茶", "", 800.0, ""),
                ("T-1", "番茶", "", 800.0, ""),
            )
        self.assertEqual(counts, {**NOTHING, "new": 1, "same": 1, "rejected": 1})
        self.assertEqual(refused, [(4, "T-1", "same_key_twice")])

    def test_sales_that_waited_for_the_product_find_it(self):
        self._load({"product_code": "T-1", "product_name": "煎茶"}, import_=self._import())
        self._master(("T-1", "煎茶", "", 800.0, ""))
        self.assertEqual(self._stored().product_id, self._by_code("T-1"))

    def test_undo_deletes_what_nobody_uses(self):
        self._master(("T-1", "煎茶", "", 800.0, ""))
        self.assertFalse(self.import_._undo_blockers())
        self._order(self.haruyama, (self._by_code("T-1"), 1))
        self.assertIn("煎茶", "".join(self.import_._undo_blockers()))
        other = self._import(kind="products")
        self._master(("T-2", "番茶", "", 800.0, ""), import_=other)
        other._undo_products()
        self.assertFalse(self._by_code("T-2"))

    def test_who_may_not_make_products_cannot_take_them_back_either(self):
        self._master(("T-1", "煎茶", "", 800.0, ""))
        self.import_.sudo().state = "done"
        by_clerk = self.import_.with_user(self.clerk)
        self.assertFalse(by_clerk.may_undo)
        with self.assertRaisesRegex(AccessError, "may not delete products"):
            by_clerk.action_undo()
        self.assertTrue(self._by_code("T-1"))
        self.assertTrue(self._import(kind="sales").with_user(self.clerk).may_undo)
        self.clerk.group_ids += self.env.ref("product.group_product_manager")
        by_clerk.invalidate_recordset(["may_undo"])
        self.assertTrue(by_clerk.may_undo)
        by_clerk.action_undo()
        self.assertFalse(self._by_code("T-1"))

    def test_who_may_not_make_products_cannot_import_them(self):
        with self.assertRaises(AccessError):
            self.products.with_user(self.analyst)._load_products(self.import_, pd.DataFrame())

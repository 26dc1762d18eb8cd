import doctest
from datetime import date
from unittest.mock import patch

import pandas as pd

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import kokyaku_import_undo, kokyaku_sales_record_import
from ..sheets import copying
from .sales_common import SalesCase

NOTHING = {"new": 0, "updated": 0, "same": 0, "rejected": 0, "cancelled": 0}


@tagged("post_install", "-at_install")
class TestSalesLoad(SalesCase):
    """A file of sales becomes records; importing it again changes nothing."""

    def test_a_line_is_stored_as_the_file_says(self):
        counts = self._load(
            {
                "name": "田中 花子",
                "kana": "タナカ ハナコ",
                "email": "hanako@example.com",
                "phone": "03-1234-5678",
                "zip": "100-0001",
                "address": "東京都千代田区千代田1-1",
                "company_name": "田中商店",
                "category": "日本茶",
                "attribute_text": "100g",
                "quantity": "3",
                "unit_price": "360",
                "user": "どこかの店員",
                "shop": "本店",
                "medium": "電話",
                "is_subscription": True,
            }
        )
        self.assertEqual(counts, {**NOTHING, "new": 1})
        record = self._stored()
        self.assertEqual(record.source, "店舗レジ")
        self.assertEqual((record.slip, record.external_key), ("1001", "1001-1"))
        self.assertEqual(record.date, date(2026, 5, 10))
        self.assertEqual((record.quantity, record.unit_price), (3, 360))
        self.assertEqual((record.amount, record.tax), (1080, 80))
        self.assertEqual((record.buyer_name, record.buyer_kana), ("田中 花子", "タナカ ハナコ"))
        self.assertEqual(record.buyer_email, "hanako@example.com")
        self.assertEqual(record.buyer_phone, "03-1234-5678")
        self.assertEqual(record.buyer_zip, "100-0001")
        self.assertEqual(record.buyer_address, "東京都千代田区千代田1-1")
        self.assertEqual(record.buyer_company, "田中商店")
        self.assertEqual((record.category_name, record.attribute_text), ("日本茶", "100g"))
        self.assertEqual((record.user_name, record.shop), ("どこかの店員", "本店"))
        self.assertEqual((record.medium, record.is_subscription), ("電話", True))
        self.assertEqual(record.import_id, self.import_)
        self.assertEqual((record.link_state, record.partner_id.id), ("none", False))

    def test_whatever_types_the_columns_have(self):
        rows = pd.DataFrame(
            {
                "external_key": ["a", "b", "c"],
                "date": pd.to_datetime(["2026-05-10", "2026-05-11", "2026-05-12"]),
                "slip": ["1", None, ""],
                "quantity": [1.0, float("nan"), -2.0],
                "amount": [1080, 540, -2160],
                "is_subscription": [True, False, True],
            },
            index=[2, 3, 4],
        )
        self.assertEqual(self.records._load(self.import_, rows), {**NOTHING, "new": 3})
        one, two, three = self._stored()
        self.assertEqual([one.quantity, two.quantity, three.quantity], [1, 1, -2])
        self.assertEqual([one.amount, two.amount, three.amount], [1080, 540, -2160])
        self.assertEqual([one.slip, two.slip, three.slip], ["1", False, False])
        self.assertEqual([one.date, three.date], [date(2026, 5, 10), date(2026, 5, 12)])
        self.assertEqual([one.is_subscription, two.is_subscription], [True, False])

    def test_tabs_line_breaks_and_backslashes_are_only_text(self):
        words = "タブ\tと\\N改行\r\nと\\."
        self._load({"product_name": words}, {"external_key": "1001-2"})
        first, second = self._stored()
        self.assertEqual(first.product_name, words)
        self.assertEqual(second.product_name, "緑茶")

    def test_amounts_are_rounded_as_the_currency_is(self):
        lines = [{"amount": 999.54, "tax": 79.96}]
        self._load(*lines)
        self.assertEqual((self._stored().amount, self._stored().tax), (1080, 80))
        self.assertEqual(self._load(*lines), {**NOTHING, "same": 1})

    def test_the_same_file_twice_changes_nothing(self):
        lines = [{}, {"external_key": "1001-2", "amount": 2000.0}]
        self._load(*lines)
        before = self._stored().read()
        counts = self._load(*lines, import_=self._import())
        self.assertEqual(counts, {**NOTHING, "same": 2})
        self.assertEqual(self._stored().read(), before)

    def test_a_corrected_file_corrects(self):
        self._load({}, {"external_key": "1001-2"})
        counts = self._load(
            {},
            {"external_key": "1001-2", "amount": 500.0, "tax": 40.0, "product_name": "煎茶"},
            {"external_key": "1002-1", "slip": "1002"},
            import_=self._import(),
        )
        self.assertEqual(counts, {**NOTHING, "new": 1, "updated": 1, "same": 1})
        record = self._stored(external_key="1001-2")
        self.assertEqual((record.amount, record.tax, record.product_name), (540, 40, "煎茶"))
        self.assertEqual(record.import_id, self.import_)

    def test_keys_mean_the_same_within_one_source_and_company_only(self):
        self._load({})
        self.assertEqual(self._load({}, import_=self._import("ネットショップ"))["new"], 1)
        other = self.env["res.company"].create({"name": "別会社"})
        self.assertEqual(self._load({}, import_=self._import(company_id=other.id))["new"], 1)

    def test_two_rows_with_one_key_are_not_both_stored(self):
        """A row that repeats another is none; one that contradicts it comes back."""
        with self._refusing() as refused:
            counts = self._load({}, {}, {"amount": 999.0})
        self.assertEqual(counts, {**NOTHING, "new": 1, "same": 1, "rejected": 1})
        self.assertEqual(refused, [(4, "1001-1", "same_key_twice")])
        self.assertEqual(self._stored().amount, 1080)

    def test_the_other_row_may_be_in_an_earlier_part(self):
        self._load({})
        with self._refusing() as refused:
            counts = self._load({"amount": 999.0}, {"external_key": "1001-2"}, first=50_002)
        self.assertEqual(counts, {**NOTHING, "new": 1, "rejected": 1})
        self.assertEqual(refused, [(50_002, "1001-1", "same_key_twice")])
        self.assertEqual(self._stored(external_key="1001-1").amount, 1080)

    def test_a_file_does_not_correct_itself_either(self):
        self._load({})
        correcting = self._import()
        self._load({"amount": 460.0}, import_=correcting)
        with self._refusing() as refused:
            self._load({"amount": 999.0}, import_=correcting, first=50_002)
        self.assertEqual([row for row, *_ in refused], [50_002])
        self.assertEqual(self._stored().amount, 540)

    def test_a_sale_that_was_cancelled_since_counts_for_nothing(self):
        self._load({}, {"external_key": "1001-2"})
        rows = self._rows({"external_key": "1001-2"})
        rows.attrs["excluded"] = ["1001-1", "never seen"]
        later = self._import()
        self.assertEqual(
            self.records._load(later, rows), {**NOTHING, "same": 1, "cancelled": 1}
        )
        record = self._stored(external_key="1001-1")
        self.assertTrue(record.is_cancelled)
        self.assertEqual((record.amount, record.quantity), (0, 0))
        self.assertEqual(self.records._load(later, rows.iloc[:0])["cancelled"], 0)
        third = self._import()
        self.assertEqual(self._load({}, import_=third)["updated"], 1)
        self.assertEqual((record.amount, record.is_cancelled), (1080, False))
        third._undo_sales()
        later._undo_sales()
        self.assertEqual((record.amount, record.is_cancelled), (1080, False))

    def test_a_large_file_is_taken_back_in_parts(self):
        keys = ["1001-1", "1001-2", "1001-3"]
        self._load(*({"external_key": key} for key in keys[:2]))
        later = self._import()
        self._load(
            *({"external_key": key, "amount": 460.0, "tax": 40.0} for key in keys), import_=later
        )
        self.assertEqual(self._stored().mapped("amount"), [500, 500, 500])
        later.sudo().write({"state": "done", "row_count": 3})
        seen = []
        with (
            patch.object(kokyaku_import_undo, "AT_ONCE", 1),
            patch.object(kokyaku_import_undo, "SECONDS", -1),
            patch.object(kokyaku_sales_record_import, "UNDO_PART", 1),
        ):
            later.action_undo()
            while later.run_id.state == "queued":
                later.run_id._execute()
                self.env.invalidate_all()
                seen.append(sorted(self._stored().mapped("amount")))
        self.assertEqual(later.state, "undone", later.run_id.result_message)
        parts, rest = seen[:3], seen[3:]
        self.assertEqual(parts, [[500, 500, 1080], [500, 1080, 1080], [1080, 1080]])
        self.assertEqual(rest, [[1080, 1080]] * len(rest), "what is left is only linked anew")
        self.assertEqual(self._stored().import_id, self.import_)

    def test_the_rules_of_copying(self):
        self.assertEqual(doctest.testmod(copying).failed, 0)

    def test_a_part_without_rows_is_no_trouble(self):
        self.assertEqual(self.records._load(self.import_, self._rows({}).iloc[:0]), NOTHING)


@tagged("post_install", "-at_install")
class TestSalesFound(SalesCase):
    """The words of the file find what they mean among our own records."""

    def test_a_product_is_found_by_code_then_barcode_then_name(self):
        self.tea.default_code = "T-01"
        self.cup.barcode = "4901234567894"
        self._load(
            {"product_code": "T-01", "product_name": "何か"},
            {"external_key": "2", "product_code": "4901234567894"},
            {"external_key": "3", "product_name": "湯呑み"},
            {"external_key": "4", "product_name": "急須"},
        )
        found = [record.product_id for record in self._stored().sorted("external_key")]
        self.assertEqual(found, [self.tea, self.cup, self.cup, self.env["product.product"]])

    def test_a_name_of_two_products_means_neither(self):
        self.env["product.product"].create({"name": "緑茶"})
        self._load({})
        self.assertFalse(self._stored().product_id)

    def test_a_product_in_use_comes_before_an_archived_one(self):
        old = self.env["product.product"].create(
            {"name": "昔の茶", "default_code": "T-01", "active": False}
        )
        self.tea.default_code = "T-01"
        self._load({"product_code": "T-01"})
        self.assertEqual(self._stored().product_id, self.tea)
        self.tea.default_code = False
        self._load({"external_key": "2", "product_code": "T-01"})
        self.assertEqual(self._stored(external_key="2").product_id, old)

    def test_a_product_that_comes_later_is_found_then(self):
        self._load({"product_name": "急須"})
        pot = self.env["product.product"].create({"name": "急須"})
        self.assertEqual(self.records._find_products(self.company), 1)
        self.assertEqual(self._stored().product_id, pot)

    def test_looking_for_products_again_is_for_those_who_work_with_it(self):
        self._load({"product_name": "急須"})
        pot = self.env["product.product"].create({"name": "急須"})
        with self.assertRaises(AccessError):
            self._as(self.analyst)["kokyaku.sales.record"].action_find_products()
        said = self._as(self.clerk)["kokyaku.sales.record"].action_find_products()
        self.assertIn("1 lines", said["params"]["message"])
        self.assertEqual(self._stored().product_id, pot)

    def test_salespeople_by_login_or_name(self):
        self.seller.name = "佐藤 次郎"
        self._load(
            {"user": "kc_seller"},
            {"external_key": "2", "user": "佐藤　次郎"},
            {"external_key": "3", "user": "誰か"},
        )
        found = [record.user_id for record in self._stored().sorted("external_key")]
        self.assertEqual(found[0], self.seller)
        self.assertEqual(self._stored(external_key="2").user_id, self.seller)
        self.assertFalse(self._stored(external_key="3").user_id)

    def test_the_category_by_its_name(self):
        category = self.env["product.category"].create({"name": "試験の日本茶"})
        self._load({"category": "試験の日本茶", "product_name": "急須"})
        self.assertEqual(self._stored().categ_id, category)

    def test_the_customer_by_code(self):
        self.haruyama.ref = "C-7"
        self.suzuki.member_number = "M-8"
        self._load(
            {"customer_code": "C-7", "name": "春山 ひとみ"},
            {"external_key": "2", "customer_code": "M-8"},
            {"external_key": "3", "customer_code": "X-9"},
        )
        one, two, three = [self._stored(external_key=key) for key in ("1001-1", "2", "3")]
        self.assertEqual((one.partner_id, one.link_state), (self.haruyama, "auto"))
        self.assertEqual(one.linked_by, "code")
        self.assertEqual(two.partner_id, self.suzuki)
        self.assertEqual((three.partner_id.id, three.link_state), (False, "none"))

    def test_a_code_of_somebody_with_another_name_is_left_to_a_human(self):
        """The members of a web shop are numbered from 1, as the customers are."""
        self.haruyama.ref = "7"
        self._load({"customer_code": "7", "name": "木村 太郎"})
        self.assertFalse(self._stored().partner_id)

    def test_a_code_of_two_people_is_left_to_a_human(self):
        (self.haruyama | self.suzuki).ref = "7"
        self._load({"customer_code": "7"})
        self.assertFalse(self._stored().partner_id)

    def test_customers_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.haruyama.write({"ref": "7", "company_id": other.id})
        self._load({"customer_code": "7"})
        self.assertFalse(self._stored().partner_id)

    def test_what_a_human_decided_survives_a_correction(self):
        self.haruyama.ref = "7"
        self._load({"customer_code": "7"})
        self._stored().write({"partner_id": self.suzuki.id, "link_state": "manual"})
        line = {"customer_code": "7", "amount": 1.0, "tax": 0.0, "name": "春山"}
        self._load(line, import_=self._import())
        record = self._stored()
        self.assertEqual((record.amount, record.partner_id), (1, self.suzuki))
        self.assertEqual(record.link_state, "manual")

    def test_a_buyer_somebody_decided_on_is_left_to_the_linking(self):
        self.haruyama.ref = "7"
        self.env["kokyaku.sales.link"].create(
            {
                "company_id": self.company.id,
                "source": self.import_.source,
                "key": "x",
                "customer_code": "7",
                "state": "refused",
            }
        )
        self._load({"customer_code": "7"})
        self.assertFalse(self._stored().partner_id)
        self._load({"customer_code": "7"}, import_=self._import("ネットショップ"))
        self.assertEqual(self._stored(source="ネットショップ").partner_id, self.haruyama)

    def test_another_code_in_a_correction_is_another_customer(self):
        self.haruyama.ref, self.suzuki.ref = "7", "8"
        self._load({"customer_code": "7"})
        self._load({"customer_code": "8"}, import_=self._import())
        self.assertEqual(self._stored().partner_id, self.suzuki)
        self._load({"customer_code": "9"}, import_=self._import())
        record = self._stored()
        self.assertEqual((record.partner_id.id, record.link_state), (False, "none"))
        self.assertFalse(record.linked_by)

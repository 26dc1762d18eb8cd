import re
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .sales_common import SalesCase


@tagged("post_install", "-at_install")
class TestSalesPurchase(SalesCase):
    """Imported lines are purchases like the lines of orders, once their person is known."""

    def setUp(self):
        super().setUp()
        self.purchases = self.env["kokyaku.purchase"]
        self.haruyama.ref = "7"

    def _bought(self, *lines, **kwargs):
        return self._load(*[{"customer_code": "7", **line} for line in lines], **kwargs)

    def _of(self, partner):
        return self.purchases.search([("partner_id", "=", partner.id)])

    def test_a_linked_line_is_a_purchase(self):
        self._bought({"quantity": "2"})
        line = self._of(self.haruyama)
        record = self._stored()
        self.assertEqual(line.id, -record.id)
        self.assertEqual((line.source, line.record_id), ("import", record))
        self.assertEqual((line.date, line.order_ref), (date(2026, 5, 10), "店舗レジ 1001"))
        self.assertEqual((line.quantity, line.product_id), (2, self.tea))
        self.assertEqual((line.amount_tax_included, line.amount_tax_excluded), (1080, 1000))
        self.assertEqual(line.currency_id, self.company.currency_id)
        self.assertEqual(line.categ_id, self.tea.categ_id)
        self.assertFalse(line.order_id)
        self.assertEqual(line.action_open_order()["res_model"], "kokyaku.sales.record")

    def test_a_line_without_person_is_not(self):
        self._load({}, {"external_key": "2", "customer_code": "X"})
        mine = [("company_id", "=", self.company.id), ("date", "=", "2026-05-10")]
        self.assertFalse(self.purchases.search(mine))

    def test_orders_and_imported_lines_stand_together(self):
        order = self._order(self.haruyama)
        self._bought({"date": "2026-05-11"}, {"external_key": "1001-2", "date": "2026-05-11"})
        history = self.haruyama.with_user(self.analyst).kokyaku_sales_history()
        self.assertEqual([row["order_ref"] for row in history["rows"]][-1], order.name)
        self.assertEqual(history["count"], 3)
        [total] = history["totals"]
        self.assertEqual((total["orders"], total["tax_included"]), (2, 1000 + 2 * 1080))

    def test_a_product_that_is_none_of_ours_shows_as_in_the_file(self):
        self._bought(
            {"product_name": "急須"},
            {"external_key": "2", "product_name": "茶筒"},
            {"external_key": "3", "product_name": "茶筒"},
        )
        rows = self.haruyama.kokyaku_sales_history()["rows"]
        self.assertEqual({row["product"] for row in rows}, {"急須", "茶筒"})
        rows = self.haruyama.kokyaku_sales_history("products")["rows"]
        self.assertEqual({row["product"]: row["quantity"] for row in rows}, {"急須": 1, "茶筒": 2})

    def test_the_day_is_found_whatever_the_time_zone(self):
        self._bought({})
        for zone in ("Asia/Tokyo", "America/New_York"):
            self.company.partner_id.tz = zone
            self.purchases.invalidate_model()
            for operator, value, found in (
                ("=", "2026-05-10", 1),
                ("<", "2026-05-10", 0),
                (">=", "2026-05-10", 1),
                (">", "2026-05-10", 0),
            ):
                domain = [("partner_id", "=", self.haruyama.id), ("date", operator, value)]
                self.assertEqual(self.purchases.search_count(domain), found, (zone, operator))

    def test_the_instant_of_a_day_is_its_midnight_in_the_companys_time_zone(self):
        self._bought({})
        for zone, midnight in (
            ("Asia/Tokyo", "2026-05-09 15:00:00"),
            ("America/New_York", "2026-05-10 04:00:00"),
        ):
            self.company.partner_id.tz = zone
            self.purchases.invalidate_model()
            for operator, found in ((">=", 1), ("<=", 1), (">", 0), ("<", 0)):
                domain = [("partner_id", "=", self.haruyama.id), ("date_order", operator, midnight)]
                self.assertEqual(self.purchases.search_count(domain), found, (zone, operator))

    def test_criteria_of_a_set_count_them(self):
        self._bought({"quantity": "5"})
        criterion = self.env["kokyaku.selection.set"].create(
            {
                "name": "緑茶の客",
                "company_id": self.company.id,
                "criterion_ids": [
                    Command.create(
                        {
                            "kind": "purchase",
                            "product_ids": [Command.set(self.tea.ids)],
                            "measure": "quantity",
                            "threshold": 5,
                        }
                    )
                ],
            }
        ).criterion_ids
        found = self.env.execute_query(
            criterion.with_user(self.clerk)._people_sql(self.company, self.clerk)
        )
        self.assertEqual(found, [(self.haruyama.id,)])

    def test_a_sale_that_is_an_order_already_counts_once(self):
        order = self._order(self.haruyama, client_order_ref="1001")
        self._bought({}, {"external_key": "2", "slip": order.name}, {"external_key": "3"})
        self.assertEqual(self._stored().order_id, order)
        self.assertEqual(self._of(self.haruyama).order_id, order)

    def test_a_slip_number_of_years_ago_is_another_sale(self):
        self._order(self.haruyama, client_order_ref="1001")
        self._bought({"date": "2024-05-10"})
        self.assertFalse(self._stored().order_id)
        self.assertEqual(len(self._of(self.haruyama)), 2)

    def test_an_order_that_is_cancelled_lets_the_imported_line_count(self):
        order = self._order(self.haruyama, client_order_ref="1001")
        self._bought({})
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self._of(self.haruyama).source, "import")

    def test_an_order_that_is_entered_later_is_the_same_sale_too(self):
        self._bought({})
        order = self._order(self.haruyama)
        self.assertEqual(len(self._of(self.haruyama)), 2)
        order.client_order_ref = "1001"
        self.assertEqual(self._of(self.haruyama).order_id, order)
        order.client_order_ref = False
        self.assertEqual(len(self._of(self.haruyama)), 2)

    def test_an_order_that_is_deleted_lets_the_imported_line_count(self):
        order = self._order(self.haruyama, client_order_ref="1001")
        self._bought({})
        order.with_context(disable_cancel_warning=True).action_cancel()
        order.unlink()
        self.assertEqual(self._of(self.haruyama).source, "import")

    def test_a_salesperson_sees_their_own_lines_only(self):
        self._bought(
            {"user": "kc_seller"},
            {"external_key": "2", "user": "kc_lead"},
            {"external_key": "3"},
        )
        for user, keys in (
            (self.seller, {"1001-1", "3"}),
            (self.sales_lead, {"1001-1", "2", "3"}),
            (self.analyst, {"1001-1", "2", "3"}),
        ):
            records = self.records.with_user(user).search([("company_id", "=", self.company.id)])
            self.assertEqual(set(records.mapped("external_key")), keys, user.login)
            bought = self.purchases.with_user(user).search(
                [("partner_id", "=", self.haruyama.id)]
            )
            self.assertEqual(set(bought.sudo().record_id.mapped("external_key")), keys, user.login)

    def test_portal_users_see_none(self):
        self._bought({})
        self.portal.partner_id.parent_id = self.haruyama
        with self.assertRaises(AccessError):
            self.records.with_user(self.portal).search([])

    def test_other_companies_do_not_show(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self._bought({}, import_=self._import(company_id=other.id))
        env = self._as(self.analyst)
        self.assertFalse(env["kokyaku.sales.record"].search([]))
        self.assertFalse(
            env["kokyaku.purchase"].search([("partner_id", "=", self.haruyama.id)])
        )

    def test_orders_and_lines_are_each_asked_for_what_is_known_of_them(self):
        """Of the day of an order in Tokyo PostgreSQL has no statistics: a condition on it beside
        the one on the instant made it expect a two-hundredth of the orders of a period."""
        for period in (
            [("date", ">=", "2026-04-01"), ("date", "<=", "2026-04-30")],
            [("date_order", ">=", "2026-03-31 15:00:00"), ("date_order", "<", "2026-04-30 15:00")],
        ):
            query = self.env["kokyaku.purchase"]._search(period)
            rows = self.env.execute_query(SQL("EXPLAIN (VERBOSE) %s", query.select("id")))
            asked = "\n".join(row[0] for row in rows if re.search("(Filter|Cond):", row[0]))
            self.assertIn("so.date_order <", asked)
            self.assertNotIn("so.date_order AT TIME ZONE", asked)
            self.assertIn("record.date <", asked)

    def test_a_person_and_a_period_are_found_by_index(self):
        self._bought({})
        self.env.cr.execute(
            """
            INSERT INTO kokyaku_sales_record (company_id, import_id, source, external_key, slip,
                                              date, partner_id, link_state, quantity, amount)
                 SELECT %s, %s, 'x', number::text, number::text, '2026-01-01', %s, 'auto', 1, 1
                   FROM generate_series(1, 20000) AS number;
            ANALYZE kokyaku_sales_record
            """,
            [self.company.id, self.import_.id, self.wing.id],
        )
        purchases = self._as(self.analyst)["kokyaku.purchase"]
        for domain, index in (
            ([("partner_id", "=", self.haruyama.id)], "kokyaku_sales_record_customer_idx"),
            ([("id", "in", [-self._stored(source="店舗レジ").id])], "_purchase_idx"),
            ([("date", ">=", "2026-05-01"), ("date", "<", "2026-06-01")], "_day_idx"),
            ([("date", "in", ["2026-05-10", "2026-05-11"])], "_day_idx"),
            (
                [("date_order", ">=", "2026-05-09 15:00:00"), ("date_order", "<", "2026-06-01")],
                "_day_idx",
            ),
        ):
            query = purchases._search(domain, order="date_order desc, id desc", limit=80)
            rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(row[0] for row in rows)
            self.assertIn(index, plan)
            self.assertNotIn("Seq Scan on kokyaku_sales_record", plan)


@tagged("post_install", "-at_install")
class TestSalesLife(SalesCase):
    """Undo, merging and erasing."""

    def setUp(self):
        super().setUp()
        self.haruyama.ref = "7"

    def test_undo_takes_back_what_the_import_brought(self):
        self._load({})
        second = self._import()
        self._load({"external_key": "2"}, import_=second)
        second._undo_sales()
        self.assertEqual(self._stored().mapped("external_key"), ["1001-1"])

    def test_undo_gives_corrected_lines_their_former_words_back(self):
        self._load({"customer_code": "7", "is_subscription": True}, {"external_key": "2"})
        self.env["kokyaku.sales.link"]._link_lines(self.company)
        before = self._stored().read()
        second = self._import()
        self._load(
            {"amount": 1.0, "tax": 0.0, "date": "2026-06-01", "product_name": "煎茶"},
            {"external_key": "2"},
            {"external_key": "3"},
            import_=second,
        )
        self.assertEqual(self._stored(external_key="1001-1").amount, 1)
        self.assertEqual(self.import_._corrected_later(), second)
        self.assertIn(f"no. {second.id}", "".join(self.import_._undo_blockers()))
        second._undo_sales()
        self.assertEqual(self._stored().read(), before)
        self.assertFalse(self.import_._corrected_later())

    def test_undo_does_not_bring_a_merged_person_back(self):
        self._load({"customer_code": "7"})
        second = self._import()
        self._load({"customer_code": "9"}, import_=second)
        target = self.haruyama.copy({"name": "春山ひとみ"})
        self._merge(self.haruyama, target)
        second._undo_sales()
        record = self._stored()
        self.assertEqual(record.customer_code, "7")
        self.assertEqual(target.ref, "7", "as merging leaves it")
        self.assertEqual((record.partner_id, record.link_state), (target, "auto"))

    def _merge(self, source, target):
        source.child_ids.unlink()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target, extra_checks=False)

    def test_merging_two_people_keeps_the_lines_of_both(self):
        other = self.env["res.partner"].create({"name": "春山 瞳", "ref": "8"})
        self._load(
            {"customer_code": "7"},
            {"external_key": "2", "customer_code": "8"},
            {"external_key": "3", "customer_code": "8"},
        )
        self._merge(self.haruyama, other)
        self.assertEqual(self._stored().partner_id, other)
        self.assertEqual(len(self._stored()), 3)
        self.assertEqual(other.kokyaku_sales_history()["count"], 3)

    def test_erasing_a_person_keeps_the_figures_and_none_of_the_words(self):
        line = {"customer_code": "7", "name": "春山 ひとみ", "address": "どこか一丁目"}
        self._load(line)
        self._load({**line, "amount": 460.0}, import_=self._import())
        self.haruyama.with_user(self.manager)._erase("本人の請求")
        record = self._stored()
        self.assertEqual((record.amount, record.partner_id), (540, self.haruyama))
        self.assertFalse(record.buyer_name or record.buyer_address or record.customer_code)
        self.env.cr.execute("SELECT values::text FROM kokyaku_sales_record_before")
        self.assertNotIn("どこか", "".join(row[0] for row in self.env.cr.fetchall()))
        counts = self._load({**line, "amount": 460.0}, import_=self._import())
        self.assertEqual(counts["same"], 1)
        self._load({**line, "amount": 220.0}, import_=self._import())
        record = self._stored()
        self.assertEqual((record.amount, record.partner_id), (300, self.haruyama))
        self.assertFalse(record.buyer_name or record.buyer_address or record.customer_code)

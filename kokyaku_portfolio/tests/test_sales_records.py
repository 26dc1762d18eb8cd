"""Imported sales stand in the portfolio like orders."""

import pandas as pd

from odoo.tests import RecordCapturer, tagged
from odoo.tools import SQL

from .sales_common import SalesRecordsCase


@tagged("post_install", "-at_install")
class TestSalesRecords(SalesRecordsCase):
    def test_the_refresh_of_the_night_is_asked_for_when_sales_come_and_go(self):
        cron = self.env.ref("kokyaku_portfolio.cron_refresh")
        with RecordCapturer(self.env["ir.cron.trigger"], [("cron_id", "=", cron.id)]) as capture:
            self.file._end(self.env["kokyaku.run"])
            self.assertEqual(len(capture.records), 1)
            self.file._undo()
            self.assertEqual(len(capture.records), 2)
            customers = self._file()
            customers.kind = "customers"
            customers._end(self.env["kokyaku.run"])
        self.assertEqual(len(capture.records), 2)

    def test_they_make_the_tier(self):
        metrics = self.metrics(self.hana)
        self.assertEqual(metrics.tier_id.code, "loyal_active")
        self.assertEqual((metrics.amount, metrics.order_count), (80_000, 2))
        self.assertEqual(metrics.purchase_days, 2)

    def test_orders_and_imported_lines_add_up(self):
        self.order(self.hana, "2024-09-20", 5_000)
        self.again()
        metrics = self.metrics(self.hana)
        self.assertEqual((metrics.amount, metrics.order_count), (85_000, 3))

    def test_the_lines_of_one_slip_are_one_purchase(self):
        rows = pd.DataFrame(
            {
                "slip": ["c", "c"],
                "external_key": ["c-1", "c-2"],
                "customer_code": ["2", "2"],
                "date": ["2024-06-01", "2024-06-01"],
                "amount": [1_000, 2_000],
            }
        )
        self.env["kokyaku.sales.record"]._load(self.file, rows)
        self.again()
        metrics = self.metrics(self.taro)
        self.assertEqual((metrics.order_count, metrics.amount), (1, 3_000))

    def test_a_corrected_file_rewrites_the_history(self):
        self._load(("a", "1", "2024-01-10", 20_000), import_=self._file())
        self.again()
        self.assertEqual(self.tier(self.hana), "steady_active")

    def test_a_line_that_finds_another_person_changes_both(self):
        self.records("a").write({"partner_id": self.taro.id, "link_state": "manual"})
        self.again()
        self.assertEqual(self.tier(self.hana), "first_active")
        self.assertEqual(self.tier(self.taro), "first_lapsed")

    def test_an_undone_import_leaves_nothing(self):
        self.file._undo_sales()
        self.again()
        self.assertFalse(self.metrics(self.hana))

    def test_a_return_reduces_the_amount(self):
        self._load(("c", "1", "2024-09-10", -30_000))
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 50_000)
        self.assertEqual(self.metrics(self.hana).purchase_days, 2)

    def test_merging_two_people_adds_their_lines(self):
        self._load(("c", "2", "2024-09-10", 3_000))
        self.portfolio.refresh()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.hana | self.taro).ids, self.hana, extra_checks=False)
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 83_000)

    def test_tax_counts_as_the_portfolio_says(self):
        self._load(("c", "2", "2024-09-10", 1_000), tax=100)
        for included, amount in ((True, 1_100), (False, 1_000)):
            self.portfolio.tax_included = included
            self.again()
            self.assertEqual(self.metrics(self.taro).amount, amount)

    def test_they_count_beside_invoices_too(self):
        self.portfolio.basis = "invoices"
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 80_000)

    def test_a_line_in_the_future_counts_from_its_day(self):
        self._load(("c", "2", "2024-11-01", 1_000))
        self.again()
        self.assertFalse(self.metrics(self.taro))
        self.refresh("2024-11-01")
        self.assertEqual(self.metrics(self.taro).amount, 1_000)

    def test_the_whole_is_read_from_the_index_alone(self):
        self.env.cr.execute(
            """INSERT INTO kokyaku_sales_record (company_id, import_id, source, external_key, slip,
                                                 date, partner_id, link_state, quantity, amount)
                SELECT %s, %s, 'x', n, n, '2024-01-01'::date + n %% 100, %s, 'auto', 1, 1
                  FROM generate_series(1, 20000) AS n""",
            [self.company.id, self.file.id, self.taro.id],
        )
        self.env.cr.execute(
            """ANALYZE kokyaku_sales_record; SET LOCAL enable_seqscan = off;
            SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashagg = off"""
        )
        query = self.portfolio._record_source(None, None, None)
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        plan = "\n".join(row[0] for row in rows)
        self.assertIn("Index Only Scan using kokyaku_sales_record_customer_idx", plan)
        self.assertNotIn("Sort", plan)

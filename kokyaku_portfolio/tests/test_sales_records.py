"""Imported sales stand in the portfolio like orders."""

import pandas as pd

from odoo import Command
from odoo.tests import RecordCapturer, tagged
from odoo.tools import SQL

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestSalesRecords(PortfolioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hana = cls.customer("花子", ref="1")
        cls.taro = cls.customer("太郎", ref="2")
        cls.file = cls._file()
        cls._load(("a", "1", "2024-01-10", 40_000), ("b", "1", "2024-09-01", 40_000))
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()

    @classmethod
    def _file(cls):
        return cls.env["kokyaku.import"].create(
            {"kind": "sales", "source": "レジ", "file_name": "x.csv", "company_id": cls.company.id}
        )

    @classmethod
    def _load(cls, *lines, import_=None, **more):
        """Load lines of (slip, customer code, day, amount), one line each."""
        rows = pd.DataFrame(lines, columns=["slip", "customer_code", "date", "amount"])
        rows["external_key"] = rows["slip"]
        for name, value in more.items():
            rows[name] = value
        return cls.env["kokyaku.sales.record"]._load(import_ or cls.file, rows)

    def records(self, *slips):
        return self.env["kokyaku.sales.record"].search([("slip", "in", slips)])

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

    def again(self):
        self.portfolio.refresh()
        self.assertSameAsFull()

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

    def test_the_same_sale_as_an_order_counts_once(self):
        order = self.order(self.hana, "2024-09-01", 40_000, client_order_ref="b")
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 80_000)
        order._action_cancel()
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 80_000)

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

    def _invoice(self, customer, number, day, amount):
        if not self.company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", self.company)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "company_id": self.company.id,
                "invoice_date": day,
                "name": number,
                "invoice_line_ids": [
                    Command.create({"name": "茶", "price_unit": amount, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        return invoice

    def test_the_same_sale_as_an_invoice_counts_once_where_invoices_count(self):
        """The file names our invoice's number, before it is posted or after."""
        self._load(("INV/77", "2", "2024-06-03", 5_000))
        self._invoice(self.taro, "INV/77", "2024-06-01", 5_000)
        self._invoice(self.taro, "INV/78", "2024-06-02", 2_000)
        self._load(("INV/78", "2", "2024-06-02", 2_000))
        for basis, amount in (("orders", 7_000), ("invoices", 7_000)):
            self.portfolio.basis = basis
            self.again()
            self.assertEqual(self.metrics(self.taro).amount, amount, basis)
        self.assertEqual(len(self.records("INV/77", "INV/78").move_id), 2)

    def test_a_number_used_again_a_year_later_is_another_sale(self):
        self._invoice(self.taro, "INV/77", "2023-06-01", 5_000)
        self._load(("INV/77", "2", "2024-06-03", 5_000))
        self.portfolio.basis = "invoices"
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, 10_000)

    def test_an_invoice_taken_back_lets_the_line_count_again(self):
        self.portfolio.basis = "invoices"
        invoice = self._invoice(self.taro, "INV/77", "2024-06-01", 5_000)
        self._load(("INV/77", "2", "2024-06-03", 6_000))
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, 5_000)
        invoice.button_draft()
        self.assertFalse(self.records("INV/77").move_id)
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, 6_000)

    def test_the_invoice_of_an_order_stands_for_the_order(self):
        order = self.order(self.taro, "2024-06-01", 5_000)
        invoice = self._invoice(self.taro, "INV/77", "2024-06-01", 5_000)
        invoice.invoice_line_ids.sale_line_ids = order.order_line[:1]
        self._load(("INV/77", "2", "2024-06-03", 5_000))
        self.assertEqual(self.records("INV/77").order_id, order)
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, 5_000)
        order.client_order_ref = "別"
        self.assertEqual(self.records("INV/77").order_id, order, "found by the invoice, it stays")
        invoice.button_draft()
        self.assertFalse(self.records("INV/77").order_id)

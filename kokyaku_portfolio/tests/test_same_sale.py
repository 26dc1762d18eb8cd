"""What is imported and an order or invoice of our own is one sale, and counts once."""

from odoo.tests import tagged

from .sales_common import SalesRecordsCase


@tagged("post_install", "-at_install")
class TestSameSale(SalesRecordsCase):
    def test_the_same_sale_as_an_order_counts_once(self):
        order = self.order(self.hana, "2024-09-01", 40_000, client_order_ref="b")
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 80_000)
        order._action_cancel()
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 80_000)

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
        invoice = self._invoice(self.taro, "INV/77", "2024-06-01", 5_000, order)
        self._load(("INV/77", "2", "2024-06-03", 5_000))
        self.assertEqual(self.records("INV/77").order_id, order)
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, 5_000)
        order.client_order_ref = "別"
        self.assertEqual(self.records("INV/77").order_id, order, "found by the invoice, it stays")
        invoice.button_draft()
        self.assertFalse(self.records("INV/77").order_id)

    # ---- The number of an order, where invoices are counted -------------------------------------

    # So that it shows which of them counts, each has an amount of its own.
    LINE, ORDER, INVOICE = 6_000, 5_000, 4_000

    def assertCounts(self, orders, invoices):
        """What the customer's purchases add up to on either basis."""
        for basis, amount in (("orders", orders), ("invoices", invoices)):
            self.portfolio.basis = basis
            self.again()
            self.assertEqual(self.metrics(self.taro).amount, amount, basis)

    def test_an_order_that_is_not_invoiced_yet_takes_no_line_away_where_invoices_count(self):
        self._load(("T1", "2", "2024-06-03", self.LINE))
        self.order(self.taro, "2024-06-01", self.ORDER, client_order_ref="T1")
        self.assertCounts(orders=self.ORDER, invoices=self.LINE)

    def test_the_invoice_of_an_order_counts_in_place_of_the_line(self):
        """Whether the file comes before the order, between, or after the invoice."""
        for number, moment in enumerate(("first", "between", "last")):
            with self.subTest(moment):
                slip = f"T{number}"
                if moment == "first":
                    self._load((slip, "2", "2024-06-03", self.LINE))
                order = self.order(self.taro, "2024-06-01", self.ORDER, client_order_ref=slip)
                if moment == "between":
                    self._load((slip, "2", "2024-06-03", self.LINE))
                self._invoice(self.taro, f"INV/{number}", "2024-06-20", self.INVOICE, order)
                if moment == "last":
                    self._load((slip, "2", "2024-06-03", self.LINE))
                times = number + 1
                self.assertCounts(orders=times * self.ORDER, invoices=times * self.INVOICE)

    def test_the_portfolio_follows_each_step_where_invoices_count(self):
        """Each refresh reads only what has changed."""
        self.portfolio.basis = "invoices"
        order = self.order(self.taro, "2024-06-01", self.ORDER, client_order_ref="T1")
        self._load(("T1", "2", "2024-06-03", self.LINE))
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, self.LINE)
        invoice = self._invoice(self.taro, "INV/1", "2024-06-20", self.INVOICE, order)
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, self.INVOICE)
        self._load(("T1", "2", "2024-06-03", self.LINE + 1), import_=self._file())
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, self.INVOICE)
        invoice.button_draft()
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, self.LINE + 1)
        self._load(("T1", "2", "2024-06-03", self.LINE + 2), import_=self._file())
        self.again()
        self.assertEqual(self.metrics(self.taro).amount, self.LINE + 2)

    def test_of_an_order_invoiced_in_parts_the_invoices_count(self):
        order = self.order(self.taro, "2024-06-01", self.ORDER, client_order_ref="T1")
        self._load(("T1", "2", "2024-06-03", self.LINE))
        first = self._invoice(self.taro, "INV/1", "2024-06-20", 3_000, order)
        self._invoice(self.taro, "INV/2", "2024-07-20", 2_500, order)
        self.assertCounts(orders=self.ORDER, invoices=5_500)
        first.button_draft()
        self.assertCounts(orders=self.ORDER, invoices=2_500)

    def test_a_cancelled_order_leaves_its_posted_invoice_in_place_of_the_line(self):
        self._load(("T1", "2", "2024-06-03", self.LINE))
        order = self.order(self.taro, "2024-06-01", self.ORDER, client_order_ref="T1")
        self._invoice(self.taro, "INV/1", "2024-06-20", self.INVOICE, order)
        order._action_cancel()
        self.assertCounts(orders=self.LINE, invoices=self.INVOICE)

    def test_an_order_whose_reference_was_mended_lets_the_line_count(self):
        self._load(("T1", "2", "2024-06-03", self.LINE))
        order = self.order(self.taro, "2024-06-01", self.ORDER, client_order_ref="T1")
        self._invoice(self.taro, "INV/1", "2024-06-20", self.INVOICE, order)
        order.client_order_ref = "別"
        [line] = self.records("T1")
        self.assertFalse(line.order_id or line.move_id)
        self.assertCounts(orders=self.LINE + self.ORDER, invoices=self.LINE + self.INVOICE)

"""What changes between two refreshes arrives in the figures, and in their history."""

import time

from odoo.tests import tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestChanges(PortfolioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hana, cls.taro = cls.customer("花子"), cls.customer("太郎")
        cls.first = cls.order(cls.hana, "2024-01-10", 40_000)
        cls.second = cls.order(cls.hana, "2024-09-01", 40_000)
        cls.other = cls.order(cls.taro, "2024-05-05", 3_000)
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()

    def again(self):
        self.portfolio.refresh()
        self.assertSameAsFull()

    def test_nothing_changed_changes_nothing(self):
        self.assertEqual(self.tier(self.hana), "loyal_active")
        before = self.everything()
        ids = self.metrics(self.hana).ids
        self.portfolio.refresh()
        self.portfolio.refresh(full=True)
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.metrics(self.hana).ids, ids)

    def test_a_cancelled_order_stops_counting(self):
        self.second._action_cancel()
        self.again()
        self.assertEqual(self.tier(self.hana), "first_lapsed")

    def test_a_deleted_order_stops_counting(self):
        self.second._action_cancel()
        self.second.unlink()
        self.first._action_cancel()
        self.first.unlink()
        self.again()
        self.assertFalse(self.metrics(self.hana))
        self.assertEqual(self.stays(self.hana), [])

    def test_an_edited_amount_rewrites_the_history(self):
        self.first.order_line.price_unit = 20_000
        self.again()
        self.assertEqual(self.tier(self.hana), "steady_active")
        self.assertEqual(self.portfolio_of("2024-02-01"), {"first_active": (1, 20_000, 20_000)})

    def test_an_order_moved_to_another_day_rewrites_the_history(self):
        self.first.date_order = "2024-07-01 03:00:00"
        self.again()
        self.assertEqual(self.tier(self.hana), "toddler_active")

    def test_an_order_handed_to_another_customer_changes_both(self):
        self.first.partner_id = self.taro
        self.again()
        self.assertEqual(self.tier(self.hana), "first_active")
        self.assertEqual(self.metrics(self.taro).amount, 43_000)

    def test_naming_the_person_behind_an_order_changes_both(self):
        self.first.person_id = self.taro
        self.again()
        self.assertEqual((self.metrics(self.hana).amount, self.metrics(self.taro).amount),
                         (40_000, 43_000))

    def test_direct_sql_is_seen_as_well(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET amount_total = 1 WHERE id = %s", [self.second.id]
        )
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 40_001)

    def test_a_change_that_does_not_matter_queues_nothing(self):
        self.env.flush_all()
        self.first.note = "配達は午前"
        self.first.client_order_ref = "A-1"
        self.hana.write({"phone": "03-0000-0000", "comment": "x"})
        self.env.flush_all()
        self.assertFalse(self.env["kokyaku.portfolio.change"].search([]))

    def test_two_merged_people_become_one_customer(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        gone = self.taro.id
        wizard._merge((self.hana + self.taro).ids, self.hana)
        self.assertFalse(self.env["kokyaku.customer.metrics"].search([("partner_id", "=", gone)]))
        self.assertFalse(self.env["kokyaku.tier.period"].search([("partner_id", "=", gone)]))
        self.again()
        self.assertEqual(self.metrics(self.hana).amount, 83_000)

    def test_a_deleted_person_leaves_the_figures(self):
        self.other._action_cancel()
        self.other.unlink()
        self.taro.unlink()
        self.again()
        self.assertEqual(self.portfolio.customer_count, 1)

    def test_changed_rules_mean_everyone_is_computed_again(self):
        self.assertFalse(self.portfolio.outdated)
        self.portfolio.loyal_amount = 100_000
        self.assertTrue(self.portfolio.outdated)
        self.again()
        self.assertFalse(self.portfolio.outdated)
        self.assertEqual(self.tier(self.hana), "steady_active")

    def test_a_base_date_that_moves_back_and_forth(self):
        self.refresh("2024-03-01")
        self.assertEqual(self.tier(self.hana), "first_active")
        self.assertFalse(self.metrics(self.taro))
        self.assertSameAsFull()
        self.refresh("2026-01-01")
        self.assertEqual(self.tier(self.hana), "loyal_lapsed")
        self.assertSameAsFull()

    def test_a_second_portfolio_sees_the_same_changes(self):
        second = self.portfolio.copy({"loyal_amount": 10_000})
        second.refresh()
        self.second._action_cancel()
        self.portfolio.refresh()
        second.refresh()
        self.assertEqual(
            self.env["kokyaku.customer.metrics"].search(
                [("portfolio_id", "=", second.id), ("partner_id", "=", self.hana.id)]
            ).amount,
            40_000,
        )
        second.unlink()
        self.assertFalse(
            self.env["kokyaku.customer.metrics"].search([("portfolio_id", "=", second.id)])
        )
        self.assertTrue(self.metrics(self.hana))

    def test_many_orders_edited_after_one_take_no_longer_than_alone(self):
        """A session's first edit must not fix a plan that is quadratic for the next."""
        self.first.order_line.price_unit = 30_000
        self.env.flush_all()
        orders = self.env["sale.order"].create(
            [{"partner_id": self.taro.id, "company_id": self.portfolio.company_id.id}]
        )
        self.env.cr.execute(
            """INSERT INTO sale_order (name, partner_id, partner_invoice_id, partner_shipping_id,
                   company_id, date_order, state, amount_total, currency_id)
               SELECT 'X' || n, partner_id, partner_invoice_id, partner_shipping_id, company_id,
                   date_order, 'sale', 100, currency_id
               FROM sale_order, generate_series(1, 20000) n WHERE id = %s""",
            [orders.id],
        )
        self.env.cr.execute(
            """CREATE TEMPORARY TABLE bare ON COMMIT DROP AS
               SELECT * FROM sale_order WHERE name LIKE 'X%'"""
        )
        begun = time.monotonic()
        self.env.cr.execute("UPDATE bare SET amount_total = 200")
        floor = time.monotonic() - begun
        limit = max(10, 200 * floor)  # seconds: a quadratic plan takes thousands of times the floor
        self.env.cr.execute("SET LOCAL statement_timeout = %s", [f"{limit:.0f}s"])
        self.env.cr.execute("UPDATE sale_order SET amount_total = 200 WHERE name LIKE 'X%'")
        self.assertEqual(self.env.cr.rowcount, 20000)

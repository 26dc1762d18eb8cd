"""What counts as a purchase, whose it is, and which tier follows from it."""

from odoo.tests import tagged

from .common import PortfolioCase, day


@tagged("post_install", "-at_install")
class TestRefresh(PortfolioCase):
    def test_two_orders_on_one_day_are_one_purchase(self):
        customer = self.customer()
        self.order(customer, "2025-04-01", 1_000, at="01:00:00")
        self.order(customer, "2025-04-01", 2_000, at="09:00:00")
        self.refresh("2025-05-01")
        row = self.metrics(customer)
        self.assertEqual((row.purchase_days, row.order_count, row.amount), (1, 2, 3_000))
        self.assertEqual(row.tier_id.code, "first_active")

    def test_eight_in_the_morning_in_tokyo_is_that_day(self):
        """23:00 UTC is 08:00 of the next day in Tokyo; 14:59:59 UTC is still the same day."""
        early, late = self.customer("朝"), self.customer("夜")
        self.order(early, "2025-03-31", 1_000, at="23:00:00")
        self.order(late, "2025-03-31", 1_000, at="14:59:59")
        self.refresh("2025-05-01")
        self.assertEqual(str(self.metrics(early).first_date), "2025-04-01")
        self.assertEqual(str(self.metrics(late).first_date), "2025-03-31")

    def test_a_purchase_of_tomorrow_morning_in_tokyo_does_not_count_today(self):
        customer = self.customer()
        self.order(customer, "2025-04-30", 1_000, at="15:00:00")  # 1 May, 00:00 in Tokyo
        self.refresh("2025-04-30")
        self.assertFalse(self.metrics(customer))
        self.refresh("2025-05-01")
        self.assertEqual(self.tier(customer), "first_active")

    def test_boundaries_of_the_tiers_in_the_database(self):
        """The same boundaries as in the rules: 89/90, 209/210, 69 999/70 000, 239/240."""
        cases = {}
        for tenure in (89, 90, 209, 210):
            for amount in (69_999, 70_000):
                customer = self.customer(f"{tenure}/{amount}")
                self.order(customer, day("2024-12-31", -tenure), 1)
                self.order(customer, "2024-12-31", amount - 1)
                cases[tenure, amount] = customer
        self.refresh(day("2024-12-31", 239))
        expected = {
            (89, 69_999): "toddler", (89, 70_000): "toddler",
            (90, 69_999): "steady", (90, 70_000): "trend",
            (209, 69_999): "steady", (209, 70_000): "trend",
            (210, 69_999): "steady", (210, 70_000): "loyal",
        }
        self.assertEqual(
            {case: self.tier(customer) for case, customer in cases.items()},
            {case: f"{step}_active" for case, step in expected.items()},
        )
        self.refresh(day("2024-12-31", 240))
        self.assertEqual(
            {case: self.tier(customer) for case, customer in cases.items()},
            {case: f"{step}_lapsed" for case, step in expected.items()},
        )
        self.assertSameAsFull()

    def test_only_confirmed_orders_count(self):
        customer = self.customer()
        self.order(customer, "2025-04-01", 1_000, state="draft")
        self.order(customer, "2025-04-02", 1_000, state="sent")
        self.order(customer, "2025-04-03", 1_000, state="cancel")
        self.refresh("2025-05-01")
        self.assertFalse(self.metrics(customer))

    def test_a_sample_for_nothing_makes_no_customer(self):
        customer = self.customer()
        self.order(customer, "2025-04-01", 0)
        self.refresh("2025-05-01")
        self.assertFalse(self.metrics(customer))

    def test_a_return_lowers_the_tier_on_its_own_day_and_is_no_purchase(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 50_000)
        self.order(customer, "2024-09-10", 30_000)
        self.order(customer, "2024-10-01", -20_000)
        self.refresh("2024-11-01")
        row = self.metrics(customer)
        self.assertEqual((row.amount, row.purchase_days), (60_000, 2))
        self.assertEqual(str(row.last_date), "2024-09-10")
        self.assertEqual(
            self.stays(customer),
            [
                ("first_active", "2024-01-10", "2024-09-05"),
                ("first_lapsed", "2024-09-06", "2024-09-09"),
                ("loyal_active", "2024-09-10", "2024-09-30"),
                ("steady_active", "2024-10-01", None),
            ],
        )

    def test_everything_returned_makes_a_prospect_again_until_the_next_purchase(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 5_000)
        self.order(customer, "2024-01-20", -5_000)
        self.refresh("2024-02-01")
        self.assertIsNone(self.tier(customer))
        self.assertEqual(self.portfolio_of("2024-02-01"), {})
        self.assertEqual(self.portfolio_of("2024-01-15"), {"first_active": (1, 5_000, 5_000)})
        self.order(customer, "2024-03-01", 8_000)
        self.refresh("2024-03-02")
        self.assertEqual(
            self.stays(customer),
            [("first_active", "2024-01-10", "2024-01-19"), ("toddler_active", "2024-03-01", None)],
        )
        self.assertSameAsFull()

    def test_an_order_of_the_future_comes_due_by_itself(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 5_000)
        self.order(customer, "2024-02-10", 5_000)
        self.refresh("2024-02-09")
        self.assertEqual(self.tier(customer), "first_active")
        self.refresh("2024-02-10")
        self.assertEqual(self.tier(customer), "toddler_active")
        self.assertSameAsFull()

    def test_people_lapse_by_themselves_when_the_day_comes(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 5_000)
        self.refresh(day("2024-01-10", 239))
        self.assertEqual(self.tier(customer), "first_active")
        self.refresh(day("2024-01-10", 240))
        self.assertEqual(self.tier(customer), "first_lapsed")
        self.assertSameAsFull()

    def test_the_last_twelve_months_of_a_tier_shrink_when_purchases_grow_old(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 5_000)
        self.order(customer, "2024-06-10", 3_000)
        self.refresh("2025-01-09")
        self.assertEqual(self.portfolio_of("2025-01-09"), {"steady_active": (1, 8_000, 8_000)})
        self.refresh("2025-01-10")
        self.assertEqual(self.portfolio_of("2025-01-10"), {"steady_active": (1, 8_000, 3_000)})
        self.refresh("2025-06-10")
        self.assertEqual(self.portfolio_of("2025-06-10"), {"steady_lapsed": (1, 8_000, 0)})
        self.assertSameAsFull()

    def test_the_person_behind_a_company_s_order_is_the_customer(self):
        firm = self.customer("株式会社山田商店", is_company=True)
        person = self.customer("山田 花子", parent_id=firm.id)
        self.order(firm, "2024-01-10", 5_000, person_id=person.id)
        self.order(firm, "2024-01-11", 7_000)
        self.refresh("2024-02-01")
        self.assertEqual(self.metrics(person).amount, 5_000)
        self.assertEqual(self.metrics(firm).amount, 7_000)

    def test_addresses_of_a_person_count_as_the_person(self):
        person = self.customer("佐藤 一郎")
        shop = self.customer("店", parent_id=person.id, type="delivery")
        door = self.customer("裏口", parent_id=shop.id, type="other")
        self.order(person, "2024-01-10", 1_000)
        self.order(shop, "2024-01-12", 2_000)
        self.order(door, "2024-01-12", 4_000)
        self.refresh("2024-02-01")
        row = self.metrics(person)
        self.assertEqual((row.amount, row.purchase_days), (7_000, 2))
        self.assertFalse(self.metrics(shop) + self.metrics(door))
        self.order(door, "2024-01-13", 8_000)
        self.refresh("2024-02-02")
        self.assertEqual(self.metrics(person).amount, 15_000)
        self.assertSameAsFull()

    def test_counted_by_company_all_its_people_are_one_customer(self):
        firm = self.customer("株式会社山田商店", is_company=True)
        one, two = (self.customer(name, parent_id=firm.id) for name in ("甲", "乙"))
        self.order(one, "2024-01-10", 1_000)
        self.order(two, "2024-01-10", 2_000)
        self.order(firm, "2024-01-12", 4_000, person_id=one.id)
        self.portfolio.unit = "entity"
        self.refresh("2024-02-01")
        row = self.metrics(firm)
        self.assertEqual((row.amount, row.purchase_days), (7_000, 2))
        self.assertFalse(self.metrics(one) + self.metrics(two))

    def test_a_person_who_changes_the_company_takes_the_purchases_along(self):
        old, new = (self.customer(name, is_company=True) for name in ("旧社", "新社"))
        person = self.customer("転職 太郎", parent_id=old.id)
        self.order(person, "2024-01-10", 1_000)
        self.order(old, "2024-01-12", 2_000)
        self.portfolio.unit = "entity"
        self.refresh("2024-02-01")
        self.assertEqual(self.metrics(old).amount, 3_000)
        person.parent_id = new
        self.refresh("2024-02-02")
        self.assertEqual((self.metrics(old).amount, self.metrics(new).amount), (2_000, 1_000))
        self.assertSameAsFull()

    def test_tax_counts_or_not_as_the_rules_say(self):
        tax = self.env["account.tax"].create(
            {"name": "10%", "amount": 10, "company_id": self.company.id,
             "country_id": self.env.ref("base.jp").id,
             "tax_group_id": self.env["account.tax.group"].create(
                 {"name": "消費税", "company_id": self.company.id,
                  "country_id": self.env.ref("base.jp").id}).id}
        )
        customer = self.customer()
        order = self.order(customer, "2024-01-10", 1_000)
        order.order_line.tax_ids = tax
        self.refresh("2024-02-01")
        self.assertEqual(self.metrics(customer).amount, 1_100)
        self.portfolio.tax_included = False
        self.refresh("2024-02-01")
        self.assertEqual(self.metrics(customer).amount, 1_000)

    def test_another_currency_counts_by_the_order_s_own_rate(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": usd.id})
        customer = self.customer()
        order = self.order(customer, "2024-01-10", 100, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, usd)
        self.env.flush_all()
        for rate, yen in (("0.0064", 15_625), ("0.007", 14_286), ("0", 100), (None, 100)):
            self.env.cr.execute(
                "UPDATE sale_order SET currency_rate = %s WHERE id = %s", [rate, order.id]
            )
            self.refresh("2024-02-01")
            self.assertEqual(self.metrics(customer).amount, yen, f"rate {rate}")

    def test_invoices_count_on_invoice_basis_and_credit_notes_are_returns(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, False)
        customer = self.customer()

        def invoice(kind, day_, amount):
            move = self.env["account.move"].create(
                {"move_type": kind, "partner_id": customer.id, "invoice_date": day_,
                 "company_id": self.company.id,
                 "invoice_line_ids": [(0, 0, {"name": "煎茶", "price_unit": amount,
                                              "tax_ids": [(5,)]})]}
            )
            move.action_post()
            return move

        self.portfolio.basis = "invoices"
        invoice("out_invoice", "2024-01-10", 9_000)
        draft = invoice("out_invoice", "2024-03-10", 5_000)
        invoice("out_refund", "2024-04-10", 2_000)
        self.order(customer, "2024-01-01", 777)
        self.refresh("2024-05-01")
        row = self.metrics(customer)
        self.assertEqual((row.amount, row.purchase_days), (12_000, 2))
        self.assertEqual(str(row.last_date), "2024-03-10")
        draft.button_draft()
        self.refresh("2024-05-02")
        self.assertEqual(self.metrics(customer).amount, 7_000)
        self.assertSameAsFull()

    def test_a_company_without_orders_has_an_empty_portfolio(self):
        self.refresh()
        self.assertEqual(self.portfolio.customer_count, 0)
        self.assertEqual(self.portfolio_of("2099-01-01"), {})
        self.portfolio.rank()
        self.assertTrue(self.portfolio.ranked_at)

    def test_a_base_date_before_the_first_order_gives_an_empty_portfolio(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 5_000)
        self.refresh("2023-12-31")
        self.assertFalse(self.metrics(customer))
        self.refresh("2024-01-10")
        self.assertEqual(self.tier(customer), "first_active")

    def test_another_company_s_orders_do_not_count(self):
        customer = self.customer()
        other = self.env["res.company"].create({"name": "別会社", "currency_id": self.yen.id})
        self.order(customer, "2024-01-10", 5_000)
        self.env.user.company_ids += other
        self.order(customer, "2024-01-11", 9_000, company_id=other.id)
        self.refresh("2024-02-01")
        self.assertEqual(self.metrics(customer).amount, 5_000)

    def test_archived_people_stay_in_the_portfolio(self):
        customer = self.customer()
        self.order(customer, "2024-01-10", 5_000)
        customer.active = False
        self.refresh("2024-02-01")
        self.assertEqual(self.tier(customer), "first_active")

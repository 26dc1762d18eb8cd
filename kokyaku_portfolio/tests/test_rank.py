from odoo.tests import tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestRank(PortfolioCase):
    """Deciles, ABC, quintiles and the last twelve months."""

    def rows(self):
        return self.env["kokyaku.customer.metrics"].search(
            [("portfolio_id", "=", self.portfolio.id)], order="amount desc, partner_id"
        )

    def test_deciles_are_equal_and_the_first_ones_larger(self):
        for number in range(23):
            self.order(self.customer(ref=f"K{number:02}"), "2025-01-10", 1_000 + number)
        self.refresh("2025-02-01")
        self.portfolio.rank()
        deciles = self.rows().mapped("decile")
        self.assertEqual([deciles.count(d) for d in range(1, 11)], [3, 3, 3] + [2] * 7)
        self.assertEqual(deciles, sorted(deciles))

    def test_ties_break_by_customer_code(self):
        people = [self.customer(ref=ref) for ref in ("C", "A", "B")]
        for person in people:
            self.order(person, "2025-01-10", 1_000)
        self.refresh("2025-02-01")
        self.portfolio.rank()
        by_code = {row.partner_id.ref: row.decile for row in self.rows()}
        self.assertEqual(by_code, {"A": 1, "B": 2, "C": 3})

    def test_who_crosses_the_line_belongs_to_the_upper_class(self):
        for ref, amount in zip("PQRS", (7_000, 1_500, 1_000, 500), strict=True):
            self.order(self.customer(ref=ref), "2025-01-10", amount)
        self.refresh("2025-02-01")
        self.portfolio.rank()
        # cumulated before: 0, 70, 85, 95 % with lines at 80 and 90 %
        self.assertEqual(self.rows().mapped("abc_class"), ["a", "a", "b", "c"])

    def test_quintiles_rank_from_five_to_one(self):
        for number in range(5):
            customer = self.customer(ref=str(number))
            for _purchase in range(number + 1):
                self.order(customer, f"2025-01-{10 + number + _purchase}", 1_000)
        self.refresh("2025-02-01")
        self.portfolio.rank()
        rows = self.rows()
        self.assertEqual(rows.mapped("f_quintile"), [5, 4, 3, 2, 1])
        self.assertEqual(rows.mapped("m_quintile"), [5, 4, 3, 2, 1])
        self.assertEqual(rows.mapped("r_quintile"), [5, 4, 3, 2, 1])

    def test_the_last_twelve_months_end_on_the_base_date(self):
        customer = self.customer()
        self.order(customer, "2024-02-29", 100)
        self.order(customer, "2024-03-01", 1_000)
        self.order(customer, "2025-02-28", 10_000)
        self.refresh("2025-02-28")
        self.portfolio.rank()
        # a purchase of 29 February leaves on 28 February, one of 1 March the day after
        self.assertEqual(self.metrics(customer).amount_12m, 11_000)
        self.assertEqual(self.portfolio_of("2025-02-28")["steady_active"][2], 11_000)

    def test_ranking_twice_writes_nothing(self):
        self.order(self.customer(), "2025-01-10", 1_000)
        self.refresh("2025-02-01")
        self.portfolio.rank()
        first = self.rows().ranked_at
        self.env.cr.execute("UPDATE kokyaku_customer_metrics SET ranked_at = '2020-01-01'")
        self.env.invalidate_all()
        self.portfolio.rank()
        self.assertTrue(first)
        self.assertEqual(str(self.rows().ranked_at), "2020-01-01 00:00:00")

    def test_prospects_are_counted_beside_the_tiers(self):
        known = self.customer("問合せ")
        buyer = self.customer("購入者")
        returned = self.customer("返品")
        self.order(buyer, "2025-01-10", 1_000)
        self.order(returned, "2025-01-10", 1_000)
        self.order(returned, "2025-01-11", -1_000)
        self.refresh("2025-02-01")
        self.portfolio.rank()
        prospects = self.env["res.partner"].search(self.portfolio._prospect_domain())
        self.assertIn(known, prospects)
        self.assertIn(returned, prospects)
        self.assertNotIn(buyer, prospects)
        self.assertEqual(self.portfolio.prospect_count, len(prospects))
        self.assertFalse(self.metrics(returned).decile)

    def test_scores_follow_the_cut_offs(self):
        customer = self.customer()
        self.order(customer, "2025-01-02", 15_001)
        self.refresh("2025-02-01")  # 30 days
        row = self.metrics(customer)
        self.assertEqual((row.lapse_days, row.r_score, row.f_score, row.m_score), (30, 5, 1, 4))
        for score, value in (("r_score", 5), ("f_score", 1), ("m_score", 4), ("lapse_days", 30)):
            found = row.search([("portfolio_id", "=", self.portfolio.id), (score, "=", value)])
            self.assertEqual(found, row, score)
            self.assertFalse(row.search([("portfolio_id", "=", self.portfolio.id),
                                         (score, "!=", value)]), score)
            [group] = row._read_group([("portfolio_id", "=", self.portfolio.id)], [score],
                                      ["__count"])
            self.assertEqual(group, (value, 1), score)
        self.refresh("2025-02-02")
        self.assertEqual(self.metrics(customer).r_score, 4)

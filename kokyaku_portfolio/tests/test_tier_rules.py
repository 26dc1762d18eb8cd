"""The rules of the ten tiers, without a database."""

from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..tiers import TIER_CODES, TierRules, tier_of

RULES = TierRules()
START = date(2024, 4, 1)


def tier(purchases, tenure, amount, lapse, rules=RULES):
    last = START + timedelta(days=tenure)
    return tier_of(rules, purchases, START, last, amount, last + timedelta(days=lapse))


@tagged("post_install", "-at_install")
class TestTierRules(BaseCase):
    def test_one_purchase_is_first_time_whatever_it_cost(self):
        self.assertEqual(tier(1, 0, 1, 0), "first_active")
        self.assertEqual(tier(1, 0, 9_999_999, 0), "first_active")

    def test_tenure_of_89_days_is_toddler_and_90_is_not(self):
        self.assertEqual(tier(2, 89, 1_000, 0), "toddler_active")
        self.assertEqual(tier(2, 90, 1_000, 0), "steady_active")

    def test_a_toddler_stays_one_whatever_the_amount(self):
        self.assertEqual(tier(9, 89, 70_000, 0), "toddler_active")

    def test_69_999_yen_is_steady_and_70_000_is_not(self):
        self.assertEqual(tier(2, 300, 69_999, 0), "steady_active")
        self.assertEqual(tier(2, 300, 70_000, 0), "loyal_active")

    def test_tenure_of_209_days_is_trend_and_210_is_loyal(self):
        self.assertEqual(tier(2, 209, 70_000, 0), "trend_active")
        self.assertEqual(tier(2, 210, 70_000, 0), "loyal_active")

    def test_239_days_without_a_purchase_is_active_and_240_has_lapsed(self):
        self.assertEqual(tier(1, 0, 500, 239), "first_active")
        self.assertEqual(tier(1, 0, 500, 240), "first_lapsed")

    def test_who_bought_nothing_or_returned_everything_is_a_prospect(self):
        self.assertIsNone(tier_of(RULES, 0, None, None, 0, START))
        self.assertIsNone(tier(2, 100, 0, 10))
        self.assertIsNone(tier(2, 100, -5, 10))

    def test_the_ten_tiers_split_everyone_without_gap_or_overlap(self):
        seen = set()
        for purchases, tenure in [(1, 0)] + [(2, t) for t in (1, 89, 90, 209, 210, 4000)]:
            for amount in (1, 69_999, 70_000, 10_000_000):
                for lapse in (0, 239, 240, 5000):
                    seen.add(tier(purchases, tenure, amount, lapse))
        self.assertEqual(seen, set(TIER_CODES))

    def test_thresholds_that_leave_a_gap_are_named(self):
        self.assertEqual(RULES.problems(), [])
        self.assertEqual(TierRules(short_tenure_days=210).problems(), ["tenure_order"])
        self.assertEqual(TierRules(long_tenure_days=30).problems(), ["tenure_order"])
        self.assertEqual(TierRules(lapse_days=0).problems(), ["lapse_days"])
        self.assertEqual(TierRules(loyal_amount=-1).problems(), ["loyal_amount"])
        self.assertEqual(
            TierRules(short_tenure_days=0).problems(), ["short_tenure_days"]
        )

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..tiers import days


@tagged("post_install", "-at_install")
class TestBoardDays(BaseCase):
    """Which days the board compares."""

    def test_the_examples_in_the_documentation_hold(self):
        result = doctest.testmod(days)
        self.assertFalse(result.failed)
        self.assertGreaterEqual(result.attempted, 3)

    def test_a_whole_month_is_compared_with_a_whole_month(self):
        self.assertEqual(days.months_before(date(2026, 4, 30), 1), date(2026, 3, 31))
        self.assertEqual(days.months_before(date(2026, 1, 31), 1), date(2025, 12, 31))
        self.assertEqual(days.months_before(date(2026, 3, 30), 1), date(2026, 2, 28))

    def test_the_end_of_february_stays_the_end_in_a_leap_year(self):
        self.assertEqual(days.months_before(date(2025, 2, 28), 12), date(2024, 2, 29))
        self.assertEqual(days.months_before(date(2025, 2, 27), 12), date(2024, 2, 27))

    def test_the_trend_ends_with_the_base_day_after_23_whole_months(self):
        trend = days.trend_days(date(2026, 1, 1))
        self.assertEqual(len(trend), 24)
        self.assertEqual(trend[0], date(2024, 2, 29))
        self.assertEqual(trend[-2:], [date(2025, 12, 31), date(2026, 1, 1)])

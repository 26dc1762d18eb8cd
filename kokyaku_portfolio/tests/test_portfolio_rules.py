from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestPortfolioRules(PortfolioCase):
    """Rules that would leave a gap are refused, with a message that names the field."""

    def test_thresholds_out_of_order_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "210 days.*90 days"):
            self.portfolio.write({"short_tenure_days": 210, "long_tenure_days": 90})
        with self.assertRaisesRegex(ValidationError, "greater than zero"):
            self.portfolio.loyal_amount = 0

    def test_a_base_date_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self.portfolio.base_date = self.portfolio._today() + timedelta(days=1)
        self.portfolio.base_date = self.portfolio._today()

    def test_scores_and_classes_need_limits_in_order(self):
        with self.assertRaises(ValidationError):
            self.portfolio.r_cut_5 = 90
        with self.assertRaises(ValidationError):
            self.portfolio.f_cut_2 = 3
        with self.assertRaises(ValidationError):
            self.portfolio.abc_a = 95

    def test_the_suggestion_is_seven_times_the_average_order(self):
        customer = self.customer()
        self.assertEqual(self.portfolio.suggested_loyal_amount(), 0)
        with self.assertRaisesRegex(UserError, "no confirmed orders"):
            self.portfolio.action_suggest_loyal_amount()
        for amount in (8_000, 12_400, -5_000):
            self.order(customer, "2025-01-10", amount)
        self.order(customer, "2025-01-10", 99_999, state="draft")
        # the average of 8 000 and 12 400 is 10 200; times seven is 71 400
        self.assertEqual(self.portfolio.suggested_loyal_amount(), 71_000)
        self.portfolio.action_suggest_loyal_amount()
        self.assertEqual(self.portfolio.loyal_amount, 71_000)

    def test_a_company_has_one_default_portfolio(self):
        self.assertEqual(self.env["kokyaku.portfolio"]._default_for(self.company), self.portfolio)
        self.assertFalse(self.portfolio.copy().is_default)
        with self.assertRaisesRegex(UserError, "default portfolio"):
            self.portfolio.unlink()

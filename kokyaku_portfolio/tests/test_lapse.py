"""Whoever lapses because time goes by lapses as a full computation says, to the yen."""

from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from .common import PortfolioCase, day

START = "2025-06-01"


@tagged("post_install", "-at_install")
class TestLapse(PortfolioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Last purchases lie around the lapse limit, older ones around twelve months, so that a
        # month sees many lapses and many expiries, also of one customer on one day.
        random = Random(8)
        cls.customers = [cls.customer(f"顧客{number}") for number in range(24)]
        for customer in cls.customers:
            last = -random.randint(200, 250)
            cls.order(customer, day(START, last), random.choice([500, 30_000, 80_000]))
            for _ in range(random.randint(0, 3)):
                cls.order(
                    customer, day(START, -random.randint(330, 380)),
                    random.choice([400, 9_000, 70_000]),
                )
            if random.random() < 0.3:
                cls.order(customer, day(START, last + random.randint(0, 9)), -300)
        # 240 days after the second order the first is just twelve months old.
        both = cls.customer("同日")
        cls.order(both, day("2025-06-10", -365), 2_000)
        cls.order(both, day("2025-06-10", -240), 3_000)

    def lapsed(self):
        return self.env["kokyaku.tier.period"].search_count(
            [("portfolio_id", "=", self.portfolio.id), ("date_from", ">", START),
             ("tier_id.lapsed", "=", True)]
        )

    def test_a_month_of_days_on_which_nobody_buys(self):
        self.refresh(START)
        with patch.object(
            type(self.portfolio), "_compute_touched",
            side_effect=AssertionError("purchases were read again"),
        ):
            for plus in range(1, 31):
                self.refresh(day(START, plus))
        self.assertGreater(self.lapsed(), 5)
        self.assertSameAsFull()

    def test_days_on_which_nobody_pressed_the_button(self):
        self.refresh(START)
        for plus in (1, 4, 11, 30):
            self.refresh(day(START, plus))
        self.assertGreater(self.lapsed(), 5)
        self.assertSameAsFull()

    def test_some_buy_or_return_while_others_lapse(self):
        random = Random(9)
        self.refresh(START)
        for plus in range(1, 31, 3):
            self.order(
                random.choice(self.customers), day(START, plus - random.randint(0, 2)),
                random.choice([-200, 5_000, 90_000]),
            )
            self.refresh(day(START, plus))
        self.assertGreater(self.lapsed(), 3)
        self.assertSameAsFull()

"""The order book of the demo company, on whatever day somebody looks at it. No database."""

import csv
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
DEMO = CHECKOUT / "kokyaku_crm" / "demo"
sys.path[:0] = [str(DEMO), str(CHECKOUT / "kokyaku_portfolio")]

from orders import OrderBook, Product, Story  # noqa: E402
from tiers.rules import TIER_CODES, TierRules, tier_of  # noqa: E402

TAX = 1.08
DAYS = (
    datetime(2026, 12, 31, 23, 59),
    datetime(2027, 1, 1, 0, 5),
    datetime(2027, 3, 1, 9),
    datetime(2027, 7, 15, 12),
    datetime(2028, 2, 29, 8, 30),
)


def rows(name):
    with open(DEMO / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stories():
    return [Story.from_row(row) for row in rows("purchase_stories.csv")]


def book(now):
    products = [
        Product(
            row["default_code"],
            int(row["list_price"]),
            gift=row["categ_id/id"] == "demo_category_gift",
        )
        for row in rows("product.product.csv")
    ]
    return OrderBook(products, now)


def tiers(orders, price_of, customer_of, today):
    """Return how many customers are in each tier, by the portfolio's own rules."""
    net = defaultdict(lambda: defaultdict(float))
    for order in orders:
        if order.kind in ("purchase", "return", "sample"):
            amount = sum(price_of.get(code, 0) * quantity for code, quantity in order.lines)
            net[customer_of(order.customer)][order.at.date()] += amount * TAX
    counts = Counter()
    for days in net.values():
        bought = [day for day, amount in days.items() if amount > 0]
        first, last = min(bought, default=today), max(bought, default=today)
        amount = sum(days.values())
        counts[tier_of(TierRules(), len(bought), first, last, amount, today)] += 1
    return counts


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_on_any_day_all_ten_tiers_are_there_for_persons_and_companies(now):
    written = book(now)
    orders = written.fill(stories())
    company_of = {
        row["id"]: row["parent_id/id"].partition("_dept")[0]
        for row in rows("res.partner-3_persons.csv")
        if row["parent_id/id"]
    }
    for customer_of in (lambda one: one, lambda one: company_of.get(one, one)):
        counts = tiers(orders, written.price_of, customer_of, now.date())
        assert set(TIER_CODES) <= set(counts)
        assert min(counts[code] for code in TIER_CODES) >= 4
        assert counts[None] >= 3  # the samples, and those who sent everything back


@pytest.mark.parametrize("now", DAYS, ids=str)
def test_the_last_order_is_of_today_and_none_of_later(now):
    last = max(order.at for order in book(now).fill(stories()))
    assert last.date() == now.date()
    assert last <= now


def test_the_same_day_gives_the_same_orders():
    now = DAYS[2]
    assert book(now).fill(stories()) == book(now).fill(stories())


def test_first_and_last_day_of_a_story_are_kept():
    now = DAYS[2]
    for story in stories():
        if story.kind == "purchase" and story.purchase_days > 1:
            days = [order.at.date() for order in book(now).fill([story])]
            assert (now.date() - days[0]).days == story.first
            assert (now.date() - days[-1]).days == story.last
            assert len(days) == len(set(days)) <= story.purchase_days


def test_who_sends_everything_back_has_bought_nothing():
    written = book(DAYS[2])
    bought = Story("x", "", "purchase", "regular", 40, 40, 1, 7600)
    returned = Story("x", "", "return", "regular", 30, 30, 0, None)
    sums = Counter()
    for order in written.fill([bought, returned]):
        for code, quantity in order.lines:
            sums[code] += quantity
    assert sums and not any(sums.values())

"""The order book of the demo company: stories in, orders out. Plain Python, no Odoo.

``purchase_stories.csv`` says for each customer from when to when, how often and for how much
they bought; this module spreads those purchases over the calendar (お中元 in July, お歳暮 in
December, few on Sundays) and fills the baskets. First and last day of a story are kept exactly,
because they decide the tier. The same stories on the same day give the same orders: each story
has its own random numbers, seeded by its place in the file.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

MONTH_WEIGHTS = (0.8, 0.8, 1.0, 1.0, 1.1, 1.2, 2.0, 0.9, 0.9, 1.0, 1.3, 2.4)
"""How much is bought in January … December, compared with a quiet month."""

GIFT_MONTHS = {3: 2, 6: 3, 7: 7, 11: 3, 12: 9}
"""お彼岸, お中元, お歳暮: when those who buy for others buy."""

GROWTH = 1.9
"""A customer buys this many times as often as a year before."""

MOST_LINES = 6
MOST_PIECES = 6
"""Of one product in one order; of a gift three times as many."""

SEASONS = {
    "T-107": (4, 5, 6),  # 新茶
    "T-108": (5, 6, 7, 8, 9),
    "H-204": (10, 11, 12, 1, 2, 3),
    "S-304": (6, 7, 8),
    "S-305": (2, 3, 4),
    "S-306": (9, 10, 11),
    "G-403": (6, 7, 8),  # お中元
    "G-404": (11, 12),  # お歳暮
    "G-405": (12, 1),  # お年賀
}
"""The months a product is sold in; what is not named here is sold all year."""

WRAPPING = "N-501"
"""のし・名入れ包装: goes with gifts, never alone."""

HOURS = {
    "business": (8, 9, 9, 10, 10, 11, 11, 13, 13, 14, 14, 15, 16, 17),
    "private": (6, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 18, 20, 20, 21, 21, 22, 23),
}


@dataclass(frozen=True)
class Product:
    """One thing for sale: its price in yen without tax, and whether it is a gift."""

    code: str
    price: int
    gift: bool = False

    @property
    def months(self) -> tuple[int, ...]:
        """The months it is sold in; empty: all year."""
        return SEASONS.get(self.code, ())


@dataclass(frozen=True)
class Story:
    """One row of ``purchase_stories.csv``. Days count back from today, amounts are yen without tax.

    :param kind: ``purchase``, ``return`` (an empty amount returns everything bought so far),
        ``sample`` (free of charge), ``quotation`` or ``cancelled``
    :param habit: ``monthly`` (定期便), ``regular``, ``gift`` or ``business``
    :param ordered_by: the company that orders for the customer, or empty
    """

    customer: str
    ordered_by: str
    kind: str
    habit: str
    first: int
    last: int
    purchase_days: int
    amount: int | None

    @classmethod
    def from_row(cls, row: dict[str, str]) -> "Story":
        """Read one row of the file; a wrong figure raises ``ValueError``."""
        return cls(
            customer=row["customer"],
            ordered_by=row["ordered_by"],
            kind=row["kind"],
            habit=row["habit"],
            first=int(row["first_days_ago"]),
            last=int(row["last_days_ago"]),
            purchase_days=int(row["purchase_days"]),
            amount=int(row["amount"]) if row["amount"] else None,
        )


@dataclass(frozen=True)
class Order:
    """One order: local time, and per line the product code and a quantity (negative: returned)."""

    customer: str
    ordered_by: str
    kind: str
    at: datetime
    lines: tuple[tuple[str, int], ...]


class OrderBook:
    """Holds what is sold and bought, and makes the orders of all stories.

    :param products: what is sold; the one without a price is the free sample
    :param now: local time of the company; no order is later
    """

    def __init__(self, products: list[Product], now: datetime):
        self.products = [product for product in products if product.price]
        self.sample = next(product for product in products if not product.price)
        self.price_of = {product.code: product.price for product in products}
        self.now = now
        self.today = now.date()
        self.bought: dict[str, dict[str, int]] = {}

    def fill(self, stories: list[Story]) -> list[Order]:
        """Return the orders of all stories, oldest first."""
        orders = []
        for number, story in enumerate(stories):
            orders += self._orders_of(story, Random(f"kokyaku-{number}"))
        return sorted(orders, key=lambda order: order.at)

    def _orders_of(self, story, rng):
        if story.kind == "return":
            day = self._day(story.last)
            lines = self._returned_lines(story)
            return [self._order(story, day, lines, rng)] if lines else []
        if story.kind == "sample":
            return [self._order(story, self._day(story.last), ((self.sample.code, 1),), rng)]
        days = self._purchase_days(story, rng)
        orders = []
        for day, amount in zip(days, self._amounts(story, days, rng), strict=True):
            lines = self._basket(amount, day, story.habit, rng)
            orders.append(self._order(story, day, lines, rng))
            if story.kind == "purchase":
                held = self.bought.setdefault(story.customer, {})
                for code, quantity in lines:
                    held[code] = held.get(code, 0) + quantity
        return orders

    def _day(self, days_ago):
        return self.today - timedelta(days=days_ago)

    def _purchase_days(self, story, rng):
        """First and last day as told, the others by habit and season."""
        first, last = self._day(story.first), self._day(story.last)
        if story.purchase_days <= 1:
            return [last]
        between = story.purchase_days - 2
        if story.habit == "monthly":
            step = (last - first).days / (story.purchase_days - 1)
            inner = {
                first + timedelta(days=round(step * nth) + rng.randint(-2, 2))
                for nth in range(1, story.purchase_days - 1)
            }
            inner -= {first, last}
            return [first, *sorted(day for day in inner if first < day < last), last]
        candidates = [first + timedelta(days=n) for n in range(1, (last - first).days)]
        # weighted draw without replacement (Efraimidis and Spirakis)
        drawn = sorted(candidates, key=lambda day: rng.random() ** (1 / self._weight(day, story)))
        return [first, *sorted(drawn[len(drawn) - between :] if between else ()), last]

    def _weight(self, day, story):
        """Return how likely a purchase on this day is, compared with a quiet working day."""
        weekend = day.weekday() >= 5
        growth = GROWTH ** ((day - self.today).days / 365)
        if story.habit == "gift":
            return growth * GIFT_MONTHS.get(day.month, 1) * (0.7 if weekend else 1)
        season = growth * MONTH_WEIGHTS[day.month - 1]
        if story.habit == "business":
            return season * (0.001 if weekend else 1)
        return season * (0.7 if weekend else 1)

    def _amounts(self, story, days, rng):
        """Split the amount of the story over its days, more in the gift season."""
        shares = [rng.uniform(0.5, 1.5) * (1.6 if day.month in (7, 12) else 1.0) for day in days]
        return [story.amount * share / sum(shares) for share in shares]

    def _basket(self, amount, day, habit, rng):
        """Choose products worth about ``amount`` yen, at least one."""
        giving = habit in ("gift", "business") or day.month in (7, 12)
        on_sale = [
            p
            for p in self.products
            if (not p.months or day.month in p.months) and p.code != WRAPPING
        ]
        weights = {
            p.code: (3 if p.months else 1) * (2.5 if p.gift and giving else 0.4 if p.gift else 1)
            for p in on_sale
        }
        basket = {}
        rest = amount
        while len(basket) < MOST_LINES:
            # nobody fills up an expensive order with small change
            affordable = [
                p
                for p in on_sale
                if p.code not in basket and amount * 0.04 <= p.price <= rest * 1.15
            ]
            if not affordable:
                break
            product = rng.choices(affordable, [weights[p.code] for p in affordable])[0]
            wanted = rest * rng.uniform(0.4, 1.0) / product.price
            most = MOST_PIECES * (3 if product.gift else 1)
            basket[product.code] = min(max(1, round(wanted)), most)
            rest -= basket[product.code] * product.price
        if not basket:
            basket[min(on_sale, key=lambda p: p.price).code] = 1
        gifts = sum(basket.get(p.code, 0) for p in on_sale if p.gift)
        if gifts and rng.random() < 0.4:
            basket[WRAPPING] = gifts
        return tuple(basket.items())

    def _returned_lines(self, story):
        """Give back what the customer holds, up to the amount of the story (None: all of it)."""
        lines = []
        rest = story.amount
        held = self.bought.get(story.customer, {})
        for code, quantity in sorted(held.items(), key=lambda item: -self.price_of[item[0]]):
            back = quantity
            if rest is not None:
                back = min(quantity, int(rest // self.price_of[code]))
                rest -= back * self.price_of[code]
            if back > 0:
                held[code] = quantity - back
                lines.append((code, -back))
        return tuple(lines)

    def _order(self, story, day, lines, rng):
        hours = HOURS["business" if story.habit == "business" else "private"]
        at = datetime.combine(day, time(rng.choice(hours), rng.randrange(60), rng.randrange(60)))
        if at > self.now:
            # today's orders are those that have come in so far
            midnight = datetime.combine(day, time())
            at = midnight + rng.random() * (self.now - midnight)
        return Order(story.customer, story.ordered_by, story.kind, at.replace(microsecond=0), lines)

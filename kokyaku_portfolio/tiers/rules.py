"""The ten tiers of the customer portfolio (顧客ポートフォリオ, やずや式).

Two questions put a customer into a tier: how far the relation has grown (five steps, by
number of purchase days, tenure and amount), and whether it is still alive (by the days since
the last purchase). The thresholds and the signs of the boundaries follow the published table
(未満 / 以上) quoted in the project's domain notes, §1.2.
"""

from dataclasses import dataclass
from datetime import date

GROWTH = ("first", "toddler", "steady", "trend", "loyal")
"""The five steps in growth order: 初回, よちよち, コツコツ, 流行, 優良."""

ACTIVE_CODES = tuple(f"{step}_active" for step in GROWTH)
LAPSED_CODES = tuple(f"{step}_lapsed" for step in GROWTH)
TIER_CODES = ACTIVE_CODES + LAPSED_CODES


@dataclass(frozen=True)
class TierRules:
    """The four thresholds: three in days, one in company currency."""

    short_tenure_days: int = 90
    long_tenure_days: int = 210
    lapse_days: int = 240
    loyal_amount: float = 70_000

    def problems(self):
        """Return why these thresholds would leave a tier empty or a customer without one.

        :returns: codes out of ``short_tenure_days``, ``long_tenure_days``, ``lapse_days``,
            ``loyal_amount`` (not positive) and ``tenure_order`` (short is not below long);
            an empty list when the five rows split everyone.
        """
        found = [
            name
            for name in ("short_tenure_days", "long_tenure_days", "lapse_days", "loyal_amount")
            if not getattr(self, name) > 0
        ]
        if not self.short_tenure_days < self.long_tenure_days:
            found.append("tenure_order")
        return found


def tier_of(rules, purchase_days, first: date, last: date, amount, on: date):
    """Return the code of the tier of one customer on one day, None for a prospect (見込客).

    This is the specification; the database computes the same for everyone at once
    (``models/portfolio_events.py``), and the tests hold the two against each other.

    :param rules: a :class:`TierRules`
    :param purchase_days: number of distinct days with a net sum above zero, up to ``on``
    :param first: first of these days
    :param last: last of these days
    :param amount: net sum of everything up to ``on``, returns deducted
    :param on: the base date (基準日)
    """
    if not purchase_days or amount <= 0:
        return None
    tenure = (last - first).days
    if purchase_days == 1:
        step = "first"
    elif tenure < rules.short_tenure_days:
        step = "toddler"
    elif amount < rules.loyal_amount:
        step = "steady"
    elif tenure < rules.long_tenure_days:
        step = "trend"
    else:
        step = "loyal"
    lapsed = (on - last).days >= rules.lapse_days
    return f"{step}_{'lapsed' if lapsed else 'active'}"

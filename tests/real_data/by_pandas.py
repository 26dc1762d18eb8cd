"""The portfolio of everyone on one day, by pandas.

Written from the rules (design §3, domain notes §1 and §2), not from the engine. Amounts are
whole cents, so nothing is lost to rounding.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Rules:
    """Days, and the amount in dollars."""

    short_tenure_days: int = 90
    long_tenure_days: int = 210
    lapse_days: int = 240
    loyal_amount: float = 200
    abc_a: float = 80
    abc_b: float = 90


def purchases(transactions, zone):
    """Return one row per household and local day: ``cents`` and ``orders`` (baskets)."""
    local = (
        transactions.transaction_timestamp.dt.tz_localize("UTC")
        .dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    )
    frame = pd.DataFrame(
        {
            "household": transactions.household_id,
            "day": local,
            "cents": (transactions.sales_value * 100).round().astype("int64"),
            "basket": transactions.basket_id,
        }
    )
    days = frame.groupby(["household", "day"], as_index=False).agg(
        cents=("cents", "sum"), orders=("basket", "nunique")
    )
    return days[days.cents != 0]


def portfolio(days, on: date, rules):
    """Return everyone's figures on the day ``on``, by household.

    :param days: as :func:`purchases` returns them
    """
    on = pd.Timestamp(on)
    days = days[days.day <= on]
    bought = days[days.cents > 0].groupby("household").day
    people = pd.DataFrame({"first": bought.min(), "last": bought.max(), "times": bought.count()})
    people["cents"] = days.groupby("household").cents.sum()
    people["orders"] = days.groupby("household").orders.sum()
    within = days[days.day + pd.DateOffset(months=12) > on]
    people["cents_12m"] = within.groupby("household").cents.sum().reindex(people.index).fillna(0)
    people["tenure"] = (people["last"] - people["first"]).dt.days
    people["lapse"] = (on - people["last"]).dt.days
    people["tier"] = _tiers(people, rules)
    return people.join(_ranks(people, rules))


def _tiers(people, rules):
    step = np.select(
        [
            people.times == 1,
            people.tenure < rules.short_tenure_days,
            people.cents < rules.loyal_amount * 100,
            people.tenure < rules.long_tenure_days,
        ],
        ["first", "toddler", "steady", "trend"],
        "loyal",
    )
    lapsed = np.where(people.lapse >= rules.lapse_days, "_lapsed", "_active")
    tier = pd.Series(step, people.index) + lapsed
    return tier.where(people.cents > 0)


def _ranks(people, rules):
    """Deciles, ABC and quintiles of those in a tier; the index is the order of the codes."""
    inside = people[people.tier.notna()]
    best = {
        "m": inside.sort_index().sort_values("cents", ascending=False, kind="stable"),
        "r": inside.sort_index().sort_values("last", ascending=False, kind="stable"),
        "f": inside.sort_index().sort_values("times", ascending=False, kind="stable"),
    }
    ranks = pd.DataFrame(index=inside.index)
    for letter, frame in best.items():
        ranks[f"{letter}_quintile"] = pd.Series(6 - _groups(len(frame), 5), frame.index)
    ranks["decile"] = pd.Series(_groups(len(inside), 10), best["m"].index)
    before = best["m"].cents.cumsum() - best["m"].cents
    share = before * 100 / max(inside.cents.sum(), 1)
    ranks["abc"] = pd.Series(
        np.select([share < rules.abc_a, share < rules.abc_b], ["a", "b"], "c"), best["m"].index
    )
    return ranks


def _groups(count, groups):
    """Numbers from 1, equal head-counts, the first groups larger when it does not divide."""
    sizes = [count // groups + (number < count % groups) for number in range(groups)]
    return np.repeat(np.arange(1, groups + 1), sizes)

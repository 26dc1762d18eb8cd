"""Periods as an office says them: 過去1年, 今年度, 昨年 … relative to a day."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
NAMED = (
    "this_month", "last_month", "this_year", "last_year", "this_fiscal_year",
    "last_fiscal_year",
)  # fmt: skip


def bounds(period, today, number=0, unit="month", year_end=(12, 31)):
    """Return (first day, last day) of a period, each a date.

    :param str period: ``last`` (the past `number` of `unit`, today included) or one of
        ``NAMED``
    :param date today: the day from which it counts
    :param year_end: (month, day) on which the fiscal year ends
    :raises ValueError: for a period or unit that does not exist, or a number below one

    >>> bounds("last", date(2026, 11, 24), 1, "year")
    (datetime.date(2025, 11, 25), datetime.date(2026, 11, 24))
    >>> bounds("last_fiscal_year", date(2026, 3, 31), year_end=(3, 31))
    (datetime.date(2024, 4, 1), datetime.date(2025, 3, 31))
    """
    if period == "last":
        if number < 1 or unit not in UNITS:
            raise ValueError(f"no such period: {number} {unit}")
        return today - relativedelta(**{UNITS[unit]: number}) + timedelta(days=1), today
    if period not in NAMED:
        raise ValueError(f"no such period: {period}")
    if period.endswith("month"):
        first = today.replace(day=1)
        if period == "last_month":
            first -= relativedelta(months=1)
        return first, first + relativedelta(months=1, days=-1)
    if not period.endswith("fiscal_year"):
        year_end = (12, 31)
    end = _end_of_year(today.year, year_end)
    if end < today:
        end = _end_of_year(today.year + 1, year_end)
    if period.startswith("last"):
        end = _end_of_year(end.year - 1, year_end)
    return _end_of_year(end.year - 1, year_end) + timedelta(days=1), end


def _end_of_year(year, year_end):
    month, day = year_end
    last = date(year, month, 1) + relativedelta(months=1, days=-1)
    return min(last, date(year, month, min(day, last.day)))

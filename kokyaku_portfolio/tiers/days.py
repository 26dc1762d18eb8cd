"""Days the board compares (基準日・比較日), in plain Python."""

import calendar
from datetime import date, timedelta


def month_end(day):
    """Return the last day of the month of ``day``.

    >>> month_end(date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_before(day, months):
    """Return the same day ``months`` months earlier; the end of a month stays an end of month.

    >>> months_before(date(2025, 3, 15), 1), months_before(date(2025, 3, 31), 1)
    (datetime.date(2025, 2, 15), datetime.date(2025, 2, 28))
    >>> months_before(date(2025, 2, 28), 1), months_before(date(2024, 2, 29), 12)
    (datetime.date(2025, 1, 31), datetime.date(2023, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    last = month_end(first)
    if day == month_end(day):
        return last
    return first.replace(day=min(day.day, last.day))


def trend_days(base, months=24):
    """Return the days of the monthly trend (月次推移), oldest first: the ends of the months
    before, and ``base`` itself.

    >>> trend_days(date(2025, 3, 15), 3)
    [datetime.date(2025, 1, 31), datetime.date(2025, 2, 28), datetime.date(2025, 3, 15)]
    """
    days = [base]
    while len(days) < months:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]

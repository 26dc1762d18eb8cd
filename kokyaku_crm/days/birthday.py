"""Birthdays: the 29th of February is kept on the 28th in common years."""

import calendar
from datetime import date


def _birthday_in(year, birthdate):
    day = birthdate.day
    if birthdate.month == 2 and day == 29 and not calendar.isleap(year):
        day = 28
    return date(year, birthdate.month, day)


def age_on(birthdate, day):
    """Return the age in full years on `day`, None before the birth.

    >>> age_on(date(1980, 5, 10), date(2026, 5, 9)), age_on(date(1980, 5, 10), date(2026, 5, 10))
    (45, 46)
    """
    if day < birthdate:
        return None
    return day.year - birthdate.year - (day < _birthday_in(day.year, birthdate))


def next_birthday(birthdate, day):
    """Return the next birthday, `day` itself included.

    >>> next_birthday(date(2000, 2, 29), date(2026, 1, 1))
    datetime.date(2026, 2, 28)
    >>> next_birthday(date(2000, 2, 29), date(2026, 3, 1))
    datetime.date(2027, 2, 28)
    """
    this_year = _birthday_in(day.year, birthdate)
    return this_year if this_year >= day else _birthday_in(day.year + 1, birthdate)

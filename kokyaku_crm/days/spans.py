"""Spans of days. A span is (first day, last day), both included; None or False is open."""

from datetime import date
from itertools import pairwise


def covers(first, last, day):
    """Say whether `day` lies between `first` and `last`.

    >>> covers(None, date(2026, 3, 31), date(2026, 3, 31))
    True
    >>> covers(date(2026, 4, 1), None, date(2026, 3, 31))
    False
    """
    return (not first or first <= day) and (not last or day <= last)


def overlap(one, other):
    """Say whether two spans have a day in common."""
    return (not one[0] or not other[1] or one[0] <= other[1]) and (
        not other[0] or not one[1] or other[0] <= one[1]
    )


def first_overlap(spans):
    """Return the keys of two spans that overlap, None when all lie apart.

    :param spans: iterable of (key, first day, last day)

    >>> first_overlap([("a", None, date(2026, 3, 31)), ("b", date(2026, 4, 1), None)])
    >>> first_overlap([("b", date(2026, 3, 31), None), ("a", None, date(2026, 3, 31))])
    ('a', 'b')
    """
    ordered = sorted(spans, key=lambda span: span[1] or date.min)
    for (key, first, last), (next_key, next_first, next_last) in pairwise(ordered):
        # neighbours in order of their beginning: if any two overlap, some neighbours do
        if overlap((first, last), (next_first, next_last)):
            return key, next_key
    return None

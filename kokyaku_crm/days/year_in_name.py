"""The year in the name of something that comes every year: 2025年お歳暮, 令和7年 年賀状."""

import re

_DIGITS = "0-9０-９"
_YEAR = re.compile(
    rf"(?<![{_DIGITS}])(?P<western>[12１２][09０９][{_DIGITS}]{{2}})(?![{_DIGITS}])"
    rf"|(?P<era>令和\s*|(?<![A-Za-z])R)(?P<number>元|[{_DIGITS}]{{1,2}})(?=\s*年|\s|$)"
)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def next_year(name):
    """Return the name with each year in it one later; without a year, the name as it is.

    >>> next_year("2025年お歳暮"), next_year("令和7年 年賀状"), next_year("お得意様")
    ('2026年お歳暮', '令和8年 年賀状', 'お得意様')
    """
    return _YEAR.sub(_raised, name or "")


def _raised(match):
    if match["western"]:
        return _one_more(match["western"])
    number = match["number"]
    return match["era"] + ("2" if number == "元" else _one_more(number))


def _one_more(digits):
    more = str(int(digits) + 1)
    return more if digits.isascii() else more.translate(_WIDE)

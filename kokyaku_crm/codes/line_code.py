"""The code of one piece of post, as it is typed or read: the number of its line with the check
digits of ``check_digits``; zeros in front may be missing. Plain Python."""

import unicodedata

from .check_digits import WIDTH, number_of, with_check_digits


def code_of(number):
    """Return the shortest code of a line's id.

    >>> code_of(794)
    '79444'
    """
    if number <= 0:
        raise ValueError(f"no number of a line: {number}")
    return with_check_digits(number).lstrip("0")


def id_of(code):
    """Return the line's id in a code as it was typed or read; ValueError if it is misread.

    Full-width digits are read, blanks, hyphens and zeros in front are skipped.

    >>> id_of("７９４-44 ")
    794
    >>> id_of("79544")
    Traceback (most recent call last):
    ...
    ValueError: 79544
    """
    digits = "".join(unicodedata.normalize("NFKC", code or "").replace("-", " ").split())
    number = len(digits) > 2 and number_of(digits.lstrip("0").zfill(WIDTH + 2))
    if not number:
        raise ValueError(code)
    return number

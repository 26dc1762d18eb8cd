"""The code of one piece of post: the number of its line, and two check digits behind it by
ISO 7064 (MOD 97-10). Plain Python.

Every single wrong digit, and every two digits that changed places, are found.
"""

import unicodedata

MODULUS = 97


def _check(number):
    return MODULUS + 1 - number * 100 % MODULUS


def code_of(number):
    """Return the code of a line's id.

    >>> code_of(794)
    '79444'
    """
    if number <= 0:
        raise ValueError(f"no number of a line: {number}")
    return f"{number}{_check(number):02d}"


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
    if not (digits.isascii() and digits.isdigit() and len(digits) > 2):
        raise ValueError(code)
    number = int(digits[:-2])
    if not number or _check(number) != int(digits[-2:]):
        raise ValueError(code)
    return number

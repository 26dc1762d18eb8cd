"""Check digits by ISO 7064, MOD 97-10: every single wrong digit, every two digits that changed
places and almost every other misreading is found."""

import unicodedata

MODULUS = 97
WIDTH = 8  # digits of the number; a longer number is written in full


def with_check_digits(number):
    """Return the code of a number: its digits, and two check digits behind them.

    >>> with_check_digits(794)
    '0000079444'
    >>> with_check_digits(123456789)
    '12345678978'
    """
    if number < 0:
        raise ValueError(f"a code has no sign: {number}")
    check = MODULUS + 1 - number * 100 % MODULUS
    return f"{number:0{WIDTH}d}{check:02d}"


def number_of(code):
    """Return the number in a code as typed or read, or None if it is misread.

    Full-width digits are read, blanks and hyphens are skipped.

    >>> number_of("0000079444")
    794
    >>> number_of("００００-０７９４ ４４")
    794
    >>> number_of("0000079544") is None
    True
    >>> number_of("") is None
    True
    """
    digits = "".join(unicodedata.normalize("NFKC", code or "").replace("-", " ").split())
    if len(digits) < WIDTH + 2 or not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits[:-2])
    return number if with_check_digits(number) == digits else None

"""Phone numbers as people write them: 03-1234-5678, ０３（１２３４）５６７８, +81 3 1234 5678."""

import re
import unicodedata

# What a number is written with; anything else (内線, /, TEL) ends one number.
_BETWEEN = "-‐‑‒–—―−ー~〜.() \t"
OTHERS = r"[^0-9+\-‐‑‒–—―−ー~〜.() \t]+"
JAPAN = r"(^|\n)[^0-9+\n]*(?:\+|00)81[^0-9\n]*0?"
NO_DIGITS = "[^0-9\n]"
_PLAIN = re.compile("0?[1-9][0-9-]*")
_LONGEST = 15  # digits, by the rules of the world's telephone companies
_SHORTEST = 9  # of a number that rings at one customer's
# Numbers that are many people's: free dial, navi dial, and what is typed when none is known.
_SHARED = re.compile("0120|0800|0570|0990")


def fold_phone(text):
    """Return the digits of a number; +81 is the 0 of home. Several numbers: one a line.

    >>> fold_phone("+81 (0)3-1234-5678"), fold_phone("０３（１２３４）５６７８ 内線 12")
    ('0312345678', '0312345678\\n12')
    """
    if text and _PLAIN.fullmatch(text):  # most of them, and quickly
        return text.replace("-", "")
    text = re.sub(OTHERS, "\n", unicodedata.normalize("NFKC", text or ""))
    return re.sub(NO_DIGITS, "", re.sub(JAPAN, r"\g<1>0", text)).strip("\n")


def looks_like_phone(text):
    """Say whether `text` is a number and nothing else, or the last four digits of one.

    >>> looks_like_phone("03 1234 5678"), looks_like_phone("田中 1234")
    (True, False)
    """
    text = unicodedata.normalize("NFKC", text or "").strip()
    return bool(re.fullmatch(rf"\+?[0-9{re.escape(_BETWEEN)}]*[0-9]\)?", text))


def is_blanket_phone(text):
    """Say whether a number says nothing about who it is: 000-0000-0000, 090-0000-0000,
    0120-444-444, 03-9999-9999, 12345.

    >>> is_blanket_phone("090-0000-0000"), is_blanket_phone("03-1234-5678")
    (True, False)
    """
    digits = fold_phone(text).partition("\n")[0]
    if not _SHORTEST <= len(digits) <= _LONGEST or _SHARED.match(digits):
        return True
    own = digits[3:]
    return len(set(own)) == 1 or digits in "01234567890123456789"


def is_mobile(text):
    """Say whether a number is a mobile phone's (060, 070, 080, 090).

    >>> is_mobile("+81 90-1234-5678"), is_mobile("03-1234-5678")
    (True, False)
    """
    return bool(re.fullmatch("0[6789]0[0-9]{8}", fold_phone(text)))


def format_digits(text):
    """Return the digits of a number as one would say them: mobile 3-4-4, else untouched.

    >>> format_digits("09012345678")
    '090-1234-5678'
    """
    digits = fold_phone(text)
    return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}" if is_mobile(text) else digits

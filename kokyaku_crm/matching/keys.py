"""What two spellings of one address have in common."""

import re
import unicodedata

from ..naming.fold import fold_text
from ..naming.postal import digits_of

_KANJI_DIGITS = dict(zip("〇一二三四五六七八九", "0123456789", strict=True))
_KANJI_NUMBER = re.compile("([〇一二三四五六七八九十]+)(?=丁目|番|号)")
_NUMBERS = re.compile("[0-9]+")
_LONGEST = 4  # numbers of a house: town block, block, house, room


def _arabic(match):
    """Read 三, 十, 十二, 二十三 as they stand in front of 丁目.

    >>> _arabic(_KANJI_NUMBER.search("二十三番"))
    '23'
    """
    tens, ten, ones = match[1].rpartition("十")
    if not ten:
        return "".join(_KANJI_DIGITS[char] for char in ones)
    front = "".join(_KANJI_DIGITS[char] for char in tens if char != "十") or "1"
    return front + ("".join(_KANJI_DIGITS[char] for char in ones) or "0")


def place_key(postal_code, city, street, building=""):
    """Return one text for all spellings of an address, "" for none that tells anything.

    The postal code says the town, the numbers say the house; without a code the words must
    agree instead.

    >>> place_key("150-0001", "渋谷区", "神宮前一丁目2番3号")
    '1500001/1-2-3'
    >>> place_key("１５００００１", "", "渋谷区神宮前１－２－３", "")
    '1500001/1-2-3'
    >>> place_key("", "渋谷区", "神宮前1-2-3")
    '渋谷区神宮前/1-2-3'
    >>> place_key("150-0001", "渋谷区", "")
    ''
    """
    street = unicodedata.normalize("NFKC", f"{street or ''} {building or ''}")
    street = _KANJI_NUMBER.sub(_arabic, street)
    numbers = [str(int(number)) for number in _NUMBERS.findall(street)][:_LONGEST]
    if not numbers:
        return ""
    code = digits_of(postal_code)
    if len(code) != 7:
        words = _NUMBERS.split(street)[0]
        code = fold_text(f"{city or ''}{words}")
    return f"{code}/{'-'.join(numbers)}" if code else ""

"""The search key of somebody new, as the database makes it (see ``search_triggers``).

For those who enter many people at once: made here, from parts that are folded once each, it
costs a tenth. A test holds both against each other.
"""

import re

from .fold import fold_text, sort_key
from .phone import fold_phone

_BREAKS = re.compile(r" *\n[ \n]*")
_FORGET = 200_000  # values; then the memory is emptied


def _numbers_of(line):
    """Return the numbers of the pieces of one value (see ``grams``), by the shortest way.

    >>> from .grams import numbers
    >>> all(_numbers_of(text) == set(numbers(f"\\n{text}\\n")) for text in ("田中a1", "k123", "𠮷"))
    True
    """
    codes = [10, *map(ord, line), 10]
    found = set()
    for one, two, three in zip(codes, codes[1:], codes[2:], strict=False):
        if one > 127 or two > 127:
            number = (one & 0xFFFF) << 16 | two & 0xFFFF
            found.add(number - (1 << 32) if number >> 31 else number)
        elif three < 128 and (three != 10 or 48 <= one <= 57 and 48 <= two <= 57):
            found.add(one << 14 | two << 7 | three)
    return found


class _Remembering(dict):
    """What a function returned, by its argument."""

    def __init__(self, function):
        super().__init__()
        self._function = function

    def __missing__(self, argument):
        if len(self) > _FORGET:
            self.clear()
        self[argument] = found = self._function(argument)
        return found


class KeyMaker:
    """Makes keys; what repeats (companies, departments, postal codes) is folded once."""

    def __init__(self):
        self._names = _Remembering(sort_key)
        self._texts = _Remembering(fold_text)
        self._phones = _Remembering(fold_phone)
        self._numbers = _Remembering(_numbers_of)

    def make(self, names, texts, phones):
        """Return (doc, words, numbers) of one key; `words` is None where it is the doc.

        :param names: names and readings, in the order of the doc, empty ones left out
        :param texts: codes, addresses of e-mail, postal codes
        :param phones: numbers

        >>> KeyMaker().make(["田中 太郎"], ["K-1"], ["03-1234-5678"])[:2]
        ('\\n田中太郎\\nk1\\n0312345678\\n', '\\n田中 太郎\\nk1\\n0312345678\\n')
        """
        lines = [self._names[name] for name in names]
        lines += [self._texts[text] for text in texts]
        lines += [self._phones[phone] for phone in phones]
        words = _BREAKS.sub("\n", "\n".join(["", *lines, ""]))
        doc = words.replace(" ", "")
        found = set()
        for line in doc.split("\n"):
            if line:
                found.update(self._numbers[line])
        return doc, None if words == doc else words, sorted(found)

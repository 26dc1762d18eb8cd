"""What somebody types into the search box, as patterns over the folded values of a person."""

import re
from typing import NamedTuple

from .fold import fold_words
from .grams import telling
from .phone import fold_phone, looks_like_phone

_SHORT_NUMBER = 4  # the last four of a phone, the first three of a postal code, a short code


class Pattern(NamedTuple):
    """A part of the folded values, and the `numbers` by which the index finds it (one or more)."""

    text: str
    numbers: list

    @property
    def like(self):
        """The text for SQL's LIKE."""
        text = self.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"%{text}%"

    @property
    def across_words(self):
        """The regular expression of the text begun with a word and running into the next.

        None for a text that stands at an end of a value, and so begins with a word, or is short.
        """
        if "\n" in self.text:
            return None
        return "[ \\n]" + " *".join(map(re.escape, self.text))


def whole(value):
    """Return the pattern of a whole folded value, None when it is too short for the index."""
    return _pattern(f"\n{value}\n") if value else None


def _pattern(text):
    pieces = telling(text)
    return Pattern(text, pieces) if pieces else None


def patterns(query):
    """Read a query: every word must be found, each by one of its patterns.

    A word is found anywhere in a value. A single character, two letters, and up to four
    digits are found where a value begins; digits also where one ends.

    :return: a list of lists of patterns, or None when the index cannot answer (a single
        letter, nothing but 株式会社)

    >>> [[p.text for p in word] for word in patterns("たなか 髙")]
    [['タナカ'], ['\\n高']]
    >>> [[p.text for p in word] for word in patterns("5678")]
    [['\\n5678', '5678\\n']]
    >>> [[p.text for p in word] for word in patterns("+81 3 1234")]
    [['031234']]
    """
    words = [fold_phone(query)] if looks_like_phone(query) else fold_words(query)
    read = [_of_word(word) for word in words]
    return read if read and all(read) else None


def beginning(words):
    """Return the pattern of a value that begins with all these words in a row.

    :param words: what `patterns` returned

    >>> beginning(patterns("たなか たか")).text
    '\\nタナカタカ'
    """
    return _pattern("\n" + "".join(word[0].text.strip("\n") for word in words))


def _of_word(word):
    if word.isascii() and word.isdigit() and len(word) <= _SHORT_NUMBER:
        texts = [f"\n{word}", f"{word}\n"]
    elif telling(word):
        texts = [word]
    else:
        texts = [f"\n{word}"]
    return [pattern for pattern in map(_pattern, texts) if pattern]

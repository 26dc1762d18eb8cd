"""What somebody types into the search box, as patterns over the folded values of a person."""

from typing import NamedTuple

from .fold import fold_words
from .grams import grams
from .phone import fold_phone, looks_like_phone

_SHORT_NUMBER = 4  # the last four of a phone, the first three of a postal code, a short code


class Pattern(NamedTuple):
    """A part of the folded values: `text`, and its `grams` for the index (at least one)."""

    text: str
    grams: list

    @property
    def exact(self):
        """Whether the index alone decides."""
        return len(self.grams) == 1 and self.grams[0] == self.text


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


def _of_word(word):
    if word.isascii() and word.isdigit() and len(word) <= _SHORT_NUMBER:
        texts = [f"\n{word}", f"{word}\n"]
    elif grams(word):
        texts = [word]
    else:
        texts = [f"\n{word}"]
    found = [Pattern(text, grams(text)) for text in texts]
    return [pattern for pattern in found if pattern.grams]

"""The search keys of many new people, as the database makes them (see ``search_triggers``).

Made here, all at a time, they cost a twentieth. A test holds both against each other.
"""

import re

from .fold import fold_each, fold_text, sort_key
from .phone import fold_phone

_BREAKS = re.compile(r" *\n[ \n]*")
_BETWEEN = "\0"  # between two keys: no text of the database has one


def make_keys(people):
    """Make the keys of people.

    :param people: list of (names, texts, phones) of each: names and readings in the order of the
        doc; codes, addresses of e-mail and postal codes; numbers; empty ones left out
    :return: list of (doc, words, numbers) of each; ``words`` is None where it is the doc, and
        ``numbers`` an array of PostgreSQL, as text

    >>> make_keys([(["田中 太郎"], ["K-1"], ["03-1234-5678"])])[0][:2]
    ('\\n田中太郎\\nk1\\n0312345678\\n', '\\n田中 太郎\\nk1\\n0312345678\\n')
    >>> from .grams import numbers
    >>> keys = make_keys([([text], [], []) for text in ("田中a1", "k123", "𠮷", "茶\\n12")])
    >>> all([int(n) for n in array[1:-1].split(",")] == numbers(doc) for doc, _words, array in keys)
    True
    """
    people = list(people)
    if not people:
        return []
    folds = (sort_key, fold_text, fold_phone)
    folded = []
    for at, fold in enumerate(folds):
        texts = list({text for person in people for text in person[at]})
        each = map(fold, texts) if fold is fold_phone else fold_each(fold, texts)
        folded.append(dict(zip(texts, each, strict=True)))
    names, codes, phones = folded
    words = _BETWEEN.join(
        "\n".join(
            ["", *(names[text] for text in person[0]), *(codes[text] for text in person[1]),
             *(phones[text] for text in person[2]), ""]
        )
        for person in people
    )  # fmt: skip
    words = _BREAKS.sub("\n", words)
    docs = words.replace(" ", "").split(_BETWEEN)
    words = words.split(_BETWEEN)
    return [
        (doc, None if doc == word else word, array)
        for doc, word, array in zip(docs, words, _arrays(docs), strict=True)
    ]


def _arrays(docs):
    """The numbers of the pieces of each doc (see ``grams``), in order, each once."""
    import numpy as np

    codes = np.frombuffer("".join(docs).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = codes.astype(np.int64)
    owner = np.repeat(np.arange(len(docs)), [len(doc) for doc in docs])[:-2]
    one, two, three = codes[:-2], codes[1:-1], codes[2:]
    is_pair = (one > 127) | (two > 127)
    digits = (48 <= one) & (one <= 57) & (48 <= two) & (two <= 57)
    # a doc ends with a line break: no piece reaches into the next one
    counts = (two != 10) & (is_pair | (three < 128) & ((three != 10) | digits))
    pair = ((one & 0xFFFF) << 16 | two & 0xFFFF).astype(np.int32).astype(np.int64)
    number = np.where(is_pair, pair, one << 14 | two << 7 | three)
    found = np.sort((owner[counts] << 32) + (number[counts] + (1 << 31)))
    found = found[np.diff(found, prepend=-1) != 0]  # ``np.unique`` takes fifty times as long
    ends = np.searchsorted(found, np.arange(1, len(docs)) << 32)
    numbers = ((found & 0xFFFFFFFF) - (1 << 31)).tolist()
    edges = [0, *ends.tolist(), len(numbers)]
    return [f"{{{str(numbers[a:b])[1:-1]}}}" for a, b in zip(edges, edges[1:], strict=False)]

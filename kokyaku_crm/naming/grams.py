"""Pieces of a folded text (n-grams) by which an index finds any part of it.

PostgreSQL's own trigrams know no piece of two characters, and two kanji are a whole name. So a
piece is a pair as soon as one of its characters is not ASCII, and a triple of letters and digits
else. Values stand one a line; the line break in front of a value is a character like any other,
so that what a value begins with can be asked for. A break behind it only after digits: the last
four of a phone number.
"""

ENOUGH = 4  # so many pieces the index is asked for in any case


def grams(text):
    """Return the pieces of a text, in order.

    >>> grams("田中太郎")
    ['田中', '中太', '太郎']
    >>> grams("a100茶")
    ['a10', '100', '0茶']
    """
    pieces = []
    for first, second, third in zip(text, text[1:], [*text[2:], ""], strict=False):
        if second == "\n":
            continue
        if first.isascii() and second.isascii():
            if third == "\n" and not _is_digits(first + second):
                continue
            if third and third.isascii():
                pieces.append(first + second + third)
        else:
            pieces.append(first + second)
    return pieces


def numbers(text):
    """Return the pieces of a text as whole numbers of 32 bits, as the index holds them.

    Two pieces may share a number (only rare kanji do): what the index finds is compared.

    >>> numbers("田中"), numbers("\\n1a")
    ([1966100013], [170209])
    """
    return sorted({_number(piece) for piece in grams(text)})


def telling(text):
    """Return the numbers of the pieces by which an index had best find a text.

    Every piece more costs a search, most of all one that everybody has: of triples every second
    will do, and of an address of e-mail what stands before the ``@``. What is found is compared
    with the whole text anyway.

    >>> parts = ("k12", "234", "4@e")
    >>> telling("k1234@example") == sorted(number for part in parts for number in numbers(part))
    True
    """
    name, at, domain = text.partition("@")
    pieces = grams(name + at + domain[:1] if len(name) >= ENOUGH else text)
    if len(pieces) > ENOUGH:
        kept, last = [], ""
        for piece in pieces:
            overlaps = len(piece) == len(last) == 3
            if not overlaps:
                kept.append(piece)
            last = "" if overlaps else piece
        pieces = kept
    return sorted({_number(piece) for piece in pieces})


def _number(piece):
    codes = [ord(char) for char in piece]
    if len(codes) == 3:
        return codes[0] << 14 | codes[1] << 7 | codes[2]
    number = (codes[0] & 0xFFFF) << 16 | codes[1] & 0xFFFF
    return number - (1 << 32) if number >> 31 else number


def _is_digits(text):
    return text.isascii() and text.isdigit()

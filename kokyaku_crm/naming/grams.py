"""Pieces of a folded text (n-grams) by which an index finds any part of it.

PostgreSQL's own trigrams know no piece of two characters, and two kanji are a whole name. So a
piece is a pair as soon as one of its characters is not ASCII, and a triple of letters and digits
else. Values stand one a line; the line break in front of a value is a character like any other,
so that what a value begins with can be asked for. A break behind it only after digits: the last
four of a phone number.
"""


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


def _is_digits(text):
    return text.isascii() and text.isdigit()

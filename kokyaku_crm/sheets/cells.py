"""The cells of files that go out."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula when it is typed or read from CSV."""

GETA = "〓"
# The same sign has two numbers in Unicode, and only one of them is in Windows' Shift JIS.
_SAME = str.maketrans("\u301c\u2212\u2014\u2016\u00a2\u00a3\u00ac", "～－―∥￠￡￢")


def guarded(text):
    """Return a text that no spreadsheet takes for a formula when it reads it from CSV.

    >>> guarded("=1+1"), guarded("田中")
    ("'=1+1", '田中')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def unguarded(text):
    """Return the text that ``guarded`` was given.

    >>> unguarded("'+81-3-1234-5678"), unguarded("'ok")
    ('+81-3-1234-5678', "'ok")
    """
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def for_cp932(text):
    """Return `text` with the signs CP932 knows (〜 as ～), and the characters it has none for.

    >>> for_cp932("1〜2、𠮷田")
    ('1～2、𠮷田', ['𠮷'])
    """
    text = text.translate(_SAME)
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return text, [char for char in text if not _fits(char)]
    return text, []


def with_geta(text):
    """Return `text` with 〓 for every character CP932 has none for.

    >>> with_geta("𠮷田")
    '〓田'
    """
    return "".join(char if _fits(char) else GETA for char in text.translate(_SAME))


def _fits(char):
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True

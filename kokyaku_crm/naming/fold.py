"""Folding for search: two spellings of one thing are one text (一つの表記にそろえる).

One definition for two languages: what stands here in Python is made into SQL by ``fold_sql``
from the same tables, and a test holds both against each other.
"""

import re
import unicodedata

from .legal_form import BEHIND, IN_FRONT
from .variants import KEYS

_SMALL = "ァィゥェォッャュョヮヵヶヂヅヴ"
_LARGE = "アイウエオツヤユヨワカケジズブ"


def _table():
    """One character for each that is to be replaced."""
    table = {chr(code): chr(code + 0x60) for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
    large = dict(zip(_SMALL, _LARGE, strict=True))
    table = {char: large.get(kana, kana) for char, kana in table.items()} | large
    letters = [*range(0x41, 0x5B), *range(0xC0, 0xD7), *range(0xD8, 0xDF)]
    return table | {chr(code): chr(code).lower() for code in letters} | KEYS


TABLE = _table()
# What nobody types twice the same way: spaces, all hyphens and the long-vowel mark, brackets,
# dots, quotes, 〒; and the invisible choosers of a glyph (異体字セレクタ). Line breaks stay.
_SPACES = " \t\r\f\v\u200b"
_MARKS = (
    "-‐‑‒–—―−─━ーｰ〜~・·.,、。'\"`´()[]{}<>「」『』【】〔〕:;!?^|\\/〒\u3099\u309a\ufe00\ufe01\ufe0e\ufe0f"
)
_CHOOSERS = "\U000e0100-\U000e01ef"


def _escaped(chars):
    return "".join(f"\\{char}" if char in "-]^[\\" else char for char in chars)


REMOVED = f"[{_escaped(_SPACES + _MARKS)}{_CHOOSERS}]"
REMOVED_BUT_SPACE = f"[{_escaped(_SPACES[1:] + _MARKS)}{_CHOOSERS}]"
REPEATED = "([^ \n])々"  # 佐々木 is 佐佐木


def _words(words):
    return "|".join(re.sub(r"([.()])", r"\\\1", word) for word in words)


LEGAL_FORM = f"^ *(?:{_words(IN_FRONT)}) *| *(?:{_words(BEHIND)}) *$"
_TABLE = {ord(char): key for char, key in TABLE.items()}
_REPEATED = re.compile(REPEATED)
_REMOVED = re.compile(REMOVED)
_REMOVED_BUT_SPACE = re.compile(REMOVED_BUT_SPACE)
_LEGAL_FORM = re.compile(LEGAL_FORM, re.MULTILINE)
# Every 法人格 has one of these; to look for them takes a fourth of the time.
_MAYBE = re.compile(
    "会社|法人|組合|[()]|[ガカ]イシヤ|ホウジン|[ ,](?:co\\.|ltd|inc|k\\.k|llc)"
).search


def _same_letters(text):
    text = unicodedata.normalize("NFKC", text or "").translate(_TABLE)
    return _REPEATED.sub(r"\1\1", text)


def fold_text(text):
    """Fold a code, an address, any text.

    Widths, hiragana and katakana, small and large kana, capital letters and the old forms of
    kanji become one; hyphens, long-vowel marks, spaces and brackets go. Each line is folded
    by itself.

    >>> fold_text("ﾀﾅｶ"), fold_text("たなか"), fold_text("髙﨑　ｋ－００１")
    ('タナカ', 'タナカ', '高崎k001')
    """
    return _REMOVED.sub("", _same_letters(text))


def fold_name(text):
    """Fold the name or the reading of a person or a company, without its 法人格.

    >>> fold_name("㈱ウィング"), fold_name("ういんぐ 株式会社"), fold_name("カ）ウイング")
    ('ウイング', 'ウイング', 'ウイング')
    """
    return _REMOVED.sub("", _LEGAL_FORM.sub("", _same_letters(text)))


def fold_words(text):
    """Fold the words of a query, each by itself; a 法人格 is none.

    >>> fold_words("株式会社ウィング　たなか"), fold_words("ABC Co., Ltd.")
    (['ウイング', 'タナカ'], ['abc'])
    """
    words = _LEGAL_FORM.sub("", _same_letters(text)).split()
    folded = [_REMOVED.sub("", _LEGAL_FORM.sub("", word)) for word in words]
    return [word for word in folded if word]


def sort_key(name):
    """What a name or reading is sorted by: folded, without 法人格, family name first.

    The space between family and given name stays: all オカ come before the first オカダ.

    >>> sort_key("カブシキガイシャウィング"), sort_key("オカ マサト")
    ('ウイング', 'オカ マサト')
    """
    return _REMOVED_BUT_SPACE.sub("", _LEGAL_FORM.sub("", _same_letters(name))).strip(" ")


def fold_each(fold, texts):
    """Fold many texts at a time: as one text with a line for each, which takes a fifth as long.

    :param fold: fold_text, fold_name or sort_key
    :return: list of folded texts

    >>> fold_each(fold_name, ["㈱ウィング", "", "たなか"]), fold_each(fold_text, ["a\\nb", "c"])
    (['ウイング', '', 'タナカ'], ['a\\nb', 'c'])
    >>> all(map(_MAYBE, IN_FRONT + BEHIND))
    True
    """
    texts = list(texts)
    lines = _same_letters("\n".join(texts)).split("\n")
    if len(lines) != len(texts):  # one of them has lines of its own
        return [fold(text) for text in texts]
    if fold is not fold_text:
        lines = [_LEGAL_FORM.sub("", line) if _MAYBE(line) else line for line in lines]
    removed = _REMOVED_BUT_SPACE if fold is sort_key else _REMOVED
    lines = removed.sub("", "\n".join(lines)).split("\n")
    return [line.strip(" ") for line in lines] if fold is sort_key else lines

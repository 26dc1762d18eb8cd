"""Taking Japanese names apart into family and given name (姓・名)."""

import re
from typing import NamedTuple

from .kana import fold_kana

_SPACES = re.compile(r"[\s\u3000]+")
_KANJI = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆ヶヵ"
_KANJI_ONLY = re.compile(f"[{_KANJI}]+")
# A kanji family name in front of a given name in kana: 春山ひとみ, 黒田リツ子.
_KANJI_THEN_KANA = re.compile(f"([{_KANJI}]{{1,4}})([ぁ-んァ-ヴー][ぁ-んァ-ヴー{_KANJI}]*)")
_JAPANESE = re.compile(f"[{_KANJI}ぁ-んァ-ヴー]")
# How many kanji of a name without a space are the family name, by the usual lengths.
_FAMILY_KANJI = {2: 1, 3: 2, 4: 2, 5: 3}


class Split(NamedTuple):
    """A name taken apart: `family`, `given`, and whether a human should have a look."""

    family: str
    given: str
    unsure: bool


def split_name(name):
    """Take a full name apart.

    A space of any width decides. Without one the split is a guess and marked unsure:
    kanji before kana is the family name (春山ひとみ), else the usual lengths (山田太郎 2+2,
    森太郎 … is as likely 1+2, hence unsure). Names in other letters, and names of three
    or more words, are split at the first space and marked unsure as well.

    >>> split_name("山田　太郎")
    Split(family='山田', given='太郎', unsure=False)
    >>> split_name("春山ひとみ")
    Split(family='春山', given='ひとみ', unsure=True)
    >>> split_name("池田")
    Split(family='池田', given='', unsure=True)
    """
    words = [word for word in _SPACES.split(name or "") if word]
    if not words:
        return Split("", "", False)
    if len(words) > 1:
        foreign = not _JAPANESE.search(name)
        return Split(words[0], " ".join(words[1:]), foreign or len(words) > 2)
    (word,) = words
    if match := _KANJI_THEN_KANA.fullmatch(word):
        return Split(match[1], match[2], True)
    cut = _FAMILY_KANJI.get(len(word)) if _KANJI_ONLY.fullmatch(word) else None
    if cut and len(word) > 2:
        return Split(word[:cut], word[cut:], True)
    return Split(word, "", True)  # 池田: more often a family name alone than 池 田


def split_kana(kana):
    """Take a reading apart at its space; without one nothing is split.

    >>> split_kana("やまだ たろう")
    ('ヤマダ', 'タロウ')
    >>> split_kana("ヤマダタロウ")
    ('', '')
    """
    family, _space, given = fold_kana(kana).partition(" ")
    return (family, given) if given else ("", "")


def join_name(family, given):
    """Put family and given name together, with a half-width space (氏名の標準形).

    >>> join_name("山田", "太郎"), join_name("池田", "")
    ('山田 太郎', '池田')
    """
    return " ".join(part.strip() for part in (family, given) if part and part.strip())


def same_name(one, other):
    """Say whether two names differ in their spaces only."""
    return _SPACES.sub("", one or "") == _SPACES.sub("", other or "")

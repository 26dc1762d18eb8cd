"""Folding of kana: フリガナ is stored as full-width katakana, whatever was typed."""

import re
import unicodedata

# Hiragana ぁ…ゖ and the iteration marks ゝゞ lie 0x60 below their katakana.
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}
# Half-width katakana, its punctuation and voice marks (ｦ…ﾟ, ･, ｡｢｣､).
_HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
# What people type between letters of a reading instead of the long-vowel mark.
_LONG_VOWEL = re.compile("(?<=[ァ-ヴー])[-‐‑‒–—―−－ｰ](?=[ァ-ヴー]|\\s|$)")
_SPACES = re.compile(r"\s+")
_KANA = re.compile(r"[ァ-ヿ・\s]+")
_PLAIN = re.compile("[ァ-ヴー]+(?: [ァ-ヴー]+)*")


def fold_kana(text):
    """Return a reading as full-width katakana with single half-width spaces.

    Hiragana becomes katakana, half-width kana full-width (ﾊﾞ is one letter バ), a hyphen
    between kana the long-vowel mark ー; spaces of any width and number become one.
    What is no kana (A, 1, &) stays, in its compatibility form (Ａ becomes A).

    >>> fold_kana("やまだ　ﾀﾛｳ")
    'ヤマダ タロウ'
    >>> fold_kana("  ﾊﾞ-ﾊﾞﾗ ")
    'バーバラ'
    """
    if not text:
        return ""
    if _PLAIN.fullmatch(text):  # most of them, and quickly
        return text
    text = _HALF_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = unicodedata.normalize("NFKC", text)
    text = text.translate(_HIRAGANA_TO_KATAKANA)
    text = _LONG_VOWEL.sub("ー", text)
    return _SPACES.sub(" ", text).strip()


def is_kana(text):
    """Say whether `text`, folded, is made of kana only (an empty one is not).

    >>> is_kana("やまだ"), is_kana("山田")
    (True, False)
    """
    return bool(_KANA.fullmatch(fold_kana(text)))

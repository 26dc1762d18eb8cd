"""What stands in the column 残す: ○, ×, or nothing."""

import unicodedata

YES, NO, NONE, UNKNOWN = "yes", "no", "", "unknown"

_YES = frozenset("○〇◯◎●✓✔レ可要oy1") | {"残す", "はい", "yes", "true"}
_NO = frozenset("×✕✖✗╳否xn0") | {"外す", "除外", "不要", "不可", "いいえ", "no", "false"}


def read(text):
    """Return what a mark says.

    >>> read("〇"), read("Ｘ"), read(" "), read("△")
    ('yes', 'no', '', 'unknown')
    """
    text = unicodedata.normalize("NFKC", text or "").strip().lower()
    if not text:
        return NONE
    if text in _YES:
        return YES
    return NO if text in _NO else UNKNOWN

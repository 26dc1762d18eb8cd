"""Rules of Japanese names (氏名・フリガナ), in plain Python.

``kana``   folds kana so that two spellings of one reading are one text.
``split``  takes a name apart into family and given name, and puts it together again.

Nothing here knows Odoo; everything is a function from text to text.
"""

from .kana import fold_kana, is_kana
from .split import Split, join_name, same_name, split_kana, split_name

__all__ = [
    "Split",
    "fold_kana",
    "is_kana",
    "join_name",
    "same_name",
    "split_kana",
    "split_name",
]

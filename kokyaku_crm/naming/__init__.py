"""Rules of Japanese names, numbers and addresses (氏名・フリガナ・電話・郵便番号), in plain Python.

``kana``        folds kana so that two spellings of one reading are one text.
``split``       takes a name apart into family and given name, and puts it together again.
``fold``        folds any text for searching and sorting, ``legal_form`` and ``variants`` being its
                words; ``phone`` does it for numbers.
``grams``       cuts folded text into the pieces an index finds it by.
``query``       reads what somebody types into the search box.
``same_person``  puts together who may be one person.
``key``         makes the search key of somebody new.
``fold_sql``    says the same to PostgreSQL.
``postal``      knows the addresses of postal codes.

Nothing here knows Odoo; everything is a function from text to text.
"""

from .fold import fold_name, fold_text, sort_key
from .kana import fold_kana, is_kana
from .phone import fold_phone, is_blanket_phone, is_mobile
from .split import Split, join_name, same_name, split_kana, split_name

__all__ = [
    "Split",
    "fold_kana",
    "fold_name",
    "fold_phone",
    "fold_text",
    "is_blanket_phone",
    "is_kana",
    "is_mobile",
    "join_name",
    "same_name",
    "sort_key",
    "split_kana",
    "split_name",
]

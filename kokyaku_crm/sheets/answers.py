"""Lists of answers: who, what they answered, with how many, and a remark."""

import re
import unicodedata
from collections import namedtuple

from ..naming import fold_text
from . import files, pasted

Row = namedtuple("Row", "line key answer companions note")
"""A line (counted from 1): the code, customer code, e-mail address or name of who answered, and
what stands beside it, as texts."""

_HEADINGS = {
    "code": "コード 顧客コード 顧客番号 お客様番号 個人コード 識別番号 顧客CD code customercode",
    "email": "メール メールアドレス Eメール email mail emailaddress",
    "name": "氏名 名前 お名前 顧客名 会社名 name fullname",
    "answer": "回答 応答 返事 返信 出欠 結果 answer response",
    "companions": "同伴 同伴者 同伴者数 同伴人数 同行者 同行者数 人数 companions",
    "note": "備考 メモ 伝言 連絡事項 note remarks",
}
_BY_HEADING = {
    fold_text(word): column for column, words in _HEADINGS.items() for word in words.split()
}
_KEYS = ("code", "email", "name")
_PLAIN = ["name", "answer", "companions", "note"]
_NUMBER = re.compile(r"\+?(\d{1,3})(?:名|人|名様|人様|様)?")


def read(text):
    """Read a pasted block, or a CSV that was decoded, into rows; with headings or without
    (then: who, answer, companions, remark)."""
    return from_table(pasted._table(text))


def read_file(content, encoding=None):
    """Read a file (bytes): a workbook (its first sheet) or a CSV.

    :param encoding: utf-8-sig or cp932, held to strictly; None: whichever fits
    :raise files.UnreadableFile: when it is neither
    """
    if content.startswith(files.EXCEL[1]):
        raise files.UnreadableFile("old_excel")
    if content.startswith(files.EXCEL[0]):
        return from_table(files._sheet(content))
    for one in (encoding,) if encoding else ("utf-8-sig", "cp932"):
        try:
            return read(content.decode(one))
        except UnicodeDecodeError:
            continue
    raise files.UnreadableFile("encoding")


def from_table(table):
    """Read pairs of line number and cells, as ``read`` does."""
    table = [(line, cells) for line, cells in table if any(cells)]
    columns = _PLAIN
    if table:
        named = [_BY_HEADING.get(fold_text(cell)) for cell in table[0][1]]
        if set(named) & set(_KEYS) and table[0][1][0]:
            columns, table = named, table[1:]
    return [_row(line, columns, cells) for line, cells in table]


def _row(line, columns, cells):
    values = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            values.setdefault(column, cell)
    key = next((values[column] for column in _KEYS if column in values), "")
    return Row(line, key, *(values.get(column, "") for column in _PLAIN[1:]))


def companions_of(text):
    """Return how many companions a text says; None if it says no number.

    >>> [companions_of(text) for text in ("２名", "+1", "", "なし", "たくさん")]
    [2, 1, 0, 0, None]
    """
    text = unicodedata.normalize("NFKC", text or "").replace(" ", "")
    if text in ("", "なし", "無", "無し", "-"):
        return 0
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None

"""A block pasted out of Excel: which column is what, and what stands in its rows."""

import csv
import io
import re
from collections import Counter, namedtuple

from ..naming import fold_text, is_kana
from ..naming.phone import fold_phone, looks_like_phone
from .cells import unguarded

Row = namedtuple("Row", "line cells")
"""A line of the block (counted from 1) and its values by column: ``{"code": "K-001", …}``."""

_HEADINGS = {
    "code": "顧客コード 顧客番号 お客様番号 お客様コード 個人コード コード 顧客CD CD code ref "
    "customercode reference",
    "name": "氏名 名前 お名前 顧客名 宛名 送付先 name fullname",
    "kana": "フリガナ カナ 氏名カナ 読み ヨミガナ kana",
    "email": "メール メールアドレス Eメール Eメールアドレス email mail emailaddress",
    "phone": "電話 電話番号 TEL 携帯 携帯電話 携帯番号 phone phonenumber mobile",
    "keep": "残す keep",
    "note": "備考 備考欄 理由 除外理由 remarks reason note",
}
_BY_HEADING = {
    fold_text(word): column for column, words in _HEADINGS.items() for word in words.split()
}
_COMPANY = frozenset(map(fold_text, ("会社名", "取引先名", "companyname")))
_SAMPLE = 300  # rows that tell what a column without a heading holds
_LONGEST_CELL = 20  # lines; a quote that nobody closed makes one cell of all that follows
_JAPANESE = re.compile(r"[ぁ-んァ-ヶｦ-ﾟ一-鿿々〆]")


def read(text):
    """Read a block of lines: cells parted by tabs (Excel) or, where there are none, by commas.

    :return: the columns found (list of ``code``, ``name``, …, None for one that is not known)
        and the list of ``Row``, without the lines where nothing stands
    """
    return from_table(_table(text))


def from_table(table):
    """Read pairs of line number and cells, as ``read`` does."""
    columns, begin = None, 0
    for index, (_line, cells) in enumerate(table):
        if any(cells):
            columns = _from_heading(cells)
            begin = index + 1 if columns else index
            break
    if not columns:
        columns = _from_content([cells for _line, cells in table[begin:begin + _SAMPLE]])
    return columns, [
        Row(line, _values(columns, cells)) for line, cells in table[begin:] if any(cells)
    ]


def _table(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    delimiter = "\t" if "\t" in text else ","
    lines = text.split("\n")
    if '"' not in text:
        return [(i, _stripped(line.split(delimiter))) for i, line in enumerate(lines, 1)]
    table, before = [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for cells in reader:
        if reader.line_num - before > _LONGEST_CELL:
            return [(i, _stripped(line.split(delimiter))) for i, line in enumerate(lines, 1)]
        table.append((before + 1, _stripped(cells)))
        before = reader.line_num
    return table


def _stripped(cells):
    return [unguarded(cell.strip().strip("\u3000")) for cell in cells]


def _from_heading(cells):
    """The columns by their headings; None when the first line is no heading."""
    columns, seen = [], set()
    for cell in cells:
        column = _BY_HEADING.get(fold_text(cell))
        columns.append(None if column in seen else column)
        seen.add(column)
    if "name" not in columns:  # 会社名 is the recipient's name only where no other name stands
        for position, cell in enumerate(cells):
            if fold_text(cell) in _COMPANY:
                columns[position] = "name"
                break
    return columns if any(columns) else None


def _from_content(rows):
    """The columns by what stands in them: each kind once, the first column wins."""
    columns = []
    for position in range(max(map(len, rows), default=0)):
        kinds = Counter(_kind(cells[position]) for cells in rows if cells[position:position + 1])
        kinds.pop(None, None)
        best = kinds.most_common(1)[0][0] if kinds else None
        columns.append(None if best in columns else best)
    return columns


def _kind(cell):
    """What a cell without a heading looks like.

    >>> [_kind(cell) for cell in ("a@b.jp", "03-1234-5678", "タナカ", "田中", "K-001", "")]
    ['email', 'phone', 'kana', 'name', 'code', None]
    """
    if not cell:
        return None
    if "@" in cell:
        return "email"
    if looks_like_phone(cell) and 10 <= len(fold_phone(cell)) <= 13:
        return "phone"
    if is_kana(cell):
        return "kana"
    return "name" if _JAPANESE.search(cell) else "code"


def _values(columns, cells):
    return {
        column: cell for column, cell in zip(columns, cells, strict=False) if column and cell
    }

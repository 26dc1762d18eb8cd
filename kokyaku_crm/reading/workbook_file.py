"""Workbooks: .xlsx read row by row, old .xls at once (it has no more than 65 536 rows)."""

import datetime
import io
import zipfile
from contextlib import contextmanager

import pandas as pd

from . import layouts
from .errors import Reject, UnreadableFile, package
from .text_file import ODD, tidy

_LARGEST = 4 << 30  # bytes a workbook may have unpacked
_LARGEST_TEXTS = 512 << 20  # of these the table of shared texts, which is in memory
_DENSEST = 200  # times as large as packed, from so many bytes on
_HARMLESS = 64 << 20
_MAX_XLS = 100 << 20
_MOST_ROWS = 1 << 20
_CHUNK = 5_000
_CHUNK_CELLS = 500_000
_LONGEST_RAW = 2_000


def recognise(source, start):
    """Fill in what a workbook's ``SourceFile`` knows."""
    layout = source.layout
    if start.startswith(b"PK"):
        _check_archive(source.path)
        layout["format"] = "xlsx"
        with _xlsx(source.path) as book:
            names = [sheet.title for sheet in book.worksheets]
    else:
        _check_ole(source.path)
        layout["format"] = "xls"
        names = _xls(source.path).sheet_names()
    layout["sheets"] = names
    rows = _rows_of_sheet(source, [layout["sheet"]] if layout.get("sheet") else names)
    layout.setdefault("header_row", layouts.header_of(rows))
    heading = next((cells for line, cells in rows if line == layout["header_row"]), [])
    below = [_trimmed(cells) for line, cells in rows if line > layout["header_row"]]
    width = max([len(_trimmed(heading)), *map(len, below)], default=0)
    source.columns = width
    source.headings = ([cell.strip() for cell in heading] + [""] * width)[:width]


def _rows_of_sheet(source, wanted):
    """Settle which sheet is meant, and return its first rows: the first sheet with headings, so
    that neither a cover nor notes in front are taken for the list; else the first with rows."""
    layout, first = source.layout, None
    for name in wanted:
        if name not in layout["sheets"]:
            raise UnreadableFile("no_sheet", sheet=name)
        layout["sheet"] = name
        rows = _first_rows(source)
        if rows and (len(wanted) == 1 or len(rows) > 1 and layouts.header_of(rows)):
            return rows
        first = first or rows and (name, rows)
    if not first:
        raise UnreadableFile("no_rows")
    layout["sheet"], rows = first
    return rows


def _trimmed(cells):
    cells = list(cells)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _first_rows(source):
    rows = []
    for line, cells in _rows(source, limit=400):
        if any(cell.strip() for cell in cells):
            rows.append((line, cells))
        if len(rows) >= 100:
            break
    return rows


def frames(source):
    """Yield (frame, rejects, rows done) as ``TextFile.frames`` does."""
    width, header = source.columns, source.layout.get("header_row") or 0
    rows, numbers, rejects, line = [], [], [], 0
    enough = min(_CHUNK, max(1, _CHUNK_CELLS // width)) if width else _CHUNK
    for line, cells in _rows(source):
        if line <= header or not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            raw = ",".join(cells[: width + 20])[:_LONGEST_RAW]
            rejects.append(Reject(line, "", "", "too_many_columns", raw))
        else:
            rows.append((cells + [""] * width)[:width])
            numbers.append(line)
        if len(rows) + len(rejects) >= enough:
            yield _frame(rows, numbers, width), rejects, line
            rows, numbers, rejects = [], [], []
    source.row_count = max(line - header, 0)
    if rows or rejects:
        yield _frame(rows, numbers, width), rejects, line


def _frame(rows, numbers, width):
    frame = pd.DataFrame(rows, index=numbers, columns=range(width), dtype=object)
    frame.attrs |= {"odd": True, "guarded": False}
    return frame


def _check_archive(path):
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile("broken") from error
    total = sum(member.file_size for member in members)
    texts = sum(one.file_size for one in members if one.filename.endswith("sharedStrings.xml"))
    dense = any(
        one.file_size > _HARMLESS and one.file_size > _DENSEST * max(one.compress_size, 1)
        for one in members
    )
    if total > _LARGEST or texts > _LARGEST_TEXTS or dense:
        raise UnreadableFile("zip_bomb")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("password")
    if not any(member.filename.startswith("xl/") for member in members):
        raise UnreadableFile("foreign")


def _check_ole(path):
    with open(path, "rb") as file:
        head = file.read(1 << 20)
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise UnreadableFile("password")


@contextmanager
def _xlsx(path):
    """The workbook, opened for reading row by row; a file that breaks it is ``broken``."""
    package("openpyxl")
    from .lazy_workbook import LazyReader  # noqa: PLC0415 - for this package

    with open(path, "rb") as file:
        try:
            reader = LazyReader(file, read_only=True, data_only=True)
            reader.read()
            book = reader.wb
            try:
                yield book
            finally:
                book.close()
        except (UnreadableFile, GeneratorExit):
            raise
        except Exception as error:  # a broken file breaks openpyxl in many ways
            raise UnreadableFile("broken") from error


def _xls(path):
    xlrd = package("xlrd")
    if path.stat().st_size > _MAX_XLS:
        raise UnreadableFile("broken")
    try:
        return xlrd.open_workbook(str(path), on_demand=True, logfile=io.StringIO())
    except Exception as error:  # as above
        code = "password" if "ncrypted" in str(error) else "broken"
        raise UnreadableFile(code) from error


def _rows(source, limit=None):
    """Yield (line, texts), blank lines too."""
    if source.layout["format"] == "xls":
        yield from _xls_rows(source, limit)
        return
    with _xlsx(source.path) as book:
        sheet = book[source.layout["sheet"]]
        for line, row in enumerate(sheet.iter_rows(values_only=True, max_row=limit), 1):
            if line > _MOST_ROWS:  # whoever wrote this number of a row: it was no spreadsheet
                raise UnreadableFile("broken")
            yield line, [_text(value) for value in row]


def _xls_rows(source, limit):
    xlrd = package("xlrd")
    book = _xls(source.path)
    try:
        sheet = book.sheet_by_name(source.layout["sheet"])
        for line in range(min(sheet.nrows, limit or sheet.nrows)):
            yield line + 1, [_xls_text(xlrd, book, cell) for cell in sheet.row(line)]
    except Exception as error:  # as above
        raise UnreadableFile("broken") from error


def _xls_text(xlrd, book, cell):
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return _text(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError):
            return _text(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _text(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return _text(cell.value)


def _text(value):
    """The text of a cell as one sees it, without the formats of numbers."""
    if value is None:
        return ""
    if isinstance(value, str):
        # how the format writes control characters; PostgreSQL takes no NUL
        text = value.replace("_x000D_", "").replace("\0", "\ufffd").replace("\r\n", "\n")
        return tidy(text) if ODD.search(text) else text
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else (
            value.isoformat(" ", "seconds")
        )
    return str(value)


"""Reading the files people send back: workbooks and CSV in the encodings of Japanese offices."""

import datetime
import io

from . import pasted

EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class UnreadableFile(Exception):
    """``code``: ``encoding``, ``old_excel``, ``broken`` or ``package``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read(content):
    """Read a file (bytes): see ``pasted.read``. Of a workbook the first sheet counts.

    :raise UnreadableFile: when it is neither a workbook nor a text
    """
    if content.startswith(EXCEL[1]):
        raise UnreadableFile("old_excel")
    if content.startswith(EXCEL[0]):
        return pasted.from_table(_sheet(content))
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else (
        "utf-8-sig", "cp932",
    ):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return pasted.read(text)
    raise UnreadableFile("encoding")


def _sheet(content):
    try:
        import openpyxl  # noqa: PLC0415 - one feature only; the add-on installs without it
    except ImportError as error:
        raise UnreadableFile("package") from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [(i, [_text(value) for value in row]) for i, row in enumerate(rows, 1)]
    except Exception as error:  # a broken file breaks openpyxl in many ways
        raise UnreadableFile("broken") from error


def _text(value):
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return str(value).strip().strip("\u3000")

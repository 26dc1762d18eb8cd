"""What may be wrong with a file or a row, as codes: the Odoo side says it in words."""

from typing import NamedTuple


class UnreadableFile(Exception):
    """A whole file that cannot be read.

    ``code``: ``missing``, ``empty``, ``no_rows``, ``binary``, ``foreign``, ``encoding``,
    ``package``, ``password``, ``broken``, ``zip_bomb``, ``too_many_columns``, ``no_sheet``,
    ``layout``;
    ``values``: what the sentence about it needs (``package``, ``columns``, ``limit`` …).
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


class Reject(NamedTuple):
    """A row that is not stored: its line in the file (the first one is 1), the heading of the
    column at fault ("" when it is the whole row), what stands there, why, and the whole row."""

    row: int
    column: str
    value: str
    code: str
    raw: str


LEFT_OUT = frozenset(
    {"excluded_status", "excluded_line", "repeated_total", "repeated_row", "total_row"}
)
"""Codes of rows that are left out because the mapping says so, or because they are no data:
nothing is wrong with them."""


def package(name):
    """Import a package that only reading needs.

    :raise UnreadableFile: with the package's name, when it is not installed
    """
    try:
        return __import__(name)
    except ImportError as error:
        raise UnreadableFile("package", package=name) from error

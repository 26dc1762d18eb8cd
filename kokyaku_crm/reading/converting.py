"""Rows of texts made into rows of values, by a mapping."""

from . import customers, products, sales
from .columns import Columns

_KINDS = {"customers": customers.convert, "sales": sales.convert, "products": products.convert}


def convert(frame, mapping, headings):
    """Convert a part of a file: see ``reading.convert``."""
    memory, number = frame.attrs.get("memory"), frame.attrs.get("number")
    if memory is not None and number is not None:
        memory.before(number, lambda passed: _converted(passed, mapping, headings))
    return _converted(frame, mapping, headings)


def _converted(frame, mapping, headings):
    return _KINDS[mapping.kind](Columns(frame, mapping, headings))

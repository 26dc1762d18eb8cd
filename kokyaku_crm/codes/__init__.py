"""Codes that stand on paper and come back by a reader, in plain Python.

``check_digits``  numbers with two check digits, so that a misread one is told from a right one.

Nothing here knows Odoo.
"""

from .check_digits import number_of, with_check_digits

__all__ = ["number_of", "with_check_digits"]

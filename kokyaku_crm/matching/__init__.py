"""Who a line of a file may be, in plain Python: no Odoo here.

``keys``   what two spellings of one address have in common.
``file_row``  whether a row that was not stored speaks of a certain person.
``score``  points, reasons and a verdict for pairs of a line and somebody known. It needs pandas
           and rapidfuzz, and is imported where it is used.
"""

from .keys import place_key

__all__ = ["place_key"]

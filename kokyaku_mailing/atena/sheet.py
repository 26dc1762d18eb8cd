"""Label sheets in millimetres (ラベル用紙).

Every label stands at margin + i × pitch, counted from the sheet's edge and never from its
neighbour, so rounding does not add up from row to row.
"""

from dataclasses import dataclass
from typing import NamedTuple

from . import codes

# Makers round to a tenth; a sheet that is over by less still fits.
TOLERANCE = 0.05
MAX_OFFSET = 20.0


class Place(NamedTuple):
    """Where a label lies: sheet and position from 0, left and top edge in mm."""

    sheet: int
    position: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A sheet of labels; every length in mm, sizes of type in points.

    :param left: from the sheet's left edge to the first column
    :param top: from the sheet's upper edge to the first row
    :param pitch_x: from the left edge of a column to the left edge of the next
    :param pitch_y: from the upper edge of a row to the upper edge of the next
    :param offset_x: moves everything to the right: what this printer is off by
    :param offset_y: moves everything down
    :param padding: kept clear inside each label
    """

    page_width: float = 210.0
    page_height: float = 297.0
    label_width: float = 86.4
    label_height: float = 42.3
    columns: int = 2
    rows: int = 6
    left: float = 18.6
    top: float = 21.5
    pitch_x: float = 86.4
    pitch_y: float = 42.3
    offset_x: float = 0.0
    offset_y: float = 0.0
    padding: float = 3.0
    address_size: float = 10.0
    name_size: float = 15.0

    @property
    def per_sheet(self):
        """Labels on a sheet (面数)."""
        return self.columns * self.rows

    def problems(self):
        """What is wrong with the figures.

        :return: list of (code, field, excess): the field to look at, and for a sheet that is
            too small by how many mm; empty when everything fits
        """
        found = [
            (codes.NOT_POSITIVE, name, 0.0)
            for name in (
                "page_width page_height label_width label_height columns rows "
                "address_size name_size"
            ).split()
            if getattr(self, name) <= 0
        ]
        found += [
            (codes.NEGATIVE, name, 0.0)
            for name in ("left", "top", "padding")
            if getattr(self, name) < 0
        ]
        if found:
            return found
        axes = (
            ("columns", "label_width", "pitch_x", "left", "page_width", codes.TOO_WIDE),
            ("rows", "label_height", "pitch_y", "top", "page_height", codes.TOO_HIGH),
        )
        for count, size, pitch, margin, page, code in axes:
            number, length = getattr(self, count), getattr(self, size)
            step = getattr(self, pitch)
            if number > 1 and step < length - TOLERANCE:
                overlap = codes.OVERLAP_X if pitch == "pitch_x" else codes.OVERLAP_Y
                found.append((overlap, pitch, length - step))
                continue
            end = getattr(self, margin) + (number - 1) * step + length
            excess = end - getattr(self, page)
            if excess > TOLERANCE:
                found.append((code, page, excess))
        for name in ("offset_x", "offset_y"):
            if abs(getattr(self, name)) > MAX_OFFSET:
                found.append((codes.OFFSET_TOO_LARGE, name, MAX_OFFSET))
        if 2 * self.padding > 0.5 * min(self.label_width, self.label_height):
            found.append((codes.PADDING_TOO_LARGE, "padding", 0.0))
        return found

    def corner(self, position):
        """Upper left corner of a label on its sheet.

        :param position: from 0, along the rows
        :return: (x, y) in mm from the sheet's upper left corner, offsets included
        """
        row, column = divmod(position, self.columns)
        return (
            self.left + column * self.pitch_x + self.offset_x,
            self.top + row * self.pitch_y + self.offset_y,
        )

    def place(self, index, start=1):
        """Where the label number `index` (from 0) goes when the first label that is still on
        the first sheet is number `start` (from 1, 開始位置)."""
        sheet, position = divmod(index + start - 1, self.per_sheet)
        return Place(sheet, position, *self.corner(position))

    def sheets(self, count, start=1):
        """How many sheets so many labels take (枚数)."""
        return -(-(count + start - 1) // self.per_sheet) if count else 0

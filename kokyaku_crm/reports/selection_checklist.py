"""Draws 送付先一覧表: A4 across, a section per staff member, a box to check before each person.

Plain Python: nothing of Odoo in it. Rows have one height, so thousands of pages are drawn as
they come, without laying them out first.
"""

import io
from itertools import groupby

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ..paper.system_fonts import gothic

WIDTH, HEIGHT = landscape(A4)
MARGIN = 10 * mm
TOP = HEIGHT - 30 * mm  # where the table begins
BOTTOM = 14 * mm
ROW = 10.5 * mm
HEAD = 6 * mm
SECTION = 9 * mm
SMALL, NORMAL = 7, 9
# What stands in which column: name, width in mm, fields of the first and of the second line.
COLUMNS = (
    ("box", 8, (), ()),
    ("code", 24, ("code",), ()),
    ("name", 45, ("kana",), ("name", "honorific")),
    ("company", 62, ("company",), ("department", "function")),
    ("address", 72, ("zip",), ("address",)),
    ("last_item", 30, ("last_item",), ()),
    ("remarks", 36, (), ()),
)


class Checklist:
    """Draws the list; ``texts`` has the words: see ``draw``."""

    def __init__(self, title, subtitle, headings, texts):
        self.title, self.subtitle, self.headings, self.texts = title, subtitle, headings, texts
        self.result = io.BytesIO()
        self.canvas = Canvas(self.result, pagesize=landscape(A4), pageCompression=1)
        self.canvas.setTitle(title)
        self.font = gothic()
        self.widths = {}  # of the characters met so far, at size 1
        self.page, self.y, self.staff = 0, 0, ""

    def draw(self, rows):
        for staff, members in groupby(rows, key=lambda row: row["staff"]):
            members = list(members)
            self.staff = staff or self.texts["nobody"]
            if not self.page or self.y - SECTION - HEAD - ROW < BOTTOM:
                self._begin_page()
            self._section(len(members))
            for row in members:
                if self.y - ROW < BOTTOM:
                    self._begin_page()
                    self._section(None)
                self._row(row)
            self.y -= 4 * mm
        if not self.page:
            self._begin_page()
        self.canvas.showPage()
        self.canvas.save()
        return self.result.getvalue()

    def _begin_page(self):
        if self.page:
            self.canvas.showPage()
        self.page += 1
        canvas = self.canvas
        canvas.setFont(self.font, 14)
        self._text(self.title, MARGIN, HEIGHT - 17 * mm, WIDTH - 2 * MARGIN, 14)
        self._text(self.subtitle, MARGIN, HEIGHT - 24 * mm, WIDTH - 2 * MARGIN, NORMAL)
        canvas.setFont(self.font, SMALL)
        canvas.drawRightString(WIDTH - MARGIN, 7 * mm, self.texts["page"] % self.page)
        canvas.drawString(MARGIN, 7 * mm, self.title)
        canvas.setLineWidth(0.3)
        self.y = TOP

    def _section(self, number):
        """The staff member, and the headings of the columns."""
        canvas = self.canvas
        self.y -= SECTION - 2 * mm
        if number is None:
            count = self.texts["goes_on"]
        else:
            count = self.texts["people"] % number
        self._text(f"■ {self.staff}\u3000{count}", MARGIN, self.y + 1.5 * mm, 200 * mm, 11)
        self.y -= HEAD
        canvas.setFillGray(0.92)
        canvas.rect(MARGIN, self.y, WIDTH - 2 * MARGIN, HEAD, stroke=0, fill=1)
        canvas.setFillGray(0)
        x = MARGIN
        for name, width, _first, _second in COLUMNS:
            self._text(self.headings[name], x + mm, self.y + 1.9 * mm, width * mm - 2 * mm, 8)
            x += width * mm

    def _row(self, row):
        canvas = self.canvas
        self.y -= ROW
        x = MARGIN
        for name, width, first, second in COLUMNS:
            left, room = x + mm, width * mm - 2 * mm
            if name == "box":
                canvas.rect(x + 1.8 * mm, self.y + 3 * mm, 4.2 * mm, 4.2 * mm)
            elif name == "address":
                self._address(row, left, room)
            elif name == "last_item":
                lines = self._wrapped(row["last_item"], 1.1 * room, 8)
                self._text(lines[0], left, self.y + 5.6 * mm, room, 8)
                self._text("".join(lines[1:]), left, self.y + 2.4 * mm, room, 8)
            elif name == "code":
                self._text(row["code"], left, self.y + 3.9 * mm, room, 8)
            else:
                above, below = (
                    "\u3000".join(row[field] for field in fields if row[field])
                    for fields in (first, second)
                )
                self._text(above, left, self.y + 6.8 * mm, room, SMALL)
                size = 11 if name == "name" else 8
                self._text(below, left, self.y + 2.2 * mm, room, size)
            x += width * mm
        canvas.setStrokeGray(0.6)
        canvas.line(MARGIN, self.y, WIDTH - MARGIN, self.y)
        canvas.setStrokeGray(0)

    def _address(self, row, left, room):
        """The postal code, and below it the address on one line or two."""
        if row["zip"]:
            self._text(f"〒{row['zip']}", left, self.y + 7.2 * mm, room, SMALL)
        lines = self._wrapped(row["address"], room, 7.5)
        if len(lines) == 1:
            self._text(lines[0], left, self.y + 2.4 * mm, room, 8)
        else:
            self._text(lines[0], left, self.y + 4.1 * mm, room, 7.5)
            self._text("".join(lines[1:]), left, self.y + 1.2 * mm, room, 7.5)

    def _text(self, text, x, y, room, size):
        """Draw a line, smaller and then narrower when it is too long; never cut."""
        if not text:
            return
        width = self._width(text, size)
        if width > 1.15 * room:
            size = max(SMALL, size * room / width)
            width = self._width(text, size)
        line = self.canvas.beginText(x, y)
        line.setFont(self.font, size)
        line.setHorizScale(min(100, 100 * room / width))  # stays until it is set again
        line.textOut(text)
        self.canvas.drawText(line)

    def _width(self, text, size):
        widths = self.widths
        for char in text:
            if char not in widths:
                widths[char] = stringWidth(char, self.font, 1)
        return size * sum(map(widths.__getitem__, text)) or 1

    def _wrapped(self, text, room, size):
        """The lines of a text in a column; at least one."""
        lines, line, used = [], "", 0
        for char in text or "":
            width = self._width(char, size)
            if used + width > room:
                lines.append(line)
                line, used = "", 0
            line += char
            used += width
        return [*lines, line]


def draw(title, subtitle, headings, texts, rows):
    """Return the PDF as bytes.

    :param str title: the set's number and name
    :param str subtitle: deadline, day of printing …
    :param dict headings: by column of ``COLUMNS``
    :param dict texts: ``page`` ("%s"), ``people`` ("%s"), ``goes_on``, ``nobody``
    :param rows: dicts with ``staff`` and the fields of ``COLUMNS``, in the order of the staff
    """
    return Checklist(title, subtitle, headings, texts).draw(rows)

"""The address block of a label, written horizontally (横書き).

From the top: 〒 and postal code; prefecture, city and street; the building on a line of its
own; then, after some air, company, department with position, and the name, larger, with its
honorific; below it the joint addressees (連名), each with their own, whose given names begin
below the person's.

What is too long is first condensed (長体), then set smaller, then broken into lines; when the
lines do not fit in height everything becomes smaller. Nothing is cut. Below 6 points the
recipient is reported as small print, below 4.5 points as not fitting.
"""

from typing import NamedTuple

from . import codes
from .addressee import family_part
from .text import wrap, wrap_evenly

MM_PER_POINT = 25.4 / 72
ASCENT = 0.88  # of the em, above the base line
READABLE = 6.0  # points
SMALLEST = 4.5

ADDRESS_CONDENSED = 0.85
COMPANY_CONDENSED = 0.75
NAME_CONDENSED = 0.7
NAME_SMALLEST = 0.75  # of its size
ADDRESS_LEADING = 1.28  # height of a line in em; the air is above the characters
NAME_LEADING = 1.3
NAME_GAP = 0.5  # em between name and honorific
STEP = 0.94  # each attempt to fit the height is this much smaller


class Run(NamedTuple):
    """Text at a place: left end of its base line in mm from the label's upper left corner,
    size in mm, horizontal scale (1 = not condensed)."""

    x: float
    y: float
    size: float
    scale: float
    text: str


class Block(NamedTuple):
    """A laid-out recipient: its runs, problem codes, and characters no font has."""

    runs: list
    problems: list
    missing: str


class HorizontalLayout:
    """Sets recipients on labels of one format.

    :param fmt: `sheet.LabelFormat`
    :param chain: `fonts.FontChain`
    """

    def __init__(self, fmt, chain):
        self._advances = chain.advances
        self._width = chain.width
        self._missing = chain.missing
        self._padding = fmt.padding
        self._inner_width = fmt.label_width - 2 * fmt.padding
        self._inner_height = fmt.label_height - 2 * fmt.padding
        self._address = fmt.address_size * MM_PER_POINT
        self._name = fmt.name_size * MM_PER_POINT
        self._indent = min(5.0, 0.06 * self._inner_width)
        self._readable = min(READABLE, fmt.address_size) * MM_PER_POINT - 1e-9
        self._smallest = min(SMALLEST, fmt.address_size) * MM_PER_POINT - 1e-9

    def block(self, addressee):
        """Lay one recipient out.

        :param addressee: `addressee.Addressee`
        :return: `Block`; without runs when it does not fit
        """
        texts = (
            addressee.postal_code,
            addressee.region,
            addressee.street,
            addressee.building,
            addressee.company,
            addressee.department,
            addressee.function,
            addressee.name,
            addressee.honorific,
            *addressee.foreign_lines,
            *(text for one in addressee.joint for text in one),
        )
        problems = list(addressee.problems)
        missing = self._missing("".join(texts))
        if missing:
            problems.append(codes.MISSING_GLYPH)
        lines_of = self._foreign if addressee.foreign_lines else self._domestic
        factor = 1.0
        while True:
            upper, lower = lines_of(addressee, factor)
            spare = self._inner_height - _height(upper) - _height(lower)
            if spare >= -1e-9:
                break
            factor *= STEP
            if self._address * factor < self._smallest:
                return Block([], [*problems, codes.DOES_NOT_FIT], missing)
        if self._address * factor < self._readable:
            problems.append(codes.SMALL_PRINT)
        return Block(self._place(upper, lower, spare), problems, missing)

    # Lines are (indent, size, leading, scale, text), sizes and indents in mm.

    def _domestic(self, addressee, factor):
        size = self._address * factor
        upper = []
        if addressee.postal_code:
            upper.append((0.0, size, ADDRESS_LEADING, 1.0, "〒" + addressee.postal_code))
        upper += self._address_lines(addressee.region, addressee.street, size)
        if addressee.building:
            upper += self._lines(addressee.building, size, 1.5 * size, ADDRESS_CONDENSED)
        return upper, self._recipient_lines(addressee, factor)

    def _foreign(self, addressee, factor):
        size = self._address * factor
        upper = self._recipient_lines(addressee, 0.8 * factor, 0.0)
        lower = []
        for line in addressee.foreign_lines:
            lower += self._lines(line, size, 0.0, ADDRESS_CONDENSED)
        return upper, lower

    def _address_lines(self, region, street, size):
        whole = region + street
        room = self._inner_width / size
        if self._width(whole) * ADDRESS_CONDENSED > room and region and street:
            if self._width(street) * ADDRESS_CONDENSED <= room:
                return [
                    *self._lines(region, size, 0.0, ADDRESS_CONDENSED),
                    *self._lines(street, size, 0.0, ADDRESS_CONDENSED),
                ]
        return self._lines(whole, size, 0.0, ADDRESS_CONDENSED)

    def _recipient_lines(self, addressee, factor, indent=None):
        size = self._address * factor
        indent = self._indent if indent is None else indent
        lines = []
        if addressee.company:
            lines += self._lines(addressee.company, 1.05 * size, indent, COMPANY_CONDENSED)
        position = "\u3000".join(filter(None, (addressee.department, addressee.function)))
        if position:
            lines += self._lines(position, size, indent, COMPANY_CONDENSED)
        lines += self._name_lines(addressee, self._name * factor, indent)
        return lines

    def _lines(self, text, size, indent, condensed):
        width = self._width(text) * size
        room = self._inner_width - indent
        if width <= room:
            return [(indent, size, ADDRESS_LEADING, 1.0, text)]
        if width * condensed <= room:
            return [(indent, size, ADDRESS_LEADING, room / width, text)]
        return [
            (indent, size, ADDRESS_LEADING, 1.0, line)
            for line in wrap(text, self._advances, room / size)
        ]

    def _name_lines(self, addressee, size, indent):
        name = addressee.name
        lines = self._one_name(name, addressee.honorific, size, indent)
        if not addressee.joint:
            return lines
        _indent, size, _leading, scale, _text = lines[-1]
        family = family_part(name) if len(lines) == 1 else ""
        below = indent + self._width(family) * size * scale
        for other, title in addressee.joint:
            # Who has another family name begins where the person's name begins.
            start = indent if family_part(other) else below
            tail = NAME_GAP + self._width(title) if title else 0.0
            room = self._inner_width - start
            if (self._width(other) + tail) * size * NAME_CONDENSED > room:
                start = indent
            lines += self._one_name(other, title, size, start)
        return lines

    def _one_name(self, name, title, size, indent):
        room = self._inner_width - indent
        tail = NAME_GAP + self._width(title) if title else 0.0
        width = self._width(name) + tail
        # Full size, condensed, smaller; and only then several lines.
        for ratio in (1.0, 0.92, 0.84, NAME_SMALLEST):
            scale = min(1.0, room / (width * size * ratio))
            if scale >= NAME_CONDENSED:
                return [self._named(name, title, size * ratio, scale, indent)]
        size *= NAME_SMALLEST
        # Room for the honorific on every line keeps it beside the last one.
        parts = wrap_evenly(name, self._advances, max(room / size - tail, 1.0))
        lines = [(indent, size, NAME_LEADING, 1.0, part) for part in parts[:-1]]
        return [*lines, self._named(parts[-1], title, size, 1.0, indent)]

    def _named(self, name, title, size, scale, indent):
        return (indent, size, NAME_LEADING, scale, (name, title) if title else name)

    def _place(self, upper, lower, spare):
        gap = min(0.5 * spare, 4.0)
        x = self._padding
        y = self._padding + min(0.5 * (spare - gap), 4.0)
        runs = []
        for lines in (upper, lower):
            for indent, size, leading, scale, text in lines:
                base = y + (leading - 1.0 + ASCENT) * size
                if type(text) is tuple:
                    name, title = text
                    runs.append(Run(x + indent, base, size, scale, name))
                    after = (self._width(name) + NAME_GAP) * size * scale
                    runs.append(Run(x + indent + after, base, size, scale, title))
                else:
                    runs.append(Run(x + indent, base, size, scale, text))
                y += size * leading
            y += gap
        return runs


def _height(lines):
    return sum(line[1] * line[2] for line in lines)

"""Paints runs of text onto PDF pages, in absolute millimetres, fonts embedded as subsets."""

import io

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas


class SheetPainter:
    """A PDF of label sheets, filled label by label.

    How to use: ``add`` the runs of each label in printing order, then ``finish``.

    How it works: reportlab makes the document, the fonts' subsets and their names; the text
    operators of a page are written here, because reportlab's own text object measures and
    escapes every string again, which costs as much as the rest of a page.

    :param fmt: `sheet.LabelFormat`
    :param chain: `fonts.FontChain`
    :param start: the first free label on the first sheet, from 1 (開始位置)
    :param outlines: draw the outline of every printed label
    :param title: title of the document
    """

    def __init__(self, fmt, chain, start=1, outlines=False, title=""):
        self._format = fmt
        self._start = start
        self._outlines = outlines
        self._buffer = io.BytesIO()
        self._canvas = new_canvas(self._buffer, fmt, chain, title)
        self._codes = _Codes(chain, self._canvas)
        self._text = []
        self._sheet = 0
        self.count = 0

    def add(self, runs):
        """Print one label."""
        place = self._format.place(self.count, self._start)
        self.count += 1
        if place.sheet != self._sheet:
            self._end_sheet()
            self._canvas.showPage()
            self._sheet = place.sheet
        if self._outlines:
            outline(self._canvas, self._format, place.x, place.y)
        left, top = place.x, self._format.page_height - place.y
        write, codes = self._text.append, self._codes
        for x, y, size, scale, string in runs:
            write(f"1 0 0 1 {(left + x) * mm:.3f} {(top - y) * mm:.3f} Tm")
            if scale != 1.0:
                write(f"{100.0 * scale:.3f} Tz")
            font, shown = None, ""
            for char in string:
                its_font, code = codes[char]
                if its_font is not font:
                    if shown:
                        write(f"<{shown}> Tj")
                    font, shown = its_font, ""
                    write(f"{font} {size * mm:.3f} Tf")
                shown += code
            write(f"<{shown}> Tj")
            if scale != 1.0:
                write("100 Tz")

    def _end_sheet(self):
        if self._text:
            self._canvas.addLiteral("BT\n" + "\n".join(self._text) + "\nET")
            self._text.clear()

    def finish(self):
        """The PDF.

        :return: bytes
        """
        self._end_sheet()
        self._canvas.save()
        return self._buffer.getvalue()


class _Codes(dict):
    """character → (name of the subset in this document, its code in hexadecimal)."""

    def __init__(self, chain, canvas):
        super().__init__()
        self._chain = chain
        self._document = canvas._doc

    def __missing__(self, char):
        ((face, printed),) = self._chain.pieces(char)
        font = pdfmetrics.getFont(face.pdf_name)
        ((subset, code),) = font.splitString(printed, self._document)
        name = font.getSubsetInternalName(subset, self._document)
        found = self[char] = (name, code.hex())
        return found


def new_canvas(stream, fmt, chain, title=""):
    """An empty PDF of a sheet's size that asks the viewer to print it at 100 %."""
    canvas = Canvas(
        stream,
        pagesize=(fmt.page_width * mm, fmt.page_height * mm),
        pageCompression=1,
        initialFontName=chain.faces[0].pdf_name,  # else Helvetica is named, and not embedded
    )
    canvas.setTitle(title)
    canvas.setCreator("Kokyaku")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def outline(canvas, fmt, x, y, grey=0.75):
    """A thin frame around the label whose upper left corner is at (x, y) mm."""
    canvas.setLineWidth(0.1 * mm)
    canvas.setStrokeGray(grey)
    canvas.rect(
        x * mm,
        (fmt.page_height - y - fmt.label_height) * mm,
        fmt.label_width * mm,
        fmt.label_height * mm,
    )

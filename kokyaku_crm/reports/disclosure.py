"""開示書: everything we hold on a person as a PDF. Plain Python: texts in, bytes out."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from ..paper.system_fonts import gothic

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
LABEL_WIDTH = 45 * mm
LEAST_WIDTH = 14.5 * mm  # four kanji of 7 pt, and the padding on both sides
GREY = colors.HexColor("#eeeeee")
LINE = colors.HexColor("#bbbbbb")


def _style(size, **values):
    return ParagraphStyle(
        "s", fontName=gothic(), fontSize=size, leading=size * 1.4, wordWrap="CJK", **values
    )


def _paragraph(text, style):
    return Paragraph(escape(str(text)).replace("\n", "<br/>"), style)


def _widths(rows):
    """Column widths: four kanji for each, and the rest in proportion to the longest text."""

    def length(text):  # a kanji is as wide as two letters
        return min(sum(1 + (ord(letter) > 255) for letter in str(text)), 60)

    lengths = [max(length(row[i]) for row in rows) for i in range(len(rows[0]))]
    least = min(LEAST_WIDTH, WIDTH / len(lengths))
    rest = WIDTH - least * len(lengths)
    return [least + rest * length / (sum(lengths) or 1) for length in lengths]


def _table(rows):
    wide = len(rows[0]) > 2
    style = _style(7 if len(rows[0]) > 6 else 8)
    cells = [[_paragraph(text, style) for text in row] for row in rows]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("BACKGROUND", (0, 0), (-1, 0) if wide else (0, -1), GREY),
    ]
    widths = _widths(rows) if wide else [LABEL_WIDTH, WIDTH - LABEL_WIDTH]
    return Table(cells, colWidths=widths, repeatRows=int(wide), style=look, splitInRow=1)


def draw(title, letterhead, addressee, intro, sections):
    """Return the PDF.

    :param str title: the heading of the first page
    :param list letterhead: lines about who answers: company, address, contact, date
    :param str addressee: the person, with honorific
    :param str intro: one paragraph
    :param list sections: (title, rows) as ``res.partner._disclosure_sections`` gives
    """
    font = gothic()
    story = [_paragraph(line, _style(9, alignment=2)) for line in letterhead]
    story += [
        Spacer(0, 4 * mm),
        _paragraph(addressee, _style(12)),
        Spacer(0, 4 * mm),
        _paragraph(title, _style(15, alignment=1)),
        Spacer(0, 3 * mm),
        _paragraph(intro, _style(9)),
    ]
    for heading, rows in sections:
        style = _style(10.5, spaceBefore=5 * mm, spaceAfter=1.5 * mm, keepWithNext=1)
        story += [_paragraph(heading, style), _table(rows)]

    def number(canvas, document):
        canvas.setFont(font, 8)
        canvas.drawCentredString(A4[0] / 2, 9 * mm, str(document.page))

    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=15 * mm,
        bottomMargin=16 * mm,
        title=title,
    )
    document.build(story, onFirstPage=number, onLaterPages=number)
    return out.getvalue()

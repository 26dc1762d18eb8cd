"""Draws 営業日報 on A4. Plain Python: nothing of Odoo in it."""

import io
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate

from ..paper.system_fonts import gothic

MARGIN = 15 * mm
SIZES = (10, 9, 8, 7)  # points; what is smaller nobody reads
LONG_DAY = 9  # the size of a day of several pages


def draw(title, sections):
    """Return the PDF of a day as bytes: on one page if that stays readable, else on several,
    which are numbered.

    :param str title: the first line
    :param list sections: pairs of a heading and its lines of text (may have line breaks)
    """
    for size in SIZES:
        page, pages = _draw(title, sections, size)
        if pages == 1:
            return page
    return _draw(title, sections, LONG_DAY)[0]


def _draw(title, sections, size):
    """The PDF with text of `size` points, and its number of pages."""
    text = ParagraphStyle(
        "text", fontName=gothic(), fontSize=size, leading=1.4 * size, wordWrap="CJK"
    )
    heading = ParagraphStyle(
        "heading",
        text,
        fontSize=1.1 * size,
        leading=2 * size,
        spaceBefore=0.8 * size,
        keepWithNext=1,
    )
    top = ParagraphStyle("top", text, fontSize=1.6 * size, leading=2.4 * size)
    story = [Paragraph(escape(title), top)]
    for name, lines in sections:
        story.append(Paragraph(f"■ {escape(name)}", heading))
        story += [Paragraph(escape(line).replace("\n", "<br/>"), text) for line in lines or ["－"]]

    def number(canvas, document):
        canvas.setFont(gothic(), SIZES[-1])
        canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, f"{title}\u3000{document.page}")

    result = io.BytesIO()
    document = SimpleDocTemplate(
        result,
        pagesize=A4,
        title=title,
        **{f"{side}Margin": MARGIN for side in ("left", "right", "top", "bottom")},
    )
    document.build(story, onLaterPages=number)
    return result.getvalue(), document.page

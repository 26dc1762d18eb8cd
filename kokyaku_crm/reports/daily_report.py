"""Draws 営業日報 on one A4 page. Plain Python: nothing of Odoo in it."""

import io
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepInFrame, Paragraph

from ..paper.system_fonts import gothic

MARGIN = 15 * mm


def draw(title, sections):
    """Return the PDF of a day as bytes; a long day is drawn smaller, never on a second page.

    :param str title: the first line
    :param list sections: pairs of a heading and its lines of text (may have line breaks)
    """
    text = ParagraphStyle("text", fontName=gothic(), fontSize=10, leading=14, wordWrap="CJK")
    heading = ParagraphStyle("heading", text, fontSize=11, leading=20, spaceBefore=8)
    top = ParagraphStyle("top", text, fontSize=16, leading=24)
    story = [Paragraph(escape(title), top)]
    for name, lines in sections:
        story.append(Paragraph(f"■ {escape(name)}", heading))
        story += [Paragraph(escape(line).replace("\n", "<br/>"), text) for line in lines or ["－"]]
    width, height = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
    frame = KeepInFrame(width, height, story, mode="shrink")
    result = io.BytesIO()
    canvas = Canvas(result, pagesize=A4)
    canvas.setTitle(title)
    _width, used = frame.wrapOn(canvas, width, height)
    frame.drawOn(canvas, MARGIN, A4[1] - MARGIN - used)
    canvas.save()
    return result.getvalue()

"""Draws 受付名簿 on A4. Plain Python: nothing of Odoo in it."""

import io
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from ..paper.system_fonts import gothic

MARGIN = 12 * mm
WIDTHS = [11 * mm, 12 * mm, 52 * mm, 52 * mm, 16 * mm, 43 * mm]  # 186 mm
WALK_INS = 6  # empty rows for who comes without having said so
ROW = 9 * mm


def draw(title, facts, headings, guests):
    """Return the PDF of a reception list as bytes.

    :param str title: the first line
    :param str facts: the second line: day and numbers
    :param headings: number, came, company, name, companions, remarks
    :param guests: list of (number, company, function, name, kana, companions, remark), in the
        order of the paper
    """
    text = ParagraphStyle("text", fontName=gothic(), fontSize=10, leading=12, wordWrap="CJK")
    small = ParagraphStyle("small", text, fontSize=7, leading=8.5)
    top = ParagraphStyle("top", text, fontSize=16, leading=24)

    def cell(first, above=""):
        above = [Paragraph(escape(above), small)] if above else []
        return [*above, Paragraph(escape(first), text)] if first or above else ""

    rows = [[Paragraph(escape(heading), text) for heading in headings]]
    for number, company, function, name, kana, companions, remark in guests:
        rows.append(
            [
                str(number),
                "□",
                [cell(company), Paragraph(escape(function), small)] if function else cell(company),
                cell(name, kana),
                f"＋{companions}" if companions else "",
                Paragraph(escape(remark), small),
            ]
        )
    rows += [["", "□", "", "", "", ""]] * WALK_INS
    table = Table(
        rows,
        WIDTHS,
        [8 * mm] + [None] * (len(rows) - 1 - WALK_INS) + [ROW] * WALK_INS,
        repeatRows=1,
    )
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e8edf3")),
                ("FONT", (0, 0), (-1, -1), gothic(), 10),
                ("FONT", (1, 1), (1, -1), gothic(), 15),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("ALIGN", (0, 0), (1, -1), "CENTER"),
                ("ALIGN", (4, 0), (4, -1), "CENTER"),
                ("TOPPADDING", (0, 1), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 1), (-1, -1), 4),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    result = io.BytesIO()

    def number_page(canvas, document):
        canvas.setFont(gothic(), 8)
        canvas.drawCentredString(A4[0] / 2, 7 * mm, f"{title}  {document.page}")

    document = SimpleDocTemplate(
        result,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
    )
    document.build(
        [
            Paragraph(escape(title), top),
            Paragraph(escape(facts), text),
            Paragraph(" ", text),
            table,
        ],
        onFirstPage=number_page,
        onLaterPages=number_page,
    )
    return result.getvalue()

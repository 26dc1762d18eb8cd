"""The test page (テストページ): does this printer keep the millimetres, and is the sheet right?

A ruler frame along the edges, the outline of every label with its number and a crosshair in
its middle. Laid over a label sheet and held against the light, it shows what to enter as
offset.
"""

import io

from reportlab.lib.units import mm

from .paint import new_canvas, outline

NOTE_SIZE = 7.0  # points
CORNER = 10  # mm where the two rulers would cross


def test_page(fmt, chain, title, notes):
    """Draw the test page of a label format.

    :param fmt: `sheet.LabelFormat`
    :param chain: `fonts.FontChain`
    :param title: shown in the middle of the first label, and the document's title
    :param notes: lines to be read (print at 100 %, how to correct), translated
    :return: PDF as bytes
    """
    buffer = io.BytesIO()
    canvas = new_canvas(buffer, fmt, chain, title)
    _rulers(canvas, fmt, chain)
    for position in range(fmt.per_sheet):
        x, y = fmt.corner(position)
        outline(canvas, fmt, x, y, grey=0.3)
        middle = x + fmt.label_width / 2, y + fmt.label_height / 2
        _line(canvas, fmt, middle[0] - 4, middle[1], middle[0] + 4, middle[1])
        _line(canvas, fmt, middle[0], middle[1] - 4, middle[0], middle[1] + 4)
        _write(canvas, fmt, chain, x + 1.5, y + 4.5, 9.0, str(position + 1))
    x, y = fmt.corner(0)
    size = NOTE_SIZE
    room = (fmt.label_width - 10) / (25.4 / 72)
    for line in [title, *notes]:
        size = min(size, room / max(chain.width(line), 1))
    for number, line in enumerate([title, *notes]):
        # Beside the number, clear of the crosshair as far as the label allows.
        _write(canvas, fmt, chain, x + 8, y + 4 + number * size * 0.5, size, line)
    canvas.save()
    return buffer.getvalue()


def _rulers(canvas, fmt, chain):
    for along in range(CORNER, int(fmt.page_width) + 1):
        length = 5 if along % 10 == 0 else 3.5 if along % 5 == 0 else 2.5
        _line(canvas, fmt, along, 0, along, length + 3)
        if along % 10 == 0:
            _write(canvas, fmt, chain, along + 0.5, 10.5, 6.0, str(along))
    for along in range(CORNER, int(fmt.page_height) + 1):
        length = 5 if along % 10 == 0 else 3.5 if along % 5 == 0 else 2.5
        _line(canvas, fmt, 0, along, length + 3, along)
        if along % 10 == 0:
            _write(canvas, fmt, chain, 8.5, along + 2.5, 6.0, str(along))


def _line(canvas, fmt, x1, y1, x2, y2):
    canvas.setLineWidth(0.1 * mm)
    canvas.setStrokeGray(0)
    height = fmt.page_height
    canvas.line(x1 * mm, (height - y1) * mm, x2 * mm, (height - y2) * mm)


def _write(canvas, fmt, chain, x, y, points, text):
    text_object = canvas.beginText()
    text_object.setTextOrigin(x * mm, (fmt.page_height - y) * mm)
    for face, piece in chain.pieces(text):
        text_object.setFont(face.pdf_name, points)
        text_object.textOut(piece)
    canvas.drawText(text_object)

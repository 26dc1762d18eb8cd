"""Reads label PDFs back: every piece of text with its box in millimetres, and the fonts."""

import io
import os
from typing import NamedTuple

import reportlab
from pypdf import PdfReader
from pypdf.generic import ContentStream

# A font that is everywhere reportlab is, and that knows no Japanese.
LATIN_FONT = os.path.join(os.path.dirname(reportlab.__file__), "fonts", "Vera.ttf")
MM = 25.4 / 72
ASCENT, DESCENT = 0.88, 0.12  # of the em: where the characters of Japanese fonts stand


class Text(NamedTuple):
    """A piece of text on a page; box in mm from the upper left corner of the sheet."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float


def texts_of(content):
    """The texts of a PDF, measured with the widths of the fonts embedded in it.

    :param content: the PDF as bytes
    :return: list of `Text` in drawing order, one for each line (pieces that follow each other
        on a line without a move are one text)
    """
    reader = PdfReader(io.BytesIO(content))
    found = []
    for number, page in enumerate(reader.pages):
        fonts = {
            name: (_unicode_of(font.get_object()), font.get_object())
            for name, font in page["/Resources"]["/Font"].get_object().items()
        }
        height = float(page.mediabox.height)
        x = y = size = 0.0
        scale, font = 1.0, None
        fresh = True
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tm":
                x, y = float(operands[4]), float(operands[5])
                fresh = True
            elif operator == b"Tf":
                font, size = fonts[operands[0]], float(operands[1])
            elif operator == b"Tz":
                scale = float(operands[0]) / 100
            elif operator == b"Tj":
                codes = operands[0].original_bytes
                unicode_of, dictionary = font
                first = dictionary["/FirstChar"]
                widths = dictionary["/Widths"].get_object()
                wide = sum(float(widths[code - first]) for code in codes) / 1000 * size * scale
                text = "".join(unicode_of[code] for code in codes)
                box = Text(
                    number,
                    text,
                    x * MM,
                    (height - y - ASCENT * size) * MM,
                    (x + wide) * MM,
                    (height - y + DESCENT * size) * MM,
                    (height - y) * MM,
                    size * MM,
                )
                if not fresh:
                    before = found.pop()
                    box = before._replace(text=before.text + text, right=box.right)
                found.append(box)
                x += wide
                fresh = False
    return found


def _unicode_of(font):
    """code → character, from the font's ToUnicode table."""
    table = font["/ToUnicode"].get_object().get_data().decode()
    mapping = {}
    for block in table.split("beginbfrange")[1:]:
        for line in block.split("endbfrange")[0].replace("\n", " ").split("]"):
            if "[" not in line:
                continue
            codes, targets = line.split("[")
            start = int(codes.split("<")[1].split(">")[0], 16)
            for offset, target in enumerate(targets.replace("<", " ").replace(">", " ").split()):
                mapping[start + offset] = bytes.fromhex(target.zfill(4)).decode("utf-16-be")
    for block in table.split("beginbfchar")[1:]:
        for line in block.split("endbfchar")[0].strip().splitlines():
            code, target = line.replace("<", " ").replace(">", " ").split()
            mapping[int(code, 16)] = bytes.fromhex(target.zfill(4)).decode("utf-16-be")
    return mapping


def fonts_of(content):
    """The fonts of a PDF.

    :return: list of (base name, whether a font file is embedded)
    """
    reader = PdfReader(io.BytesIO(content))
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            font = font.get_object()
            descriptor = font.get("/FontDescriptor")
            embedded = descriptor is not None and "/FontFile2" in descriptor.get_object()
            found.add((str(font["/BaseFont"]), embedded))
    return sorted(found)


def page_count(content):
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(content)).pages)

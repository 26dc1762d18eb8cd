"""The first sheet as a picture (印刷イメージ), drawn with the very fonts of the PDF."""

import io

from PIL import Image, ImageDraw, ImageFont

PAPER, FRAME, USED, INK = 255, 200, 235, 0


def first_sheet(blocks, fmt, chain, start=1, dots_per_mm=4.0):
    """Draw the first sheet.

    Labels that are already used up (before the start position) are grey.

    :param blocks: runs of each label, in printing order; what is beyond the sheet is ignored
    :param fmt: `sheet.LabelFormat`
    :param chain: `fonts.FontChain`
    :param start: start position from 1
    :param dots_per_mm: resolution
    :return: PNG as bytes
    """
    scale = dots_per_mm
    size = (round(fmt.page_width * scale), round(fmt.page_height * scale))
    image = Image.new("L", size, PAPER)
    draw = ImageDraw.Draw(image)
    for position in range(fmt.per_sheet):
        x, y = fmt.corner(position)
        corners = [x, y, x + fmt.label_width, y + fmt.label_height]
        fill = USED if position < start - 1 else PAPER
        draw.rectangle([value * scale for value in corners], outline=FRAME, fill=fill)
    loaded = {}
    for index, runs in enumerate(blocks):
        place = fmt.place(index, start)
        if place.sheet:
            break
        for run in runs:
            _draw_run(image, draw, run, place, chain, scale, loaded)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw_run(image, draw, run, place, chain, scale, loaded):
    x = (place.x + run.x) * scale
    y = (place.y + run.y) * scale
    for face, text in chain.pieces(run.text):
        key = (face.pdf_name, run.size)
        if key not in loaded:
            loaded[key] = ImageFont.truetype(face.open(), run.size * scale, index=face.number)
        font = loaded[key]
        if run.scale == 1.0:
            draw.text((x, y), text, font=font, fill=INK, anchor="ls")
        else:
            _draw_condensed(image, (x, y), text, font, run.scale)
        x += sum(map(face.widths.__getitem__, text)) * run.size * run.scale * scale


def _draw_condensed(image, base, text, font, condensed):
    width = max(1, round(font.getlength(text)))
    ascent, descent = font.getmetrics()
    mask = Image.new("L", (width, ascent + descent), 0)
    ImageDraw.Draw(mask).text((0, ascent), text, font=font, fill=255, anchor="ls")
    mask = mask.resize((max(1, round(width * condensed)), ascent + descent))
    image.paste(INK, (round(base[0]), round(base[1] - ascent)), mask)

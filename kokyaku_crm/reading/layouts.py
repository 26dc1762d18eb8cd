"""What a text file looks like: its encoding, its separator, where its headings stand."""

import csv
import re
from collections import Counter

from .errors import UnreadableFile
from .headings import looks_like_data, meaning
from .records import Records

PIECE = 4 << 20  # bytes looked at
MAX_COLUMNS = 1_000
_SEPARATORS = ",\t;|"
_ENCODINGS = ("utf-8", "cp932")
# What a renamed picture, PDF, gzip or RAR file begins with.
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!")
_ENOUGH = 0.3  # of the lines that are not ASCII must be readable
_KNOWN = re.compile("[\t\r\n -~\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]+")
LONGEST_RULED = 2_000  # characters of a line
_ABOVE = 30  # lines among which the headings are looked for


def encoding_of(path):
    """Return the encoding, and the first piece of the file as text.

    :raise UnreadableFile: when it is no text, or in no encoding of ours
    """
    with open(path, "rb") as file:
        first = file.read(PIECE)
        if not first.strip():
            raise UnreadableFile("empty")
        if first.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig", _text(first[3:], "utf-8")
        if first.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16", _text(first, "utf-16")
        if b"\0" in first and (codec := wide_codec(first)):
            return "utf-16", _text(first, codec)
        if first.startswith(_FOREIGN):
            raise UnreadableFile("foreign")
        if first.count(b"\0") > max(20, len(first) / 100) or _is_binary(first):
            raise UnreadableFile("binary")
        piece = first
        while piece and piece.isascii():
            piece = file.read(PIECE)
        if not piece:
            return "utf-8", _text(first, "utf-8")
    encoding = _best(piece)
    return encoding, _text(first, encoding)


def _text(data, codec):
    return data.decode(codec, "replace").replace("\0", "\ufffd")


def wide_codec(data):
    """Return the way round of UTF-16 without its mark, None when it is none: read rightly it is
    made of characters one knows."""
    head = data[: len(data) & ~1][:100_000]
    for codec in ("utf-16-le", "utf-16-be"):
        text = head.decode(codec, "replace")
        known = sum(map(len, _KNOWN.findall(text)))
        if known > 0.95 * len(text) and ("\n" in text or "\r" in text):
            return codec
    return None


def _is_binary(data):
    head = data[:8192]
    control = sum(head.count(bytes([code])) for code in range(1, 32) if code not in (9, 10, 13))
    return control > len(head) / 20


def _best(piece):
    """The encoding in which most lines can be read; strictly, the first that reads all."""
    whole = piece[: piece.rfind(b"\n") + 1] or piece
    for encoding in _ENCODINGS:
        if _readable(whole, encoding):
            return encoding
    lines = [line for line in piece.split(b"\n")[:-1] or [piece] if not line.isascii()]
    if not lines:  # the only one that is not ASCII is cut off at the end
        lines = [piece[: piece.rfind(b"\n") + 1] or piece]
    counts = {}
    for encoding in _ENCODINGS:
        counts[encoding] = sum(_readable(line, encoding) for line in lines)
        if counts[encoding] == len(lines):
            return encoding
    encoding = max(_ENCODINGS, key=counts.get)
    if counts[encoding] < _ENOUGH * len(lines):
        raise UnreadableFile("encoding")
    return encoding


def _readable(line, encoding):
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(text, suffix=""):
    """Return the separator by which most lines have the same number of cells, more than one;
    "" when there is none."""
    lines = [line for line in re.split("\r\n|\n|\r", text[:200_000])[:-1] if line.strip()][:200]
    lines = lines or [text]
    best, most = ("\t" if suffix in (".tsv", ".tab") else ""), 1
    for separator in _SEPARATORS:
        widths = Counter(_width(line, separator) for line in lines)
        width, often = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        score = often / len(lines) * min(width, 6) + width / 1000 if width > 1 else 1
        if score > most:
            best, most = separator, score
    return best


def _width(line, separator):
    if separator not in line:
        return 1
    try:
        return len(next(csv.reader([line], delimiter=separator)))
    except csv.Error:
        return line.count(separator) + 1


def fixed_widths(text, encoding):
    """Return the widths in bytes of a file whose lines are all equally long and whose columns
    are parted by nothing but spaces; None for any other."""
    lines = re.split("\r\n|\n|\r", text[:200_000])[:-1][:300]
    codec = codec_of(encoding)
    encoded = [line.replace("\u3000", "  ").encode(codec, "replace") for line in lines if line]
    if len(encoded) < 3 or len({len(line) for line in encoded}) != 1 or len(encoded[0]) < 10:
        return None
    used = [any(line[at] != 32 for line in encoded) for at in range(len(encoded[0]))]
    starts = [0] + [at for at in range(1, len(used)) if used[at] and not used[at - 1]]
    if len(starts) < 2:
        return None
    return [end - at for at, end in zip(starts, [*starts[1:], len(used)], strict=True)]


def text_of(path, encoding):
    """Return the first piece of a file as text in this encoding."""
    with open(path, "rb") as file:
        try:
            return _text(file.read(PIECE), encoding)
        except LookupError as error:
            raise UnreadableFile("layout", encoding=encoding) from error


def first_rows(text, layout):
    """Return the first rows of a text as (line, cells)."""
    lines = re.split("\r\n|\n|\r", text[:400_000])
    if len(text) > 400_000 or not lines[-1]:
        del lines[-1:]  # cut off, or empty
    numbered = list(enumerate(lines[:400], 1))
    if layout["format"] == "fixed":
        codec = codec_of(layout["encoding"])
        rows = [(line, sliced(row, layout["widths"], codec)) for line, row in numbered]
    else:
        records = Records(layout["separator"], layout["quote"])
        rows, _broken, _rest = records.assemble(numbered, thorough=True)
        rows = [(number, records.cells(row)) for number, row in rows]
    return [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]


def sliced(text, widths, codec):
    """Return the cells of a line with columns of fixed widths, counted in bytes.

    The last column has whatever a line holds beyond the widths: nothing is lost.

    >>> sliced("001田中  緑茶 とても長い", [3, 6, 4], "cp932")
    ['001', '田中', '緑茶 とても長い']
    """
    data, cells, at = text.encode(codec, "replace"), [], 0
    for width in [*widths[:-1], None]:
        end = None if width is None else at + width
        cells.append(data[at:end].decode(codec, "replace").strip(" \u3000"))
        at = end
    return cells


def ruled(text, encoding, lines):
    """Return the first lines as lists of [character, bytes it takes], to rule columns on.

    >>> ruled("1田\\n2", "cp932", 1)
    [[['1', 1], ['田', 2]]]
    """
    codec = codec_of(encoding)
    rows = [row for row in re.split("\r\n|\n|\r", text[:400_000]) if row.strip()][:lines]
    return [
        [[char, len(char.encode(codec, "replace"))] for char in row[:LONGEST_RULED]] for row in rows
    ]


def longest(text, encoding):
    """Return how many bytes the longest of the first lines has."""
    codec = codec_of(encoding)
    rows = re.split("\r\n|\n|\r", text[:400_000])
    return max(len(row.encode(codec, "replace")) for row in rows)


def codec_of(encoding):
    """The codec that counts the bytes of a line: without any mark at the beginning.

    >>> codec_of("utf-8-sig"), codec_of("cp932")
    ('utf-8', 'cp932')
    """
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)


def header_of(rows):
    """Return the line of the headings, 0 when there are none.

    :param rows: list of (line, cells)
    """
    best, most = 0, 0
    for number, cells in rows[:_ABOVE]:
        known = sum(bool(meaning(cell)) for cell in cells if cell.strip())
        data = sum(map(looks_like_data, cells))
        if known > max(most, data) and (known > 1 or len(cells) < 3):
            best, most = number, known
    if best:
        return best
    for at, (number, cells) in enumerate(rows[:_ABOVE]):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) < 2 or len(filled) * 2 < len(cells):
            continue
        below = [cell for _number, others in rows[at + 1:at + 20] for cell in others]
        if any(map(looks_like_data, filled)) or not any(map(looks_like_data, below)):
            return 0
        return number
    return 0


def width_of(heading, rows):
    """Return how many columns there are: as many as headings, or as most rows have cells.

    More cells than headings make columns only where nothing stands in them: else 1,000 without
    quotes would be two.
    """
    widths = Counter(len(cells) for _number, cells in rows)
    width, often = widths.most_common(1)[0] if widths else (0, 0)
    if not heading:
        return width
    beyond = any(cell.strip() for _number, cells in rows for cell in cells[len(heading):])
    return width if width > len(heading) and often * 2 > len(rows) and not beyond else len(heading)

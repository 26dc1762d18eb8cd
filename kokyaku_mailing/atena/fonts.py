"""TrueType fonts for paper, and what they cover.

reportlab embeds fonts with TrueType outlines only; those with PostScript outlines (most
Noto CJK, Hiragino) cannot be loaded. IPAex, BIZ UD, Meiryo, MS Gothic and Yu Gothic can.
"""

import hashlib
import io
import os
import threading

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

# What every address in Japan needs.
SAMPLE = "〒東京都様御中あア1"


class FontError(Exception):
    """A font that cannot be used.

    :param code: ``unreadable``, ``postscript_outlines`` or ``not_japanese``
    :param detail: what the font library said, for the log
    """

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class Face:
    """One font, ready for paper and for pictures.

    :param source: path of a font file, or its bytes
    :param number: within a collection (.ttc)
    :param japanese: refuse a font without the characters of a Japanese address
    :raises FontError: when the font cannot be used
    """

    def __init__(self, source, number=0, japanese=True):
        if isinstance(source, bytes):
            key = hashlib.sha1(source, usedforsecurity=False).hexdigest()
            self._file = source
        else:
            key = hashlib.sha1(
                f"{source}:{os.path.getmtime(source)}".encode(), usedforsecurity=False
            ).hexdigest()
            self._file = source
        self.number = number
        self.pdf_name = f"atena-{key[:12]}-{number}"
        try:
            font = TTFont(self.pdf_name, self.open(), subfontIndex=number, shapable=False)
        except TTFError as error:
            code = "postscript_outlines" if "postscript" in str(error).lower() else "unreadable"
            raise FontError(code, str(error)) from error
        except Exception as error:  # whatever a broken file makes the parser do
            raise FontError("unreadable", repr(error)) from error
        pdfmetrics.registerFont(font)
        raw = font.face.name
        self.label = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        default = font.face.defaultWidth
        widths = font.face.charWidths
        self.widths = {
            chr(code): widths.get(code, default) / 1000.0 for code in font.face.charToGlyph
        }
        if japanese and not self.covers(SAMPLE):
            raise FontError("not_japanese", self.label)
        self._pictures = {}

    def open(self):
        """The font file as the font libraries take it: a path or an open stream."""
        return io.BytesIO(self._file) if isinstance(self._file, bytes) else self._file

    def covers(self, text):
        """Whether the font has every character of a text."""
        return self.widths.keys() >= set(text)


_faces = {}
_lock = threading.Lock()


def face(source, number=0, japanese=True, key=None):
    """A `Face`, loaded once per process and file (parsing takes a tenth of a second).

    :param source: path of a font file, its bytes, or with `key` a function that gives them
    :param number: within a collection (.ttc)
    :param japanese: refuse a font without the characters of a Japanese address
    :param key: what identifies the content, such as a checksum; saves reading it again
    :raises FontError: when the font cannot be used
    """
    if key is None and isinstance(source, bytes):
        key = hashlib.sha1(source, usedforsecurity=False).hexdigest()
    elif key is None:
        try:
            key = (source, os.path.getmtime(source))
        except OSError as error:
            raise FontError("unreadable", str(error)) from error
    with _lock:
        if (key, number) not in _faces:
            content = source() if callable(source) else source
            _faces[key, number] = Face(content, number, japanese=False)
        loaded = _faces[key, number]
    if japanese and not loaded.covers(SAMPLE):
        raise FontError("not_japanese", loaded.label)
    return loaded


class _Advances(dict):
    """character → width in em; a character that no face has is as wide as its stand-in."""

    def __init__(self, chain):
        super().__init__(chain.faces[0].widths)
        self._chain = chain

    def __missing__(self, char):
        faces = self._chain.faces
        has = next((one for one in faces if char in one.widths), None)
        width = self[char] = has.widths[char] if has else self[self._chain.stand_in]
        return width


class FontChain:
    """Fonts in order of preference: what the first lacks, the next one prints.

    :param faces: at least one `Face`
    """

    def __init__(self, faces):
        self.faces = list(faces)
        self._first = frozenset(self.faces[0].widths)
        self._any = self._first.union(*(one.widths for one in self.faces[1:]))
        self.stand_in = next((char for char in "〓□?" if char in self._first), " ")
        self.advances = _Advances(self)

    def width(self, text):
        """Width of a text in em (multiply by the size)."""
        return sum(map(self.advances.__getitem__, text))

    def missing(self, text):
        """The characters of a text that no font of the chain has, each once, in order."""
        if self._first.issuperset(text):
            return ""
        return "".join(dict.fromkeys(char for char in text if char not in self._any))

    def pieces(self, text):
        """Cut a text by the face that prints it.

        A character that none has becomes 〓, the printer's mark for a sort to be put in by hand.

        :return: list of (face, text)
        """
        if self._first.issuperset(text):
            return [(self.faces[0], text)]
        pieces = []
        for char in text:
            has = next((one for one in self.faces if char in one.widths), None)
            if has is None:
                has, char = self.faces[0], self.stand_in
            if pieces and pieces[-1][0] is has:
                pieces[-1] = (has, pieces[-1][1] + char)
            else:
                pieces.append((has, char))
        return pieces

"""A file as a source of rows, whatever its format."""

import os
from pathlib import Path

from . import layouts, vcard
from .errors import UnreadableFile, package

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAMPLES = 50
_MOST_CARDS = 64 << 20  # bytes
_MOST_CELLS = 1_500_000  # of a part: 200 bytes each while they are read and converted
_SMALL = 1 << 16  # bytes: enough for the samples


class Part:
    """A piece of a file.

    ``frame``: DataFrame of texts, columns by position, index the line in the file;
    ``rejects``: the rows that could not be read, as ``Reject``; ``position``: bytes (of a
    workbook: rows) done with it; ``number``: of the part, the first is 0. ``place``: where to
    begin for the part behind it, for ``SourceFile.parts``; None: at the beginning of the file.
    """

    def __init__(self, number, frame, rejects, position, place=None):
        self.number, self.frame, self.rejects, self.position = number, frame, rejects, position
        self.place = place


class SourceFile:
    """A file that was recognised: open it with ``SourceFile.open``, read it with ``parts``.

    ``layout``: ``format`` ("csv", "tsv", "fixed", "xlsx", "xls", "vcard"), and what that
    format has: ``encoding``, ``separator``, ``quote``, ``header_row`` (the line of the
    headings, 0 for none), ``widths`` (in bytes; ``names``: what those columns are called, where
    the file does not say), ``sheet``, ``sheets``. ``headings``: one for
    each column, "" where the file has none. ``samples``: the first rows. ``row_count``: None
    when nobody knows yet; ``size_hint``: what ``Part.position`` goes up to.
    """

    def __init__(self, path, name, layout):
        self.path, self.name, self.layout = path, name, layout
        self.headings, self.samples, self.row_count = [], [], None
        self.size_hint = os.path.getsize(path)
        self.columns = 0

    @classmethod
    def open(cls, path, name="", layout=None):
        """Recognise a file.

        :param path: where it is on disk
        :param name: what the user calls it
        :param dict layout: overrules what would be recognised; every key is optional
        :raise UnreadableFile: when there is nothing to be read
        """
        package("pandas")
        path = Path(path)
        if not path.is_file():
            raise UnreadableFile("missing")
        source = cls(path, name or path.name, dict(layout or {}))
        with open(path, "rb") as file:
            start = file.read(8)
        if start.startswith(_ZIP) or start.startswith(_OLE):
            from . import workbook_file  # noqa: PLC0415 - its packages serve workbooks only

            workbook_file.recognise(source, start)
        else:
            source._recognise_text()
        if source.columns > layouts.MAX_COLUMNS:
            raise UnreadableFile(
                "too_many_columns", columns=source.columns, limit=layouts.MAX_COLUMNS
            )
        source._take_samples()
        return source

    def _recognise_text(self):
        layout = self.layout
        encoding, text = layouts.encoding_of(self.path)
        if layout.get("encoding", encoding) != encoding:
            encoding = layout["encoding"]
            text = layouts.text_of(self.path, encoding)
        layout["encoding"] = encoding
        if layout.get("format", "vcard") == "vcard" and vcard.is_card(text):
            layout["format"], layout["header_row"] = "vcard", 0
            self.headings, self.columns = list(vcard.HEADINGS), len(vcard.HEADINGS)
            return
        layout.setdefault("quote", '"')
        widths = layout.get("widths")
        if layout.get("format") == "fixed" or widths:
            layout["widths"] = widths or layouts.fixed_widths(text, encoding) or [
                layouts.longest(text, encoding)
            ]
            layout["format"] = "fixed"
        elif not layout.get("separator"):
            separator = layouts.separator_of(text, Path(self.name).suffix.lower())
            widths = not separator and layouts.fixed_widths(text, encoding)
            if widths and layout.get("format") not in ("csv", "tsv"):
                layout |= {"format": "fixed", "widths": widths}
            else:
                layout["separator"] = separator or ","
        if layout.get("format") != "fixed":
            layout["format"] = "tsv" if layout["separator"] == "\t" else "csv"
        rows = layouts.first_rows(text, layout)
        if not rows:
            raise UnreadableFile("no_rows")
        layout.setdefault("header_row", layouts.header_of(rows))
        below = [row for row in rows if row[0] > layout["header_row"]]
        heading = next((cells for line, cells in rows if line == layout["header_row"]), [])
        width = layouts.width_of(heading, below)
        self.headings = [cell.strip() for cell in heading] + [""] * (width - len(heading))
        self.columns = width
        if layout["format"] == "fixed":
            self.columns = width = len(layout["widths"])
            names = [str(name or "").strip() for name in layout.get("names") or []][:width]
            names += [""] * (width - len(names))
            known = [*self.headings, *[""] * width]
            self.headings = [name or known[at] for at, name in enumerate(names)]

    def ruled(self, lines=8):
        """Return the first lines of a text file as lists of [character, bytes], to set the
        widths of its columns on."""
        encoding = self.layout["encoding"]
        return layouts.ruled(layouts.text_of(self.path, encoding), encoding, lines)

    def _take_samples(self):
        part = next(self.parts(_SAMPLES, small=True), None)
        if part is None:
            raise UnreadableFile("no_rows")
        self.samples = part.frame.to_numpy().tolist()

    def _frames(self, small, place=None):
        if self.layout["format"] in ("xlsx", "xls"):
            from . import workbook_file  # noqa: PLC0415 - its packages serve workbooks only

            return workbook_file.frames(self)
        if self.layout["format"] == "vcard":
            return self._cards()
        from .text_file import BLOCK, TextFile  # noqa: PLC0415 - needs pandas

        reader = TextFile(self.path, self.layout, self.columns)
        return reader.frames(_SMALL if small else BLOCK, place)

    def _cards(self):
        import pandas as pd  # noqa: PLC0415 - the add-on installs without it

        data = self.path.read_bytes()[:_MOST_CARDS]
        codec = self.layout["encoding"]
        found = vcard.cards(data.decode(codec, "replace").replace("\0", ""))
        frame = pd.DataFrame(
            [vcard.row_of(card) for card in found], columns=range(self.columns),
            index=range(1, len(found) + 1), dtype=object,
        )
        frame.attrs |= {"odd": True, "guarded": False}
        self.row_count = len(found)
        yield frame, [], self.size_hint

    def parts(self, rows=50_000, small=False, place=None, seen=()):
        """Yield the file in parts of so many rows, the same ones every time.

        Only what a part needs is in memory; a file of many columns has shorter parts.

        :param place: of an earlier part, to begin behind it
        :param seen: what the memory (``Memory.added``) was told by each part up to there
        """
        import pandas as pd  # noqa: PLC0415 - the add-on installs without it

        from .memory import Memory  # noqa: PLC0415 - needs numpy

        rows = min(rows, max(1, _MOST_CELLS // self.columns)) if self.columns else rows
        memory = Memory(self, rows)
        number, frames, waiting, rejects, position = 0, [], 0, [], 0
        at, last = None, 0
        if place:
            at, last, number = place["at"], place["row"], place["number"] + 1
            memory.recall(number, seen)
        for frame, wrong, position, *here in self._frames(small, at):
            if place and len(frame) and frame.index[0] <= last:
                attrs, frame = frame.attrs, frame[frame.index > last]
                frame.attrs = attrs
            rejects += [one for one in wrong if one.row > last] if place else wrong
            frames.append(frame)
            waiting += len(frame)
            while waiting >= rows:
                whole = frames[0] if len(frames) == 1 else _joined(pd, frames)
                head, tail = whole.iloc[:rows], whole.iloc[rows:]
                end = head.index[-1]
                part = self._part(number, memory, head, whole.attrs,
                                  [one for one in rejects if one.row <= end], position)
                if here and here[0]:
                    part.place = {"at": here[0], "row": int(end), "number": number}
                yield part
                number += 1
                rejects = [one for one in rejects if one.row > end]
                tail.attrs.update(whole.attrs)
                frames, waiting = [tail], len(tail)
        if waiting or rejects:
            whole = _joined(pd, frames)
            yield self._part(number, memory, whole, whole.attrs, rejects, position)

    def _part(self, number, memory, frame, attrs, rejects, position):
        short = {row for row in attrs.get("short", ()) if row in frame.index} if (
            attrs.get("short")
        ) else frozenset()
        frame = frame.copy(deep=False)
        frame.attrs = {
            "short": short, "odd": attrs.get("odd", False), "memory": memory, "number": number,
            "guarded": attrs.get("guarded", True), "separator": self.layout.get("separator") or ",",
        }
        return Part(number, frame, rejects, position)


def _joined(pd, frames):
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    whole = pd.concat(filled) if len(filled) > 1 else filled[0]
    whole.attrs = {
        "short": [row for frame in frames for row in frame.attrs.get("short", ())],
        "odd": any(frame.attrs.get("odd") for frame in frames),
        "guarded": any(frame.attrs.get("guarded") for frame in frames),
    }
    return whole

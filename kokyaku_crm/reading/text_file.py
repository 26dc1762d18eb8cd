"""Text files with separators, or with columns of fixed widths, read block by block.

A block is decoded and handed to pandas whole. Only where pandas and the count of separators do
not agree that every line is a row like all others, lines are looked at one by one.
"""

import io
import re
import unicodedata
import warnings

import pandas as pd

from .errors import Reject
from .layouts import sliced, wide_codec
from .records import Records

BLOCK = 4 << 20  # bytes read at a time
_SNIFFED = 1 << 16  # bytes
LONGEST_RAW = 2_000  # characters of a rejected row that are kept
# Control characters, choosers of direction, voice marks that stand for themselves (NFD), private
# use (外字) and what a program put for a character it lost.
ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u200b-\u200f\u2028\u2029\u3099\u309a"
    "\ue000-\uf8ff\ufeff\ufffd]"
)
_UNREADABLE = re.compile("[\x00\x80-\x9f\uf8f0-\uf8f3]")  # the last: 0xA0, 0xFD–FF of CP932
_REMOVED = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\ufeff]")
_VOICED = re.compile("[か-とは-ほうゝカ-トハ-ホウワ-ヲヽ][\u3099\u309a]")


def tidy(text):
    """Return a text without what nobody sees, か and its mark as one が.

    Not more than that: Unicode's own forms would take 﨑 and 神 for other characters.
    """
    text = _VOICED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    text = text.replace("\u2028", " ").replace("\u2029", " ").replace("\xa0", " ")
    return _REMOVED.sub("", text)


class TextFile:
    """Reads a text file by its layout.

    :param path: of the file
    :param dict layout: see ``SourceFile.layout``
    :param int columns: how many there are
    """

    def __init__(self, path, layout, columns):
        self.path, self.layout, self.columns = path, layout, columns
        self.encoding = layout["encoding"]
        self.separator = layout.get("separator") or ","
        self.quote = layout.get("quote") or '"'
        self.widths = layout.get("widths") if layout["format"] == "fixed" else None
        self.records = Records(self.separator, self.quote)
        self.wide = self.encoding.startswith("utf-16")

    def frames(self, block=BLOCK, place=None):
        """Yield (frame, rejects, bytes done, place), without the heading and what stands above
        it.

        ``place``: where to begin to have this frame, or the rest of its first row, again: the
        byte at which its block begins, how far the file was read then, and the number of the
        line; None where the beginning of the file is the only such place.
        """
        number, carried, done, anchor = 1, [], 0, None
        skip = self.layout.get("header_row") or 0
        if place:
            done, number, skip = place[0], place[2], 0
        heading_open = skip > 0
        for data, last, *where in self._blocks(block, place):
            if not carried and not skip and not heading_open:
                anchor = [*where, number]
            done += len(data)
            lines, rejects, odd, fast = self._decoded(data, number)
            count = lines.count("\n") + (not lines.endswith("\n")) if fast else len(lines)
            guarded = not fast or "'" in lines or '="' in lines
            if not fast:
                number_after = number + data.count(self._line_end)
            if fast and not carried and not skip and not heading_open:
                frame = self._at_once(lines, number, count)
                if frame is not None:
                    number += count
                    frame.attrs |= {"odd": odd, "guarded": guarded}
                    yield frame, rejects, done, anchor
                    continue
            if fast:
                numbered = list(enumerate(lines.removesuffix("\n").split("\n"), number))
                number += count
            else:
                numbered = lines
                number = number_after
            if skip or heading_open:
                numbered = [line for line in carried + numbered if line[0] >= skip]
                carried = []
                if not numbered and not last:
                    continue
                if heading_open and numbered:
                    rows, _broken, rest = self.records.assemble(
                        numbered[:60], last=last or len(numbered) > 60
                    )
                    if not rows and rest and not last:
                        carried = numbered
                        continue
                    if numbered[0][0] == skip:
                        begin = rows[1][0] if len(rows) > 1 else (
                            rest[0][0] if rest else numbered[-1][0] + 1
                        )
                        numbered = [line for line in numbered if line[0] >= begin]
                    heading_open = False
                skip = 0
            frame, wrong, carried = self._line_by_line(carried + numbered, last)
            frame.attrs |= {"odd": odd, "guarded": guarded}
            yield frame, sorted(rejects + wrong), done, anchor

    # ---- bytes to lines

    def _blocks(self, size, place=None):
        """Yield (bytes, whether they are the last, where they begin, how far the file was read
        before), each ending with a line."""
        rest = b""
        with open(self.path, "rb") as file:
            start = file.read(4)
            bom = {b"\xef\xbb\xbf": 3, b"\xff\xfe": 2, b"\xfe\xff": 2}
            begin = next((length for mark, length in bom.items() if start.startswith(mark)), 0)
            if self.encoding == "utf-16":
                self._codec = "utf-16-be" if start.startswith(b"\xfe\xff") else "utf-16-le"
                if not begin:
                    file.seek(0)
                    self._codec = wide_codec(file.read(_SNIFFED)) or self._codec
            else:
                self._codec = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
            file.seek(begin if self._codec.startswith("utf") else 0)
            self._line_end = "\n".encode(self._codec)
            if not self.wide and b"\n" not in file.read(_SNIFFED):
                self._line_end = b"\r"
            at = read = begin if self._codec.startswith("utf") else 0
            if place:
                at, read = place[:2]
            file.seek(at)
            rest = file.read(read - at)
            while data := file.read(size):
                before, read = read, read + len(data)
                data = rest + data
                cut = self._cut(data)
                if cut:
                    rest = data[cut:]
                    yield data[:cut], False, at, before
                    at += cut
                elif len(data) > 16 * size:  # no line is so long: it becomes a row that is refused
                    rest = b""
                    yield data + self._line_end, False, at, before
                    at = read
                else:
                    rest = data
        yield rest, True, at, read

    def _cut(self, data):
        end = self._line_end
        at = data.rfind(end)
        while at >= 0 and self.wide and at % 2:
            at = data.rfind(end, 0, at + len(end) - 1)
        return at + len(end) if at >= 0 else 0

    def _decoded(self, data, number):
        """(text or numbered lines, rejects, whether odd characters occur, whether it is text)"""
        try:
            text = data.decode(self._codec)
        except UnicodeDecodeError:
            return self._decoded_by_line(data, number)
        if self._line_end == b"\r":
            text = text.replace("\r", "\n")
        elif "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", " ")
        odd = bool(ODD.search(text))
        if odd:
            if _UNREADABLE.search(text) or "\x1a" in text:
                return self._decoded_by_line(data, number)
            text = tidy(text)
        return text, [], odd, True

    def _decoded_by_line(self, data, number):
        numbered, rejects = [], []
        end = self._line_end
        if self.wide:
            lines = self._wide_lines(data)
        else:
            lines = data.removesuffix(end).split(end)
        for at, line in enumerate(lines, number):
            try:
                text = line.decode(self._codec)
            except UnicodeDecodeError as error:
                before = line[: error.start].decode(self._codec, "replace")
                column = self.records.cells(before) if before else []
                raw = line.decode(self._codec, "replace")
                rejects.append(self._reject(at, "undecodable", raw, len(column) or 1))
                continue
            text = text.rstrip("\r\x1a").replace("\r", " ")
            if _UNREADABLE.search(text):
                rejects.append(self._reject(at, "undecodable", text))
                continue
            numbered.append((at, tidy(text)))
        return numbered, rejects, True, False

    def _wide_lines(self, data):
        end, begin, lines = self._line_end, 0, []
        while begin < len(data):
            at = data.find(end, begin)
            while at >= 0 and (at - begin) % 2:
                at = data.find(end, at + 1)
            at = len(data) if at < 0 else at
            lines.append(data[begin:at])
            begin = at + len(end)
        return lines

    def _reject(self, number, code, raw, column=None):
        return Reject(number, "", "", code, raw.replace("\0", "\ufffd")[:LONGEST_RAW])

    # ---- lines to rows

    def _at_once(self, text, number, count):
        """The frame of a block that is all rows of the same length; None if it is not."""
        if self.widths or self.quote in text or not text:
            return None
        if text.count(self.separator) != count * (self.columns - 1):
            return None
        if self.columns == 1:
            frame = pd.DataFrame({0: text.removesuffix("\n").split("\n")}, dtype=object)
        else:
            frame = self._parsed(text)
        if frame is None or frame.shape != (count, self.columns):
            return None
        frame.index = pd.RangeIndex(number, number + count)
        blank = self._blank(frame)
        return frame[~blank] if blank.any() else frame

    def _parsed(self, text):
        """The frame of a text whose rows have no more cells than there are columns, else None."""
        first = self.separator.join("x" * self.columns) + "\n"  # says how many columns there are
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.StringIO(first + text), sep=self.separator, quotechar=self.quote,
                    header=None, dtype=object, na_filter=False, skip_blank_lines=False,
                    engine="c", low_memory=False, lineterminator="\n",
                )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning):
            return None
        return frame.iloc[1:]

    @staticmethod
    def _blank(frame):
        blank = (frame[0] == "").to_numpy()
        for position in frame.columns[1:]:
            if not blank.any():
                break
            blank = blank & (frame[position] == "").to_numpy()
        return blank

    def _line_by_line(self, numbered, last):
        if self.widths:
            rows = [(at, sliced(text, self.widths, self._codec)) for at, text in numbered]
            return *self._checked(rows), []
        rows, broken, rest = self.records.assemble(numbered, last=last)
        found = self._regular(rows)
        if found is None:
            rows, broken, rest = self.records.assemble(numbered, thorough=True, last=last)
            found = self._checked([(number, self.records.cells(row)) for number, row in rows])
        frame, rejects = found
        rejects += [self._reject(number, "unclosed_quote", text) for number, text in broken]
        return frame, rejects, rest

    def _checked(self, rows):
        """The frame of rows that were taken apart already, and those that are too long."""
        kept, numbers, short, rejects = [], [], [], []
        for number, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > self.columns:
                if any(cell.strip() for cell in cells[self.columns:]):
                    raw = self.separator.join(cells)
                    rejects.append(self._reject(number, "too_many_columns", raw))
                    continue
                cells = cells[: self.columns]
            elif len(cells) < self.columns:
                short.append(number)
                cells = cells + [""] * (self.columns - len(cells))
            kept.append(cells)
            numbers.append(number)
        return self._frame(kept, numbers, short), rejects

    def _frame(self, rows, numbers, short=()):
        frame = pd.DataFrame(rows, index=numbers, columns=range(self.columns), dtype=object)
        frame.attrs["short"] = list(short)
        return frame

    def _regular(self, rows):
        """The same by pandas; None when it sees other rows than there are."""
        blank = {",", " ", "\t", "\u3000", self.separator}
        expected, long, fit = self.columns - 1, [], []
        for row in rows:
            text = row[1]
            if text.count(self.separator) > expected and self.quote not in text:
                long.append((row[0], text.split(self.separator)))
            elif text and not (text[0] in blank and set(text) <= blank):
                fit.append(row)
        if self.columns == 1:
            fit = [(number, self.records.cells(text)) for number, text in fit]
            return self._checked(sorted(fit + long))
        frame = self._parsed("".join(f"{text}\n" for _number, text in fit))
        if frame is None or frame.shape != (len(fit), self.columns):
            return None
        frame.index = pd.Index([number for number, _text in fit], dtype="int64")
        short = []
        for at in (frame[expected] == "").to_numpy().nonzero()[0]:
            number, text = fit[at]
            if text.count(self.separator) < expected or (
                self.quote in text and len(self.records.cells(text)) < self.columns
            ):
                short.append(number)
        rejects = []
        if long:
            others, rejects = self._checked(long)
            frame = pd.concat([frame, others]).sort_index()
        frame.attrs["short"] = short
        return frame, rejects

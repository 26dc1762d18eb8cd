"""Reading a file ahead of the database: while one part is stored, the next one is read.

No record is touched here, so that reading can have a thread of its own.
"""

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

PART_ROWS = 50_000
LONG = 32 << 20  # bytes
_parked = {}  # between two turns of a run: one reader per database
_parking = Lock()


def reading(env):
    """Return the package that reads files; say what is missing where it cannot work."""
    try:
        from .. import reading as package  # noqa: PLC0415 - pandas serves this feature only
    except ImportError as error:
        from odoo.exceptions import UserError  # noqa: PLC0415

        raise UserError(
            env._(
                "Reading files needs the Python package “%(package)s”. The administrator installs "
                "it with: %(command)s",
                package=error.name,
                command=f"pip install {error.name}",
            )
        ) from error
    return package


class RowsAtHand:
    """One part of a file: the rows that can be stored, and what is known of the others.

    ``number``: of the part, from 1. ``count``: its rows. ``frame``: what ``convert`` made of
    them. ``rejects``: what it, and the reading, could not use. ``place`` and ``seen``: how the
    part behind it is found, and what this one adds to what is known (``SourceFile.parts``).
    """

    def __init__(self, number, part, frame, rejects, headings=(), separator=","):
        memory = part.frame.attrs.get("memory")
        self.place = getattr(part, "place", None)
        self.seen = memory.added() if memory else {}
        self.number = number
        self.cells = part.frame
        self.frame = frame
        self.rejects = list(part.rejects) + list(rejects)
        self.count = len(part.frame) + len({reject.row for reject in part.rejects})
        self.headings = list(headings)
        self.separator = separator

    def raws(self, rejects):
        """Return the whole rows, each as one line of CSV.

        :param rejects: pairs of row number and what is known of its text
        """
        places = self.cells.index.get_indexer([row for row, _raw in rejects])
        known = self.cells.to_numpy()
        result = []
        for (_row, raw), place in zip(rejects, places, strict=True):
            cells = known[place] if place >= 0 else _split(raw or "", self.separator)
            line = io.StringIO()
            csv.writer(line, lineterminator="").writerow(cells)
            result.append(line.getvalue())
        return result

    def lost(self, answered):
        """Return rejects for the rows nobody answered for: no row gets lost in silence.

        :param answered: set of the rows that were rejected
        """
        missing = set(self.cells.index) - set(self.frame.index) - answered
        return [Lost(int(row)) for row in sorted(missing)]

    def value(self, row, heading):
        """Return what the file has in a column of this heading ("" when it is not known)."""
        place = self.cells.index.get_indexer([row])[0]
        if heading not in self.headings or place < 0:
            return ""
        return self.cells.iat[place, self.headings.index(heading)]


class Lost:
    """A row that neither was made ready nor refused; shaped like ``reading.Reject``."""

    column = value = raw = ""
    code = "not_stored"

    def __init__(self, row):
        self.row = row


def _split(line, separator):
    """The cells of a line as far as they can be told.

    >>> _split('a\t"b', "\t")
    ['a', '"b']
    """
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except (csv.Error, TypeError):
        return line.split(separator)


class Reader:
    """Gives the parts of an import's file that are not done yet, one after the other.

    A run lets go every few seconds (see ``kokyaku.run``). ``park`` keeps the open file for the
    next turn in this process; elsewhere, and after a kill, ``resume`` finds nothing, and a new
    reader begins at the place that was marked with the last part (``kokyaku.import.mark``), or
    passes over the parts that are done.
    """

    def __init__(self, import_):
        package = reading(import_.env)
        self.key = (import_.env.cr.dbname, import_.id)
        self.done = import_.parts_done
        self._path, self._is_copy = import_._file_on_disk()
        self._convert = package.convert
        self._mapping = package.Mapping.from_json(import_.mapping)
        self._mapping.options["decimals"] = import_.company_id.currency_id.decimal_places
        self._source = package.SourceFile.open(
            self._path, name=import_.file_name, layout=import_.layout or None
        )
        place, seen = import_._marked()
        self._parts = iter(self._source.parts(rows=PART_ROWS, place=place, seen=seen))
        self._number = self.done if place else 0
        self._position = 0
        self._pool = ThreadPoolExecutor(1, "kokyaku_import")
        self._ahead = self._pool.submit(self._read)

    @classmethod
    def resume(cls, import_):
        """Return the reader that was parked for this import, if it stands where the import
        does."""
        key = (import_.env.cr.dbname, import_.id)
        with _parking:
            reader = _parked.pop(key[0], None)
        if reader and reader.key == key and reader.done == import_.parts_done:
            return reader
        if reader:
            reader.close()
        return None

    def park(self):
        """Keep the reader for the next turn."""
        with _parking:
            former = _parked.pop(self.key[0], None)
            _parked[self.key[0]] = self
        if former:
            former.close()

    def next(self):
        """Return the next part as ``RowsAtHand``, or None after the last one."""
        rows = self._ahead.result()
        if rows:
            self.done = rows.number
            self._ahead = self._pool.submit(self._read)
        return rows

    @property
    def has_more(self):
        """Whether there is a part after this one; waits until that is known."""
        return self._ahead.result() is not None

    def _read(self):
        while part := next(self._parts, None):
            self._number += 1
            self._position = part.position
            if self._number > self.done:
                frame, rejects = self._convert(part.frame, self._mapping, self._source.headings)
                separator = self._source.layout.get("separator") or ","
                return RowsAtHand(
                    self._number, part, frame, rejects, self._source.headings, separator
                )
        return None

    @property
    def is_long(self):
        """Whether reading the file once more from its beginning would take long."""
        return self._source.size_hint >= LONG

    @property
    def share(self):
        """How much of the file was read, from 0 to 1."""
        total = self._source.row_count or getattr(self._source, "size_hint", 0)
        return min(self._position / total, 1.0) if total else 0.5

    def close(self):
        """Let go of the file."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        close = getattr(self._parts, "close", None)
        if close:
            close()
        if self._is_copy and os.path.exists(self._path):
            os.unlink(self._path)

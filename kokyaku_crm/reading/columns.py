"""The columns of a part on their way from texts to values, whole columns at a time."""

from collections import defaultdict

import numpy as np
import pandas as pd

from . import values
from .errors import Reject
from .memory import Memory

_LONGEST_RAW = 2_000


class Columns:
    """The mapped columns of a frame; gathers what is wrong with which row.

    :param frame: of ``Part``
    :param Mapping mapping: what they are
    :param headings: of the file, for messages
    """

    def __init__(self, frame, mapping, headings):
        self.frame, self.mapping, self.headings = frame, mapping, headings
        self.odd = frame.attrs.get("odd", True)
        self.guarded = frame.attrs.get("guarded", True)
        self.by_target = {}
        for column in mapping.columns:
            if column.target and 0 <= column.position < frame.shape[1]:
                self.by_target.setdefault(column.target, []).append(column)
        for same in self.by_target.values():
            same.sort(key=lambda column: bool(column.options.get("second")))
        self.size = len(frame)
        self.memory = frame.attrs.get("memory") or Memory()
        self.wrong = {}  # row (from 0): (heading, value, code); the first finding counts
        self.warnings = []  # (rows from 0, heading, code)
        self._texts, self._unique = {}, {}

    def __contains__(self, target):
        return target in self.by_target

    def heading(self, target):
        """The heading of the column mapped to a target, for messages."""
        columns = self.by_target.get(target)
        if not columns:
            return ""
        position = columns[0].position
        known = self.headings[position] if position < len(self.headings) else ""
        return known or columns[0].heading

    # ---- texts

    def text(self, target):
        """The texts of a target without spaces around them: an array, "" for nothing.

        Of several columns the first that is not empty counts.
        """
        if target not in self._texts:
            columns = [self._stripped(column.position) for column in self.by_target.get(target, ())]
            result = columns[0] if columns else self.empty()
            for other in columns[1:]:
                result = np.where(result == "", other, result)
            self._texts[target] = result
        return self._texts[target]

    def _stripped(self, position):
        cells = self.frame[position].to_numpy()
        result = np.fromiter(map(str.strip, cells), dtype=object, count=self.size)
        return self._unguarded(result) if self.guarded else result

    @staticmethod
    def _unguarded(cells):
        """The cells without ="0012" and '0012: how a CSV tells Excel to leave a code alone."""
        def plain(cell):
            if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
                return cell[2:-1]
            return cell[1:] if cell[:1] == "'" and cell[1:2] and cell.find("'", 1) < 0 else cell

        cells[:] = [plain(cell) for cell in cells]
        return cells

    def empty(self):
        """A column of nothing."""
        result = np.empty(self.size, dtype=object)
        result[:] = ""
        return result

    def joined(self, targets, between=""):
        """The texts of several targets one behind the other; empty ones leave nothing."""
        parts = [self.text(target) for target in targets if target in self]
        if not parts:
            return self.empty()
        result = parts[0]
        for part in parts[1:]:
            gap = np.where((result != "") & (part != ""), between, "") if between else ""
            result = result + gap + part
        return result

    # ---- values, one call for each different text

    def unique(self, target):
        """(codes, texts): the different texts of a target, and which one each row has."""
        if target not in self._unique:
            self._unique[target] = pd.factorize(self.text(target))
        return self._unique[target]

    def each(self, target, read, *args, strict=False, nothing=""):
        """The values of a target.

        :param read: function of a text that returns (value, code)
        :param bool strict: a code is a reason to reject the row, else to list it
        :param nothing: the value where there is none
        """
        result = np.empty(self.size, dtype=object)
        if target not in self:
            result[:] = [nothing] * self.size
            return result
        codes, texts = self.unique(target)
        found = np.empty(len(texts), dtype=object)
        reasons = []
        for at, text in enumerate(texts):
            found[at], reason = read(text, *args)
            if reason:
                reasons.append((at, reason))
        result = found[codes] if len(texts) else result
        self._note(target, codes, reasons, strict)
        return result

    def numbers(self, target):
        """The numbers of a target as floats, NaN for nothing; what is none rejects its row."""
        if target not in self:
            return np.full(self.size, np.nan)
        codes, texts = self.unique(target)
        found = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
        found = found.to_numpy(dtype=float, na_value=np.nan, copy=True)
        found[~(np.abs(found) < 1e13)] = np.nan
        reasons = []
        for at in np.isnan(found).nonzero()[0]:
            found[at], reason = values.read_number(texts[at])
            if reason:
                reasons.append((at, reason))
        self._note(target, codes, reasons, True)
        return found[codes] if len(texts) else np.full(self.size, np.nan)

    def dates(self, target, strict=True, read=values.read_date):
        """The dates of a target, None for nothing; its parts may stand in three columns."""
        parts = [f"{target}_{part}" for part in ("year", "month", "day")]
        if target not in self and parts[0] in self:
            self._texts[target] = self._joined_date(parts)
            self.by_target[target] = self.by_target[parts[0]]
        options = self.by_target[target][0].options if target in self else {}
        return self.each(
            target, read, options.get("format"), strict=strict, nothing=None
        )

    def _joined_date(self, parts):
        texts = [self.text(part) for part in parts]
        joined = texts[0] + "/" + texts[1] + "/" + texts[2]
        bare = (texts[0] == "") & (texts[1] == "") & (texts[2] == "")
        return np.where(bare, "", joined)

    def coded(self, target, read, nothing=""):
        """The values of a target that has codes."""
        codes = {}
        for column in self.by_target.get(target, ()):
            codes |= column.options.get("codes") or {}
        return self.each(target, read, codes, nothing=nothing)

    def pieces(self, targets, read):
        """The values that stand in several columns (電話番号1, 2, 3), each given to `read`."""
        columns = [self.text(target) for target in targets]
        result, rows = np.empty(self.size, dtype=object), defaultdict(list)
        for at, parts in enumerate(zip(*columns, strict=True)):
            result[at], code = read(parts)
            if code:
                rows[code].append(at)
        for code, found in rows.items():
            self.warn(np.array(found), targets[0], code)
        return result

    # ---- what is wrong

    def _note(self, target, codes, reasons, strict):
        for at, reason in reasons:
            rows = (codes == at).nonzero()[0]
            if strict and reason != "date_by_number":
                self.reject(rows, target, reason)
            else:
                self.warn(rows, target, reason)

    def warn(self, rows, target, code):
        """List rows (an array of their numbers from 0): they are stored all the same."""
        if len(rows):
            self.warnings.append((rows, self.heading(target), code))

    def reject(self, rows, target, code):
        """Reject rows because of what stands in a column."""
        if not len(rows):
            return
        texts = self.text(target) if target in self else None
        heading = self.heading(target)
        for row in rows:
            value = texts[row] if texts is not None else ""
            self.wrong.setdefault(int(row), (heading, value, code))

    def common_warnings(self):
        """List what is the same for every kind of file: short rows, 外字, lost characters."""
        short = self.frame.attrs.get("short")
        if short:
            rows = self.frame.index.isin(list(short)).nonzero()[0]
            self.warnings.append((rows, "", "too_few_columns"))
        if not self.odd:
            return
        for target, columns in self.by_target.items():
            text = "\0".join(self.text(target))
            private = any("\ue000" <= char <= "\uf8ff" for char in set(text))
            for code, wanted in (("gaiji", private), ("lost_character", "\ufffd" in text)):
                if wanted and columns:
                    self.warn(self._rows_with(target, code), target, code)

    def _rows_with(self, target, code):
        if code == "gaiji":
            return np.array([
                at for at, text in enumerate(self.text(target))
                if not text.isascii() and any("\ue000" <= char <= "\uf8ff" for char in text)
            ])
        return np.array([at for at, text in enumerate(self.text(target)) if "\ufffd" in text])

    def finished(self, columns):
        """Return (rows, rejects) as ``convert`` does.

        :param columns: dict of the arrays of the targets
        """
        self.common_warnings()
        listed = np.empty(self.size, dtype=object)
        listed[:] = [()] * self.size  # a list for each of a million rows takes its time
        for rows, heading, code in self.warnings:
            for row in rows:
                listed[row] = [*listed[row], (heading, code)]
        index = self.frame.index
        rows = pd.DataFrame({  # every column with its type: pandas would make strings its own
            name: pd.Series(column, index=index, dtype=column.dtype, copy=False)
            for name, column in (columns | {"warnings": listed}).items()
        })
        rejects = self.rejects(self.wrong)
        if self.wrong:
            keep = np.ones(self.size, dtype=bool)
            keep[list(self.wrong)] = False
            rows = rows[keep]
        rows.attrs["mapped"] = sorted(self.by_target)
        return rows, rejects

    def rejects(self, wrong):
        lines = self.frame.index
        return [
            Reject(int(lines[row]), heading, value, code, self.raw(row))
            for row, (heading, value, code) in sorted(wrong.items())
        ]

    def raw(self, row):
        """The row as it might stand in the file."""
        separator = self.frame.attrs.get("separator", ",")
        cells = self.frame.iloc[row].tolist()
        return separator.join(map(_quoted, cells))[:_LONGEST_RAW]


def _quoted(cell):
    if any(char in cell for char in ',"\n\t;|'):
        return '"' + cell.replace('"', '""') + '"'
    return cell

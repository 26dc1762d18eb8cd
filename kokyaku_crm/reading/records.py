"""Lines of a text with separators made into rows, when something is out of the ordinary.

A row may run over several lines, inside quotes; a quote that is never closed must not swallow
the rest of the file.
"""

import csv
import re

LONGEST = 50  # lines of one row


class Records:
    """Puts lines together to rows.

    :param str separator: between cells
    :param str quote: around a cell that holds a separator or a line break
    """

    def __init__(self, separator, quote='"'):
        self.separator, self.quote = separator, quote
        sep, q = re.escape(separator), re.escape(quote)
        self._closed = re.compile(f"(^|{sep}){q}(?:[^{q}]|{q}{q})*{q}")
        self._open = re.compile(f"(?:^|{sep}){q}")

    def cells(self, record):
        """Return the cells of a row."""
        record = record.rstrip("\n")
        try:
            rows = list(csv.reader(
                [line + "\n" for line in record.split("\n")],
                delimiter=self.separator, quotechar=self.quote,
            ))
        except csv.Error:  # a cell longer than csv allows
            return record.split(self.separator)
        return rows[0] if len(rows) == 1 else record.split(self.separator)

    def is_open(self, record):
        """Say whether a quote is still open at the end."""
        if self.quote not in record:
            return False
        return bool(self._open.search(self._closed.sub(r"\1", record)))

    def assemble(self, lines, thorough=False, last=True):
        """Put lines together.

        :param lines: list of (number, text)
        :param thorough: look at every line, not only at those with an odd number of quotes
        :param last: no line follows
        :return: list of (number, row), list of the (number, line) whose quote is never closed,
            list of lines at the end whose row may go on behind them
        """
        rows, broken, at = [], [], 0
        while at < len(lines):
            number, text = lines[at]
            marks = text.count(self.quote)
            if not marks or not (marks % 2 or thorough) or not self.is_open(text):
                rows.append((number, text))
                at += 1
                continue
            end = self._end(lines, at)
            if end is None and not last and at + LONGEST > len(lines):
                return rows, broken, lines[at:]
            if end is None:
                broken.append((number, text))
                at += 1
            else:
                rows.append((number, "\n".join(line for _number, line in lines[at:end])))
                at = end
        return rows, broken, []

    def _end(self, lines, at):
        """The line behind the row that begins at a line; None when it does not end soon."""
        text = lines[at][1]
        for end in range(at + 1, min(at + LONGEST, len(lines))):
            line = lines[end][1]
            text += "\n" + line
            if self.quote in line and not self.is_open(text):
                return end + 1
        return None

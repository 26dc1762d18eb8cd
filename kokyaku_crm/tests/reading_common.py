import tempfile
from pathlib import Path

import pandas as pd

from odoo.tests import BaseCase

from ..reading import Mapping, SourceFile, convert, recognise


class Reading(BaseCase):
    """Reads texts as if they were files of a user."""

    def file(self, content, name="a.csv", encoding="cp932"):
        """Return the path of a new file.

        :param content: bytes, or a text to be encoded
        """
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def open(self, content, name="a.csv", encoding="cp932", layout=None):
        return SourceFile.open(self.file(content, name, encoding), name, layout)

    def rows_of(self, content, name="a.csv", encoding="cp932", size=50_000, **options):
        """Return (rows, rejects) of a whole file as it is recognised.

        :param options: of the mapping, as if the user had answered so
        """
        source = self.open(content, name, encoding)
        mapping = recognise(source.headings, source.samples)
        mapping.options |= options
        return self.converted(source, mapping, size)

    def converted(self, source, mapping, size=50_000):
        """Return (rows, rejects) of a source; the mapping as it comes out of the database."""
        mapping = Mapping.from_json(mapping.to_json())
        tables, rejects = [], []
        for part in source.parts(size):
            rows, wrong = convert(part.frame, mapping, source.headings)
            tables.append(rows)
            rejects += part.rejects + wrong
        return pd.concat(tables), sorted(rejects)

    def targets(self, source):
        """The targets that are proposed for the columns of a source."""
        mapping = recognise(source.headings, source.samples)
        return [column.target for column in mapping.columns]

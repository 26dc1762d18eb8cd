import csv
import io
from heapq import merge

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .import_reader import PART_ROWS, reading
from .people_import_apply import UNDECIDED


class KokyakuImport(models.Model):
    """Rows nobody has decided are not stored either: they stand in the file of rejected rows."""

    _inherit = "kokyaku.import"

    def _count_given_back(self):
        return super()._count_given_back() + self.doubtful_count

    def _read_rejects(self):
        return merge(super()._read_rejects(), self._read_undecided(), key=lambda one: one["row"])

    def _read_undecided(self):
        """Generate the rows that wait for a decision, as ``_read_rejects`` does."""
        if self.kind != "customers":
            return
        lines = self.env["kokyaku.import.person"]
        lines.flush_model()
        whys = dict(
            self.env.execute_query(
                SQL(
                    "SELECT row, why FROM kokyaku_import_person WHERE import_id = %s AND %s"
                    " ORDER BY row",
                    self.id,
                    UNDECIDED,
                )
            )
        )
        if not whys:
            return
        undecided = self.env["kokyaku.import.reject"]._reasons()["undecided"]
        words = lines._why_words()
        for row, raw in self._raw_rows(whys):
            yield {
                "row": row,
                "raw": raw,
                "words": " ".join(filter(None, [undecided, words.get(whys[row])])),
            }

    def _raw_rows(self, rows):
        """Generate (row, its cells as a line of CSV), from the file; of a file that is not kept
        any more what was understood of it.

        :param rows: the row numbers, in order
        """
        try:
            path, is_copy = self._file_on_disk()
        except UserError:
            yield from self._understood_rows(rows)
            return
        try:
            source = reading(self.env).SourceFile.open(
                path, name=self.file_name, layout=self.layout or None
            )
            for part in source.parts(rows=PART_ROWS):
                frame = part.frame[part.frame.index.isin(rows)]
                for row, cells in zip(frame.index.tolist(), frame.to_numpy(), strict=True):
                    yield row, _as_csv(cells)
        finally:
            self._forget(path, is_copy)

    def _understood_rows(self, rows):
        targets = [column["target"] for column in (self.mapping or {}).get("columns", [])]
        found = self.env.execute_query(
            SQL(
                "SELECT row, values FROM kokyaku_import_person"
                " WHERE import_id = %s AND row = ANY(%s) ORDER BY row",
                self.id,
                list(rows),
            )
        )
        for row, values in found:
            yield row, _as_csv([values.get(target) or "" for target in targets])


def _as_csv(cells):
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()

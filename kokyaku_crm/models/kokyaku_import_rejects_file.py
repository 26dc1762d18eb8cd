import csv
import io
import os
from itertools import groupby

from odoo import models
from odoo.exceptions import UserError

from ..matching.file_row import cells_of
from ..sheets import cells, workbook
from .kokyaku_import_reject import ERASED

AT_ONCE = 10_000
MOST_AT_ONCE = 100_000  # rows; more of them leave by a background run
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class KokyakuImport(models.Model):
    """The rows that were not stored, as a file: the columns it had, then the row number and the
    reason. Mended, it is imported again like any file (``_own_headings`` are passed over)."""

    _inherit = "kokyaku.import"

    def action_rejects_file(self):
        """取込エラーをファイルに: at once, or in the background when there are very many."""
        self.ensure_one()
        self.check_access("read")
        count = self._count_given_back()
        if not count:
            raise UserError(self.env._("Every row of “%s” was stored.", self.file_name))
        if count > MOST_AT_ONCE:
            run = self.env["kokyaku.run"]._enqueue("import_rejects", self, self._rejects_name())
            return run._action_open()
        return {
            "type": "ir.actions.act_url",
            "url": f"/kokyaku/import/{self.id}/rejects/xlsx",
            "target": "download",
        }

    def _count_given_back(self):
        return self.rejected_count

    def _run_import_rejects(self, run):
        run._attach(*self._rejects_file("csv"))
        return self.env._("The rejected rows of “%s” are ready.", self.file_name)

    def _rejects_name(self):
        stem = os.path.splitext(self.file_name)[0]
        return self.env._("Rejected Rows of %s", stem)

    def _rejects_file(self, kind):
        """Return the name, content (bytes) and type of the file of rejected rows.

        :param str kind: ``xlsx``, or ``csv`` (UTF-8 with BOM, as Excel opens it)
        """
        self.ensure_one()
        self.check_access("read")
        columns = [column["heading"] for column in (self.mapping or {}).get("columns", [])]
        headings = self._file_headings(columns)
        rows = self._rejected_rows(len(headings))
        own = list(self._own_headings())
        if kind == "xlsx":
            content = workbook.write(own[1], headings + own, rows)
            return f"{self._rejects_name()}.xlsx", content, XLSX
        result = io.StringIO(newline="")
        writer = csv.writer(result, lineterminator="\r\n")
        writer.writerow([cells.guarded(heading) for heading in headings + own])
        for row in rows:
            writer.writerow([cells.guarded(str(cell)) for cell in row])
        return f"{self._rejects_name()}.csv", result.getvalue().encode("utf-8-sig"), "text/csv"

    def _file_headings(self, headings):
        """Our own two columns stand there already when rejected rows are imported again."""
        own = self._all_own_headings()
        while headings and headings[-1] in own:
            headings = headings[:-1]
        return headings

    def _own_headings(self):
        return self.env._("Row in the File"), self.env._("Reason for Rejection")

    def _all_own_headings(self):
        """The same in every language that is installed: a file may come back from anyone."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        return {
            heading
            for code in {None, self.env.lang, *languages}
            for heading in self.with_context(lang=code)._own_headings()
        }

    def _rejected_rows(self, width):
        """Generate the rejected rows, each once, with all that is wrong with it."""
        for row, found in groupby(self._read_rejects(), key=lambda reject: reject["row"]):
            found = list(found)
            line = cells_of(found[0]["raw"])
            reasons = "; ".join(dict.fromkeys(reject["words"] for reject in found))
            line += [""] * (width - len(line))
            yield [*line[:width], row, reasons, *line[width:]]

    def _read_rejects(self):
        """Generate the rejects in the order of the file, some thousand at a time."""
        rejects = self.env["kokyaku.import.reject"]
        wanted = [
            ("import_id", "=", self.id), ("is_warning", "=", False), ("is_left_out", "=", False),
            ("code", "!=", ERASED),
        ]  # fmt: skip
        last = 0
        while True:
            some = rejects.search([*wanted, ("row", ">", last)], order="row, id", limit=AT_ONCE)
            if not some:
                return
            last_row = some[-1].row
            if len(some) == AT_ONCE and some[0].row != last_row:
                some = some.filtered(lambda reject, row=last_row: reject.row != row)
            for reject in some:
                yield {"row": reject.row, "raw": reject.raw, "words": reject._in_words()}
            last = some[-1].row
            rejects.invalidate_model()

from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.selection_export_file import ExportFile, Unmappable
from ..sheets import workbook

BACKGROUND = 10_000  # people; more are written in the background
SHOWN = 100  # characters without a place in CP932 that are listed on the screen
SHOWN_IN_RUN = 20
FORMATS = [
    ("pdf", "Checklist on Paper (PDF)"),
    ("checklist", "Checklist in Excel (to be marked and read in again)"),
    ("xlsx", "Excel with Chosen Columns"),
    ("csv_utf8", "CSV (UTF-8)"),
    ("csv_cp932", "CSV (Shift JIS)"),
]


class SelectionExport(models.TransientModel):
    """送付先の出力: the recipients of a set or of an execution on paper or as a file.

    Few people are written at once, many in the background (処理状況). The file itself is
    written by ``ExportFile``.
    """

    _name = "kokyaku.selection.export"
    _description = "Recipients on Paper or as a File"

    set_id = fields.Many2one("kokyaku.selection.set", string="Selection Set", readonly=True)
    execution_id = fields.Many2one(
        "kokyaku.selection.execution", string="Execution", readonly=True
    )
    state = fields.Selection(
        [("input", "Input"), ("problems", "Characters without a Place")], default="input"
    )
    kind = fields.Selection(FORMATS, string="Output", required=True, default="xlsx")
    profile_id = fields.Many2one(
        "kokyaku.selection.profile",
        string="Saved Columns",
        domain="[('user_id', '=', uid)]",
        default=lambda self: self.env["kokyaku.selection.profile"]._mine()[:1],
    )
    column_ids = fields.One2many(related="profile_id.line_ids", string="Columns", readonly=False)
    by_staff = fields.Boolean(string="By Staff in Charge")
    replace = fields.Boolean(
        string="〓 for Unknown Characters",
        help="Shift JIS does not have every kanji. Without this you are shown them first.",
    )
    problems = fields.Text(readonly=True)
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def _source(self):
        source = self.execution_id or self.set_id
        if not source:
            raise UserError(self.env._("Please open the output from a selection set."))
        return source

    def _params(self, replace=False):
        """What is to be written, as JSON can hold it."""
        source = self._source()
        columns = self.column_ids.mapped("column")
        if self.kind not in ("pdf", "checklist") and not columns:
            raise UserError(self.env._("Please choose at least one column."))
        return {
            "model": source._name,
            "id": source.id,
            "kind": self.kind,
            "columns": columns,
            "by_staff": self.by_staff,
            "replace": replace,
        }

    def action_make(self):
        """出力: write the file, or have it written."""
        self.ensure_one()
        return self._make(self._params(self.replace))

    def action_replace(self):
        """Write it with 〓 for the characters the encoding does not have."""
        self.ensure_one()
        return self._make(self._params(replace=True))

    def _make(self, params):
        export = ExportFile(self.env, params)
        if export.count() > (BACKGROUND // 5 if self.kind == "pdf" else BACKGROUND):
            return self._queue(export, params)
        try:
            content = export.content()
        except Unmappable as error:
            return self._show(error.rows)
        self.write({"file": b64encode(content), "file_name": export.file_name, "state": "input"})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def _queue(self, export, params):
        self.env["kokyaku.run"]._enqueue("selection_export", name=export.title, params=params)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "“%s” is written in the background. You find the file under Runs.",
                    export.title,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _show(self, rows):
        """Tell of each character that has no place: row, column and customer."""
        lines = [self._problem_line(*row) for row in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(self.env._("… and %s more", len(rows) - SHOWN))
        content = workbook.write(
            self.env._("Characters without a Place"),
            [self.env._("Row"), self.env._("Customer Code"), self.env._("Column"),
             self.env._("Character")],
            rows,
        )
        self.write({"state": "problems", "problems": "\n".join(lines), "file": b64encode(content),
                    "file_name": self.env._("Characters without a Place") + ".xlsx"})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recipients on Paper or as a File"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _problem_line(self, row, code, column, char):
        return self.env._(
            "Row %(row)s, %(code)s, %(column)s: “%(char)s”",
            row=row, code=code or "－", column=column, char=char,
        )

    @api.model
    def _unmappable_text(self, rows):
        """What is said of them when nobody is there to choose."""
        lines = "\n".join(self._problem_line(*row) for row in rows[:SHOWN_IN_RUN])
        return self.env._(
            "%(number)s characters have no place in Shift JIS; nothing was written. Please choose "
            "UTF-8, or 〓 for these characters.\n%(lines)s",
            number=len(rows), lines=lines,
        )

    def action_back(self):
        """Choose something else."""
        self.write({"state": "input", "file": False, "problems": False})
        return self._reopen()

    def action_problem_file(self):
        """Download the whole list of characters."""
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

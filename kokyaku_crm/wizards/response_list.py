from base64 import b64decode, b64encode

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sheets import answers, files, workbook
from ..tools import office_today
from .list_file import check_number, unreadable

SHOWN = 100  # lines with a problem that stand on the screen; the file has all
DONE = ("new", "changed", "same", "added")


class ResponseList(models.TransientModel):
    """応答の一括登録: a list of answers, pasted or as a file, checked first and then entered.

    Who was read wrongly or is not known changes nothing and is listed, with all the rest, in a
    workbook to mend and read again.
    """

    _name = "kokyaku.response.list"
    _description = "List of Responses"

    execution_id = fields.Many2one("kokyaku.selection.execution", required=True)
    state = fields.Selection(
        [("input", "Input"), ("checked", "Looked up"), ("done", "Done")],
        required=True,
        default="input",
    )
    text = fields.Text(string="Pasted Lines")
    file = fields.Binary(string="Excel or CSV File", attachment=False)
    file_name = fields.Char()
    encoding = fields.Selection(
        [("utf-8-sig", "UTF-8"), ("cp932", "Shift JIS (CP932)")],
        string="Encoding of the CSV",
        help="Empty: found out by itself.",
    )
    response_type_id = fields.Many2one(
        "kokyaku.response.type",
        string="Response if None Is Given",
        domain="[('is_no_answer', '=', False)]",
    )
    date = fields.Date(
        string="Response Date", required=True, default=lambda self: office_today(self)
    )
    add_unaddressed = fields.Boolean(
        string="Add Those Who Were Not Addressed",
        help="Who answers or came along without being addressed joins the execution.",
    )
    summary = fields.Text(readonly=True)
    problems = fields.Html(readonly=True, sanitize=False)
    result_file = fields.Binary(readonly=True, attachment=False)

    @api.model
    def _result_texts(self):
        return {
            "ready": self.env._("Can be registered"),
            "unaddressed": self.env._("Was not addressed"),
            "new": self.env._("Registered"),
            "changed": self.env._("Registered; had answered otherwise before"),
            "same": self.env._("Was registered like this before"),
            "added": self.env._("Added to the execution, and registered"),
            "blank": self.env._("No name and no code"),
            "unknown": self.env._("Nobody was found"),
            "several": self.env._("Several people fit: use the customer code"),
            "twice": self.env._("Stands again further down: the last line counts"),
            "answer": self.env._("This response is not in the master data, or none was chosen"),
            "companions": self.env._("The number of companions cannot be read"),
        }

    def _rows(self):
        if self.file:
            try:
                rows = answers.read_file(b64decode(self.file), self.encoding)
            except files.UnreadableFile as error:
                if self.encoding and error.code == "encoding":
                    raise UserError(
                        self.env._(
                            "“%s” is neither an Excel workbook nor a text in the encoding that was "
                            "chosen.",
                            self.file_name or "",
                        )
                    ) from error
                raise unreadable(self.env, error, self.file_name or "") from error
        else:
            rows = answers.read(self.text or "")
        if not rows:
            raise UserError(self.env._("There is no line yet. Paste the list, or choose a file."))
        check_number(self.env, rows)
        return rows

    def action_check(self):
        """照合: say who the lines are and what would be entered; nothing is changed yet."""
        self.ensure_one()
        self.execution_id._check_answerable()
        self.execution_id._check_response(self.date, 0)
        found = self.execution_id._read_answers(self._rows(), self.response_type_id)
        self._show("checked", found, {one.row.line: one.result for one in found})
        return self._reopen()

    def action_apply(self):
        """登録: enter what can be entered."""
        self.ensure_one()
        execution = self.execution_id
        found = execution._read_answers(self._rows(), self.response_type_id)
        said = execution._enter_answers(
            found, self.date, self.add_unaddressed, "file" if self.file else "list"
        )
        self._show("done", found, said)
        return self._reopen()

    def action_back(self):
        """Go back to the list, to mend it."""
        self.write({"state": "input", "summary": False, "problems": False})
        return self._reopen()

    def _show(self, state, found, said):
        """Write the result by line: numbers, the lines to look at, and a workbook of all."""
        texts = self._result_texts()
        numbers = {}
        for result in said.values():
            numbers[result] = numbers.get(result, 0) + 1
        good = (*DONE, "ready")
        to_see = [one for one in found if said[one.row.line] not in good]
        rows = Markup().join(
            Markup("<tr><td class='text-end'>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
            % (one.row.line, one.row.key, one.row.answer, texts[said[one.row.line]])
            for one in to_see[:SHOWN]
        )
        headings = self._headings()
        table = Markup(
            "<table class='table table-sm'><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>"
            "%s</table>"
        ) % (headings[0], headings[1], headings[2], headings[5], rows)
        self.write(
            {
                "state": state,
                "summary": "\n".join(
                    self.env._("%(result)s: %(number)s", result=texts[result], number=number)
                    for result, number in sorted(
                        numbers.items(), key=lambda pair: list(texts).index(pair[0])
                    )
                ),
                "problems": table if to_see else False,
                "result_file": b64encode(
                    workbook.write(
                        self.env._("Result"),
                        headings,
                        ([*one.row, texts[said[one.row.line]]] for one in found),
                        (8, 24, 14, 8, 30, 50),
                    )
                ),
            }
        )

    def _headings(self):
        return [
            self.env._("Line No."),
            self.env._("Code or Name"),
            self.env._("Response"),
            self.env._("Companions"),
            self.env._("Note"),
            self.env._("Result"),
        ]

    def action_download(self):
        """Download all lines with what became of them."""
        self.ensure_one()
        name = self.env._("Result")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/result_file/{name}.xlsx?download=true",
            "target": "download",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("List of Responses"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

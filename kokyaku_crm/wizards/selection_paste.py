from base64 import b64decode, b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..sheets import files, pasted, workbook
from .list_file import check_number, unreadable

KEPT_TEXT = 50_000  # letters of the pasted text that stay on the screen after checking
FOUND = SQL("partner_id IS NOT NULL AND COALESCE(problem, '') NOT IN ('conflict', 'mark')")


class SelectionPaste(models.TransientModel):
    """名簿の貼り付け・Excelの読込: a list of people from outside, matched and then applied.

    How to use: a block out of Excel is pasted, or a file chosen; ``action_check`` matches every
    line (see ``selection_paste_match.py``) and shows what was not found, and what would
    change; ``action_apply`` puts people in or takes them out. With a column 残す the marks
    decide: × goes out, ○ stays or comes in.
    """

    _name = "kokyaku.selection.paste"
    _description = "List from Excel"

    set_id = fields.Many2one(
        "kokyaku.selection.set", string="Selection Set", required=True, readonly=True
    )
    state = fields.Selection(
        [("input", "Input"), ("checked", "Looked up")], required=True, default="input"
    )
    text = fields.Text(string="Pasted Lines")
    file = fields.Binary(string="Excel or CSV File", attachment=False)
    file_name = fields.Char()
    operation = fields.Selection(
        [
            ("add", "Put them into the set"),
            ("remove", "Take them out of the set"),
            ("marks", "As marked: ○ stays or comes in, × goes out"),
        ],
        string="What to Do",
        required=True,
        default="add",
    )
    has_marks = fields.Boolean(readonly=True)
    reason = fields.Char()
    asked_by = fields.Many2one("res.users", string="Asked for by", domain="[('share', '=', False)]")
    columns_text = fields.Char(readonly=True)
    line_ids = fields.One2many("kokyaku.selection.paste.line", "paste_id")
    problem_ids = fields.One2many(
        "kokyaku.selection.paste.line",
        "paste_id",
        domain=[("problem", "!=", False)],
        string="Lines to Look at",
    )
    summary = fields.Text(compute="_compute_summary")
    is_search_ready = fields.Boolean(compute="_compute_is_search_ready")
    result_file = fields.Binary(readonly=True, attachment=False)

    # ---- Reading and looking up -----------------------------------------------------

    def action_check(self):
        """照合: read the lines, find the people, show the result."""
        self.ensure_one()
        self.set_id._check_editable()
        columns, rows = self._read()
        known = [column for column in columns if column]
        if not set(known) & {"code", "name", "email", "phone"}:
            raise UserError(
                self.env._(
                    "No column with customer codes, names, e-mail addresses or phone numbers was "
                    "found. Please copy the block with its headings."
                )
            )
        check_number(self.env, rows)
        names = dict(self.env["kokyaku.selection.paste.line"]._column_names())
        has_marks = "keep" in known
        self.line_ids._fill(self, rows)
        values = {
            "state": "checked",
            "columns_text": self.env._(", ").join(names[column] for column in known),
            "has_marks": has_marks,
            "file": False,
        }
        if has_marks:
            values["operation"] = "marks"
        elif self.operation == "marks":
            values["operation"] = "add"
        if len(self.text or "") > KEPT_TEXT:
            values["text"] = False
        self.write(values)
        return self._reopen()

    def _read(self):
        if not self.file:
            return pasted.read(self.text or "")
        try:
            return files.read(b64decode(self.file))
        except files.UnreadableFile as error:
            raise unreadable(self.env, error, self.file_name or "") from error

    def action_back(self):
        """Go back to the input; what was found is forgotten."""
        self.line_ids._clear(self)
        self.state = "input"
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("List from Excel"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ---- What would change ----------------------------------------------------------

    def _changes_sql(self, change, operation):
        """Return a SELECT of partner_id and note of those who come in or go out.

        :param str change: ``in`` or ``out``
        :param str operation: what to do with the list
        """
        self.line_ids.flush_model()
        self.env["kokyaku.selection.member"].flush_model()
        if change == "in":
            wanted = {
                "add": SQL("m.id IS NULL OR m.excluded"),
                "marks": SQL(
                    "(m.id IS NULL AND mark IN ('yes', '')) OR (m.excluded AND mark = 'yes')"
                ),
            }.get(operation, SQL("FALSE"))
        else:
            wanted = {
                "remove": SQL("m.excluded IS NOT TRUE AND m.id IS NOT NULL"),
                "marks": SQL("m.excluded IS NOT TRUE AND m.id IS NOT NULL AND mark = 'no'"),
            }.get(operation, SQL("FALSE"))
        return SQL(
            """
            SELECT l.partner_id, l.note
              FROM (SELECT partner_id, max(COALESCE(mark, '')) AS mark, max(note) AS note
                      FROM kokyaku_selection_paste_line
                     WHERE paste_id = %(paste)s AND %(found)s
                     GROUP BY partner_id) AS l
              LEFT JOIN kokyaku_selection_member m
                     ON m.partner_id = l.partner_id AND m.set_id = %(set)s
             WHERE %(wanted)s
            """,
            paste=self.id,
            found=FOUND,
            set=self.set_id.id,
            wanted=wanted,
        )

    def _number(self, change, operation):
        changes = self._changes_sql(change, operation)
        return self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS people", changes))[0][0]

    @api.depends("state")
    def _compute_is_search_ready(self):
        """Until everyone has a search key, some are found by code and e-mail only."""
        self.is_search_ready = self.env["kokyaku.partner.key"]._is_ready()

    @api.depends("operation", "state", "problem_ids.partner_id")
    def _compute_summary(self):
        for one in self:
            one.summary = one.state == "checked" and "\n".join(
                one._origin._summary_lines(one.operation)
            )

    def _summary_lines(self, operation):
        """The result in words, and what `operation` would change."""
        self.line_ids.flush_model()
        lines, found, people, several, unknown = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(partner_id), count(DISTINCT partner_id),
                       count(*) FILTER (WHERE partner_id IS NULL AND candidates > 1),
                       count(*) FILTER (WHERE partner_id IS NULL AND candidates = 0)
                  FROM kokyaku_selection_paste_line WHERE paste_id = %s
                """,
                self.id,
            )
        )[0]
        return [
            self.env._("Columns recognised: %s", self.columns_text or ""),
            self.env._(
                "%(lines)s lines: %(found)s found (%(people)s people), %(several)s with several "
                "candidates, %(unknown)s not found.",
                lines=lines,
                found=found,
                people=people,
                several=several,
                unknown=unknown,
            ),
            self.env._(
                "Now in the set: %(now)s. %(come)s come in, %(go)s go out.",
                now=self.set_id.member_count,
                come=self._number("in", operation),
                go=self._number("out", operation),
            ),
        ]

    # ---- Doing it -------------------------------------------------------------------

    def action_apply(self):
        """反映: put the people in and take them out, as shown."""
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Please look the lines up first."))
        self.set_id._check_editable()
        come, go = self._change("in"), self._change("out")
        left = self.line_ids.search_count([("paste_id", "=", self.id), ("partner_id", "=", False)])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "sticky": bool(left),
                "message": self.env._(
                    "%(come)s came in, %(go)s went out. %(left)s lines had nobody and changed "
                    "nothing.",
                    come=come,
                    go=go,
                    left=left,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _change(self, change):
        """Bring one half of the changes into the set; return the number of people.

        The remark of a line is the reason; where there is none, the one of the whole list.
        """
        cr = self.env.cr
        changes = self._changes_sql(change, self.operation)
        cr.execute("DROP TABLE IF EXISTS kokyaku_paste_people")
        cr.execute(SQL("CREATE TEMPORARY TABLE kokyaku_paste_people ON COMMIT DROP AS %s", changes))
        if not cr.rowcount:
            return 0
        people = SQL("SELECT partner_id FROM kokyaku_paste_people")
        method = self.set_id._add_people if change == "in" else self.set_id._remove_people
        number = method(people, reason=self.reason, asked_by=self.asked_by)
        cr.execute(
            SQL(
                """UPDATE kokyaku_selection_member m SET reason = c.note
                     FROM kokyaku_paste_people c
                    WHERE m.set_id = %s AND m.partner_id = c.partner_id AND c.note <> ''""",
                self.set_id.id,
            )
        )
        self.env["kokyaku.selection.member"].invalidate_model(["reason"])
        return number

    # ---- The result as a file -------------------------------------------------------

    def action_download(self):
        """Download all lines with what was found for each."""
        self.ensure_one()
        headings, rows = self.line_ids._result_rows(self)
        title = self.env._("Looked Up")
        self.result_file = b64encode(
            workbook.write(title, headings, rows, (8, 14, 22, 22, 28, 18, 8, 24, 16, 14, 30, 40))
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/result_file/{title}.xlsx?download=true",
            "target": "download",
        }

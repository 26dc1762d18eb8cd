from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ..naming import fold_name, fold_phone, fold_text, is_blanket_phone
from ..sheets import marks

COLUMNS = ("code", "name", "kana", "email", "phone", "mark", "note")
KEYS = ("code_key", "name_key", "kana_key", "email_key", "phone_key")
PROBLEMS = [
    ("several", "Several people fit: please choose"),
    ("archived", "The person is archived"),
    ("blank", "Nothing to look for in this line"),
    ("unknown", "Nobody has this code, e-mail, phone or name"),
    ("mark", "The mark is neither ○ nor ×: nothing is changed"),
    ("conflict", "○ and × for the same person: nothing is changed"),
    ("name", "Found, but the name differs"),
    ("code", "The code is unknown; found otherwise"),
    ("twice", "The same person as in another line"),
]


class SelectionPasteLine(models.TransientModel):
    """One line of a pasted list, and who was found for it. Written by statements: there may
    be a hundred thousand of them."""

    _name = "kokyaku.selection.paste.line"
    _description = "Line of a Pasted List"
    _order = "line_no"

    paste_id = fields.Many2one(
        "kokyaku.selection.paste", required=True, index=True, ondelete="cascade"
    )
    line_no = fields.Integer(string="Line No.", readonly=True, aggregator=False)
    code = fields.Char(string="Customer Code", readonly=True)
    name = fields.Char(string="Full Name", readonly=True)
    kana = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    mark = fields.Char(string="○×", readonly=True)
    note = fields.Char(string="Remark", readonly=True)
    code_key = fields.Char(readonly=True)
    name_key = fields.Char(readonly=True)
    kana_key = fields.Char(readonly=True)
    email_key = fields.Char(readonly=True)
    phone_key = fields.Char(readonly=True)
    candidates = fields.Integer(readonly=True, aggregator=False)
    candidate_ids = fields.Many2many(
        "res.partner", "kokyaku_paste_candidate", "line_id", "partner_id", readonly=True
    )
    found_by = fields.Selection(
        [
            ("code", "Code"),
            ("email", "Email"),
            ("phone", "Phone"),
            ("name", "Full Name"),
        ],
        string="Found by",
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Who It Is", ondelete="cascade")
    problem = fields.Selection(PROBLEMS, string="What to Look at", readonly=True)

    @api.model
    def _column_names(self):
        """Pairs of a column of the list and its name on the screen."""
        return [
            ("code", self.env._("Customer Code")),
            ("name", self.env._("Full Name")),
            ("kana", self.env._("Kana")),
            ("email", self.env._("Email")),
            ("phone", self.env._("Phone")),
            ("keep", self.env._("Keep ○×")),
            ("note", self.env._("Remark")),
        ]

    # ---- Writing and finding --------------------------------------------------------

    @api.model
    def _fill(self, paste, rows):
        """Write the lines of a list (``pasted.Row``) anew, and find their people."""
        self._clear(paste)
        names = ("line_no", *COLUMNS, *KEYS)
        columns = list(zip(*(_values(row) for row in rows), strict=True))
        if not columns:
            return
        arrays = [
            SQL("%s::int[]" if name == "line_no" else "%s::text[]", list(values))
            for name, values in zip(names, columns, strict=True)
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_selection_paste_line
                       (paste_id, candidates, %(names)s,
                        create_uid, write_uid, create_date, write_date)
                SELECT %(paste)s, 0, t.*, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM unnest(%(arrays)s) AS t
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in names),
                paste=paste.id,
                uid=self.env.uid,
                now=SQL("now() AT TIME ZONE 'UTC'"),
                arrays=SQL(", ").join(arrays),
            )
        )
        self._match(paste)
        paste.invalidate_recordset(["line_ids", "problem_ids"])
        self.invalidate_model()

    @api.model
    def _clear(self, paste):
        self.flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM kokyaku_selection_paste_line WHERE paste_id = %s", paste.id)
        )
        paste.invalidate_recordset(["line_ids", "problem_ids"])
        self.invalidate_model()

    # ---- The result as rows ---------------------------------------------------------

    @api.model
    def _result_rows(self, paste):
        """The headings and rows of the list with what was found."""
        problems = dict(self._fields["problem"]._description_selection(self.env))
        ways = dict(self._fields["found_by"]._description_selection(self.env))
        headings = [
            self.env._("Line No."),
            *(name for _column, name in self._column_names()),
            self.env._("Found by"),
            self.env._("Customer code found"),
            self.env._("Name found"),
            self.env._("What to Look at"),
        ]
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.line_no, l.code, l.name, l.kana, l.email, l.phone, l.mark, l.note,
                       l.found_by, p.ref, p.name, l.problem
                  FROM kokyaku_selection_paste_line l
                  LEFT JOIN res_partner p ON p.id = l.partner_id
                 WHERE l.paste_id = %s ORDER BY l.line_no
                """,
                paste.id,
            )
        )
        shown = {marks.YES: "○", marks.NO: "×", marks.UNKNOWN: "?"}
        return headings, (
            [
                *row[:6],
                shown.get(row[6]),
                row[7],
                ways.get(row[8]),
                *row[9:11],
                problems.get(row[11]),
            ]
            for row in rows
        )


def _values(row):
    """The columns of a line as they are stored, then what it is found by."""
    cells = row.cells
    phone = cells.get("phone", "")
    return (
        row.line,
        *(cells.get(name) for name in COLUMNS[:5]),
        marks.read(cells.get("keep")),
        cells.get("note"),
        fold_text(cells.get("code")) or None,
        fold_name(cells.get("name")) or None,
        fold_name(cells.get("kana")) or None,
        email_normalize(cells.get("email") or "", strict=False) or None,
        None if is_blanket_phone(phone) else fold_phone(phone).partition("\n")[0] or None,
    )

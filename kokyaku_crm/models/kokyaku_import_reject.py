from odoo import api, fields, models

from .import_reader import reading

LONGEST_VALUE = 500
LONGEST_ROW = 20_000
AT_ONCE = 5_000


class KokyakuImportReject(models.Model):
    """取込エラー一覧: a row of a file that was not stored (or was, with a doubt), and why.

    Written by statements: there may be as many as the file has rows. ``code`` says why in one
    word (see ``kokyaku_import_reasons.py``), ``raw`` holds the whole row as a line of CSV.
    """

    _name = "kokyaku.import.reject"
    _description = "Rejected Row"
    _order = "row, id"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, index=True, ondelete="cascade")
    part = fields.Integer(readonly=True, aggregator=False)
    row = fields.Integer(string="Row No.", readonly=True, aggregator=False)
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    code = fields.Char(string="Reason Code", readonly=True)
    reason = fields.Char(compute="_compute_reason")
    is_warning = fields.Boolean(
        string="Stored All the Same", readonly=True, help="The row was stored; please check it."
    )
    is_left_out = fields.Boolean(
        string="Left Out on Purpose", readonly=True, help="The settings of the import say so."
    )
    raw = fields.Text(string="Whole Row", readonly=True)

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_reason(self):
        reasons = self._reasons()
        for reject in self:
            reject.reason = reasons.get(reject.code) or reject.code


class KokyakuImport(models.Model):
    """Writing down what could not be stored, and what to look at."""

    _inherit = "kokyaku.import"

    def _reject(self, rejects):
        """Write down rows that were not stored.

        :param rejects: list of ``reading.Reject`` (row, column, value, code, raw); ``raw`` may be
            empty for rows of the part at hand
        """
        self._write_down(rejects, is_warning=False)

    def _warn(self, rows):
        """Write down what is stored but deserves a look: the column ``warnings`` of the rows.

        :param rows: ``RowsAtHand``
        """
        if "warnings" not in rows.frame:
            return
        doubtful = rows.frame[rows.frame["warnings"].map(bool)]
        found = []
        for row, values in zip(doubtful.index, doubtful.to_dict("records"), strict=True):
            for column, code in values["warnings"]:
                value = values.get(column)
                found.append(_Reject(int(row), column, "" if value is None else value, code))
        self._write_down(found, is_warning=True)

    def _write_down(self, rejects, is_warning):
        if not rejects:
            return
        self.ensure_one()
        at_hand = self.env.context.get("kokyaku_rows_at_hand")
        names = self._target_names() if is_warning else {}
        raws = at_hand.raws(rejects) if at_hand else [reject.raw for reject in rejects]
        left_out = reading(self.env).LEFT_OUT
        lines = []
        for reject, raw in zip(rejects, raws, strict=True):
            column = names.get(reject.column, reject.column)
            lines.append(
                (
                    int(reject.row),
                    storable(column, LONGEST_VALUE),
                    storable(reject.value, LONGEST_VALUE),
                    reject.code,
                    not is_warning and reject.code in left_out,
                    storable(raw, LONGEST_ROW),
                )
            )
        for begin in range(0, len(lines), AT_ONCE):
            columns = [list(column) for column in zip(*lines[begin : begin + AT_ONCE], strict=True)]
            self.env.cr.execute(
                """INSERT INTO kokyaku_import_reject (import_id, part, is_warning, row, "column",
                          value, code, is_left_out, raw)
                   SELECT %s, %s, %s, * FROM unnest(%s::int[], %s::text[], %s::text[],
                          %s::text[], %s::bool[], %s::text[])""",
                [self.id, at_hand.number if at_hand else self.parts_done, is_warning, *columns],
            )
        if at_hand:
            at_hand.note(lines, is_warning)
        self.env["kokyaku.import.reject"].invalidate_model()
        self.invalidate_recordset(["reject_ids"])


class _Reject:
    """The same four things as ``reading.Reject`` has; the row itself is at hand."""

    raw = ""

    def __init__(self, row, column, value, code):
        self.row, self.column, self.value, self.code = row, column, value, code


def storable(text, longest):
    """Return a text PostgreSQL takes: no NUL, no half characters, not endless.

    >>> storable("a\0b", 10), storable("abc", 2)
    ('ab', 'a…')
    """
    text = str(text or "").replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= longest else text[: longest - 1] + "…"

from odoo import api, fields, models
from odoo.tools import SQL

from ..matching.file_row import row_numbers
from .import_reader import reading

LONGEST_VALUE = 500
LONGEST_ROW = 20_000
AT_ONCE = 5_000
ERASED = "erased"  # the code of a row whose person was erased


class KokyakuImportReject(models.Model):
    """取込エラー一覧: a row of a file that was not stored (or was, with a doubt), and why.

    Written by statements: there may be as many as the file has rows. ``code`` says why in one
    word (see ``kokyaku_import_words.py``), ``raw`` holds the whole row as a line of CSV.
    """

    _name = "kokyaku.import.reject"
    _description = "Rejected Row"
    _order = "row, id"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, ondelete="cascade")
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

    _part_idx = models.Index("(import_id, part)")

    def init(self):
        """The pieces of the whole row (``row_numbers``), by which a person's rows are found among
        millions when they are erased: to fold each of them then takes minutes."""
        self.env.cr.execute(
            """ALTER TABLE kokyaku_import_reject ADD COLUMN IF NOT EXISTS grams int[];
               CREATE INDEX IF NOT EXISTS kokyaku_import_reject_grams
                   ON kokyaku_import_reject USING gin (grams)
                   WITH (gin_pending_list_limit = 1024);
               CREATE INDEX IF NOT EXISTS kokyaku_import_reject_no_grams
                   ON kokyaku_import_reject (id) WHERE grams IS NULL AND raw IS NOT NULL"""
        )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_reason(self):
        reasons = self._reasons()
        for reject in self:
            reject.reason = reasons.get(reject.code) or reject.code

    def _in_words(self):
        """Return the column, what stands in it, and the reason, in one line."""
        self.ensure_one()
        what = " ".join(filter(None, [self.column, self.value and f"「{self.value}」"]))
        return f"{what}: {self.reason}" if what else self.reason


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
        listed = rows.frame["warnings"]
        self._write_down(
            [
                _Reject(int(row), heading, rows.value(row, heading), code)
                for row, found in listed[listed.map(bool)].items()
                for heading, code in found
            ],
            is_warning=True,
        )

    def _write_down(self, rejects, is_warning):
        if not rejects:
            return
        self.ensure_one()
        at_hand = self.env.context.get("kokyaku_rows_at_hand")
        known = [(reject.row, reject.raw) for reject in rejects]
        raws = at_hand.raws(known) if at_hand else [raw for _row, raw in known]
        left_out = reading(self.env).LEFT_OUT
        lines = [
            (
                int(reject.row),
                storable(reject.column, LONGEST_VALUE),
                storable(reject.value, LONGEST_VALUE),
                reject.code,
                not is_warning and reject.code in left_out,
                storable(raw, LONGEST_ROW),
                row_numbers(storable(raw, LONGEST_ROW)),
            )
            for reject, raw in zip(rejects, raws, strict=True)
        ]
        for begin in range(0, len(lines), AT_ONCE):
            columns = [list(column) for column in zip(*lines[begin : begin + AT_ONCE], strict=True)]
            self.env.cr.execute(
                """INSERT INTO kokyaku_import_reject (import_id, part, is_warning, row, "column",
                          value, code, is_left_out, raw, grams)
                   SELECT %s, %s, %s, row, "column", value, code, out, raw, grams::int[]
                     FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bool[],
                                 %s::text[], %s::text[])
                       AS r (row, "column", value, code, out, raw, grams)""",
                [self.id, at_hand.number if at_hand else self.parts_done, is_warning, *columns],
            )
        self.env["kokyaku.import.reject"].invalidate_model()
        self.invalidate_recordset(["reject_ids"])

    def _complete_rejects(self, rows):
        """Give the whole row to what loaders wrote down by themselves; return the set of all
        rejected rows of the part.

        :param rows: ``RowsAtHand``
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """SELECT id, row, is_warning, raw IS NULL FROM kokyaku_import_reject
                    WHERE import_id = %s AND part = %s""",
                self.id,
                rows.number,
            )
        )
        bare = [(reject, row) for reject, row, _warning, is_bare in found if is_bare]
        if bare:
            raws = rows.raws([(row, "") for _reject, row in bare])
            raws = [storable(raw, LONGEST_ROW) for raw in raws]
            self.env.cr.execute(
                """UPDATE kokyaku_import_reject AS r SET raw = n.raw, grams = n.grams::int[]
                     FROM unnest(%s::int[], %s::text[], %s::text[]) AS n (id, raw, grams)
                    WHERE r.id = n.id""",
                [[reject for reject, _row in bare], raws, list(map(row_numbers, raws))],
            )
        return {row for _reject, row, is_warning, _bare in found if not is_warning}

    def _count_rejects(self, part):
        """Return how many rows of a part were rejected, left out, and are to be looked at."""
        self.env.cr.execute(
            """SELECT count(DISTINCT row) FILTER (WHERE NOT is_warning AND NOT out),
                      count(DISTINCT row) FILTER (WHERE NOT is_warning AND out),
                      count(DISTINCT row) FILTER (WHERE is_warning)
                 FROM (SELECT row, is_warning, COALESCE(is_left_out, FALSE) AS out
                         FROM kokyaku_import_reject WHERE import_id = %s AND part = %s) AS r""",
            [self.id, part],
        )
        return self.env.cr.fetchone()


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

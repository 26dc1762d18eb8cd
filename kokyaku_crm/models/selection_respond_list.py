from collections import namedtuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize

from ..codes.line_code import id_of
from ..naming import fold_name, fold_text
from ..sheets.answers import companions_of

Answer = namedtuple("Answer", "row partner_id line_id type_id companions result")
"""One line of a list: who it is, and what becomes of it. ``result``: ready, unaddressed, or why
not: blank, unknown, several, twice, answer, companions."""


class KokyakuSelectionExecution(models.Model):
    """応答登録: lists of answers, matched and entered by a fixed number of statements."""

    _inherit = "kokyaku.selection.execution"

    def _read_answers(self, rows, default_type):
        """Find out who the lines of a list are, and what they answer. Changes nothing.

        :param rows: list of ``sheets.answers.Row``
        :param default_type: ``kokyaku.response.type`` for the lines that say nothing
        :return: list of ``Answer``, one for each row
        """
        self.ensure_one()
        people = self._match_answers(rows)
        types = self._response_types_by_text()
        last = {}  # the last line of a person counts
        for row in rows:
            number, partner, _line = people.get(row.line, (0, None, None))
            if number == 1:
                last[partner] = row.line
        answers = []
        for row in rows:
            number, partner, line = people.get(row.line, (0, None, None))
            kind = types.get(fold_text(row.answer)) if row.answer else default_type.id
            companions = companions_of(row.companions)
            if not row.key:
                result = "blank"
            elif number != 1:
                result = "several" if number else "unknown"
            elif not kind:
                result = "answer"
            elif companions is None:
                result = "companions"
            elif last[partner] != row.line:
                result = "twice"
            else:
                result = "ready" if line else "unaddressed"
            answers.append(Answer(row, number == 1 and partner, line, kind, companions, result))
        return answers

    def _enter_answers(self, answers, date=None, add=False, source="list"):
        """Enter what ``_read_answers`` made of a list.

        :param bool add: take in those who were not addressed as late additions
        :return: dict of row number: new, changed, same, added, or the reason why not
        """
        self._check_answerable()
        said = {answer.row.line: answer.result for answer in answers}
        lines = {}
        if add:
            unaddressed = [one.partner_id for one in answers if one.result == "unaddressed"]
            added = self._answered_unaddressed(unaddressed)
            lines = {line.partner_id.id: line.id for line in added}
        ready = {}
        for answer in answers:
            line = lines.get(answer.partner_id) if answer.result == "unaddressed" else None
            line = line or (answer.result == "ready" and answer.line_id)
            if line:
                ready[line] = answer
        entered = self._respond_rows(
            [
                (line, one.type_id, date, one.companions, one.row.note)
                for line, one in ready.items()
            ],
            source,
        )
        for line, what in entered.items():
            answer = ready[line]
            said[answer.row.line] = "added" if answer.result == "unaddressed" else what
        return said

    def _response_types_by_text(self):
        """Kinds of answers by code and by name, folded as people type them."""
        types = self.env["kokyaku.response.type"].search([])
        found = {}
        for one in reversed(types):  # where two fit, the first one of the master counts
            found[fold_text(one.name)] = found[fold_text(one.code)] = one.id
        return found

    def _match_answers(self, rows):
        """Find the people: by code or customer code, then among those addressed by e-mail and
        name, then among everybody.

        :return: dict of row number: (number of people, one of them, their line or None)
        """
        cr = self.env.cr
        for model in ("res.partner", "kokyaku.execution.line"):
            self.env[model].flush_model()
        self.env["kokyaku.partner.key"]._flush_sources()
        cr.execute(
            "DROP TABLE IF EXISTS kokyaku_answer_row, kokyaku_answer_hit, kokyaku_answer_key"
        )
        cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_answer_row ON COMMIT DROP AS
                SELECT * FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[], %s::text[])
                    AS r(line, key, code_id, email, name)
                """,
                [row.line for row in rows],
                [row.key for row in rows],
                [_line_id(row.key) for row in rows],
                [email_normalize(row.key) or None for row in rows],
                [fold_name(row.key) or None for row in rows],
            )
        )
        cr.execute(
            "CREATE TEMPORARY TABLE kokyaku_answer_hit (line int, partner_id int) ON COMMIT DROP"
        )
        cr.execute("ANALYZE kokyaku_answer_row")
        addressed = SQL(
            """SELECT p.id, p.ref, p.email_normalized, p.name FROM kokyaku_execution_line l
                 JOIN res_partner p ON p.id = l.partner_id WHERE l.execution_id = %s""",
            self.id,
        )
        ours = Domain("company_id", "in", (False, self.company_id.id))
        visible = self.env["res.partner"]._search(ours & Domain("type", "=", "contact"))
        everybody = SQL(
            "SELECT id, ref, email_normalized, name FROM res_partner WHERE id IN (%s)",
            visible.select(),
        )
        cr.execute(
            SQL(
                """INSERT INTO kokyaku_answer_hit
                   SELECT r.line, l.partner_id FROM kokyaku_answer_row r
                     JOIN kokyaku_execution_line l ON l.id = r.code_id
                    WHERE l.execution_id = %s
                    UNION
                   SELECT r.line, p.id FROM kokyaku_answer_row r JOIN (%s) p ON p.ref = r.key""",
                self.id,
                everybody,
            )
        )
        by_email = SQL("p.email_normalized = r.email")
        as_written = SQL(
            "r.email IS NULL AND translate(p.name, ' 　', '') = translate(r.key, ' 　', '')"
        )
        # folding a name takes longer than all the rest: only of those whose keys have it
        folded = SQL("r.name = p.key AND kokyaku_fold_name(p.name) = p.key")
        keyed = "SELECT p.*, k.key FROM kokyaku_answer_key k JOIN (%s) p ON p.id = k.id"
        for people, condition in (
            (addressed, by_email),
            (addressed, as_written),
            (SQL(keyed, addressed), folded),
            (everybody, by_email),
            (SQL(keyed, everybody), folded),
        ):
            cr.execute(
                SQL(
                    """INSERT INTO kokyaku_answer_hit
                       SELECT DISTINCT r.line, p.id
                         FROM (SELECT * FROM kokyaku_answer_row r WHERE %s) r
                         JOIN (%s) p ON %s""",
                    OPEN,
                    people,
                    condition,
                )
            )
            cr.execute("ANALYZE kokyaku_answer_hit")
            if condition is as_written:
                self._find_answer_keys()
        rows = self.env.execute_query(
            SQL(
                """SELECT h.line, h.number, h.partner_id, l.id
                     FROM (SELECT line, count(DISTINCT partner_id) AS number,
                                  min(partner_id) AS partner_id
                             FROM kokyaku_answer_hit GROUP BY line) AS h
                     LEFT JOIN kokyaku_execution_line l
                            ON l.partner_id = h.partner_id AND l.execution_id = %s""",
                self.id,
            )
        )
        return {line: tuple(found) for line, *found in rows}

    def _find_answer_keys(self):
        """Note who has the name of an open line among their search keys."""
        cr = self.env.cr
        cr.execute("CREATE TEMPORARY TABLE kokyaku_answer_key (id int, key text) ON COMMIT DROP")
        cr.execute(
            SQL("SELECT FROM kokyaku_answer_row r WHERE r.email IS NULL AND %s LIMIT 1", OPEN)
        )
        if not cr.rowcount:
            return
        cr.execute(
            SQL(
                """INSERT INTO kokyaku_answer_key
                   SELECT DISTINCT k.id, one.key
                     FROM kokyaku_partner_key k
                    CROSS JOIN LATERAL unnest(string_to_array(k.doc, E'\\n')) AS one(key)
                     JOIN (SELECT DISTINCT name FROM kokyaku_answer_row r
                            WHERE r.email IS NULL AND %s) r
                       ON r.name = one.key""",
                OPEN,
            )
        )
        cr.execute("ANALYZE kokyaku_answer_key")


OPEN = SQL("NOT EXISTS (SELECT FROM kokyaku_answer_hit h WHERE h.line = r.line)")


def _line_id(key):
    try:
        number = id_of(key)
    except ValueError:
        return None
    return number if number < 2**31 else None

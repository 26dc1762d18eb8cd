from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import is_future, office_today


class KokyakuExecutionLine(models.Model):
    """応答登録: what a recipient answers."""

    _inherit = "kokyaku.execution.line"

    def _respond(self, response_type, date=None, companions=0, note=None, source="manual"):
        """Enter one answer for these lines.

        A second answer overwrites the first, whose trace stays in ``response_note``; the same
        again changes nothing.

        :param response_type: ``kokyaku.response.type`` record
        :param date: the day of the answer, today if not given
        :param int companions: how many come with them
        :param str source: manual, code, list, file or auto
        :return: dict of the lines' ids: "new", "changed" or "same"
        """
        said = {}
        for execution in self.execution_id:
            lines = self.filtered(lambda line, one=execution: line.execution_id == one)
            said |= execution._respond_rows(
                [(line.id, response_type.id, date, companions, note) for line in lines], source
            )
        return said


class KokyakuSelectionExecution(models.Model):
    """応答登録: the answers to one execution, however many at once."""

    _inherit = "kokyaku.selection.execution"

    attending_count = fields.Integer(string="Attending", readonly=True)
    companion_count = fields.Integer(string="Their Companions", readonly=True)

    def _check_answerable(self):
        """Refuse an answer to what was never sent, or by who may not enter it."""
        self.ensure_one()
        self.check_access("write")
        self.env["kokyaku.execution.line"].check_access("write")
        if self.state == "cancelled":
            raise UserError(
                self.env._(
                    "“%s” was cancelled, so nobody can have answered it. Please choose another "
                    "execution.",
                    self.name,
                )
            )

    def _check_response(self, date, companions):
        if date and is_future(self, date):
            raise UserError(
                self.env._(
                    "“%(name)s”: the response date %(date)s lies in the future. Please check it.",
                    name=self.name,
                    date=date,
                )
            )
        if not 0 <= companions < 1000:
            raise UserError(
                self.env._(
                    "“%(name)s”: %(number)s companions? Please enter a number from 0 to 999.",
                    name=self.name,
                    number=companions,
                )
            )

    def _respond_rows(self, rows, source):
        """Enter answers by one statement.

        :param rows: list of (line id, type id, date or None, companions, note or None); the
            last one of a line counts
        :param str source: see ``line._respond``
        :return: dict of line id: "new", "changed" or "same"; a line of another execution is
            not in it
        """
        self._check_answerable()
        today = office_today(self)
        rows = {
            line: (line, kind, fields.Date.to_date(date) or today, companions or 0, note or None)
            for line, kind, date, companions, note in rows
        }
        for date, companions in {row[2:4] for row in rows.values()}:
            self._check_response(date, companions)
        types = self.env["kokyaku.response.type"].with_context(active_test=False).search([])
        lines = self.env["kokyaku.execution.line"]
        lines.flush_model()
        types.flush_model()
        columns = list(map(list, zip(*rows.values(), strict=True))) or [[]] * 5
        said = self.env.execute_query(
            SQL(
                """
                WITH given AS (
                    SELECT *
                      FROM unnest(%(lines)s::int[], %(types)s::int[], %(days)s::date[],
                                  %(companions)s::int[], %(notes)s::text[])
                        AS g(id, type_id, day, companions, note)
                ), labels AS (
                    SELECT t.id, t.label, r.is_no_answer, r.is_returned
                      FROM unnest(%(type_ids)s::int[], %(labels)s::text[]) AS t(id, label)
                      JOIN kokyaku_response_type r ON r.id = t.id
                ), old AS (
                    SELECT g.*, l.partner_id, b.is_returned, l.response_note AS old_note,
                           b.label AS old_label,
                           l.response_date AS old_day, COALESCE(l.companions, 0) AS old_companions,
                           l.response_type_id IS NULL
                               OR (b.is_no_answer AND l.response_source = 'auto') AS is_first,
                           CASE WHEN l.response_type_id IS NULL THEN 'new'
                                WHEN l.response_type_id = g.type_id
                                     AND COALESCE(l.companions, 0) = g.companions
                                     AND (g.note IS NULL OR g.note = l.response_note
                                          OR starts_with(l.response_note, g.note || ' ←'))
                                THEN 'same'
                                ELSE 'changed' END AS said
                      FROM given g
                      JOIN kokyaku_execution_line l ON l.id = g.id
                      LEFT JOIN labels b ON b.id = l.response_type_id
                     WHERE l.execution_id = %(execution)s
                ), entered AS (
                    UPDATE kokyaku_execution_line l
                       SET response_type_id = old.type_id,
                           response_date = old.day,
                           companions = old.companions,
                           response_note = CASE WHEN old.is_first THEN old.note ELSE
                               concat_ws(' ', old.note, '← ' || old.old_label
                                   || CASE WHEN old.old_companions > 0
                                           THEN ' +' || old.old_companions ELSE '' END
                                   || COALESCE(' (' || old.old_day || ')', ''), old.old_note)
                               END,
                           response_source = %(source)s,
                           response_uid = %(uid)s,
                           write_uid = %(uid)s,
                           write_date = now() AT TIME ZONE 'UTC'
                      FROM old
                     WHERE l.id = old.id AND old.said <> 'same'
                )
                SELECT id, said, CASE WHEN is_returned THEN partner_id END, old_day FROM old
                """,
                **dict(
                    zip(("lines", "types", "days", "companions", "notes"), columns, strict=True)
                ),
                type_ids=types.ids,
                labels=types.mapped("name"),
                execution=self.id,
                source=source,
                uid=self.env.uid,
            )
        )
        lines.invalidate_model()
        changed = [row for row in said if row[1] != "same"]
        self._forget_returned([row[2:] for row in changed if row[2]])
        self._mark_returned([row[0] for row in changed])
        self._count_responses()
        return {row[0]: row[1] for row in said}

    def _mark_returned(self, line_ids):
        """Whose post came back: their address is marked as unknown (宛先不明) (hook)."""
        if line_ids and self.channel == "post":
            self._change_returned(
                """
                UPDATE res_partner p
                   SET returned_mail = l.response_date, write_uid = %(uid)s, write_date = %(now)s
                  FROM kokyaku_execution_line l
                  JOIN kokyaku_response_type r ON r.id = l.response_type_id AND r.is_returned
                 WHERE l.id = ANY(%(lines)s) AND p.id = l.partner_id
                   AND p.returned_mail IS NULL
                """,
                lines=line_ids,
            )

    def _forget_returned(self, marked):
        """Take the mark back that a wrong answer "came back" had made.

        :param marked: list of (partner id, day of that answer)
        """
        if marked and self.channel == "post":
            self._change_returned(
                """
                UPDATE res_partner p
                   SET returned_mail = NULL, write_uid = %(uid)s, write_date = %(now)s
                  FROM unnest(%(people)s::int[], %(days)s::date[]) AS m(id, day)
                 WHERE p.id = m.id AND p.returned_mail = m.day
                """,
                people=[partner for partner, _day in marked],
                days=[day for _partner, day in marked],
            )

    def _change_returned(self, statement, **more):
        """Run a statement on the mark of persons, which their log takes down."""
        self.env["kokyaku.consent.log"]._tell("office")
        partners = self.env["res.partner"]
        partners.flush_model(["returned_mail"])
        now = SQL("now() AT TIME ZONE 'UTC'")
        self.env.cr.execute(SQL(statement, uid=self.env.uid, now=now, **more))
        partners.invalidate_model(["returned_mail", "reach_state"])

    def _count_responses(self):
        """Store how many answered, how many of them as hoped, and how many come (one
        statement). That someone did not answer is no answer, nor is a piece that came back."""
        self.env["kokyaku.execution.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_selection_execution e
                   SET response_count = COALESCE(n.answers, 0),
                       positive_count = COALESCE(n.positive, 0),
                       attending_count = COALESCE(n.attending, 0),
                       companion_count = COALESCE(n.companions, 0)
                  FROM unnest(%(ids)s::int[]) AS wanted(id)
                  LEFT JOIN (
                        SELECT l.execution_id,
                               count(*) FILTER (WHERE r.is_no_answer IS NOT TRUE
                                                  AND r.is_returned IS NOT TRUE) AS answers,
                               count(*) FILTER (WHERE r.is_positive) AS positive,
                               count(*) FILTER (WHERE r.is_attendance) AS attending,
                               sum(l.companions) FILTER (WHERE r.is_attendance) AS companions
                          FROM kokyaku_execution_line l
                          JOIN kokyaku_response_type r ON r.id = l.response_type_id
                         WHERE l.execution_id = ANY(%(ids)s)
                         GROUP BY l.execution_id) AS n ON n.execution_id = wanted.id
                 WHERE e.id = wanted.id
                """,
                ids=self.ids,
            )
        )
        self.invalidate_recordset(
            ["response_count", "positive_count", "attending_count", "companion_count"]
        )

    # ---- Who does not answer --------------------------------------------------------

    def _cron_no_answer(self):
        """Every day: when the time to answer is over, no answer is an answer, too. A true
        one that comes later takes its place."""
        nothing = self.env["kokyaku.response.type"].search([("is_no_answer", "=", True)], limit=1)
        over = self.search([("state", "=", "executed"), ("answer_until", "!=", False)]).filtered(
            lambda one: one.answer_until < office_today(one.with_company(one.company_id))
        )
        if not nothing or not over:
            return
        lines = self.env["kokyaku.execution.line"]
        lines.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_execution_line
                   SET response_type_id = %(nothing)s, response_source = 'auto',
                       response_date = %(today)s, response_uid = NULL
                 WHERE execution_id = ANY(%(executions)s) AND response_type_id IS NULL
                   AND sent_on IS NOT NULL AND exclusion IS NULL AND is_control IS NOT TRUE
                """,
                nothing=nothing.id,
                today=office_today(self),
                executions=over.ids,
            )
        )
        lines.invalidate_model()

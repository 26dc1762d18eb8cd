import psycopg2

from odoo import api, models
from odoo.tools import SQL, mute_logger

EITHER = ("printed_at", "sent_on", "code", "item", "unit_cost", "hold_until", "late_reason")
PLAIN_ANSWER = ("response_date", "response_source")
ANSWER_LINKS = ("response_type_id", "response_uid")
PRINTED = (
    "zip_text",
    "address_text",
    "company_text",
    "title_text",
    "name_text",
    "honorific_text",
    "contact_text",
    "joint_text",
)
OF_MEMBERS = ("joint_with_id", "duplicate_of_id")  # columns of a recipient that name another one


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two people keeps their places in sets, what they got, and what they answered.

    One row each stays where both had one. Who was taken out by hand stays out, whichever of
    the two it was (but not when it was for being the duplicate of the other). Of two lines of
    one execution the one that was sent stays, else the one that was taken out by hand; the
    other one's marks and answer go into it, and
    what was printed on it stands in its note.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.flush_all()
        people = (src_partners | dst_partner).ids
        self._fold_members(people, dst_partner)
        self._fold_execution_lines(people, dst_partner)
        self._forget_duplicates(src_partners, dst_partner)
        self.env.invalidate_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _fold_members(self, people, dst_partner):
        run = self.env.cr.execute
        run(
            SQL(
                """
                WITH row AS (
                    SELECT id, set_id, partner_id, origin, reason, asked_by, note, joint_with_id,
                           excluded IS TRUE AND COALESCE(duplicate_of_id <> ALL(%(all)s), TRUE)
                               AS is_out,
                           excluded IS NOT TRUE AS is_in
                      FROM kokyaku_selection_member
                     WHERE partner_id = ANY(%(all)s)
                ), folded AS (
                    SELECT set_id,
                           (array_agg(id ORDER BY partner_id = %(keep)s DESC, id))[1] AS id,
                           bool_or(is_out) OR NOT bool_or(is_in) AS excluded,
                           (array_agg(id ORDER BY is_out DESC, is_in DESC, origin = 'manual' DESC,
                                                  partner_id = %(keep)s DESC, id))[1] AS leading,
                           string_agg(DISTINCT NULLIF(note, ''), ' / ') AS note,
                           max(joint_with_id) FILTER (WHERE joint_with_id <> ALL(%(all)s))
                               AS joint_with_id
                      FROM row
                     GROUP BY set_id
                    HAVING count(*) > 1
                )
                UPDATE kokyaku_selection_member m
                   SET excluded = folded.excluded, origin = l.origin, reason = l.reason,
                       asked_by = l.asked_by, note = folded.note,
                       joint_with_id = folded.joint_with_id
                  FROM folded
                  JOIN row l ON l.id = folded.leading
                 WHERE m.id = folded.id
                RETURNING m.id, m.set_id
                """,
                all=people,
                keep=dst_partner.id,
            )
        )
        kept = self.env.cr.fetchall()
        run(
            SQL(
                """DELETE FROM kokyaku_selection_member
                    WHERE partner_id = ANY(%s) AND set_id = ANY(%s) AND id <> ALL(%s)""",
                people,
                [set_id for _id, set_id in kept],
                [id_ for id_, _set_id in kept],
            )
        )
        run(
            SQL(
                "UPDATE kokyaku_selection_member SET partner_id = %s WHERE partner_id = ANY(%s)",
                dst_partner.id,
                people,
            )
        )
        for column in OF_MEMBERS:
            run(
                SQL(
                    """UPDATE kokyaku_selection_member
                          SET %(column)s = CASE WHEN partner_id <> %(keep)s THEN %(keep)s END
                        WHERE %(column)s = ANY(%(all)s)""",
                    column=SQL.identifier(column),
                    keep=dst_partner.id,
                    all=people,
                )
            )
        self.env["kokyaku.selection.set"].sudo().browse(
            [set_id for _id, set_id in kept]
        )._count_members()

    def _forget_duplicates(self, src_partners, dst_partner):
        """Hits among people who are one now are none any more."""
        run = self.env.cr.execute
        run(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM kokyaku_selection_duplicate d
                     WHERE partner_id = ANY(%(src)s)
                       AND EXISTS (SELECT FROM kokyaku_selection_duplicate other
                                    WHERE other.set_id = d.set_id
                                      AND other.group_name = d.group_name
                                      AND (other.partner_id = %(keep)s
                                           OR other.partner_id = ANY(%(src)s)
                                          AND other.id < d.id))
                    RETURNING id, set_id, group_name
                )
                DELETE FROM kokyaku_selection_duplicate d
                 USING (SELECT one.set_id, one.group_name
                          FROM kokyaku_selection_duplicate one
                         WHERE (one.set_id, one.group_name)
                               IN (SELECT set_id, group_name FROM gone)
                           AND one.id NOT IN (SELECT id FROM gone)
                         GROUP BY one.set_id, one.group_name
                        HAVING count(*) = 1) AS alone
                 WHERE d.set_id = alone.set_id AND d.group_name = alone.group_name
                   AND d.id NOT IN (SELECT id FROM gone)
                """,
                src=src_partners.ids,
                keep=dst_partner.id,
            )
        )
        run(
            SQL(
                """UPDATE kokyaku_selection_duplicate SET keeper_id = %(keep)s
                    WHERE keeper_id = ANY(%(src)s)""",
                src=src_partners.ids,
                keep=dst_partner.id,
            )
        )

    def _fold_execution_lines(self, people, dst_partner):
        run = self.env.cr.execute
        run(
            SQL(
                """
                SELECT execution_id,
                       array_agg(id ORDER BY (exclusion IS NULL AND sent_on IS NOT NULL) DESC,
                                             (exclusion IS NOT DISTINCT FROM 'by_hand') DESC,
                                             exclusion IS NULL DESC, sent_on IS NULL,
                                             printed_at IS NULL, response_type_id IS NULL,
                                             partner_id = %s DESC, id)
                  FROM kokyaku_execution_line
                 WHERE partner_id = ANY(%s)
                 GROUP BY execution_id
                HAVING count(*) > 1
                """,
                dst_partner.id,
                people,
            )
        )
        folded = self.env.cr.fetchall()
        lines = self.env["kokyaku.execution.line"].sudo()
        for _execution, (kept, *others) in folded:
            for other in others:
                self._fold_execution_line(lines.browse(kept), lines.browse(other))
                lines.invalidate_model()
        run(
            SQL(
                "UPDATE kokyaku_execution_line SET partner_id = %s WHERE partner_id = ANY(%s)",
                dst_partner.id,
                people,
            )
        )
        executions = self.env["kokyaku.selection.execution"].sudo()
        executions = executions.browse([execution for execution, _lines in folded])
        executions._count_lines()
        executions._count_responses()

    def _fold_execution_line(self, kept, other):
        """Put the marks and the answer of one line into another one, and let it go."""
        run = self.env.cr.execute
        values = self._folded_line_values(kept, other)
        run(SQL("UPDATE kokyaku_execution_line SET code = NULL WHERE id = %s", other.id))
        run(
            SQL(
                "UPDATE kokyaku_execution_line SET %s WHERE id = %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value or None)
                    for name, value in values.items()
                ),
                kept.id,
            )
        )
        for table, column in self._get_fk_on("kokyaku_execution_line"):
            # A row that can be there once only goes with its line, as its own rule says.
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    run(
                        SQL(
                            "UPDATE %(table)s SET %(column)s = %(kept)s WHERE %(column)s = %(old)s",
                            table=SQL.identifier(table),
                            column=SQL.identifier(column),
                            kept=kept.id,
                            old=other.id,
                        )
                    )
            except psycopg2.errors.UniqueViolation:
                continue
        run(
            SQL(
                """UPDATE kokyaku_execution_line SET joint_line_id = NULL
                    WHERE id = %s AND joint_line_id = id""",
                kept.id,
            )
        )
        run(SQL("DELETE FROM kokyaku_execution_line WHERE id = %s", other.id))

    def _folded_line_values(self, kept, other):
        values = {name: kept[name] or other[name] for name in EITHER}
        values["companions"] = max(kept.companions, other.companions)
        if kept.sent_on and other.sent_on and not other.exclusion:
            values["unit_cost"] = kept.unit_cost + other.unit_cost  # two pieces went
        answered, spare = kept, other
        if not kept.response_type_id or (
            kept.response_type_id.is_no_answer and other.response_type_id
        ):
            answered, spare = other, kept
        values.update({name: answered[name] for name in PLAIN_ANSWER})
        values.update({name: answered[name].id for name in ANSWER_LINKS})
        printed = [other[name] for name in PRINTED]
        if kept.code:
            printed.append(other.code)
        if answered.response_type_id != spare.response_type_id:
            printed += [spare.response_type_id.name, spare.response_date]
        printed = " ".join(str(text).replace("\n", " ") for text in printed if text)
        notes = [
            kept.response_note,
            other.response_note,
            printed and self.env._("Merged: %s", printed),
        ]
        values["response_note"] = " / ".join(dict.fromkeys(filter(None, notes)))
        return values

from odoo import models
from odoo.tools import SQL

from .selection_execution_prepare import NAMES_APART


class KokyakuSelectionExecution(models.Model):
    """What is settled between the lines: who shares a piece, and who is kept for comparison."""

    _inherit = "kokyaku.selection.execution"

    def _join_pieces(self):
        """連名: who shares a home with another recipient stands on that one's piece, as long
        as that one gets a piece at home that is not printed yet. Does whom the others were
        joined with not get one, the first of those who do takes that place."""
        joint = SQL(
            "SELECT 1 FROM kokyaku_selection_member WHERE set_id = %s AND joint_with_id IS NOT NULL"
            " LIMIT 1",
            self.set_id.id,
        )
        if not self.env.execute_query(joint):
            return
        # The lines are new and PostgreSQL takes them for few: no loop in a loop over them.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(
            SQL(
                """
                WITH home AS (
                    SELECT line.id,
                           first_value(line.id) OVER (
                               PARTITION BY COALESCE(m.joint_with_id, m.partner_id)
                               ORDER BY m.joint_with_id IS NOT NULL, line.partner_id) AS head_id
                      FROM kokyaku_selection_member m
                      JOIN kokyaku_execution_line line
                        ON line.execution_id = %(execution)s AND line.partner_id = m.partner_id
                       AND line.exclusion IS NULL AND line.kind = 'home'
                       AND line.is_control IS NOT TRUE
                       AND line.printed_at IS NULL AND line.sent_on IS NULL
                     WHERE m.set_id = %(set)s
                       AND (m.joint_with_id IS NOT NULL
                            OR m.partner_id IN (SELECT joint_with_id
                                                  FROM kokyaku_selection_member
                                                 WHERE set_id = %(set)s
                                                   AND joint_with_id IS NOT NULL))
                ), joined AS (
                    UPDATE kokyaku_execution_line line
                       SET exclusion = 'joint', joint_line_id = home.head_id
                      FROM home
                     WHERE line.id = home.id AND home.id <> home.head_id
                    RETURNING line.joint_line_id, line.partner_id, line.name_text
                )
                UPDATE kokyaku_execution_line head
                   SET joint_text = COALESCE(head.joint_text || %(apart)s, '') || names.text
                  FROM (SELECT h.id, string_agg(joined.name_text, %(apart)s
                                                ORDER BY joined.partner_id) AS text
                          FROM joined
                          JOIN kokyaku_execution_line h ON h.id = joined.joint_line_id
                         WHERE position(%(name)s in %(known)s) = 0
                         GROUP BY h.id) AS names
                 WHERE head.id = names.id
                """,
                execution=self.id,
                set=self.set_id.id,
                apart=NAMES_APART,
                name=_without_blanks("joined.name_text"),
                known=_without_blanks("h.joint_text"),
            )
        )
        self.env.cr.execute("SET LOCAL enable_nestloop = DEFAULT")

    def _settle_pieces(self):
        """連名 anew, after someone was taken out or came back: whose piece does not go any
        more, those who stood on it get one of their own or stand on another's."""
        if self.channel != "post":
            return
        self._join_pieces()
        if self._release_joint(SQL("head.exclusion IS NOT NULL")):
            self._join_pieces()

    def _release_joint(self, which):
        """Take people off pieces that are not on their way, so that they go themselves; return
        their number.

        :param SQL which: a condition on ``line``, who shares, and ``head``, whose piece it is
        """
        self.env.cr.execute(
            SQL(
                """
                WITH apart AS (
                    UPDATE kokyaku_execution_line line
                       SET exclusion = NULL, joint_line_id = NULL
                      FROM kokyaku_execution_line head
                     WHERE line.execution_id = %(execution)s AND line.exclusion = 'joint'
                       AND head.id = line.joint_line_id AND head.sent_on IS NULL AND %(which)s
                    RETURNING line.id, head.id AS head_id, line.name_text
                ), named AS (
                    UPDATE kokyaku_execution_line head
                       SET joint_text = NULLIF(array_to_string(ARRAY(
                               SELECT name FROM unnest(string_to_array(head.joint_text, %(apart)s))
                                      WITH ORDINALITY AS one(name, place)
                                WHERE NOT EXISTS (SELECT FROM apart
                                                   WHERE apart.head_id = head.id
                                                     AND apart.name_text = one.name)
                                ORDER BY place), %(apart)s), '')
                     WHERE head.id IN (SELECT head_id FROM apart)
                )
                SELECT count(*) FROM apart
                """,
                execution=self.id,
                which=which,
                apart=NAMES_APART,
            )
        )
        return self.env.cr.fetchone()[0]

    def _draw_control(self):
        """比較用: draw the share of people who do not get it, the same ones each time."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_execution_line SET is_control = TRUE
                 WHERE id IN (SELECT id
                                FROM (SELECT id, count(*) OVER () AS people,
                                             row_number() OVER (ORDER BY hashint8extended(
                                                 partner_id, %(execution)s), id) AS place
                                        FROM kokyaku_execution_line
                                       WHERE execution_id = %(execution)s
                                         AND exclusion IS NULL) AS line
                               WHERE place <= round(people * %(percent)s / 100.0))
                """,
                execution=self.id,
                percent=self.control_percent,
            )
        )


def _without_blanks(column):
    return SQL("regexp_replace(COALESCE(%s, ''), '[ \u3000]', '', 'g')", SQL(column))

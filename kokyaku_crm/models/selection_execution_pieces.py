from odoo import models
from odoo.tools import SQL

from .selection_execution_prepare import NAMES_APART


class KokyakuSelectionExecution(models.Model):
    """What is settled between the lines: who shares a piece, and who is kept for comparison."""

    _inherit = "kokyaku.selection.execution"

    def _join_pieces(self):
        """連名: who shares a home with another recipient stands on that one's piece, as long
        as that one gets a piece at home that is not printed yet."""
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
                WITH joined AS (
                    UPDATE kokyaku_execution_line line
                       SET exclusion = 'joint', joint_line_id = head.id
                      FROM kokyaku_selection_member m
                      JOIN kokyaku_selection_member main
                        ON main.set_id = m.set_id AND main.partner_id = m.joint_with_id
                       AND main.joint_with_id IS NULL
                      JOIN kokyaku_execution_line head
                        ON head.execution_id = %(execution)s AND head.partner_id = main.partner_id
                       AND head.exclusion IS NULL AND head.kind = 'home'
                       AND head.printed_at IS NULL AND head.sent_on IS NULL
                     WHERE m.set_id = %(set)s AND m.joint_with_id IS NOT NULL
                       AND line.execution_id = %(execution)s AND line.partner_id = m.partner_id
                       AND line.exclusion IS NULL AND line.kind = 'home'
                       AND line.printed_at IS NULL AND line.sent_on IS NULL
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

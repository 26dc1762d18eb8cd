from odoo import models
from odoo.tools import SQL

from .record_text import record_table

# As it was printed, and what was noted about the answer; item, cost and dates are figures.
PRINTED = (
    "zip_text address_text company_text department_text title_text honorific_text contact_text "
    "joint_text late_reason left_out_reason response_note"
).split()


class ResPartner(models.Model):
    """選択セットと個人情報: what was sent to somebody is told and forgotten with the rest."""

    _inherit = "res.partner"

    def _disclosure_sections(self):
        """What was sent, where to, and what was answered stands in the disclosure too."""
        lines = self.env["kokyaku.execution.line"].search([("partner_id", "=", self.id)])
        sections = super()._disclosure_sections()
        if lines:
            sections.append((self.env._("Sent and Answered"), record_table(lines)))
        return sections

    def _erase_related(self):
        """Places in sets and lines of executions stay for the figures, without their texts."""
        self._erase_from_sets()
        return super()._erase_related()

    def _erase_from_sets(self):
        run = self.env.cr.execute
        run(
            SQL(
                """UPDATE kokyaku_execution_line head
                      SET joint_text = replace(head.joint_text, line.name_text, '消去済')
                     FROM kokyaku_execution_line line
                    WHERE line.partner_id = ANY(%s) AND line.name_text <> ''
                      AND head.id = line.joint_line_id""",
                self.ids,
            )
        )
        run(
            SQL(
                """UPDATE kokyaku_execution_line
                      SET name_text = '消去済 #' || partner_id, %s
                    WHERE partner_id = ANY(%s)""",
                SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in PRINTED),
                self.ids,
            )
        )
        run(
            SQL(
                """UPDATE kokyaku_selection_member
                      SET reason = NULL,
                          note = CASE WHEN partner_id = ANY(%(ids)s) THEN NULL ELSE note END
                    WHERE partner_id = ANY(%(ids)s) OR duplicate_of_id = ANY(%(ids)s)""",
                ids=self.ids,
            )
        )
        # The names of all in it stand in the name of a hit.
        run(
            SQL(
                """DELETE FROM kokyaku_selection_duplicate
                    WHERE (set_id, group_name) IN (
                              SELECT set_id, group_name FROM kokyaku_selection_duplicate
                               WHERE partner_id = ANY(%s))""",
                self.ids,
            )
        )

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import office_today


class KokyakuSelectionExecution(models.Model):
    """What changes about who gets it between preparing and posting: someone is taken out by
    hand or comes back, and another posting date lets mournings end or begin.

    One statement each, whatever the number of people; nobody who was sent it is touched.
    """

    _inherit = "kokyaku.selection.execution"

    # ---- 手で除外 --------------------------------------------------------------------

    def _take_out(self, lines, reason):
        """Leave people out of what was prepared, by hand and with the reason. The set keeps
        them, and those who stood on their piece get one of their own.

        :param SQL lines: a SELECT of line ids
        :return: the number of people
        """
        self._check_may_change()
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why they are taken out."))
        self._release_joint(SQL("line.id IN (%s) AND head.printed_at IS NULL", lines))
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_execution_line
                   SET exclusion = 'by_hand', left_out_reason = %(reason)s,
                       left_out_by = %(uid)s, write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'UTC'
                 WHERE execution_id = %(execution)s AND id IN (%(lines)s)
                   AND exclusion IS NULL AND is_control IS NOT TRUE AND sent_on IS NULL
                """,
                reason=reason.strip(),
                uid=self.env.uid,
                execution=self.id,
                lines=lines,
            )
        )
        number = self.env.cr.rowcount
        self._settle_pieces()
        self._lines_changed()
        return number

    def _put_back(self, lines):
        """Let those get it again who were taken out by hand, as far as nothing else forbids it.

        :param SQL lines: a SELECT of line ids
        :return: the number of people who get it again
        """
        self._check_may_change()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE kokyaku_execution_line
                   SET exclusion = NULL, left_out_reason = NULL, left_out_by = NULL,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                 WHERE execution_id = %(execution)s AND id IN (%(lines)s)
                   AND exclusion = 'by_hand' AND sent_on IS NULL
             RETURNING id
                """,
                uid=self.env.uid,
                execution=self.id,
                lines=lines,
            )
        )
        self._judge_again()
        self._settle_pieces()
        self._lines_changed()
        return self.env["kokyaku.execution.line"].search_count(
            [("id", "in", [row[0] for row in rows]), ("exclusion", "in", [False, "joint"])]
        )

    def _check_may_change(self):
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if self.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", self.name))
        self.env["kokyaku.execution.line"].flush_model()

    # ---- 喪中 -----------------------------------------------------------------------

    def _judge_mourning(self, former):
        """The posting date is another one: who was left out in mourning may get it now, and
        others not any more; what is wrapped plainly or has to wait follows. Tells the user.

        :param former: the posting date before (a date, or nothing: the day of today)
        """
        lines = self.env["kokyaku.execution.line"]
        lines.flush_model()
        waiting = SQL(
            """SELECT partner_id FROM kokyaku_execution_line
                WHERE execution_id = %s AND (exclusion IS NULL OR exclusion = 'mourning')
                  AND printed_at IS NULL AND sent_on IS NULL""",
            self.id,
        )
        self.env["kokyaku.mourning"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH mourned AS (
                    SELECT m.partner_id FROM kokyaku_mourning m WHERE %(lasted)s
                ), changed AS (
                    SELECT line.id, line.exclusion AS former, now.exclusion, now.hold_until,
                           CASE WHEN now.noshi = 'plain' OR mourned.partner_id IS NOT NULL
                                THEN now.noshi ELSE line.noshi END AS noshi
                      FROM kokyaku_execution_line line
                      JOIN (%(frozen)s) AS now ON now.partner_id = line.partner_id
                      LEFT JOIN (SELECT DISTINCT partner_id FROM mourned) AS mourned
                             ON mourned.partner_id = line.partner_id
                     WHERE line.execution_id = %(execution)s
                       AND (line.exclusion = 'mourning'
                            OR now.exclusion IS NULL OR now.exclusion = 'mourning')
                )
                UPDATE kokyaku_execution_line line
                   SET exclusion = changed.exclusion, hold_until = changed.hold_until,
                       noshi = changed.noshi, write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM changed
                 WHERE line.id = changed.id
                   AND (line.exclusion, line.hold_until, line.noshi) IS DISTINCT FROM
                       (changed.exclusion, changed.hold_until, changed.noshi)
             RETURNING changed.former IS NULL AND changed.exclusion IS NOT NULL,
                       changed.former IS NOT NULL AND changed.exclusion IS NULL
                """,
                lasted=self.env["kokyaku.mourning"]._sql_lasts(
                    "m", SQL("%s::date", former or office_today(self))
                ),
                frozen=self._frozen_sql(self._people_sql(waiting)),
                execution=self.id,
                uid=self.env.uid,
            )
        )
        if not rows:
            return
        self._settle_pieces()
        self._lines_changed()
        out, back = (sum(flags) for flags in zip(*rows, strict=True))
        if out or back:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "message": self.env._(
                        "Because of the other posting date %(out)s people in mourning are left "
                        "out, and %(back)s get it again.",
                        out=out,
                        back=back,
                    ),
                },
            )

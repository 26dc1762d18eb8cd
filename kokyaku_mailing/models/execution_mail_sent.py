import logging

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kokyaku_crm.tools import company_tz

_logger = logging.getLogger(__name__)


class KokyakuSelectionExecution(models.Model):
    """What core's mail queue has sent stands on the lines: when, and to which address."""

    _inherit = "kokyaku.selection.execution"

    def _read_sent(self, mail_ids=None):
        """Mark the lines whose mail has left, by one statement for each execution; running it
        again changes nothing. The first one that has left executes the execution.

        On paper the line says what was printed; of an e-mail it says which address it went to,
        also when the person has changed it since the execution was prepared.

        :param mail_ids: look at these mails only, which have just been sent; a batch then costs
            as much as a batch, however many the execution has
        :return: the number of lines marked
        """
        self.env["kokyaku.execution.line"].flush_model()
        self.env["mailing.trace"].flush_model()
        number = 0
        for execution in self:
            number += execution._read_sent_one(mail_ids)
        return number

    def _read_sent_one(self, mail_ids):
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE kokyaku_execution_line l
                   SET sent_on = COALESCE(l.sent_on, sent.day),
                       contact_text = CASE WHEN %(same)s THEN l.contact_text
                                           ELSE sent.email END,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM (SELECT t.res_id,
                               (min(t.sent_datetime) AT TIME ZONE 'UTC'
                                AT TIME ZONE %(zone)s)::date AS day,
                               (array_agg(t.email ORDER BY t.sent_datetime DESC))[1] AS email
                          FROM mailing_mailing m
                          JOIN mailing_trace t ON t.mass_mailing_id = m.id
                         WHERE m.kokyaku_execution_id = %(execution)s
                           AND t.model = 'res.partner' AND t.sent_datetime IS NOT NULL
                           AND COALESCE(t.email, '') <> '' AND %(mails)s
                         GROUP BY t.res_id) AS sent
                  JOIN kokyaku_execution_line former ON former.partner_id = sent.res_id
                 WHERE former.execution_id = %(execution)s AND l.id = former.id
                   AND l.exclusion IS NULL AND l.is_control IS NOT TRUE
                   AND (l.sent_on IS NULL OR NOT %(same)s)
                RETURNING sent.day, former.sent_on IS NULL
                """,
                same=SQL(
                    """COALESCE(lower(l.contact_text) = sent.email
                                OR lower(l.contact_text) LIKE '%%<' || sent.email || '>%%',
                                FALSE)"""
                ),
                uid=self.env.uid,
                zone=company_tz(self.company_id),
                execution=self.id,
                mails=SQL("TRUE")
                if mail_ids is None
                else SQL("t.mail_mail_id_int = ANY(%s)", list(mail_ids)),
            )
        )
        if rows and mail_ids is None:
            self._lines_changed()
        elif rows:
            self._count_more_sent(sum(is_new for _day, is_new in rows))
        if rows:
            # a cron has sent it, in the name of whoever is responsible for the mailing
            user = self.sudo().mailing_ids.user_id[:1] or self.env.user
            mine = self.with_user(user).sudo()
            mine._stamp_executed(min(day for day, _is_new in rows))
        return len(rows)

    def _count_more_sent(self, number):
        """So many more are sent; counting all of them after each batch would take minutes."""
        self.env["kokyaku.execution.line"].invalidate_model()
        self.flush_recordset(["sent_count"])
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_selection_execution
                      SET sent_count = COALESCE(sent_count, 0) + %s WHERE id = %s""",
                number,
                self.id,
            )
        )
        self.invalidate_recordset(["sent_count"])


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        executions, ids = self.sudo().mailing_id.kokyaku_execution_id, self.ids
        result = super().send(*args, **kwargs)
        if executions:
            try:
                with self.env.cr.savepoint():
                    executions._read_sent(ids)
            except (psycopg2.OperationalError, UserError) as error:
                # The mails are gone: nothing may undo that. The cron of the mailings, which
                # looks for what is not marked yet, comes back to it.
                _logger.info("the lines of %s are marked as sent later: %s", executions, error)
        return result

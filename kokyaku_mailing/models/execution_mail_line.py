from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.kokyaku_crm.tools import company_tz

# What core's trace `t` of a mail says, each as a moment or NULL.
MOMENTS = {
    "mail_sent_at": SQL("t.sent_datetime"),
    "mail_opened_at": SQL(
        """CASE WHEN t.open_datetime IS NOT NULL THEN t.open_datetime
                WHEN t.trace_status IN ('open', 'reply') THEN t.write_date END"""
    ),
    "mail_clicked_at": SQL("t.links_click_datetime"),
    "mail_replied_at": SQL("t.reply_datetime"),
    "mail_returned_at": SQL("CASE WHEN t.trace_status = 'bounce' THEN t.write_date END"),
    "mail_failed_at": SQL("CASE WHEN t.trace_status = 'error' THEN t.write_date END"),
}


def traces_sql(line):
    """SQL: FROM … WHERE of the traces `t` of the mails a line got; `line`: its table's name."""
    return SQL(
        """mailing_mailing m
           JOIN mailing_trace t ON t.mass_mailing_id = m.id AND t.model = 'res.partner'
          WHERE m.kokyaku_execution_id = %(line)s.execution_id
            AND t.res_id = %(line)s.partner_id AND t.is_test_trace IS NOT TRUE""",
        line=SQL.identifier(line),
    )


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    # a person's history asks for their mails alone, not for those of the whole mailing
    _kokyaku_person_idx = models.Index("(res_id, mass_mailing_id) WHERE model = 'res.partner'")


def _moment(name, string, **values):
    return fields.Datetime(
        string,
        compute="_compute_mail",
        search=lambda self, operator, value: self._search_mail(name, operator, value),
        **values,
    )


class KokyakuExecutionLine(models.Model):
    """What became of the mail: read from core's traces, typed by nobody, stored nowhere."""

    _inherit = "kokyaku.execution.line"

    mail_address = fields.Char(related="contact_text", string="E-Mail Address Used")
    mail_opened_at = _moment(
        "mail_opened_at", "E-Mail Opened",
        help="The first time. Some programs open mails by themselves or tell nothing, so this "
        "is a hint; a click is certain.",
    )  # fmt: skip
    mail_clicked_at = _moment("mail_clicked_at", "E-Mail Clicked", help="The last time.")
    mail_replied_at = _moment("mail_replied_at", "E-Mail Replied to")
    mail_returned_at = _moment("mail_returned_at", "E-Mail Came Back")
    mail_failed_at = _moment("mail_failed_at", "E-Mail Failed")
    mail_sent_at = _moment("mail_sent_at", "E-Mail Sent")

    def _compute_mail(self):
        """One statement for all lines shown."""
        found = self._mail_moments()
        nothing = dict.fromkeys(MOMENTS, False)
        for line in self:
            line.update(found.get(line._origin.id, nothing))

    def _mail_moments(self):
        """Return {line id: {field: moment or None}} of those of these lines that got a mail."""
        if not self.ids:
            return {}
        self.env["mailing.trace"].flush_model()
        self.flush_model(["execution_id", "partner_id"])
        moments = [SQL("min(%s) AS %s", sql, SQL.identifier(name)) for name, sql in MOMENTS.items()]
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT l.id, mail.*
                     FROM kokyaku_execution_line l
                    CROSS JOIN LATERAL (SELECT count(*) AS mails, %s FROM %s) AS mail
                    WHERE l.id = ANY(%s) AND mail.mails > 0""",
                SQL(", ").join(moments),
                traces_sql("l"),
                self.ids,
            )
        )
        return {row["id"]: {name: row[name] for name in MOMENTS} for row in rows}

    def _search_mail(self, name, operator, value):
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        moment = MOMENTS[name]
        self.env["mailing.trace"].flush_model()
        self.env["mailing.mailing"].flush_model(["kokyaku_execution_id"])

        def having(condition):
            return Domain.custom(
                to_sql=lambda _model, alias, _query: SQL(
                    "EXISTS (SELECT FROM %s AND %s)", traces_sql(alias), condition
                )
            )

        some = having(SQL("%s IS NOT NULL", moment))
        if operator == "in":
            known = [one for one in value if one]
            domain = having(SQL("%s = ANY(%s)", moment, known)) if known else Domain.FALSE
            return domain | ~some if len(known) < len(list(value)) else domain
        return having(SQL("%s %s %s", moment, SQL(operator), fields.Datetime.to_datetime(value)))

    def _office_day(self, moment):
        """The day of a moment as the company counts it, as ``sent_on`` does."""
        zone = company_tz(self.company_id)
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()

    # ---- 実施履歴 -------------------------------------------------------------------

    def _history_row(self):
        return {**super()._history_row(), "mail": self._mail_text()}

    def _mail_text(self):
        """What became of the mail, as [(kind, text)], for the person's history."""
        if self.execution_id.channel != "email":
            return []
        said = {
            "opened": (self.mail_opened_at, self.env._("Opened on %s")),
            "clicked": (self.mail_clicked_at, self.env._("Clicked on %s")),
            "replied": (self.mail_replied_at, self.env._("Replied on %s")),
            "returned": (self.mail_returned_at, self.env._("Came back on %s")),
        }
        return [
            [kind, text % format_date(self.env, self._office_day(moment))]
            for kind, (moment, text) in said.items()
            if moment
        ]

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, formataddr

from odoo.addons.kokyaku_crm.tools import company_tz, is_future, office_today

RECIPIENTS = "mailing_execution_id"  # the field of a person by which a mailing asks for them
MORNING = time(10)  # a mailing for a later day is proposed for this hour


class KokyakuSelectionExecution(models.Model):
    """メール: an execution that goes out by e-mail is handed to core's mailing.

    How to use: ``action_create_mailing`` makes the mailing; it is written and sent with core's
    screens. Whoever comes late gets a second one, which reaches only those who got none.

    How it works: the mailing asks for its people by ``res.partner.mailing_execution_id``, as
    any mailing does by its domain. What was entered there can make them fewer, never more: at
    the moment of sending the lines decide (``_mail_domain``), and once more the composer,
    before a mail is written (``wizards/mail_compose_message.py``).
    """

    _inherit = "kokyaku.selection.execution"

    mailing_ids = fields.One2many("mailing.mailing", "kokyaku_execution_id", string="E-Mails")

    def action_create_mailing(self):
        """メールを作成: a mailing to those who are still to get it."""
        self.ensure_one()
        self.check_access("write")
        self._check_at_rest()
        if self.state == "cancelled" or self.channel != "email":
            raise UserError(
                self.env._("“%s” is not an execution that goes out by e-mail.", self.name)
            )
        self._judge_again()
        waiting = self._mail_sql(self.env["mailing.mailing"])
        if not self.env.execute_query(SQL("%s LIMIT 1", waiting)):
            raise UserError(
                self.env._("“%s” has nobody who is still to get it. The list says why.", self.name)
            )
        mailing = self.env["mailing.mailing"].create(self._mailing_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": "mailing.mailing",
            "res_id": mailing.id,
            "views": [(False, "form")],
        }

    def _mailing_values(self):
        values = {
            "subject": self.name,
            "name": self.name,
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "mailing_domain": repr([(RECIPIENTS, "=", self.id)]),
            "campaign_id": self.campaign_id.id,
            "kokyaku_execution_id": self.id,
            # a stop of advertisements stops no business, see ``_reach_conditions``
            "use_exclusion_list": self.purpose != "business",
        }
        office = next((one for one in (self.env.user, self.company_id) if one.email), None)
        values["email_from"] = self.sender_id.email or (
            office and formataddr((office.name, office.email))
        )
        if not values["email_from"]:
            raise UserError(
                self.env._(
                    "Nobody knows from which address “%(name)s” is sent. Please enter an e-mail "
                    "address at its sender (差出人), at yourself or at %(company)s.",
                    name=self.name,
                    company=self.company_id.name,
                )
            )
        if self.date and is_future(self, self.date):
            zone = ZoneInfo(company_tz(self.company_id))
            at = datetime.combine(self.date, MORNING, zone).astimezone(ZoneInfo("UTC"))
            values.update(schedule_type="scheduled", schedule_date=at.replace(tzinfo=None))
        return values

    def _mail_sql(self, mailing=None):
        """Return a SELECT of the people these executions go to by e-mail today; what it reads
        is flushed.

        :param mailing: leave out whom another mailing than this one has reached
        """
        for model in ("kokyaku.execution.line", "kokyaku.selection.execution", "mailing.trace"):
            self.env[model].flush_model()
        self.env["mailing.mailing"].flush_model(["kokyaku_execution_id"])
        reached = (
            SQL(
                """AND NOT EXISTS (
                   SELECT FROM mailing_trace t
                     JOIN mailing_mailing m ON m.id = t.mass_mailing_id
                    WHERE m.kokyaku_execution_id = e.id AND m.id <> %s
                      AND t.model = 'res.partner' AND t.res_id = l.partner_id
                      AND t.trace_status NOT IN ('cancel', 'error'))""",
                mailing._origin.id or 0,
            )
            if mailing is not None
            else SQL()
        )
        return SQL(
            """SELECT l.partner_id
                 FROM kokyaku_execution_line l
                 JOIN kokyaku_selection_execution e ON e.id = l.execution_id
                WHERE e.id = ANY(%s) AND e.channel = 'email' AND e.state <> 'cancelled'
                  AND l.exclusion IS NULL AND l.is_control IS NOT TRUE
                  AND (l.hold_until IS NULL OR l.hold_until <= %s) %s""",
            self.ids,
            office_today(self),
            reached,
        )

    def _cancel(self, reason):
        """What is queued goes back to a draft; what is on its way cannot be called back."""
        for execution in self:
            mailings = execution.sudo().mailing_ids
            if mailings.filtered(lambda one: one.state == "sending") or mailings._has_traces(
                "outgoing", "process", "pending"
            ):
                raise UserError(
                    self.env._(
                        "The e-mails of “%s” are being sent at this moment, so it cannot be "
                        "cancelled. Stop them in the outgoing mails first, if you have to.",
                        execution.name,
                    )
                )
        result = super()._cancel(reason)
        queued = self.sudo().mailing_ids.filtered(lambda one: one.state == "in_queue")
        queued.action_cancel()
        return result


class MailingMailing(models.Model):
    """A mailing of an execution reaches nobody but those who get it there."""

    _inherit = "mailing.mailing"

    # A copy belongs to it as well: the winner of core's A/B test is one.
    kokyaku_execution_id = fields.Many2one(
        "kokyaku.selection.execution",
        string="Execution",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        mailings = super().create(vals_list)
        executions = mailings.kokyaku_execution_id
        if executions and not self.env.su:
            executions.check_access("write")
        return mailings

    def write(self, vals):
        if "kokyaku_execution_id" in vals and any(
            one.kokyaku_execution_id.id != (vals["kokyaku_execution_id"] or False) for one in self
        ):
            raise UserError(
                self.env._("The execution a mailing belongs to cannot be changed afterwards.")
            )
        return super().write(vals)

    @api.constrains("kokyaku_execution_id", "mailing_model_id", "mailing_type")
    def _check_execution_people(self):
        for mailing in self.filtered("kokyaku_execution_id"):
            if mailing.mailing_model_real != "res.partner" or mailing.mailing_type != "mail":
                raise ValidationError(
                    self.env._(
                        "“%(mailing)s” goes to the people of “%(execution)s”. Leave “Contact” as "
                        "its recipients, or make a mailing of your own for others.",
                        mailing=mailing.subject,
                        execution=mailing.sudo().kokyaku_execution_id.name,
                    )
                )

    def _execution_sudo(self):
        """The execution of this mailing as its own company sees it, whoever sends."""
        execution = self.sudo().kokyaku_execution_id
        return execution.with_company(execution.company_id)

    def _get_recipients_domain(self):
        domain = super()._get_recipients_domain()
        execution = self._execution_sudo()
        if not execution:
            return domain
        goes = Domain("id", "in", SQL("(%s)", execution._mail_sql(self)))
        if domain == Domain(RECIPIENTS, "=", execution.id):  # as it was made: the same once more
            visible = self.env["kokyaku.selection.execution"].has_access("read")
            return goes if visible else Domain.FALSE
        return domain & goes

    def action_put_in_queue(self):
        for mailing in self.filtered("kokyaku_execution_id"):
            execution = mailing._execution_sudo()
            if execution.state == "cancelled":
                raise UserError(self.env._("“%s” was cancelled.", execution.name))
        return super().action_put_in_queue()

    def _action_send_mail(self, res_ids=None):
        """Ask once more who may get it, then send to those of the lines alone."""
        ours = self.filtered("kokyaku_execution_id")
        if self - ours:
            super(MailingMailing, self - ours)._action_send_mail(res_ids)
        for mailing in ours:
            execution = mailing._execution_sudo()
            execution._judge_again()
            wanted = mailing._get_remaining_recipients()
            if res_ids:
                wanted = [one for one in wanted if one in set(res_ids)]
                if not wanted:
                    raise UserError(
                        self.env._(
                            "None of these people is among those who are still to get “%s”.",
                            execution.name,
                        )
                    )
            if wanted:
                super(MailingMailing, mailing)._action_send_mail(wanted)
            else:
                mailing.write({"state": "done", "sent_date": fields.Datetime.now()})
            execution._read_sent()
        return True

    @api.model
    def _process_mass_mailing_queue(self):
        done = super()._process_mass_mailing_queue()
        self._unread_executions()._read_sent()
        return done

    def _unread_executions(self):
        """The executions a mailing of the past month has reached people of, and whose lines do
        not say so yet: the server stopped in between, or someone was at work on them."""
        self.env["mailing.trace"].flush_model()
        self.env["kokyaku.execution.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT m.kokyaku_execution_id
                     FROM mailing_mailing m
                    WHERE m.kokyaku_execution_id IS NOT NULL
                      AND (m.sent_date IS NULL OR m.sent_date > %s)
                      AND EXISTS (SELECT FROM mailing_trace t
                                    JOIN kokyaku_execution_line l ON l.partner_id = t.res_id
                                     AND l.execution_id = m.kokyaku_execution_id
                                   WHERE t.mass_mailing_id = m.id AND t.model = 'res.partner'
                                     AND t.sent_datetime IS NOT NULL AND l.sent_on IS NULL
                                     AND l.exclusion IS NULL AND l.is_control IS NOT TRUE)""",
                fields.Datetime.now() - timedelta(days=31),
            )
        )
        return self.env["kokyaku.selection.execution"].sudo().browse(one for (one,) in rows)

    def _has_traces(self, *states):
        """Say whether any mail of these mailings is in one of these states."""
        return bool(
            self.env["mailing.trace"]
            .sudo()
            .search_count(
                [("mass_mailing_id", "in", self.ids), ("trace_status", "in", states)], limit=1
            )
        )

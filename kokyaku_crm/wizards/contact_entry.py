from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.kokyaku_contact_history import KINDS, TO_ANSWER
from ..models.kokyaku_contact_method import DIRECTIONS
from ..tools import selected_domain, told


class ContactEntry(models.TransientModel):
    """対応を記録: write down a contact in ten seconds, with one person or with many.

    With one person the next step becomes an activity. With many (a selection in a list)
    one INSERT … SELECT writes the rows, whatever their number, and there is no next step.
    """

    _name = "kokyaku.contact.entry"
    _description = "Record a Contact"

    partner_id = fields.Many2one("res.partner", string="Person")
    is_many = fields.Boolean()
    summary = fields.Char(compute="_compute_summary")
    date = fields.Datetime(string="Date and Time", required=True, default=fields.Datetime.now)
    method_id = fields.Many2one(
        "kokyaku.contact.method", required=True, default=lambda self: self._last_method()
    )
    direction = fields.Selection(
        DIRECTIONS,
        required=True,
        compute="_compute_direction",
        store=True,
        readonly=False,
        precompute=True,
    )
    kind = fields.Selection(KINDS, required=True, default="contact")
    subject = fields.Char(required=True)
    body = fields.Text(string="Text")
    item = fields.Char(help="What was given or received: gift, card, catalogue.")
    duration = fields.Float(string="Time Taken", help="In hours.")
    participant_ids = fields.Many2many("res.partner", string="Customers Present")
    event_id = fields.Many2one("calendar.event", string="Meeting")
    answers_id = fields.Many2one("kokyaku.contact.history", string="Answers")
    due_date = fields.Date(string="Answer by")
    next_type_id = fields.Many2one(
        "mail.activity.type",
        string="Next Step",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
    )
    next_summary = fields.Char(string="What")
    next_date = fields.Date(string="When")
    next_user_id = fields.Many2one("res.users", string="Who", default=lambda self: self.env.user)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if not values.get("partner_id") and self.env.context.get("active_model") == "res.partner":
            people = self.env["res.partner"].search(
                selected_domain(self.env["res.partner"]), limit=2
            )
            if len(people) == 1:
                values["partner_id"] = people.id
            else:
                values["is_many"] = bool(people)
        return values

    def _last_method(self):
        last = self.env["kokyaku.contact.history"].search(
            [("user_id", "=", self.env.uid)], order="id desc", limit=1
        )
        return last.method_id.filtered("active") or self.env["kokyaku.contact.method"].search(
            [], limit=1
        )

    @api.depends("method_id")
    def _compute_direction(self):
        for entry in self:
            entry.direction = entry.method_id.direction or "out"

    @api.depends("is_many")
    def _compute_summary(self):
        partners = self.env["res.partner"]
        for entry in self:
            entry.summary = entry.is_many and self.env._(
                "The contact will be recorded for %s people.",
                partners.search_count(selected_domain(partners)),
            )

    def action_apply(self):
        """Write the contact; return a message."""
        self.ensure_one()
        if self.is_many:
            message = self.env._("Recorded for %s people.", self._record_many())
        else:
            self._record_one()
            message = self.env._("Recorded.")
        return told(message)

    def _record_one(self):
        if not self.partner_id:
            raise UserError(self.env._("Please choose the person."))
        if self.next_type_id and not self.next_date:
            raise UserError(self.env._("Please say when the next step is due."))
        contact = self.env["kokyaku.contact.history"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.partner_id.company_id.id or self.env.company.id,
                "participant_ids": self.participant_ids.ids,
                "event_id": self.event_id.id,
                "duration": self.duration,
                **self._common_values(),
                **({"due_date": self.due_date} if self.due_date else {}),
                **({"responsible_id": self.env.uid} if self.kind in TO_ANSWER else {}),
            }
        )
        if self.answers_id:
            self.answers_id.write(
                {"state": "answered", "answered_on": self.date, "answer_id": contact.id}
            )
        if self.next_type_id:
            self.partner_id.activity_schedule(
                activity_type_id=self.next_type_id.id,
                date_deadline=self.next_date,
                summary=self.next_summary or self.subject,
                user_id=self.next_user_id.id or self.env.uid,
            )
        return contact

    def _common_values(self):
        return {
            "date": self.date,
            "method_id": self.method_id.id,
            "direction": self.direction,
            "kind": self.kind,
            "subject": self.subject,
            "body": self.body,
            "item": self.item,
        }

    def _record_many(self):
        """Write one row per selected person; return their number."""
        contacts = self.env["kokyaku.contact.history"]
        contacts.check_access("create")
        if self.kind in TO_ANSWER:
            raise UserError(
                self.env._("Inquiries, document requests and complaints come from one person.")
            )
        if self.date > fields.Datetime.now():
            raise UserError(self.env._("The contact lies in the future. Please correct the date."))
        partners = self.env["res.partner"]
        domain = selected_domain(partners)
        company = self.env.company
        foreign = partners.search(
            domain & Domain("company_id", "not in", (False, company.id)), limit=1
        )
        if foreign:
            raise UserError(
                self.env._(
                    "%(person)s belongs to another company than %(company)s. Nothing was "
                    "recorded. Please leave out the people of other companies.",
                    person=foreign.display_name,
                    company=company.name,
                )
            )
        partners.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO kokyaku_contact_history (
                    partner_id, company_id, user_id, date, method_id, direction, kind,
                    subject, body, item, create_uid, write_uid, create_date, write_date)
                SELECT chosen.id, %(company)s, %(uid)s, %(date)s, %(method)s, %(direction)s,
                       %(kind)s, %(subject)s, %(body)s, %(item)s, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM (%(people)s) AS chosen
                RETURNING 1
                """,
                company=company.id,
                uid=self.env.uid,
                date=self.date,
                method=self.method_id.id,
                direction=self.direction,
                kind=self.kind,
                subject=self.subject,
                body=self.body or None,
                item=self.item or None,
                people=partners._search(domain).select(),
            )
        )
        partners.invalidate_model(["contact_history_ids"])
        return len(rows)

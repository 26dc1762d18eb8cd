from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import office_today
from .kokyaku_contact_method import DIRECTIONS

KINDS = [
    ("contact", "General Contact"),
    ("inquiry", "Inquiry"),
    ("request", "Document Request"),
    ("complaint", "Complaint"),
    ("receipt", "Card or Gift Received"),
]
TO_ANSWER = ("inquiry", "request", "complaint")
ANSWER_DAYS = 3  # a first promise; the clerk changes it


class KokyakuContactHistory(models.Model):
    """コンタクト履歴: one contact with a person: visit, call, letter, inquiry, gift received.

    No ``mail.thread``: these rows are counted in millions. An inquiry, a document request
    and a complaint are *open* until they are answered.
    """

    _name = "kokyaku.contact.history"
    _description = "Contact History"
    _order = "date desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Datetime(
        string="Date and Time", required=True, default=fields.Datetime.now, index=True
    )
    method_id = fields.Many2one("kokyaku.contact.method", required=True, ondelete="restrict")
    direction = fields.Selection(
        DIRECTIONS,
        required=True,
        compute="_compute_direction",
        store=True,
        readonly=False,
        precompute=True,
    )
    kind = fields.Selection(KINDS, required=True, default="contact")
    user_id = fields.Many2one(
        "res.users", string="Staff", index=True, default=lambda self: self.env.user
    )
    subject = fields.Char(required=True)
    body = fields.Text(string="Text")
    item = fields.Char(help="What was given or received: gift, card, catalogue.")
    duration = fields.Float(string="Time Taken", help="In hours.")
    participant_ids = fields.Many2many(
        "res.partner",
        "kokyaku_contact_history_participant_rel",
        string="Customers Present",
    )
    user_ids = fields.Many2many(
        "res.users", "kokyaku_contact_history_user_rel", string="Colleagues Present"
    )
    order_id = fields.Many2one(
        "sale.order", string="Order", index="btree_not_null", ondelete="set null"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", "kokyaku_contact_history_attachment_rel", string="Attachments"
    )
    event_id = fields.Many2one(
        "calendar.event", string="Meeting", index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [("open", "Open"), ("answered", "Answered")],
        compute="_compute_state",
        store=True,
        readonly=False,
    )
    due_date = fields.Date(
        string="Answer by", compute="_compute_due_date", store=True, readonly=False
    )
    responsible_id = fields.Many2one("res.users", string="To Be Answered by")
    answered_on = fields.Datetime(copy=False)
    answer_id = fields.Many2one(
        "kokyaku.contact.history",
        string="Answer",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    open_days = fields.Integer(string="Days Open", compute="_compute_open_days", aggregator=False)

    _partner_date_idx = models.Index("(partner_id, date DESC, id DESC)")
    _open_idx = models.Index("(company_id, date) WHERE state = 'open'")
    _duration_positive = models.Constraint(
        "CHECK(duration >= 0)", "The duration of a contact cannot be negative."
    )

    @api.depends("method_id")
    def _compute_direction(self):
        for contact in self:
            contact.direction = contact.method_id.direction or contact.direction or "out"

    # Two methods: with a shared one, who gives the day would leave the state uncomputed.

    @api.depends("kind")
    def _compute_state(self):
        for contact in self:
            contact.state = contact.kind in TO_ANSWER and (contact.state or "open")

    @api.depends("kind")
    def _compute_due_date(self):
        for contact in self:
            if contact.kind in TO_ANSWER:
                day = office_today(contact, contact.date)
                contact.due_date = contact.due_date or day + timedelta(days=ANSWER_DAYS)
            else:
                contact.due_date = False

    @api.depends("state", "date")
    def _compute_open_days(self):
        now = fields.Datetime.now()
        for contact in self:
            is_open = contact.state == "open" and contact.date
            contact.open_days = max(0, (now - contact.date).days) if is_open else 0

    @api.constrains("date")
    def _check_date(self):
        limit = fields.Datetime.now() + timedelta(days=1)
        for contact in self:
            if contact.date > limit:
                raise ValidationError(
                    self.env._(
                        "The contact “%(subject)s” with %(person)s lies in the future "
                        "(%(date)s). Please correct the date, or plan an activity instead.",
                        subject=contact.subject,
                        person=contact.partner_id.display_name,
                        date=fields.Datetime.context_timestamp(contact, contact.date).date(),
                    )
                )

    @api.constrains("kind", "state")
    def _check_state(self):
        for contact in self:
            if contact.state and contact.kind not in TO_ANSWER:
                raise ValidationError(
                    self.env._(
                        "“%s” is nothing to be answered. Please empty the state, or choose "
                        "inquiry, document request or complaint as its kind.",
                        contact.subject,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts.filtered(lambda contact: contact.kind == "complaint").partner_id._sync_complaints()
        return contacts

    def write(self, vals):
        if not {"kind", "state", "partner_id"} & vals.keys():
            return super().write(vals)
        if vals.get("state") == "answered" and not vals.get("answered_on"):
            vals = {**vals, "answered_on": fields.Datetime.now()}
        elif vals.get("state") == "open":
            vals = {**vals, "answered_on": False, "answer_id": False}
        before = self._complaining()
        result = super().write(vals)
        (before | self._complaining())._sync_complaints()
        return result

    def unlink(self):
        partners = self._complaining()
        result = super().unlink()
        partners._sync_complaints()
        return result

    def _complaining(self):
        return self.filtered(lambda contact: contact.kind == "complaint").partner_id

    def action_answer(self):
        """Open the quick entry for the answer to this inquiry (回答を記録)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_contact_entry")
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_answers_id": self.id,
            "default_subject": self.env._("Answer: %s", self.subject),
        }
        return action

    def action_answered(self):
        """Mark as answered without an entry of its own."""
        self.filtered(lambda contact: contact.state == "open").write({"state": "answered"})

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Contact History"),
                "template": "/kokyaku_crm/static/csv/contact_history.csv",
            }
        ]

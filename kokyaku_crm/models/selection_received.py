from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import company_tz, is_future, office_today

METHODS = {"letter": "kokyaku_crm.contact_method_letter", "gift": "kokyaku_crm.contact_method_gift"}
MANY_FOUND = 10


class KokyakuSelectionExecution(models.Model):
    """届いたもの: cards and gifts that came unasked, entered on the screen for answers.

    They are contacts of the person (コンタクト履歴, direction "To Us").
    """

    _inherit = "kokyaku.selection.execution"

    @api.model
    @api.readonly
    def received_find(self, text):
        """Find the person something came from; see ``respond_find``."""
        text = (text or "").strip()
        if not text:
            return []
        partners = self.env["res.partner"].search(
            Domain("company_id", "in", [False, self.env.company.id])
            & Domain("type", "=", "contact")
            & (Domain("ref", "=", text) | Domain("display_name", "ilike", text)),
            limit=MANY_FOUND,
        )
        found = [
            {**self._respond_person(one), "line_id": False, "response": ""} for one in partners
        ]
        return sorted(found, key=lambda one: one["ref"] != text)

    @api.model
    def received_enter(self, person, what):
        """Write down that something came from a person.

        :param int person: the id of the ``res.partner``
        :param dict what: method (letter or gift), item, date, note
        :return: as the answers of the screen; the id is that of the contact
        """
        contacts = self.env["kokyaku.contact.history"]
        contacts.check_access("create")
        partner = self._person_in(person, self.env.company)
        method = self.env.ref(METHODS[what["method"]])
        day = fields.Date.to_date(what.get("date")) or office_today(self)
        if is_future(self, day):
            raise UserError(
                self.env._(
                    "%(name)s: the date %(date)s lies in the future. Please check it.",
                    name=partner.display_name,
                    date=day,
                )
            )
        item = (what.get("item") or "").strip()
        begins, ends = self._days_utc(day, day)
        before = contacts.search(
            [
                ("partner_id", "=", partner.id),
                ("direction", "=", "in"),
                ("kind", "=", "receipt"),
                ("method_id", "=", method.id),
                ("date", ">=", begins),
                ("date", "<", ends),
                ("item", "=", item or False),
            ],
            limit=1,
        )
        contact = before or contacts.create(
            {
                "partner_id": partner.id,
                "company_id": self.env.company.id,
                "date": min(begins.replace(tzinfo=None), fields.Datetime.now()),
                "method_id": method.id,
                "direction": "in",
                "kind": "receipt",
                "subject": self.env._("Received: %s", item or method.name),
                "item": item,
                "body": what.get("note") or False,
            }
        )
        return {
            "id": contact.id,
            **self._respond_person(partner),
            "response": item or method.name,
            "companions": 0,
            "said": "same" if before else "new",
            "warning": self.env._("Was entered for this day before: nothing changed.")
            if before
            else "",
            "before": {},
        }

    @api.model
    def received_undo(self, contact_id):
        """Take back what was entered last on the screen."""
        self.env["kokyaku.contact.history"].search(
            [
                ("id", "=", contact_id),
                ("kind", "=", "receipt"),
                ("direction", "=", "in"),
                ("create_uid", "=", self.env.uid),
            ]
        ).unlink()

    @api.model
    def _days_utc(self, first, last):
        """Return the instants (naive UTC) at which the day `first` begins and `last` ends in the
        company's time zone."""
        zone = ZoneInfo(company_tz(self.env.company))
        return tuple(
            datetime.combine(fields.Date.add(day, days=later), time.min, zone)
            .astimezone(ZoneInfo("UTC"))
            .replace(tzinfo=None)
            for day, later in ((first, 0), (last, 1))
        )

    def action_received(self):
        """出した・来た: compare who was sent something with who sent something."""
        self.ensure_one()
        self.check_access("read")
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id("kokyaku_crm.action_received_compare")
        day = self.date or office_today(self)
        return {
            **action,
            "context": {
                "default_execution_id": self.id,
                "default_date_from": fields.Date.to_string(fields.Date.subtract(day, days=14)),
                "default_date_to": fields.Date.to_string(fields.Date.add(day, days=60)),
            },
        }

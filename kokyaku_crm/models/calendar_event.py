from odoo import fields, models
from odoo.exceptions import UserError


class CalendarEvent(models.Model):
    """A meeting that is over can be kept as a contact of who was there."""

    _inherit = "calendar.event"

    def action_kokyaku_record(self):
        """Open the quick entry, filled in from the meeting (対応を記録)."""
        self.ensure_one()
        guests = self.partner_ids.filtered("partner_share")
        if not guests:
            raise UserError(
                self.env._("No customer takes part in “%s”. Please add one first.", self.name)
            )
        if self.start > fields.Datetime.now():
            raise UserError(
                self.env._("“%s” is still to come. Please record it afterwards.", self.name)
            )
        code = "web" if self.videocall_location else "visit"
        method = self.env["kokyaku.contact.method"].search([("code", "=", code)])
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_contact_entry")
        action["context"] = {
            "default_partner_id": guests[0].id,
            "default_participant_ids": guests[1:].ids,
            "default_date": fields.Datetime.to_string(self.start),
            "default_subject": self.name,
            "default_duration": self.duration,
            "default_event_id": self.id,
            **({"default_method_id": method.id} if method else {}),
        }
        return action

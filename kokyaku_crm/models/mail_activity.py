from odoo import models
from odoo.tools import html2plaintext


class MailActivity(models.Model):
    """A call or a visit that is marked as done becomes a contact of the person."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        contacts = self.env["kokyaku.contact.history"]
        values = self._contact_values(feedback) if contacts.has_access("create") else []
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if values:
            contacts.create(values)
        return result

    def _contact_values(self, feedback):
        """Return the contacts to be kept: activities on partners, of types with a method."""
        mine = self.filtered(lambda activity: activity.res_model == "res.partner")
        if not mine:
            return []
        methods = {}
        for method in self.env["kokyaku.contact.method"].search(
            [("activity_type_ids", "in", mine.activity_type_id.ids)]
        ):
            for kind in method.activity_type_ids:
                methods.setdefault(kind, method)
        partners = self.env["res.partner"].browse(mine.mapped("res_id")).exists()
        companies = {partner.id: partner.sudo().company_id.id for partner in partners}
        return [
            {
                "partner_id": activity.res_id,
                "company_id": companies[activity.res_id] or self.env.company.id,
                "method_id": methods[activity.activity_type_id].id,
                "user_id": activity.user_id.id or self.env.uid,
                "subject": activity.summary or activity.activity_type_id.name,
                "body": feedback or html2plaintext(activity.note or "").strip(),
            }
            for activity in mine
            if activity.activity_type_id in methods and activity.res_id in companies
        ]

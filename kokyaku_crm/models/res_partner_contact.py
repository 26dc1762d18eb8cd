from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
PAGE = 20
MAX_PAGE = 200


class ResPartner(models.Model):
    """コンタクト履歴 of a person."""

    _inherit = "res.partner"

    contact_history_ids = fields.One2many(
        "kokyaku.contact.history", "partner_id", string="Contact History", groups=OFFICE
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contacts(self):
        contact = (
            self.env["kokyaku.contact.history"]
            .sudo()
            .search([("partner_id", "in", self.ids)], limit=1)
        )
        if contact:
            raise UserError(
                self.env._(
                    "%s has a contact history, which would be lost. Please archive the person "
                    "instead, or erase the personal data.",
                    contact.partner_id.display_name,
                )
            )

    def _sync_complaints(self):
        """Set ``complaint_open`` on who has an open complaint, clear it on who has none."""
        contacts = self.env["kokyaku.contact.history"].sudo()
        found = contacts._read_group(
            [("partner_id", "in", self.ids), ("kind", "=", "complaint"), ("state", "=", "open")],
            ["partner_id"],
        )
        complaining = {partner.id for (partner,) in found}
        partners = self.sudo()
        partners.filtered(
            lambda partner: partner.id in complaining and not partner.complaint_open
        ).complaint_open = True
        partners.filtered(
            lambda partner: partner.id not in complaining and partner.complaint_open
        ).complaint_open = False

    def _contact_domain(self):
        """Return the domain of the contacts of a person, or of all people of a company."""
        self.ensure_one()
        if not self.is_company:
            return Domain("partner_id", "=", self.id)
        people = self.sudo().with_context(active_test=False).search([("id", "child_of", self.id)])
        return Domain("partner_id", "in", people.ids)

    def action_kokyaku_contacts(self):
        """Open the whole contact history (コンタクト履歴の一覧)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_contact_history")
        action.update(
            display_name=self.env._("Contact History of %s", self.display_name),
            domain=list(self._contact_domain()),
            context={"default_partner_id": self.id},
        )
        return action

    @api.readonly
    def kokyaku_contact_history(self, kind=None, offset=0, limit=PAGE):
        """Return one page of the contact history, newest first, for the tab of the form.

        :param str kind: only this kind
        :return: dict with ``rows``, ``count`` and ``is_company``
        """
        self.ensure_one()
        self.check_access("read")
        domain = self._contact_domain()
        if kind:
            domain &= Domain("kind", "=", kind)
        contacts = self.env["kokyaku.contact.history"]
        kinds = dict(contacts._fields["kind"]._description_selection(self.env))
        found = contacts.search(domain, offset=offset, limit=max(1, min(limit, MAX_PAGE)))
        return {
            "rows": [
                {
                    "id": contact.id,
                    "date": contact.date,
                    "kind": contact.kind,
                    "kind_name": kinds[contact.kind],
                    "method": contact.method_id.name,
                    "icon": contact.method_id.icon or "fa-comment",
                    "direction": contact.direction,
                    "partner": contact.partner_id.sudo().name,
                    "user": contact.user_id.sudo().name,
                    "subject": contact.subject,
                    "body": contact.body,
                    "item": contact.item,
                    "state": contact.state,
                }
                for contact in found
            ],
            "count": contacts.search_count(domain),
            "kinds": list(kinds.items()),
            "is_company": self.is_company,
            "can_write": contacts.has_access("create"),
        }

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize

VALID_HOURS = 24
PER_PERSON = 5  # mails per hour that one person may cause
PER_ADDRESS = 3  # mails per hour that one address may get


class KokyakuChangeRequest(models.Model):
    """A new e-mail address that counts only when its owner has followed the link sent to it."""

    _name = "kokyaku.change.request"
    _inherit = "kokyaku.link.mail.mixin"
    _description = "E-Mail Change"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    email = fields.Char(string="New E-Mail", required=True)

    @api.model
    def _start(self, partner, email, company):
        """Send the link to the new address; an older one stops working.

        :return: False when too many were asked for within the hour
        """
        limits = self.env["kokyaku.rate.limit"]
        if (
            limits.hit("email_change", partner.id) > PER_PERSON
            or limits.hit("email_change_to", email) > PER_ADDRESS
        ):
            return False
        requests = self.sudo()
        requests.search([("partner_id", "=", partner.id)]).unlink()
        token, digest = self._new_token()
        request = requests.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "email": email,
                "token_digest": digest,
                "expires_at": fields.Datetime.now() + timedelta(hours=VALID_HOURS),
            }
        )
        self._link_mail(
            "mail_template_email_change",
            request,
            email,
            company,
            lang=partner.lang,
            kokyaku_url=f"{partner.get_base_url()}/kokyaku/email/{token}",
        )
        return True

    def _apply(self):
        """Let the new address take effect and tell the old one. The login stays as it is."""
        self.ensure_one()
        # Two clicks at once: the second fails to serialize, is tried again and finds nothing.
        self.env["kokyaku.rate.limit"].hit("email_apply", self.partner_id.id)
        partner, email, company = self.partner_id, self.email, self.company_id
        old = email_normalize(partner.email)
        self.unlink()
        partner.email = email
        if old and old != email:
            self._link_mail("mail_template_email_changed", partner, old, company, lang=partner.lang)

    @api.autovacuum
    def _gc_expired(self):
        self.search([("expires_at", "<", fields.Datetime.now())]).unlink()

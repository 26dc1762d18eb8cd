import hashlib
import secrets

from odoo import api, fields, models


class KokyakuLinkMailMixin(models.AbstractModel):
    """Something that waits until the link in a mail is followed.

    The database keeps a digest of the token only: whoever reads the table, a backup or a log
    of queries cannot follow the link.
    """

    _name = "kokyaku.link.mail.mixin"
    _description = "Waits for a Link in a Mail"

    token_digest = fields.Char(index=True, copy=False, groups="base.group_system")
    expires_at = fields.Datetime(string="Expires", copy=False)

    @api.model
    def _new_token(self):
        """Return a token nobody guesses, and the digest to keep."""
        token = secrets.token_urlsafe(32)
        return token, self._digest(token)

    @api.model
    def _digest(self, token):
        return hashlib.sha256((token or "").encode()).hexdigest()

    @api.model
    def _by_token(self, token):
        """Return what waits for this link, with the rights of the system; empty for a wrong or
        an expired one. Searching by digest tells nothing by its time."""
        return self.sudo().search(
            [
                ("token_digest", "=", self._digest(token)),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    @api.model
    def _link_mail(self, template, record, email_to, company, lang=None, **context):
        """Queue one mail for now: the same work whoever gets it.

        :param template: external id of the mail template
        :param record: what the template is about
        :param email_to: the address it goes to, and no other
        :param company: whose name it bears
        :param lang: the reader's language
        :param context: what the template finds in ``ctx``
        """
        template = self.env.ref(f"kokyaku_crm.{template}").sudo().with_company(company)
        template.with_context(lang=lang, kokyaku_company=company.name, **context).send_mail(
            record.id,
            email_values={
                "email_to": email_to,
                "email_cc": False,
                "recipient_ids": [],
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "reply_to": company.email_formatted or self.env.user.email_formatted,
            },
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

from odoo import http
from odoo.tests import HttpCase, new_test_user

from .common import KokyakuCase


class PortalCase(HttpCase, KokyakuCase):
    """Customers with an account on the portal: two of one company, and a private person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        # Pages without a web site speak the language of new partners.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.company.email = "shop@example.com"
        cls.me = cls._customer("kc_me", name="黒川 次郎", parent_id=cls.wing.id)
        cls.colleague = cls._customer("kc_colleague", name="白石 花", parent_id=cls.wing.id)
        cls.single = cls._customer("kc_single", name="春野 友子", city="港区")
        cls.wing.write({"street": "会社の番地", "city": "千代田区"})

    @classmethod
    def _customer(cls, login, **values):
        user = new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            email=f"{login}@example.com",
        )
        user.partner_id.write(values)
        return user.partner_id

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM kokyaku_rate_limit")

    def _log_in(self, partner):
        login = partner.user_ids.login
        self.authenticate(login, login)
        self.opener.cookies["frontend_lang"] = "en_US"  # the tests read the pages in English

    def _post(self, url, csrf=True, **form):
        if csrf:
            form["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=form)

    def _mails(self, email):
        return self.env["mail.mail"].search([("email_to", "=", email)], order="id desc")

    def _link(self, email):
        body = self._mails(email)[:1].body_html
        return "/kokyaku/" + body.split("/kokyaku/", 1)[1].split('"', 1)[0]

    def _states(self, partner):
        partner.invalidate_recordset()
        return {(entry.channel, entry.purpose): entry.state for entry in partner.consent_ids}

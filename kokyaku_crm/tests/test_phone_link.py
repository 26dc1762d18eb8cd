from odoo.tests import HttpCase, tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestPhoneLink(HttpCase, KokyakuCase):
    """着信ポップアップ: a link with a phone number opens its person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kokyaku.partner.key"]._ensure_filled()
        cls.haruyama.write({"phone": "0467-25-1111", "mobile_phone": "090-2222-3333"})
        cls.wing.phone = "03-5555-6666"

    def _target(self, number, user="kc_clerk"):
        self.env.flush_all()
        self.authenticate(user, user)
        response = self.url_open(f"/kokyaku/phone/{number}", allow_redirects=False)
        return response.headers.get("Location", response.status_code)

    def test_one_person_opens(self):
        for number in ("0467-25-1111", "0467251111", "+81467251111", "%2B81%20467-25-1111",
                       "０４６７２５１１１１", "+81-90-2222-3333"):  # fmt: skip
            self.assertTrue(
                self._target(number).endswith(f"/odoo/kokyaku-persons/{self.haruyama.id}"), number
            )
        self.assertTrue(
            self._target("0355556666").endswith(f"/odoo/kokyaku-companies/{self.wing.id}")
        )

    def test_the_number_as_a_word_of_the_query(self):
        self.authenticate("kc_clerk", "kc_clerk")
        for number in ("0467-25-1111", "+81467251111"):
            response = self.url_open(f"/kokyaku/phone?number={number}", allow_redirects=False)
            self.assertIn(f"kokyaku-persons/{self.haruyama.id}", response.headers["Location"])

    def test_several_are_listed(self):
        self.kuroki.phone = "03 5555 6666"
        self.assertIn(
            "/odoo/10355556666/action-kokyaku_crm.action_phone_people", self._target("0355556666")
        )
        found = self._as(self.clerk)["res.partner"].search([("phone_link", "=", 10355556666)])
        self.assertEqual(found, self.kuroki | self.wing)

    def test_nobody_is_a_new_person_with_the_number(self):
        self.assertIn(
            "/odoo/109077778888/action-kokyaku_crm.action_phone_new/new",
            self._target("+819077778888"),
        )
        partners = self._as(self.clerk)["res.partner"]
        new = partners.with_context(kokyaku_phone_link=109077778888)
        self.assertEqual(
            new.default_get(["phone", "mobile_phone"]), {"mobile_phone": "090-7777-8888"}
        )
        new = partners.with_context(kokyaku_phone_link=10467998877)
        self.assertEqual(new.default_get(["phone", "mobile_phone"]), {"phone": "0467-99-8877"})

    def test_what_is_no_number_says_so(self):
        for number in ("anonymous", "184", "1" * 20):
            self.assertEqual(self._target(number), 400, number)

    def test_it_is_for_the_office(self):
        self.assertEqual(self._target("0467251111", "kc_portal"), 403)
        self.assertIn("/web/login", self._target("0467251111", None))

    def test_people_of_other_companies_do_not_open(self):
        self.haruyama.company_id = self.env["res.company"].create({"name": "別会社"})
        self.assertIn("action_phone_new", self._target("0467251111"))

    def test_before_everyone_has_a_key(self):
        self.env["ir.config_parameter"].set_param("kokyaku_crm.search_keys", "older rules")
        self.assertIn(f"kokyaku-persons/{self.haruyama.id}", self._target("0467251111"))

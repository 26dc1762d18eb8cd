from datetime import timedelta

from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..tools import office_today
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestPartnerFields(KokyakuCase):
    def test_honorific_follows_the_kind_of_customer(self):
        self.assertFalse(self.wing.honorific)
        self.assertFalse(self.kuroki.honorific)
        self.assertEqual(self.wing.honorific_text(), "御中")
        self.assertEqual(self.kuroki.honorific_text(), "様")
        self.kuroki.honorific = "none"
        self.assertEqual(self.kuroki.honorific_text(), "")

    def test_an_honorific_of_ones_own_survives_a_change_of_kind(self):
        with Form(self.env["res.partner"].with_user(self.clerk)) as form:
            form.name = "山田 太郎"
            form.company_type = "company"
            self.assertFalse(form.honorific)
            self.assertEqual(form.honorific_proposal, "御中")
            form.company_type = "person"
            self.assertEqual(form.honorific_proposal, "様")
            form.honorific = "sensei"
            form.company_type = "company"
            self.assertEqual(form.honorific, "sensei")

    def test_a_function_proposes_the_honorific(self):
        with Form(self.env["res.partner"].with_user(self.clerk)) as form:
            form.name = "山田 太郎"
            form.function = "副院長"
            self.assertEqual(form.honorific_proposal, "先生")
        person = self.env["res.partner"].search([("name", "=", "山田 太郎")], limit=1)
        self.assertFalse(person.honorific)
        self.assertEqual(person.honorific_text(), "先生")
        person.function = "営業部長"
        self.assertEqual(person.honorific_text(), "様")
        person.write({"function": "弁護士", "honorific": "dono"})
        self.assertEqual(person.honorific_text(), "殿")
        self.wing.function = "弁護士"
        self.assertEqual(self.wing.honorific_text(), "御中")

    def test_rules_go_by_their_order(self):
        rules = self.env["kokyaku.honorific.rule"]
        rules.search([]).unlink()
        rules.create({"keyword": "教諭", "exact": True})
        rules.create({"keyword": "補助", "honorific": "dono", "sequence": 5})
        self.assertEqual(rules.matching("教諭"), "sensei")
        self.assertEqual(rules.matching("教諭補助"), "dono")
        self.assertFalse(rules.matching("教諭見習"))
        self.assertFalse(rules.matching(False))

    def test_nobody_is_born_tomorrow(self):
        today = office_today(self.kuroki)
        self.kuroki.birthdate = today
        with self.assertRaisesRegex(ValidationError, "黒木 健一.*future"):
            self.kuroki.birthdate = today + timedelta(days=1)

    def test_japanese_numbers_are_written_the_japanese_way(self):
        with Form(self.haruyama.with_user(self.clerk)) as form:
            form.mobile_phone = "０９０１２３４５６７８"
            form.phone = "0312345678"
            form.fax = "+81312345679"
        self.assertEqual(self.haruyama.mobile_phone, "090-1234-5678")
        self.assertEqual(self.haruyama.phone, "03-1234-5678")
        self.assertEqual(self.haruyama.fax, "03-1234-5679")

    def test_what_is_no_number_stays_as_typed(self):
        with Form(self.haruyama.with_user(self.clerk)) as form:
            form.mobile_phone = "内線 12"
        self.assertEqual(self.haruyama.mobile_phone, "内線 12")

    def test_foreign_numbers_are_international(self):
        abroad = self.env["res.partner"].create(
            {"name": "John", "country_id": self.env.ref("base.be").id}
        )
        with Form(abroad.with_user(self.clerk)) as form:
            form.mobile_phone = "0470123456"
        self.assertEqual(abroad.mobile_phone, "+32 470 12 34 56")

    def test_phone_search_finds_the_mobile_phone(self):
        self.haruyama.mobile_phone = "090-1234-5678"
        self.env.flush_all()
        found = self.env["res.partner"].search([("phone_mobile_search", "ilike", "12345678")])
        self.assertIn(self.haruyama, found)
        self.assertEqual(self.haruyama.phone_sanitized, "+819012345678")

    def test_core_fields_bear_the_office_words(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        strings = self.env["res.partner"].fields_get(["ref", "function"], ["string"])
        self.assertEqual(strings["ref"]["string"], "Customer Code")
        japanese = self.env["res.partner"].with_context(lang="ja_JP")
        strings = japanese.fields_get(["ref", "function"], ["string"])
        self.assertEqual(strings["ref"]["string"], "顧客コード")
        self.assertEqual(strings["function"]["string"], "役職")

    def _address_order(self):
        arch = self.env["res.partner"].get_view(self.env.ref("base.view_partner_form").id)["arch"]
        box = etree.fromstring(arch).xpath("//sheet/group//div[hasclass('o_address_format')]")[0]
        return [node.get("name") for node in box.iter("field")]

    def test_a_japanese_address_begins_with_the_postal_code(self):
        self.assertEqual(self._address_order()[:4], ["zip", "state_id", "city", "street"])
        self.company.country_id = self.env.ref("base.be")
        self.assertEqual(self._address_order()[0], "street")

    def test_people_of_the_company_are_offered_first(self):
        self.env["res.partner"].create({"name": "黒木 あきら"})
        offered = self.env["res.partner"].with_context(kokyaku_people_of=self.wing.id)
        found = offered.name_search("黒木", [("is_company", "=", False)], limit=8)
        self.assertEqual(found[0][0], self.kuroki.id)
        self.assertGreater(len(found), 1)
        self.assertEqual(len(offered.name_search("黒木", limit=1)), 1)

    def test_core_form_opens_for_those_without_our_groups(self):
        arch = (
            self.env["res.partner"]
            .with_user(self.outsider)
            .get_view(self.env.ref("base.view_partner_form").id)["arch"]
        )
        self.assertNotIn("honorific", arch)
        self.assertNotIn("kokyaku_sales_history", arch)
        form = etree.fromstring(arch)
        self.assertTrue(form.xpath("//page[@name='sales_purchases']//field[@name='ref']"))

    def test_people_entered_from_the_menu_live_in_the_companys_country(self):
        partners = self.env["res.partner"].with_user(self.clerk)
        menu = partners.with_context(kokyaku_default_country=True)
        self.assertEqual(menu.default_get(["country_id"])["country_id"], self.env.ref("base.jp").id)
        belgium = self.env.ref("base.be").id
        told = menu.with_context(default_country_id=belgium).default_get(["country_id"])
        self.assertEqual(told["country_id"], belgium)
        self.assertFalse(partners.default_get(["country_id"]).get("country_id"))

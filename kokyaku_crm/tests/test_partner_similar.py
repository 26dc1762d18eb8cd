from odoo.tests import Form, tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestPartnerSimilar(KokyakuCase):
    """似た方がいます: whoever is entered twice is noticed while being typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kokyaku.partner.key"]._ensure_filled()
        cls.watanabe = cls.env["res.partner"].create(
            {
                "name": "渡邉 友子",
                "kana": "ワタナベ トモコ",
                "phone": "0467-22-3344",
                "mobile_phone": "090-0000-0000",
                "email": "tomoko@example.com",
                "zip": "248-0006",
            }
        )

    def _similar(self, **values):
        return self.env["res.partner"].new({"type": "contact", **values})._similar_partners()

    def test_same_name_and_one_thing_more(self):
        for more in (
            {"kana": "ワタナベ トモコ"},
            {"phone": "０４６７（２２）３３４４"},
            {"mobile_phone": "+81 467-22-3344"},
            {"email": "Tomoko@Example.com"},
            {"zip": "2480006"},
        ):
            self.assertEqual(self._similar(name="渡辺友子", **more), self.watanabe, more)
        self.assertEqual(
            self._similar(name="渡部 朋子", kana="ワタナベ トモコ", phone="0467223344"),
            self.watanabe,
        )

    def test_the_name_alone_or_another_detail_says_nothing(self):
        self.assertFalse(self._similar(name="渡辺友子"))
        self.assertFalse(self._similar(name="渡辺友子", phone="0467-22-3345", zip="100-0001"))
        self.assertFalse(self._similar(name="渡辺友", phone="0467-22-3344"))
        self.assertFalse(self._similar(phone="0467-22-3344"))
        self.assertFalse(self._similar())

    def test_blanket_numbers_are_no_likeness(self):
        self.assertFalse(self._similar(name="渡辺友子", mobile_phone="090-0000-0000"))

    def test_a_company_is_known_by_its_name(self):
        for name in ("㈱ウィング", "ウイング（株）", "ういんぐ"):
            self.assertEqual(self._similar(name=name, is_company=True), self.wing, name)
        self.assertFalse(self._similar(name="ウィング"))

    def test_the_form_warns_and_saves(self):
        form = Form(self._as(self.clerk)["res.partner"])
        form.name = "渡辺 友子"
        self.assertFalse(form.similar_html)
        form.zip = "248-0006"
        self.assertIn(f"/odoo/kokyaku-persons/{self.watanabe.id}", form.similar_html)
        self.assertIn("渡邉 友子", form.similar_html)
        saved = form.save()
        self.assertFalse(saved.similar_html)

    def test_names_in_the_warning_are_no_markup(self):
        self.watanabe.name = "<b>渡辺</b>"
        notice = self.env["res.partner"].new()._similar_notice(self.watanabe)
        self.assertIn("&lt;b&gt;", notice)

    def test_people_of_other_companies_are_not_given_away(self):
        self.watanabe.company_id = self.env["res.company"].create({"name": "別会社"})
        new = self._as(self.clerk)["res.partner"].new(
            {"name": "渡辺友子", "zip": "248-0006", "type": "contact"}
        )
        self.assertFalse(new._similar_partners())

    def test_opening_a_person_asks_nothing(self):
        self.watanabe.fetch(["name"])  # read it first
        with self.assertQueryCount(0):
            self.assertFalse(self.watanabe.similar_html)

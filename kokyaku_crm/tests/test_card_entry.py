import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import KokyakuCase

CARD = """BEGIN:VCARD
VERSION:3.0
N:青木;健;;;
FN:青木 健
X-PHONETIC-LAST-NAME:アオキ
X-PHONETIC-FIRST-NAME:ケン
ORG:株式会社ウィング;営業部
TITLE:課長
TEL;TYPE=WORK:03-1234-5678
TEL;TYPE=CELL:090-1234-5678
EMAIL:aoki@wing.example
END:VCARD
"""


@tagged("post_install", "-at_install")
class TestCardEntry(KokyakuCase):
    """One person out of a vCard or its QR code."""

    def setUp(self):
        super().setUp()
        self.entries = self.env["kokyaku.card.entry"].with_user(self.clerk)

    def _filled(self, text):
        entry = self.entries.create({"text": text})
        action = entry.action_enter()
        return Form(self.env["res.partner"].with_user(self.clerk).with_context(**action["context"]))

    def test_a_pasted_card_fills_the_form_of_a_new_person(self):
        self.env["kokyaku.partner.key"].sudo()._fill()
        partner = self._filled(CARD).save()
        self.assertEqual((partner.family_name, partner.given_name), ("青木", "健"))
        self.assertEqual((partner.family_kana, partner.given_kana), ("アオキ", "ケン"))
        self.assertEqual((partner.function, partner.email), ("営業部 課長", "aoki@wing.example"))
        self.assertIn("90", partner.mobile_phone)
        self.assertEqual(partner.parent_id, self.wing, "the company is one of ours")

    def test_a_department_that_is_ours_is_where_the_person_belongs(self):
        self.env["kokyaku.partner.key"].sudo()._fill()
        sales = self.env["res.partner"].create({"name": "営業部", "parent_id": self.wing.id})
        partner = self._filled(CARD).save()
        self.assertEqual((partner.parent_id, partner.function), (sales, "課長"))

    def test_somebody_who_is_here_already_is_shown(self):
        self.env["kokyaku.partner.key"].sudo()._fill()
        self.kuroki.email = "aoki@wing.example"
        entry = self.entries.create({"text": CARD})
        self.assertIn(self.kuroki, entry.known_ids)

    def test_a_vcf_file_is_read_in_either_encoding(self):
        for encoding in ("utf-8", "cp932"):
            with Form(self.entries) as form:
                form.file = base64.b64encode(CARD.encode(encoding))
                self.assertEqual(form.name, "青木 健")
                self.assertEqual(form.company_name, "株式会社ウィング")

    def test_a_picture_of_the_qr_code_is_read(self):
        import zxingcpp

        code = zxingcpp.create_barcode(CARD, zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(code.to_image(scale=6))
        content = io.BytesIO()
        picture.convert("RGB").save(content, "PNG")
        with Form(self.entries) as form:
            form.file = base64.b64encode(content.getvalue())
            self.assertEqual(form.name, "青木 健")

    def test_what_is_no_card_is_told_in_words(self):
        empty = io.BytesIO()
        Image.new("RGB", (200, 200), "white").save(empty, "PNG")
        for content, words in (
            (empty.getvalue(), "No QR code"),
            (b"\xff\xfe\x00\x01" * 50, "neither a vcf"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.entries._text_of(content)
        with self.assertRaisesRegex(UserError, "no card"):
            self.entries.create({"text": "https://example.com"}).action_enter()

    def test_only_those_who_work_with_customers_enter_cards(self):
        for user in (self.analyst, self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.entries.with_user(user).create({"text": CARD})

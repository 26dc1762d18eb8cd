import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..forms import clean, clean_form, clean_value, mask_email

TODAY = date(2026, 11, 24)


@tagged("standard", "at_install")
class TestForms(BaseCase):
    """What customers type into public forms, without a database."""

    def _clean(self, kind, typed, limit=200):
        return clean_value(kind, typed, limit, TODAY)

    def test_examples_of_the_docstrings(self):
        self.assertEqual(doctest.testmod(clean).failed, 0)

    def test_numbers_are_taken_in_any_width(self):
        self.assertEqual(
            self._clean("phone", "０９０－１２３４－５６７８"), ("090-1234-5678", None)
        )
        self.assertEqual(self._clean("phone", "+81 3-1234-5678"), ("+81 3-1234-5678", None))
        self.assertEqual(self._clean("zip", "1500001"), ("150-0001", None))

    def test_half_typed_and_blanket_numbers_are_not_taken(self):
        for typed in ("000-0000-0000", "03-12", "ばんごう", "1" * 16, "03-1234-5678<b>"):
            self.assertEqual(self._clean("phone", typed)[1], "phone", typed)
        for typed in ("150-000", "150-00011", "東京"):
            self.assertEqual(self._clean("zip", typed)[1], "zip", typed)

    def test_readings_become_katakana(self):
        self.assertEqual(self._clean("kana", "やまだ"), ("ヤマダ", None))
        self.assertEqual(self._clean("kana", "ﾔﾏﾀﾞ"), ("ヤマダ", None))
        self.assertEqual(self._clean("kana", "Yamada")[1], "kana")

    def test_a_birthday_lies_in_the_past(self):
        self.assertEqual(self._clean("date", "1980/04/01"), (date(1980, 4, 1), None))
        self.assertEqual(self._clean("date", "2026-11-25")[1], "date_range")
        self.assertEqual(self._clean("date", "1080-04-01")[1], "date_range")
        self.assertEqual(self._clean("date", "昭和55年")[1], "date")

    def test_an_address_that_could_start_a_second_header_is_none(self):
        for typed in ("a@b", "a b@c.jp", "a@b.jp, c@d.jp", '"x" <a@b.jp>', "a@b.jp\nBcc: c@d.jp"):
            self.assertEqual(self._clean("email", typed)[1], "email", typed)
        self.assertEqual(self._clean("email", "Ａ@Example.co.jp"), ("a@example.co.jp", None))

    def test_what_is_invisible_goes(self):
        self.assertEqual(self._clean("text", "\u202e山\x00田\u3000 太郎\n"), ("山 田 太郎", None))

    def test_too_long_is_said_and_not_cut_silently(self):
        self.assertEqual(self._clean("text", "あ" * 41, 40), ("あ" * 40, "long"))

    def test_only_the_known_fields_are_looked_at(self):
        spec = {"phone": ("phone", 30), "city": ("text", 9)}
        form = {"city": "港区", "user_id": "1", "ref": "x", "phone": ["a"]}
        self.assertEqual(
            clean_form(form, spec, ["phone"], TODAY),
            ({"phone": False, "city": "港区"}, {"phone": "required"}),
        )

    def test_a_masked_address_keeps_its_secret(self):
        self.assertNotIn("hanako", mask_email("hanako@example.co.jp"))
        self.assertNotIn("example", mask_email("hanako@example.co.jp"))
        self.assertEqual(mask_email(False), "")

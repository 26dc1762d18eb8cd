import doctest

from odoo.tests import BaseCase, tagged

from ..naming import (
    fold,
    fold_name,
    fold_phone,
    fold_text,
    grams,
    is_blanket_phone,
    phone,
    query,
    sort_key,
    variants,
)


@tagged("standard", "at_install")
class TestSearchRules(BaseCase):
    """How names, numbers and queries are folded, without a database."""

    def test_examples_of_the_docstrings(self):
        for module in (fold, phone, grams, query):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_every_spelling_of_a_company_is_one(self):
        for typed in (
            "株式会社ウィング",
            "株式会社 ウィング",
            "ウィング　株式会社",
            "㈱ウィング",
            "(株)ｳｨﾝｸﾞ",
            "ういんぐ（株）",
            "カ）ウイング",
            "ウイング(カ",
            "カブシキガイシャ　ウィング",
            "株式會社ウィング",
            "㍿ウィング",
        ):
            self.assertEqual(fold_name(typed), "ウイング", typed)

    def test_the_legal_form_counts_at_the_ends_only(self):
        self.assertEqual(fold_name("ウィング(株)東京支店"), "ウイング株東京支店")
        self.assertEqual(fold_name("医療法人社団 桜会"), "桜会")
        self.assertEqual(fold_name("桜会医療法人"), "桜会")
        self.assertEqual(fold_name("有賀"), "有賀")
        self.assertEqual(fold_name("カトウ"), "カトウ")

    def test_old_kanji_are_found_by_new_ones(self):
        for old, new in (
            ("髙田", "高田"), ("山﨑", "山崎"), ("濵口", "浜口"), ("濱口", "浜口"),
            ("渡邉", "渡辺"), ("渡邊", "渡辺"), ("齋藤", "斎藤"), ("齊藤", "斉藤"),
            ("澤田", "沢田"), ("廣瀬", "広瀬"), ("國井", "国井"), ("櫻井", "桜井"),
            ("惠子", "恵子"), ("榮一", "栄一"), ("𠮷田", "吉田"), ("佐々木", "佐佐木"),
            ("神谷", "神谷"), ("福田", "福田"), ("葛\U000e0100西", "葛西"), ("長嶋", "長島"),
        ):  # fmt: skip
            self.assertEqual(fold_name(old), fold_name(new), old)

    def test_no_character_has_two_keys(self):
        listed = [char for group in variants.GROUPS for char in group]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertFalse(set(fold.TABLE) & set(variants.KEYS.values()))

    def test_every_hyphen_of_a_number_is_none(self):
        for hyphen in "-‐‑‒–—―−ー－ｰ":
            self.assertEqual(fold_text(f"123{hyphen}4567"), "1234567", repr(hyphen))
            self.assertEqual(fold_phone(f"03{hyphen}1234{hyphen}5678"), "0312345678", repr(hyphen))

    def test_every_notation_of_a_number_is_one(self):
        for typed in (
            "0312345678", "03(1234)5678", "０３－１２３４－５６７８", "+81 3-1234-5678",
            "+81(0)3 1234 5678", "0081-3-1234-5678", "TEL 03.1234.5678", "+81312345678",
        ):  # fmt: skip
            self.assertEqual(fold_phone(typed), "0312345678", typed)
        self.assertEqual(fold_phone("03-1111-2222 / 090-3333-4444"), "0311112222\n09033334444")
        self.assertEqual(fold_phone("+1 650-555-0100"), "16505550100")
        self.assertEqual(fold_phone(""), "")
        self.assertEqual(fold_phone("なし"), "")

    def test_blanket_numbers_are_nobodys(self):
        for number in (
            "000-0000-0000", "090-0000-0000", "0120-123-456", "0800-123-4567", "03-0000-0000",
            "0570-012-345", "1234567890", "999", "", "なし",
        ):  # fmt: skip
            self.assertTrue(is_blanket_phone(number), number)
        for number in ("03-1234-5678", "090-1111-2222", "0467-12-3456", "+81 90 1234 5678"):
            self.assertFalse(is_blanket_phone(number), number)

    def test_names_sort_by_family_name_without_legal_form(self):
        names = ["オカダ アイ", "カブシキガイシャウィング", "オカ マサト", "イノウエ ジロウ"]
        self.assertEqual(
            sorted(names, key=sort_key),
            ["イノウエ ジロウ", "カブシキガイシャウィング", "オカ マサト", "オカダ アイ"],
        )

    def test_the_index_is_asked_for_what_tells_people_apart(self):
        def parts(*texts):
            return sorted(number for text in texts for number in grams.numbers(text))

        for text, asked in {
            "田中太郎次郎": ("田中", "中太", "太郎", "郎次", "次郎"),
            "k1234@example": ("k12", "234", "4@e"),
            "@example": ("@ex", "xam", "mpl"),
            "abc2024000123": ("abc", "c20", "024", "400", "001", "123"),
            "\n70": ("\n70",),
            "0123": ("012", "123"),
        }.items():
            self.assertEqual(grams.telling(text), parts(*asked), text)

    def test_a_query_is_read_word_by_word(self):
        def texts(typed):
            return [[one.text for one in word] for word in query.patterns(typed) or []]

        self.assertEqual(texts("田中　ウィング"), [["田中"], ["ウイング"]])
        self.assertEqual(texts("株式会社 ウィング"), [["ウイング"]])
        self.assertEqual(texts("森"), [["\n森"]])
        self.assertEqual(texts("ab"), [["\nab"]])
        self.assertEqual(texts("１２３"), [["\n123", "123\n"]])
        self.assertEqual(texts("123-4567"), [["1234567"]])
        self.assertEqual(texts("k-001@example.com"), [["k001@examplecom"]])

    def test_a_query_that_says_nothing_is_left_to_core(self):
        for typed in ("", " ", "株式会社", "㈱", "ー", "a", "()", "%", None):
            self.assertIsNone(query.patterns(typed), typed)

import doctest

from odoo.tests import BaseCase, tagged

from ..naming import (
    buyer,
    fold_kana,
    is_kana,
    join_name,
    kana,
    key,
    same_name,
    split,
    split_kana,
    split_name,
)


@tagged("standard", "at_install")
class TestNaming(BaseCase):
    """The rules of names, without a database."""

    def test_examples_of_the_docstrings(self):
        for module in (buyer, kana, key, split):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_every_spelling_of_a_reading_is_one(self):
        spellings = (
            "やまだ たろう",
            "ヤマダ　タロウ",
            "ﾔﾏﾀﾞ ﾀﾛｳ",
            " ヤマダ \t タロウ ",
            "やまﾀﾞ タろう",
        )
        for typed in spellings:
            self.assertEqual(fold_kana(typed), "ヤマダ タロウ", typed)

    def test_voiced_half_width_letters_become_one_letter(self):
        self.assertEqual(fold_kana("ﾊﾞﾋﾟｶﾞｳﾞ"), "バピガヴ")

    def test_hyphen_between_kana_is_a_long_vowel(self):
        self.assertEqual(fold_kana("らーめん"), "ラーメン")
        for dash in "-－‐―ｰ−":
            self.assertEqual(fold_kana(f"カ{dash}ド"), "カード", dash)

    def test_hyphen_between_other_letters_stays(self):
        self.assertEqual(fold_kana("A-1"), "A-1")
        self.assertEqual(fold_kana("エー・ビー Ｃ－１"), "エー・ビー C-1")

    def test_empty_readings(self):
        for nothing in ("", None, False, "　"):
            self.assertEqual(fold_kana(nothing), "")

    def test_is_kana(self):
        self.assertTrue(is_kana("やまだ・タロウ"))
        for other in ("山田", "ヤマダ1", "", "Yamada"):
            self.assertFalse(is_kana(other), other)

    def test_a_space_of_any_width_splits(self):
        for name in ("山田 太郎", "山田　太郎", " 山田   太郎 ", "山田 　太郎"):
            self.assertEqual(split_name(name), ("山田", "太郎", False), name)

    def test_without_a_space_the_split_is_a_guess(self):
        guesses = {
            "山田太郎": ("山田", "太郎"),
            "森太郎": ("森太", "郎"),  # wrong, and marked: nobody can know
            "春山ひとみ": ("春山", "ひとみ"),
            "黒田リツ子": ("黒田", "リツ子"),
            "佐々木健一": ("佐々木", "健一"),
            "池田": ("池田", ""),
            "やまだたろう": ("やまだたろう", ""),
            "Smith": ("Smith", ""),
        }
        for name, parts in guesses.items():
            self.assertEqual(split_name(name), (*parts, True), name)

    def test_foreign_and_long_names_are_marked(self):
        self.assertEqual(split_name("John Smith"), ("John", "Smith", True))
        self.assertEqual(split_name("山田 マリア 花子"), ("山田", "マリア 花子", True))

    def test_nothing_to_split(self):
        for nothing in ("", None, False, " 　"):
            self.assertEqual(split_name(nothing), ("", "", False))

    def test_rare_kanji(self):
        self.assertEqual(split_name("𠮷田太郎"), ("𠮷田", "太郎", True))

    def test_kana_splits_at_its_space_only(self):
        self.assertEqual(split_kana("くろき　けんいち"), ("クロキ", "ケンイチ"))
        self.assertEqual(split_kana("クロキケンイチ"), ("", ""))

    def test_join_and_compare(self):
        self.assertEqual(join_name(" 山田 ", "太郎"), "山田 太郎")
        self.assertEqual(join_name("", "太郎"), "太郎")
        self.assertEqual(join_name(None, False), "")
        self.assertTrue(same_name("山田　太郎", "山田太郎"))
        self.assertFalse(same_name("山田 太郎", "山田 花子"))

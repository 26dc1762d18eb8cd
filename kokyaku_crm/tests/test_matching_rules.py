import doctest

from odoo.tests import BaseCase, tagged

from ..matching import file_row, keys
from ..matching.score import COLUMNS, judge, score


@tagged("post_install", "-at_install")
class TestMatchingRules(BaseCase):
    """What makes a line of a file somebody we know, without a database."""

    def _judge(self, *pairs):
        """Judge pairs given as (partner, phone agrees, {column: (line, partner)})."""
        rows = []
        for partner, phone, texts in pairs:
            told = [texts.get(name, ("", "")) for name in COLUMNS]
            rows.append((1, partner, phone, *(t[0] for t in told), *(t[1] for t in told)))
        result = judge(score(rows))
        return None if result.empty else tuple(result[["verdict", "partner", "why"]].iloc[0])

    def test_the_examples_of_the_rules_hold(self):
        for module in (keys, file_row):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_the_name_and_one_thing_more_is_sure(self):
        name = {"name": ("田中太郎", "田中太郎")}
        for more in ("email", "address", "company"):
            self.assertEqual(self._judge((7, False, {**name, more: ("x", "x")})), ("sure", 7, ""))
        self.assertEqual(self._judge((7, True, name)), ("sure", 7, ""))

    def test_the_name_alone_is_nobody(self):
        self.assertIsNone(self._judge((7, False, {"name": ("田中太郎", "田中太郎")})))

    def test_name_and_reading_is_doubtful_unless_they_live_elsewhere(self):
        both = {"name": ("田中太郎", "田中太郎"), "kana": ("タナカタロウ", "タナカタロウ")}
        self.assertEqual(self._judge((7, False, both)), ("doubtful", 0, "weak"))
        elsewhere = {"zip": ("1500001", "5300001"), "address": ("1500001/1", "5300001/2")}
        self.assertIsNone(self._judge((7, False, {**both, **elsewhere})))

    def test_a_code_with_another_name_is_doubtful(self):
        pair = (7, False, {"code": ("K1", "K1"), "name": ("田中太郎", "佐藤花子")})
        self.assertEqual(self._judge(pair), ("doubtful", 0, "code_other_name"))

    def test_a_code_with_a_misspelt_name_is_sure(self):
        pair = (7, False, {"code": ("K1", "K1"), "name": ("田中太郎", "田中太朗")})
        self.assertEqual(self._judge(pair), ("sure", 7, ""))

    def test_a_telephone_with_a_misspelt_name_is_doubtful_with_another_nobody(self):
        self.assertEqual(
            self._judge((7, True, {"name": ("田中太郎", "田中太朗")})), ("doubtful", 0, "similar")
        )
        self.assertIsNone(self._judge((7, True, {"name": ("田中花子", "田中太郎")})))

    def test_another_day_of_birth_speaks_against(self):
        pair = {"name": ("田中太郎", "田中太郎"), "birthdate": ("1980-01-01", "1950-01-01")}
        self.assertIsNone(self._judge((7, True, pair)))

    def test_two_who_fit_are_to_be_decided(self):
        same = {"name": ("田中太郎", "田中太郎"), "email": ("a@b", "a@b")}
        self.assertEqual(
            self._judge((7, False, same), (8, False, same)), ("doubtful", 0, "several")
        )
        coded = {**same, "code": ("K1", "K1")}
        self.assertEqual(self._judge((7, False, same), (8, False, coded)), ("sure", 8, ""))

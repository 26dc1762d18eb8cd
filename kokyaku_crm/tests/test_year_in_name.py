import doctest

from odoo.tests import BaseCase, tagged

from ..days import next_year, year_in_name


@tagged("standard", "at_install")
class TestYearInName(BaseCase):
    """What next year's copy is called."""

    def test_examples_of_the_docstrings(self):
        result = doctest.testmod(year_in_name)
        self.assertTrue(result.attempted)
        self.assertEqual(result.failed, 0)

    def test_years_as_they_are_written(self):
        for name, later in (
            ("２０２５年お歳暮", "２０２６年お歳暮"),
            ("2025-2026 冬", "2026-2027 冬"),
            ("令和元年 展示会", "令和2年 展示会"),
            ("令和９年度", "令和１０年度"),
            ("R7年度 総会", "R8年度 総会"),
        ):
            self.assertEqual(next_year(name), later)

    def test_other_numbers_stay(self):
        for name in ("A12025", "03-1234-5678", "品番R7型", "第20回", "2万円以上", ""):
            self.assertEqual(next_year(name), name)

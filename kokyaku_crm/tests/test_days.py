import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..days import age_on, birthday, covers, first_overlap, next_birthday, overlap, spans
from ..naming import postal_address


@tagged("standard", "at_install")
class TestDays(BaseCase):
    """The rules of days and of an address in one line, without a database."""

    def test_examples_of_the_docstrings(self):
        for module in (birthday, spans, postal_address):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertEqual(result.failed, 0, module.__name__)

    def test_nobody_has_an_age_before_the_birth(self):
        self.assertIsNone(age_on(date(2026, 5, 10), date(2026, 5, 9)))
        self.assertEqual(age_on(date(2026, 5, 10), date(2026, 5, 10)), 0)

    def test_a_leap_day_child_grows_older_every_year(self):
        born = date(2020, 2, 29)
        self.assertEqual(age_on(born, date(2026, 2, 27)), 5)
        self.assertEqual(age_on(born, date(2026, 2, 28)), 6)
        self.assertEqual(next_birthday(born, date(2024, 2, 1)), date(2024, 2, 29))

    def test_todays_birthday_is_the_next_one(self):
        self.assertEqual(next_birthday(date(1990, 11, 24), date(2026, 11, 24)), date(2026, 11, 24))
        self.assertEqual(next_birthday(date(1990, 11, 23), date(2026, 11, 24)), date(2027, 11, 23))

    def test_open_spans_overlap(self):
        self.assertTrue(overlap((None, None), (date(2026, 1, 1), date(2026, 1, 1))))
        self.assertFalse(overlap((None, date(2025, 12, 31)), (date(2026, 1, 1), None)))
        self.assertTrue(covers(False, False, date(2026, 1, 1)))

    def test_the_overlap_among_many(self):
        year = [(month, date(2026, month, 1), date(2026, month, 28)) for month in range(1, 13)]
        self.assertIsNone(first_overlap(reversed(year)))
        self.assertEqual(
            first_overlap([*year, ("x", date(2026, 6, 28), date(2026, 6, 30))]), (6, "x")
        )
        self.assertIsNone(first_overlap([]))

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..criteria import brackets, periods
from ..criteria.brackets import BracketError, parse
from ..criteria.periods import bounds


def holds(expression, values):
    kind, content = expression
    if kind == "leaf":
        return values[content]
    if kind == "not":
        return not holds(content, values)
    return (all if kind == "and" else any)(holds(part, values) for part in content)


@tagged("standard", "at_install")
class TestBrackets(BaseCase):
    """The rules of criteria, without a database."""

    def test_examples_of_the_docstrings(self):
        for module in (brackets, periods):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_every_combination_of_three_lines_means_what_python_means(self):
        """Against Python's own and, or and not, with every connector, bracket and value."""
        words = {"and": "and", "or": "or", "except": "and not"}
        for second in words:
            for third in words:
                for opened, closed in (
                    ((0, 0, 0),) * 2,
                    ((1, 0, 0), (0, 1, 0)),
                    ((0, 1, 0), (0, 0, 1)),
                    ((1, 0, 0), (0, 0, 1)),
                ):
                    lines = list(zip(("and", second, third), opened, closed, strict=True))
                    text = "".join(
                        f" {'' if n == 0 else words[connector]} {'(' * o} v[{n}] {')' * c}"
                        for n, (connector, o, c) in enumerate(lines)
                    )
                    for bits in range(8):
                        v = [bool(bits & 1 << n) for n in range(3)]
                        # pylint: disable-next=eval-used  # our own words, the independent reading
                        expected = eval(text, {"v": v})
                        self.assertEqual(holds(parse(lines), v), expected, text)

    def test_brackets_inside_brackets(self):
        lines = [("and", 0, 0), ("except", 2, 0), ("or", 0, 1), ("and", 0, 1)]
        self.assertEqual(
            parse(lines),
            ("and", [("leaf", 0),
                     ("not", ("and", [("or", [("leaf", 1), ("leaf", 2)]), ("leaf", 3)]))]),
        )  # fmt: skip

    def test_a_bracket_that_is_not_closed_is_named(self):
        with self.assertRaises(BracketError) as caught:
            parse([("and", 0, 0), ("or", 1, 0)])
        self.assertEqual((caught.exception.code, caught.exception.line), ("not_closed", 1))

    def test_a_bracket_that_was_never_opened_is_named(self):
        with self.assertRaises(BracketError) as caught:
            parse([("and", 0, 1), ("or", 0, 0)])
        self.assertEqual((caught.exception.code, caught.exception.line), ("not_open", 0))

    def test_nothing_is_nothing(self):
        self.assertIsNone(parse([]))


@tagged("standard", "at_install")
class TestPeriods(BaseCase):
    def test_the_past_year_has_a_year(self):
        first, last = bounds("last", date(2028, 2, 29), 1, "year")
        self.assertEqual((first, last), (date(2027, 3, 1), date(2028, 2, 29)))

    def test_the_japanese_fiscal_year_ends_in_march(self):
        for today, first in ((date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026)):
            self.assertEqual(
                bounds("this_fiscal_year", today, year_end=(3, 31)),
                (date(first, 4, 1), date(first + 1, 3, 31)),
            )

    def test_a_fiscal_year_may_end_in_february(self):
        self.assertEqual(
            bounds("this_fiscal_year", date(2027, 12, 1), year_end=(2, 29)),
            (date(2027, 3, 1), date(2028, 2, 29)),
        )

    def test_months_and_years(self):
        today = date(2026, 1, 15)
        self.assertEqual(bounds("last_month", today), (date(2025, 12, 1), date(2025, 12, 31)))
        self.assertEqual(bounds("this_month", today), (date(2026, 1, 1), date(2026, 1, 31)))
        self.assertEqual(bounds("last_year", today), (date(2025, 1, 1), date(2025, 12, 31)))
        self.assertEqual(bounds("this_year", today), (date(2026, 1, 1), date(2026, 12, 31)))

    def test_what_does_not_exist_is_refused(self):
        for period, number, unit in (("ever", 1, "day"), ("last", 0, "day"), ("last", 1, "moon")):
            with self.assertRaises(ValueError):
                bounds(period, date(2026, 1, 1), number, unit)

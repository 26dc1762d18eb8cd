import doctest

from odoo.tests import BaseCase, tagged

from ..codes import check_digits, number_of, with_check_digits


@tagged("standard", "at_install")
class TestSelectionCodes(BaseCase):
    """The code on a printed piece, without a database."""

    def test_examples_of_the_docstrings(self):
        self.assertEqual(doctest.testmod(check_digits).failed, 0)

    def test_a_code_gives_its_number_back(self):
        for number in (0, 1, 97, 12345678, 99999999, 123456789, 2**31):
            self.assertEqual(number_of(with_check_digits(number)), number)

    def test_one_wrong_digit_is_noticed(self):
        code = with_check_digits(4711)
        for place, digit in enumerate(code):
            for other in set("0123456789") - {digit}:
                self.assertIsNone(number_of(code[:place] + other + code[place + 1 :]))

    def test_two_digits_that_changed_places_are_noticed(self):
        code = with_check_digits(90817263)
        for place in range(len(code) - 1):
            one, other = code[place : place + 2]
            if one != other:
                swapped = code[:place] + other + one + code[place + 2 :]
                self.assertIsNone(number_of(swapped), swapped)

    def test_what_is_no_code(self):
        for text in (
            None,
            "",
            "12",
            "abcdefghij",
            "０００００",
            with_check_digits(5)[1:],
            "²²²²²²²²²²",
        ):
            self.assertIsNone(number_of(text), text)

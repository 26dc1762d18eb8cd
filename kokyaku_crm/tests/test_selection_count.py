import math
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import selection_set_count as count
from .common import KokyakuCase

NUMBER = 400
TOWN = repr([("city", "=", "十二所")])
SLOW = SQL("SELECT id AS partner_id FROM res_partner, pg_sleep(2)")
# What the database says when its time is over, at once: how fast the machine is does not matter.
TOO_LONG = SQL("SELECT id AS partner_id FROM res_partner, pg_temp.too_long()")
A_MINUTE = 60_000  # ms


@tagged("post_install", "-at_install")
class TestSelectionCount(KokyakuCase):
    """該当◯名: an answer within two seconds, exact or about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create(
            [{"name": f"客 {number}", "city": "十二所"} for number in range(NUMBER)]
        )
        half = cls.people[: NUMBER // 2]
        cls.earlier = cls.env["kokyaku.selection.set"].create({"name": "去年の展示会"})
        cls.earlier._add_people(half)
        cls._order(half[0], (cls.tea, 2))
        cls._order(half[1], (cls.cup, 1))
        address = cls.env["res.partner"].create(
            {"name": "別荘", "parent_id": half[2].id, "type": "delivery"}
        )
        cls._order(address, (cls.tea, 1))
        cls.env.cr.execute(
            """CREATE FUNCTION pg_temp.too_long() RETURNS int LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'too long' USING ERRCODE = 'query_canceled'; END $$"""
        )

    def _set(self, *lines):
        sets = self.env["kokyaku.selection.set"].with_user(self.clerk)
        return sets.create(
            {
                "name": "展示会のご案内",
                "criterion_ids": [
                    (0, 0, {"kind": "person", "partner_domain": TOWN}),
                    *((0, 0, line) for line in lines),
                ],
            }
        )

    def _patched(self, sample=count.SAMPLE, slow=False):
        """Pretend a sample is so small, and that the exact number takes too long."""
        self.enterContext(patch.object(count, "SAMPLE", sample))
        for patience in ("PATIENCE", "PATIENCE_FOR_ABOUT"):
            self.enterContext(patch.object(count, patience, A_MINUTE))
        if slow:
            self.enterContext(
                patch.object(type(self.earlier), "_chosen_sql", lambda *args, **kwargs: TOO_LONG)
            )

    def _number(self, text, words):
        before, after = words.split("%s")
        self.assertTrue(text.startswith(before) and text.endswith(after), text)
        return int(text[len(before) : len(text) - len(after)].replace(",", ""))

    def _in_earlier(self, **values):
        return {"kind": "set", "other_set_ids": [(6, 0, self.earlier.ids)], **values}

    def test_the_number_is_exact_when_there_is_time(self):
        self._patched(sample=100)
        text = self._set(self._in_earlier())._live_count_text()
        self.assertEqual(text, f"{NUMBER // 2} people")

    def test_of_few_people_only_their_own_purchases_are_read(self):
        """However long everybody's would take, and with what they bought by an address."""
        self._patched(slow=True)
        bought = {"kind": "purchase", "product_ids": [(6, 0, self.tea.ids)]}
        self.assertEqual(self._set(bought)._live_count_text(), "2 people")
        self.assertEqual(
            self._set({**bought, "connector": "except"})._live_count_text(),
            f"{NUMBER - 2} people",
        )

    def test_it_tells_about_how_many_when_it_takes_long(self):
        self._patched(sample=100, slow=True)
        text = self._set(self._in_earlier())._live_count_text()
        number = self._number(text, "about %s people")
        self.assertTrue(NUMBER * 0.25 < number < NUMBER * 0.75, text)
        text = self._set()._live_count_text()
        self.assertEqual(text, f"about {NUMBER} people", "who all are in the sample are all")

    def test_a_number_that_would_be_a_guess_is_told_as_a_limit(self):
        self._patched(sample=100, slow=True)
        bought = {"kind": "purchase", "product_ids": [(6, 0, self.tea.ids)]}
        text = self._set(bought)._live_count_text()
        number = self._number(text, "fewer than %s people")
        self.assertTrue(2 < number <= NUMBER // 5, text)

    def test_when_even_that_takes_too_long_it_says_so_and_work_goes_on(self):
        self._patched(sample=100, slow=True)
        lines = type(self.earlier.criterion_ids)
        with patch.object(lines, "_candidates_sql", lambda *args: TOO_LONG):
            one = self._set(self._in_earlier())
            self.assertIn("more than can be counted", one._live_count_text())
        one.name = "まだ使える"
        self.env.flush_all()

    def test_who_it_would_be_is_not_waited_for_without_end(self):
        """The list of them is not opened; it says why, and the set can still be worked on."""
        one = self._set()
        people = self.env["res.partner"].with_user(self.clerk)
        domain = one.action_preview()["domain"]
        self.assertEqual(people.search_count(domain), NUMBER)
        with (
            patch.object(type(one), "_chosen_sql", lambda *args: SLOW),
            patch.object(count, "PATIENCE_FOR_PREVIEW", 50),
            self.assertRaisesRegex(UserError, "展示会のご案内.* Please ask for less"),
        ):
            people.search(domain)
        one.name = "まだ使える"
        self.env.flush_all()
        self.assertEqual(people.search_count(domain), NUMBER)

    def test_what_was_set_for_counting_is_set_back(self):
        self._patched(sample=100, slow=True)
        names = ("statement_timeout", "random_page_cost", "join_collapse_limit")
        settings = SQL("SELECT name, setting FROM pg_settings WHERE name IN %s", names)
        before = self.env.execute_query(settings)
        self._set(self._in_earlier())._live_count_text()
        self._set({"kind": "purchase"})._live_count_text()
        self.assertEqual(self.env.execute_query(settings), before)

    def test_two_digits_are_enough_of_a_number_that_is_about(self):
        for number, rounded in ((0, 0), (7.2, 7), (99, 99), (1234.5, 1200), (400.0001, 400)):
            self.assertEqual(count._rounded(number), rounded)
        self.assertEqual(count._rounded(1234.5, math.ceil), 1300, "a limit must not be too low")

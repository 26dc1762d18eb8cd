from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KokyakuCase


class SetsCase(KokyakuCase):
    """Two sets of last year: 鈴木 is in the first, 春山 in the second, 黒木 in both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sets = cls.env["kokyaku.selection.set"].with_user(cls.clerk)
        cls.gifts = cls._set("2025年お歳暮", cls.kuroki, cls.suzuki)
        cls.cards = cls._set("2025年年賀状", cls.kuroki, cls.haruyama)

    @classmethod
    def _set(cls, name, *people):
        one = cls.sets.create({"name": name})
        one._add_people([person.id for person in people])
        return one

    def _people(self, one):
        return one.member_ids.filtered(lambda member: not member.excluded).partner_id

    def _member(self, one, person):
        return one.member_ids.filtered(lambda member: member.partner_id == person)


@tagged("post_install", "-at_install")
class TestSelectionCopy(SetsCase):
    """複写: next year's set out of this year's."""

    def test_a_copy_has_the_people_the_next_year_and_knows_where_it_comes_from(self):
        self.gifts._remove_people(self.suzuki.ids, reason="退職")
        self.gifts.sudo().state = "executed"
        new = self.gifts.copy()
        self.assertEqual(new.name, "2026年お歳暮")
        self.assertEqual(new.state, "draft")
        self.assertEqual((new.copied_from_id, new.previous_id), (self.gifts, self.gifts))
        self.assertEqual(self._people(new), self.kuroki)
        self.assertEqual(self._member(new, self.suzuki).reason, "退職")
        self.assertEqual((new.member_count, new.excluded_count), (1, 1))
        self.assertNotEqual(new.number, self.gifts.number)

    def test_a_copy_without_hand_decisions(self):
        self.gifts._add_people(self.haruyama.ids, origin="criteria")
        self.gifts._remove_people(self.suzuki.ids)
        action = self.gifts.action_copy()
        wizard = self.env["kokyaku.selection.copy"].with_user(self.clerk)
        wizard = wizard.with_context(**action["context"]).create({"by_hand": False})
        self.assertEqual(wizard.name, "2026年お歳暮")
        new = self.sets.browse(wizard.action_copy()["res_id"])
        self.assertEqual(new.member_ids.partner_id, self.haruyama)

    def test_people_who_are_archived_do_not_come_along(self):
        self.suzuki.active = False
        self.assertEqual(self._people(self.gifts.copy()), self.kuroki)

    def test_a_name_without_a_year_says_that_it_is_a_copy(self):
        self.assertEqual(self._set("お得意様").copy().name, "お得意様 (copy)")

    def test_an_analyst_copies_nothing(self):
        with self.assertRaises(AccessError):
            self.gifts.with_user(self.analyst).copy()


@tagged("post_install", "-at_install")
class TestSelectionCombine(SetsCase):
    """結合・共通・差引."""

    def _combine(self, how, sets=None, **values):
        sets = self.gifts + self.cards if sets is None else sets
        wizard = self.env["kokyaku.selection.combine"].with_user(self.clerk)
        wizard = wizard.with_context(active_model=sets._name, active_ids=sets.ids)
        wizard = wizard.create({"name": "全社", "how": how, **values})
        new = self.sets.browse(wizard.action_combine()["res_id"])
        self.assertEqual(wizard.number, new.member_count)
        return new

    def test_union_intersection_and_difference(self):
        self.cards.sudo().state = "executed"
        everyone = self._combine("union")
        self.assertEqual(self._people(everyone), self.kuroki + self.suzuki + self.haruyama)
        self.assertEqual(everyone.member_ids.mapped("origin"), ["combined"] * 3)
        self.assertEqual(self._people(self._combine("intersection")), self.kuroki)
        self.assertEqual(self._people(self._combine("difference")), self.suzuki)
        other = self._combine("difference", first_id=self.cards.id)
        self.assertEqual(self._people(other), self.haruyama)

    def test_more_than_two_sets(self):
        third = self._set("展示会", self.haruyama, self.wing)
        three = self.gifts + self.cards + third
        self.assertEqual(self._combine("union", three).member_count, 4)
        self.assertEqual(self._combine("intersection", three).member_count, 0)
        self.assertEqual(self._people(self._combine("difference", three)), self.suzuki)

    def test_who_was_removed_by_hand_or_archived_does_not_come_in(self):
        self.gifts._remove_people(self.suzuki.ids)
        self.haruyama.active = False
        self.assertEqual(self._people(self._combine("union")), self.kuroki)

    def test_the_note_says_where_the_people_come_from(self):
        note = self._combine("union").note
        self.assertIn(f"{self.gifts.display_name}: 2 people", note)
        self.assertIn("Together: 3 people", note)

    def test_one_set_alone_is_not_combined(self):
        with self.assertRaisesRegex(UserError, "two sets"):
            self._combine("union", self.gifts)

    def test_sets_of_different_companies_are_not_combined(self):
        other = self.env["res.company"].create({"name": "別会社"})
        foreign = self.env["kokyaku.selection.set"].create(
            {"name": "別会社のお歳暮", "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "別会社のお歳暮"):
            (self.gifts.sudo() + foreign)._combine("union", {"name": "全社"})
        with self.assertRaises(AccessError):
            (self.gifts + foreign.with_user(self.clerk))._combine("union", {"name": "全社"})

import doctest
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..naming import same_person
from .test_selection_combine import SetsCase


@tagged("standard", "at_install")
class TestSamePerson(BaseCase):
    """Who of many may be one, without a database."""

    def test_examples_of_the_docstrings(self):
        result = doctest.testmod(same_person)
        self.assertTrue(result.attempted)
        self.assertEqual(result.failed, 0)

    def test_long_chains_hang_together(self):
        chain = [[number, number + 1] for number in range(5000)]
        self.assertEqual(len(same_person.joined(chain)), 1)
        self.assertEqual(same_person.joined([]), [])


@tagged("post_install", "-at_install")
class TestSelectionDuplicates(SetsCase):
    """名寄せ: who is in a set twice, and who shares a home."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls._person("斎藤 一郎", email="saito@example.com", phone="03-1234-5678")
        cls.party = cls._set("展示会", cls.one)

    @classmethod
    def _person(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    def _home(self, *people, street="長谷1-1"):
        for person in people:
            self.env["kokyaku.home.address"].create(
                {"partner_id": person.id, "city": "鎌倉市", "street": street}
            )

    def _find(self, *people, within=None):
        within = within or self.party
        within._add_people([person.id for person in people])
        within._find_duplicates()
        return self._hits(within)

    def _hits(self, within=None):
        hits = self.env["kokyaku.selection.duplicate"].with_user(self.clerk)
        return hits.search([("set_id", "=", (within or self.party).id)])

    def _actions(self, hits):
        return {hit.partner_id: hit.action for hit in hits}

    def test_same_name_and_e_mail(self):
        other = self._person("齋藤　一郎", email="SAITO@example.com")
        hits = self._find(other, self.haruyama)
        self.assertEqual(self._actions(hits), {self.one: "keep", other: "remove"})
        self.assertEqual(set(hits.mapped("reason")), {"email"})
        self.assertEqual(hits.keeper_id, self.one)
        self.assertIn("saito@example.com", hits[0].reason_text)

    def test_same_phone_however_it_is_written(self):
        other = self._person("斎藤 一郎", mobile_phone="０３（１２３４）５６７８")
        hits = self._find(other)
        self.assertEqual(self._actions(hits), {self.one: "keep", other: "remove"})
        self.assertEqual(hits[0].reason, "phone")

    def test_a_number_that_says_nothing_is_no_reason(self):
        self.one.phone = "000-0000-0000"
        self.assertFalse(self._find(self._person("斎藤 一郎", phone="000-0000-0000")))

    def test_same_name_and_address_after_folding(self):
        self.one.write({"city": "千代田区", "street": "丸の内１－２－３", "street2": "ビル5F"})
        other = self._person("齋藤一郎", city="千代田区", street="丸の内1-2-3ビル５Ｆ")
        elsewhere = self._person("斎藤 一郎", city="千代田区", street="丸の内1-2-4")
        hits = self._find(other, elsewhere)
        self.assertEqual(self._actions(hits), {self.one: "keep", other: "remove"})
        self.assertEqual(hits[0].reason, "name_address")

    def test_another_name_is_shown_but_stays(self):
        other = self._person("高橋 次郎", email="saito@example.com")
        self.assertEqual(self._actions(self._find(other)), {self.one: "keep", other: "keep"})

    def test_colleagues_at_one_office_are_neither(self):
        for number, person in enumerate((self.kuroki, self.suzuki)):
            person.write({"phone": "03-5555-0001", "email": "info@wing.example"})
            person.write({"city": "港区", "street": "芝1-1", "function": f"部長{number}"})
        self.assertFalse(self._find(self.kuroki, self.suzuki))

    def test_of_two_who_bought_last_stays(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        self._order(other)
        hits = self._find(other)
        self.assertEqual(self._actions(hits), {self.one: "remove", other: "keep"})
        kept = hits.filtered(lambda hit: hit.partner_id == other)
        self.assertEqual(str(kept.last_seen), "2026-05-10")

    def test_a_contact_counts_as_well(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        self.env["kokyaku.contact.history"].create(
            {
                "partner_id": other.id,
                "method_id": self.env["kokyaku.contact.method"].search([], limit=1).id,
                "subject": "電話",
                "date": datetime(2026, 5, 1, 3),
            }
        )
        self.assertEqual(self._find(other).keeper_id, other)

    def test_who_hangs_together_is_one_hit(self):
        two = self._person("斎藤 一郎", email="saito@example.com", phone="03-9876-1234")
        three = self._person("斎藤 一郎", phone="03-9876-1234")
        hits = self._find(two, three)
        self.assertEqual(len(set(hits.mapped("group_name"))), 1)
        self.assertEqual(sorted(hits.mapped("action")), ["keep", "remove", "remove"])

    def test_a_household_gets_one_piece_and_nobody_goes(self):
        wife = self._person("斎藤 花子")
        self._home(self.one, wife)
        hits = self._find(wife)
        self.assertEqual(set(hits.mapped("kind")), {"household"})
        self.assertEqual(self._actions(hits), {self.one: "keep", wife: "joint"})
        self.assertEqual(self.party._apply_duplicates(), (0, 1))
        self.assertEqual(self._member(self.party, wife).joint_with_id, self.one)
        self.assertEqual(self.party.member_count, 2)

    def test_neighbours_of_another_name_are_no_household(self):
        other = self._person("高橋 次郎")
        self._home(self.one, other)
        self.assertFalse(self._find(other))

    def test_family_of_another_name_is_one_when_it_is_entered(self):
        other = self._person("高橋 花子")
        self._home(self.one, other)
        self.env["kokyaku.family.member"].create(
            {"partner_id": self.one.id, "name": "高橋 花子", "member_partner_id": other.id}
        )
        self.assertEqual(self._actions(self._find(other)), {self.one: "keep", other: "joint"})

    def test_carry_out_takes_duplicates_out_with_the_reason(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        hits = self._find(other)
        hits.with_context(kokyaku_set_id=self.party.id).action_apply()
        member = self._member(self.party, other)
        self.assertTrue(member.excluded)
        self.assertEqual(member.reason, "Duplicate of 斎藤 一郎")
        self.assertEqual(member.duplicate_of_id, self.one)
        self.assertEqual(self.party.member_count, 1)
        self.assertEqual(self.party.duplicate_count, 0)

    def test_another_one_stays(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        hits = self._find(other)
        hits.filtered(lambda hit: hit.partner_id == other).action_make_keeper()
        self.assertEqual(self._actions(hits), {self.one: "remove", other: "keep"})
        self.party._apply_duplicates()
        self.assertEqual(self._people(self.party), other)

    def test_what_was_overruled_is_remembered(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        self._find(other).action_keep_all()
        hits = self._find()
        self.assertEqual(self._actions(hits), {self.one: "keep", other: "keep"})
        self.assertTrue(all(hits.mapped("decided")))
        copy = self.party.copy()
        self.assertEqual(set(self._find(within=copy).mapped("action")), {"keep"})

    def test_a_newcomer_in_a_hit_is_asked_about_again(self):
        self._find(self._person("斎藤 一郎", email="saito@example.com")).action_keep_all()
        hits = self._find(self._person("斎藤 一郎", email="saito@example.com"))
        self.assertEqual(sorted(hits.mapped("action")), ["keep", "remove", "remove"])

    def test_a_household_may_get_a_piece_each(self):
        wife = self._person("斎藤 花子")
        self._home(self.one, wife)
        self._find(wife)
        self.party._apply_duplicates()
        self._hits().action_keep_all()
        self.assertEqual(self.party._apply_duplicates(), (0, 0))
        self.assertFalse(self._member(self.party, wife).joint_with_id)

    def test_somebody_has_to_stay(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        hits = self._find(other)
        with self.assertRaisesRegex(UserError, "has to stay"):
            hits.write({"action": "remove"})

    def test_a_confirmed_set_is_not_changed(self):
        hits = self._find(self._person("斎藤 一郎", email="saito@example.com"))
        self.party.sudo().state = "confirmed"
        for work in (
            self.party._find_duplicates,
            self.party._apply_duplicates,
            hits.action_keep_all,
        ):
            with self.assertRaisesRegex(UserError, "展示会"):
                work()

    def test_an_analyst_decides_nothing(self):
        hits = self._find(self._person("斎藤 一郎", email="saito@example.com"))
        with self.assertRaises(AccessError):
            hits.with_user(self.analyst).action_keep_all()
        with self.assertRaises(AccessError):
            self.party.with_user(self.analyst)._find_duplicates()

    def test_the_same_people_are_merged_three_at_a_time(self):
        others = [self._person("斎藤 一郎", email="saito@example.com") for _ in range(4)]
        hits = self._find(*others)
        row = hits.filtered(lambda hit: hit.partner_id == others[-1])
        context = row.action_merge()["context"]
        self.assertEqual(context["active_ids"][0], others[-1].id)
        wizard = self.env["base.partner.merge.automatic.wizard"].with_context(**context).create({})
        self.assertEqual(len(wizard.partner_ids), 3)
        self.assertEqual(wizard.dst_partner_id, self.one)
        self.assertIn("03-1234-5678", wizard.differences_html)
        merged = wizard.partner_ids - self.one
        wizard.action_merge()
        self.assertFalse(merged.exists())
        self.assertEqual(len(self._hits()), 3)
        self.assertEqual(len(self._people(self.party)), 3)

    def test_a_hit_that_is_one_person_now_is_gone(self):
        other = self._person("斎藤 一郎", email="saito@example.com")
        self._find(other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.one + other).ids, self.one)
        self.assertFalse(self._hits())

    def test_a_set_without_anybody(self):
        self.assertEqual(self._set("空")._find_duplicates(), 0)

    def test_without_a_set_nothing_is_applied(self):
        with self.assertRaisesRegex(UserError, "from their selection set"):
            self.env["kokyaku.selection.duplicate"].with_user(self.clerk).action_apply()

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_selection_combine import SetsCase


@tagged("post_install", "-at_install")
class TestSelectionCompare(SetsCase):
    """比較: who is new, who is gone, and what has changed about the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards.previous_id = cls.gifts

    def _rows(self, action=None, domain=(), user=None):
        action = action or self.cards.action_compare_previous()
        rows = self.env[action["res_model"]].with_user(user or self.clerk)
        return rows.with_context(**action["context"]).search(list(domain))

    def _sides(self, rows):
        return {row.partner_id: row.side for row in rows}

    def _sent(self, person, **values):
        execution = self.env["kokyaku.selection.execution"].create(
            {"set_id": self.gifts.id, "company_id": self.company.id, "name": "お歳暮 発送"}
        )
        return self.env["kokyaku.execution.line"].create(
            {
                "execution_id": execution.id,
                "set_id": self.gifts.id,
                "company_id": self.company.id,
                "partner_id": person.id,
                **values,
            }
        )

    def test_who_is_new_who_is_gone_and_who_is_in_both(self):
        rows = self._rows()
        sides = {self.kuroki: "both", self.suzuki: "last", self.haruyama: "this"}
        self.assertEqual(self._sides(rows), sides)
        self.assertEqual(self._rows(domain=[("side", "=", "last")]).partner_id, self.suzuki)
        self.assertEqual(self._rows(domain=[("partner_id", "ilike", "黒木")]).side, "both")
        groups = rows._read_group([], ["side"], ["__count"])
        self.assertEqual(sorted(groups), [("both", 1), ("last", 1), ("this", 1)])
        numbers = rows.compared_numbers()
        self.assertEqual([numbers[side] for side in ("this", "last", "both")], [1, 1, 1])
        self.assertEqual([one["number"] for one in numbers["sets"]], [2, 2])

    def test_who_was_removed_by_hand_is_told_apart(self):
        self.cards._remove_people(self.kuroki.ids)
        self.gifts._remove_people(self.suzuki.ids)
        rows = self._rows()
        self.assertEqual(self._sides(rows), {self.kuroki: "last", self.haruyama: "this"})
        self.assertTrue(rows.filtered(lambda row: row.partner_id == self.kuroki).removed)

    def test_more_than_two_sets(self):
        third = self._set("展示会", self.haruyama, self.wing)
        rows = self._rows((self.gifts + self.cards + third).action_compare())
        sides = {
            self.kuroki: "last",
            self.suzuki: "last",
            self.haruyama: "both",
            self.wing: "this",
        }
        self.assertEqual(self._sides(rows), sides)
        numbers = rows.compared_numbers()
        self.assertEqual([one["only"] for one in numbers["sets"]], [1, 0, 1])
        kuroki = rows.filtered(lambda row: row.partner_id == self.kuroki)
        self.assertEqual(kuroki.set_number, 2)
        self.assertIn("2025年お歳暮", kuroki.set_names)

    def test_what_has_changed_since_it_was_sent(self):
        self.kuroki.write({"city": "千代田区", "street": "丸の内1-1", "function": "部長"})
        self._sent(
            self.kuroki,
            kind="company",
            address_text="千代田区 丸の内1-1",
            company_text="株式会社ウィング",
            title_text="部長",
            user_id=self.clerk.id,
        )
        self.kuroki.user_id = self.clerk
        row = self._rows(domain=[("partner_id", "=", self.kuroki.id)])
        self.assertFalse(row.moved or row.staff_changed or row.work_changed or row.is_gone)
        self.kuroki.write(
            {"street": "丸の内2-2", "function": "取締役", "user_id": self.manager.id}
        )
        self.kuroki.deceased_on = "2026-02-01"
        self.env.invalidate_all()
        row = self._rows(domain=[("moved", "=", True)])
        self.assertEqual(row.partner_id, self.kuroki)
        self.assertTrue(row.staff_changed and row.work_changed and row.is_gone)
        self.assertEqual(row.former_user_id, self.clerk)
        self.assertIn("部長", row.former_work)
        self.assertIn("取締役", row.present_work)
        changes = row.compared_numbers()["changes"]
        self.assertEqual(set(changes.values()), {1})

    def test_of_who_was_sent_nothing_no_change_is_said(self):
        row = self._rows(domain=[("partner_id", "=", self.kuroki.id)])
        self.assertFalse(row.moved or row.staff_changed or row.work_changed)
        self.kuroki.deceased_on = "2026-02-01"
        self.haruyama.deceased_on = "2026-02-01"
        changes = row.compared_numbers()["changes"]
        self.assertEqual(changes["is_gone"], 1)  # of those who are in both
        self.assertEqual(sum(changes.values()), 1)

    def test_moved_home(self):
        home = self.env["kokyaku.home.address"].create(
            {"partner_id": self.kuroki.id, "city": "鎌倉市", "street": "長谷1-1"}
        )
        self._sent(self.kuroki, kind="home", address_text="鎌倉市長谷1-1")
        self.assertFalse(self._rows(domain=[("moved", "=", True)]))
        home.street = "長谷2-2"
        self.assertEqual(self._rows(domain=[("moved", "=", True)]).partner_id, self.kuroki)

    def test_take_over_who_is_missing(self):
        rows = self._rows(domain=[("side", "=", "last")])
        rows.action_take_in()
        member = self._member(self.cards, self.suzuki)
        self.assertEqual((member.origin, member.excluded), ("manual", False))
        self.assertIn("2025年お歳暮", member.reason)
        self.assertEqual(self.cards.member_count, 3)

    def test_take_over_everyone_that_matches(self):
        action = self.cards.action_compare_previous()
        rows = self.env[action["res_model"]].with_user(self.clerk)
        rows = rows.with_context(
            **action["context"],
            active_model=rows._name,
            active_ids=[],
            active_domain=[("side", "=", "last")],
        )
        rows.action_take_in()
        self.assertIn(self.suzuki, self._people(self.cards))

    def test_take_out(self):
        self._rows(domain=[("side", "=", "this")]).action_take_out()
        self.assertTrue(self._member(self.cards, self.haruyama).excluded)

    def test_a_confirmed_set_takes_nobody_over(self):
        self.cards.sudo().state = "confirmed"
        with self.assertRaisesRegex(UserError, "2025年年賀状"):
            self._rows(domain=[("side", "=", "last")]).action_take_in()

    def test_without_a_last_time_it_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Last Time"):
            self.gifts.action_compare_previous()
        with self.assertRaisesRegex(UserError, "two sets"):
            self.gifts.action_compare()

    def test_sets_of_other_companies_are_not_read(self):
        other = self.env["res.company"].create({"name": "別会社"})
        stranger = new_test_user(
            self.env,
            login="kc_stranger",
            groups="kokyaku_crm.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        action = self.cards.action_compare_previous()
        rows = self.env[action["res_model"]].with_user(stranger)
        rows = rows.with_context(**action["context"], allowed_company_ids=other.ids)
        self.assertFalse(rows.search([]))
        self.assertEqual(rows.compared_numbers()["sets"], [])

    def test_moved_looks_at_where_it_would_go_today(self):
        self.wing.write({"city": "千代田区", "street": "丸の内1-1"})
        self._sent(self.kuroki, kind="company", address_text="千代田区丸の内1-1")
        self.assertFalse(self._rows(domain=[("moved", "=", True)]), "the company's address")
        self.wing.street = "丸の内9-9"
        row = self._rows(domain=[("moved", "=", True)])
        self.assertEqual((row.partner_id, row.present_address), (self.kuroki, "千代田区丸の内9-9"))
        self.wing.street = "丸の内1-1"
        self.kuroki.write({"home_city": "鎌倉市", "home_street": "長谷1-1"})
        self.assertFalse(self._rows(domain=[("moved", "=", True)]))
        self.kuroki.address_choice = "home"
        self.env.invalidate_all()
        row = self._rows(domain=[("moved", "=", True)])
        self.assertEqual(row.present_address, "鎌倉市長谷1-1")

    def test_who_was_there_last_time_only_has_not_moved_for_that(self):
        self.wing.write({"city": "千代田区", "street": "丸の内1-1"})
        self._sent(self.suzuki, kind="company", address_text="千代田区丸の内1-1")
        row = self._rows(domain=[("partner_id", "=", self.suzuki.id)])
        self.assertEqual((row.side, row.moved), ("last", False))
        self.wing.street = "丸の内9-9"
        self.env.invalidate_all()
        row = self._rows(domain=[("moved", "=", True)])
        self.assertEqual(row.present_address, "千代田区丸の内9-9")

    def test_function_and_company_of_the_main_affiliation(self):
        self.env["kokyaku.affiliation"].create(
            {
                "partner_id": self.kuroki.id,
                "company_partner_id": self.wing.id,
                "function": "課長",
                "is_main": True,
            }
        )
        self.wing.street = "丸の内1-1"
        line = self._sent(
            self.kuroki, kind="company", company_text="株式会社ウィング", title_text="課長"
        )
        self.assertFalse(self._rows(domain=[("work_changed", "=", True)]))
        line.title_text = "係長"
        self.assertTrue(self._rows(domain=[("work_changed", "=", True)]))

    def test_a_company_that_stays_what_it_is_has_not_changed(self):
        self.gifts._add_people(self.wing)
        self.cards._add_people(self.wing)
        self._sent(self.wing, kind="company", name_text="株式会社ウィング")
        self.assertFalse(self._rows(domain=[("work_changed", "=", True)]))

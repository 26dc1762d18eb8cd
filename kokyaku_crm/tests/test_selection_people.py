from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSelectionPeople(KokyakuCase):
    """選択セットに追加・から除外, from the lists of the office."""

    def setUp(self):
        super().setUp()
        self.set = self._as(self.clerk)["kokyaku.selection.set"].create({"name": "お歳暮"})

    def _wizard(self, records, operation="add", **values):
        context = {
            "active_model": records._name,
            "active_ids": records.ids,
            "active_domain": [],
            "default_operation": operation,
        }
        people = self._as(self.clerk)["kokyaku.selection.people"].with_context(**context)
        return people.create(values)

    def _members(self, excluded=False):
        members = self.set.member_ids.filtered(lambda member: member.excluded == excluded)
        return members.partner_id

    def test_people_companies_and_departments_come_in_with_reason(self):
        wizard = self._wizard(
            self.kuroki | self.wing,
            set_id=self.set.id,
            reason="部長の依頼",
            asked_by=self.manager.id,
        )
        wizard.action_apply()
        self.assertEqual(self._members(), self.kuroki | self.wing)
        self.assertEqual(set(self.set.member_ids.mapped("reason")), {"部長の依頼"})
        self.assertEqual(self.set.member_ids.asked_by, self.manager)
        self.assertEqual(self.set.member_count, 2)
        self.assertEqual(self.set.action_members()["display_name"], self.set.display_name)

    def test_it_says_who_was_in_already(self):
        self.set._add_people(self.kuroki)
        wizard = self._wizard(self.kuroki | self.suzuki, set_id=self.set.id)
        self.assertIn("1 are in the set already", wizard.summary)
        message = wizard.action_apply()["params"]["message"]
        self.assertTrue(message.startswith("1 came into"), message)
        self.assertIn("1 are in the set already", message)

    def test_all_that_match_and_not_only_the_page(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "1")
        wizard = self._wizard(self.kuroki, set_id=self.set.id)
        wizard = wizard.with_context(active_domain=[("parent_id", "=", self.wing.id)])
        wizard.action_apply()
        self.assertEqual(self._members(), self.kuroki | self.suzuki)

    def test_a_new_set_on_the_spot_is_proposed_the_next_time(self):
        self._wizard(self.kuroki, target="new", new_name="年賀状").action_apply()
        new = self.env["kokyaku.selection.set"].search([("name", "=", "年賀状")])
        self.assertEqual(new.member_ids.partner_id, self.kuroki)
        self.assertEqual(new.owner_id, self.clerk)
        self.assertEqual(self._wizard(self.suzuki).set_id, new)
        new.state = "confirmed"
        self.assertEqual(self._wizard(self.suzuki).set_id, self.set, "a locked set is not proposed")

    def test_a_new_set_needs_a_name(self):
        with self.assertRaisesRegex(UserError, "name"):
            self._wizard(self.kuroki, target="new", new_name=" ").action_apply()

    def test_a_confirmed_set_takes_nobody(self):
        self.set.sudo().state = "confirmed"
        with self.assertRaisesRegex(UserError, "locked"):
            self._wizard(self.kuroki, set_id=self.set.id, target="existing").action_apply()

    def test_people_of_another_company_stay_out_and_are_counted(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.clerk.company_ids += other
        self.suzuki.company_id = other
        wizard = self._wizard(self.kuroki | self.suzuki, set_id=self.set.id)
        wizard = wizard.with_context(allowed_company_ids=(self.company | other).ids)
        message = wizard.action_apply()["params"]["message"]
        self.assertEqual(self._members(), self.kuroki)
        self.assertIn("1 belong to another company", message)

    def test_who_cannot_be_seen_cannot_be_put_in(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.suzuki.company_id = other
        self._wizard(self.suzuki, set_id=self.set.id).action_apply()
        self.assertFalse(self.set.member_ids)

    def test_removed_ones_stay_out_until_they_are_taken_back(self):
        self.set._add_people(self.kuroki | self.suzuki, origin="criteria")
        member = self.set.member_ids.filtered(lambda member: member.partner_id == self.suzuki)
        self._wizard(member, "remove", reason="退職").action_apply()
        self.assertEqual(self._members(excluded=True), self.suzuki)
        self.assertEqual(member.reason, "退職")
        self.set._add_people(self.suzuki, origin="criteria")
        self.assertEqual(self._members(), self.kuroki)
        self._wizard(member, "restore", reason="誤り").action_apply()
        self.assertEqual(self._members(), self.kuroki | self.suzuki)
        self.assertEqual(self.set.excluded_count, 0)

    def test_taking_back_adds_nobody_new(self):
        self.set._add_people(self.kuroki)
        message = self._wizard(self.set.member_ids, "restore").action_apply()["params"]["message"]
        self.assertTrue(message.startswith("0 came into"), message)
        self.assertEqual(self.set.member_ids.origin, "manual")

    def test_out_of_a_set_from_the_list_of_persons(self):
        self.set._add_people(self.kuroki)
        wizard = self._wizard(self.kuroki | self.suzuki, "remove", set_id=self.set.id)
        message = wizard.action_apply()["params"]["message"]
        self.assertTrue(message.startswith("1 taken out"), message)
        self.assertFalse(self._members())
        self.assertEqual(len(self.set.member_ids), 1, "nobody else is entered as out")

    def test_from_the_people_of_a_company_and_from_the_contact_history(self):
        people = self.env["kokyaku.company.person"].search(
            [("company_partner_id", "=", self.wing.id)]
        )
        self._wizard(people, set_id=self.set.id).action_apply()
        self.assertEqual(self._members(), self.kuroki | self.suzuki)
        contact = self.env["kokyaku.contact.history"].create(
            {
                "partner_id": self.haruyama.id,
                "company_id": self.company.id,
                "method_id": self.env["kokyaku.contact.method"].search([], limit=1).id,
                "subject": "来店",
            }
        )
        self._wizard(contact, set_id=self.set.id).action_apply()
        self.assertIn(self.haruyama, self._members())

    def test_recipients_of_two_sets_cannot_be_removed_in_one_go(self):
        other = self.set.copy({"name": "年賀状"})
        other._add_people(self.kuroki)
        self.set._add_people(self.kuroki)
        with self.assertRaisesRegex(UserError, "one set"):
            self._wizard(self.set.member_ids | other.member_ids, "remove")

    def test_an_analyst_changes_no_set(self):
        with self.assertRaises(AccessError):
            self._as(self.analyst)["kokyaku.selection.people"].create({"set_id": self.set.id})

    def test_the_buyers_come_in_from_the_purchases(self):
        self._order(self.haruyama)
        purchases = self.env["kokyaku.purchase"].search([("partner_id", "=", self.haruyama.id)])
        self.assertTrue(purchases)
        wizard = self._wizard(purchases, set_id=self.set.id)
        wizard = wizard.with_user(self.sales_lead)
        wizard.action_apply()
        self.assertEqual(self._members(), self.haruyama)

    def test_whom_nobody_looks_after_has_a_name_when_grouped(self):
        for model, name in (
            ("kokyaku.selection.member", "partner_user_id"),
            ("kokyaku.selection.change", "partner_user_id"),
            ("kokyaku.selection.difference", "user_id"),
            ("kokyaku.execution.line", "user_id"),
            ("kokyaku.purchase", "user_id"),
            ("kokyaku.sales.record", "user_id"),
        ):
            field = self.env[model].fields_get([name])[name]
            self.assertEqual(field["falsy_value_label"], "Nobody in Charge", model)

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_selection_responses import ResponseCase


@tagged("post_install", "-at_install")
class TestYearPlan(ResponseCase):
    """年間計画: this year beside the last."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gifts = cls._execution(
            "お歳暮", cls.kuroki, day=date(2025, 12, 1), unit_cost=3000, cost=500, sent_count=2
        )
        cls.gifts.response_count = 1

    def _plan(self, the_set, user=None):
        self.env.invalidate_all()
        plan = self.env["kokyaku.year.plan"].with_env(self._as(user or self.clerk))
        return plan.search([("set_id", "=", the_set.id)])

    def _open(self, the_set):
        plan = self.env["kokyaku.year.plan"].with_env(self._as(self.clerk))
        return plan.search([("is_open", "=", True), ("last_set_id", "=", the_set.id)])

    def test_what_nothing_has_followed_stands_a_year_later_to_be_copied(self):
        last = self.gifts.set_id
        row = self._open(last)
        self.assertRecordValues(
            row,
            [
                {
                    "date": date(2026, 12, 1),
                    "state": "open",
                    "last_date": date(2025, 12, 1),
                    "last_people": 2,
                    "last_cost": 6500,
                    "last_responses": 1,
                }
            ],
        )
        sets = self.registry["kokyaku.selection.set"]
        with patch.object(sets, "action_copy", lambda one: one.ids, create=True):
            self.assertEqual(row.action_copy_last(), last.ids)
        self.env["kokyaku.selection.set"].create({"name": "お歳暮2026", "copied_from_id": last.id})
        self.assertFalse(self._open(last))

    def test_this_year_stands_beside_the_last(self):
        new = self.env["kokyaku.selection.set"].create(
            {"name": "お歳暮2026", "previous_id": self.gifts.set_id.id, "deadline": "2026-11-10"}
        )
        row = self._plan(new)
        self.assertEqual((row.date, row.people, row.last_people), (date(2026, 11, 10), 0, 2))
        execution = self._execution("お歳暮2026", self.suzuki, day=date(2026, 12, 3))
        execution.write({"set_id": new.id, "sent_count": 5, "cost": 800})
        row = self._plan(new)
        self.assertEqual((row.date, row.people, row.cost), (date(2026, 12, 3), 5, 800))
        self.assertEqual(row.action_open_set()["res_id"], new.id)

    def test_a_cancelled_execution_is_not_in_the_plan(self):
        self.gifts.state = "cancelled"
        self.assertFalse(self._plan(self.gifts.set_id) | self._open(self.gifts.set_id))

    def test_the_plan_is_read_in_ones_own_companies_only(self):
        self.assertTrue(self._plan(self.gifts.set_id, self.analyst))
        other = self.env["res.company"].create({"name": "別会社"})
        self.gifts.set_id.sudo().company_id = other
        self.assertFalse(self._plan(self.gifts.set_id))
        with self.assertRaises(AccessError):
            self._plan(self.gifts.set_id, self.outsider)

    # ---- 前回を選ぶ -------------------------------------------------------------------

    def _ask(self, the_set, **values):
        action = self._plan(the_set).action_choose_previous()
        wizards = self._plan(the_set).env[action["res_model"]].with_context(**action["context"])
        return wizards.create(values)

    def test_the_set_of_the_same_kind_a_year_before_is_offered(self):
        kinds = self.env["kokyaku.selection.type"].create(
            [{"code": "YP1", "name": "お歳暮"}, {"code": "YP2", "name": "お中元"}]
        )
        last = self.gifts.set_id
        last.selection_type_id = kinds[0]
        other = self._execution("催事", self.kuroki, day=date(2025, 12, 2)).set_id
        other.selection_type_id = kinds[1]
        summer = self._execution("夏の品", self.kuroki, day=date(2025, 7, 1)).set_id
        summer.selection_type_id = kinds[0]
        new = self.env["kokyaku.selection.set"].create(
            {"name": "冬の品", "deadline": "2026-11-20", "selection_type_id": kinds[0].id}
        )
        self.assertFalse(self._plan(new).last_date)
        wizard = self._ask(new)
        self.assertEqual((wizard.candidate_ids, wizard.previous_id), (last, last))
        wizard.action_apply()
        self.assertEqual((new.previous_id, self._plan(new).last_people), (last, 2))
        self.assertFalse(self._open(last), "it is not left to be planned any more")

    def test_without_a_selection_type_nothing_is_taken_for_granted(self):
        new = self.env["kokyaku.selection.set"].create({"name": "新", "deadline": "2026-11-20"})
        wizard = self._ask(new)
        self.assertIn(self.gifts.set_id, wizard.candidate_ids)
        self.assertFalse(wizard.previous_id)

    def test_any_other_set_can_be_chosen(self):
        strange = self._execution("案内", self.kuroki, day=date(2024, 3, 1)).set_id
        new = self.env["kokyaku.selection.set"].create({"name": "新", "deadline": "2026-11-20"})
        wizard = self._ask(new, show_all=True)
        self.assertIn(strange, wizard.candidate_ids)
        self.assertNotIn(new, wizard.candidate_ids)
        self.assertFalse(wizard.previous_id)
        wizard.previous_id = strange
        wizard.action_apply()
        self.assertEqual(new.previous_id, strange)

    def test_who_only_looks_chooses_nothing(self):
        new = self.env["kokyaku.selection.set"].create({"name": "新", "deadline": "2026-11-20"})
        with self.assertRaises(AccessError):
            self.env["kokyaku.year.plan.previous"].with_env(self._as(self.analyst)).create(
                {"set_id": new.id, "date": "2026-11-20"}
            )

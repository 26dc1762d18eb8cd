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

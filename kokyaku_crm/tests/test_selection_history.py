from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .selection_common import SelectionCase


@tagged("post_install", "-at_install")
class TestSelectionHistory(SelectionCase):
    """実施履歴 on the person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.execution = cls._confirm(item="海苔", date=cls.today - timedelta(days=2))
        cls.execution.with_user(cls.clerk).action_execute()

    def _history(self, partner, **words):
        return partner.with_user(self.analyst).kokyaku_execution_history(**words)

    def test_what_was_sent_stands_there_for_ever_as_it_was(self):
        self.haruyama.street = "引越先9"
        [row] = self._history(self.haruyama)["rows"]
        self.assertEqual(row["to"], "248-0001 鎌倉市十二所1")
        self.assertEqual((row["name"], row["item"]), ("2026年お歳暮", "海苔"))
        self.assertEqual(row["date"], self.today - timedelta(days=2))
        self.assertFalse(row["state"])

    def test_the_answer_stands_beside(self):
        line = self._line(self.execution, self.haruyama)
        answer = self.env.ref("kokyaku_crm.response_card")
        line.sudo().write({"response_type_id": answer.id, "response_date": self.today})
        [row] = self._history(self.haruyama)["rows"]
        self.assertEqual((row["answer"], row["answer_date"]), (answer.name, self.today))

    def test_who_was_left_out_can_see_why_and_narrow_it_away(self):
        self.haruyama.complaint_open = True
        self._confirm(self._new_set("DM", self.haruyama + self.kuroki), purpose="promotion")
        rows = self._history(self.haruyama)["rows"]
        self.assertEqual([bool(row["state"]) for row in rows], [True, False])
        self.assertIn("Open Complaint", rows[0]["state"])
        self.assertEqual(self._history(self.haruyama, only_sent=True)["count"], 1)

    def test_who_was_left_out_by_hand_can_see_the_reason(self):
        execution = self._confirm(self._new_set("DM", self.haruyama))
        lines = "SELECT id FROM kokyaku_execution_line WHERE execution_id = %s"
        execution.with_user(self.clerk)._take_out(SQL(lines, execution.id), "直接お渡し")
        states = [row["state"] for row in self._history(self.haruyama)["rows"] if row["state"]]
        self.assertTrue(any("直接お渡し" in state for state in states), states)

    def test_what_was_cancelled_is_no_history(self):
        execution = self._confirm(self._new_set("中止", self.haruyama))
        execution.with_user(self.clerk)._cancel("刷り直し")
        self.assertEqual(self._history(self.haruyama)["count"], 1)

    def test_a_company_shows_all_its_people(self):
        found = self._history(self.wing)
        self.assertEqual(found["count"], 2)
        self.assertEqual({row["partner"] for row in found["rows"]}, {"黒木 健一", "鈴木 三郎"})

    def test_the_glance_says_what_we_sent_last(self):
        cards = self.haruyama.with_user(self.analyst).kokyaku_glance()["cards"]
        [card] = [card for card in cards if card["name"] == "sent"]
        self.assertEqual(card["lines"][0]["text"], "2026年お歳暮")
        self.assertEqual(card["lines"][0]["note"], "海苔")

    def test_a_person_with_history_is_archived_not_deleted(self):
        with self.assertRaisesRegex(UserError, "archive"):
            self.haruyama.unlink()

    def test_a_thousand_lines_come_by_the_page(self):
        many = self.execution.sudo()
        executions = many.create(
            [
                {
                    "set_id": self.set.id,
                    "company_id": self.company.id,
                    "name": f"通信 {number}",
                }
                for number in range(60)
            ]
        )
        for execution in executions:
            execution._prepare()
        self.env.flush_all()
        counts = []
        for limit in (10, 50):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            found = self._history(self.haruyama, limit=limit)
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual((len(found["rows"]), found["count"]), (limit, 61))
        self.assertLessEqual(counts[1], counts[0])

    def test_who_has_no_business_there_sees_nothing(self):
        for user in (self.portal, self.outsider):
            with self.assertRaises(AccessError):
                self.haruyama.with_user(user).kokyaku_execution_history()

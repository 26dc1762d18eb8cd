from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .selection_common import SelectionCase


@tagged("post_install", "-at_install")
class TestSelectionState(SelectionCase):
    """作成中 → 確定 → 実行済 → 終了, by whom and when; late additions; execute and cancel."""

    def _wizard(self, one=None, **values):
        wizards = self.env["kokyaku.selection.confirm"].with_user(self.clerk)
        return wizards.with_context(default_set_id=(one or self.set).id).create(values)

    # ---- 確定 -----------------------------------------------------------------------

    def test_before_confirming_it_is_shown_who_gets_it_and_who_is_left_out(self):
        self.haruyama.deceased_on = self.today
        action = self.set.with_user(self.clerk).action_confirm()
        self.assertEqual(action["context"]["default_set_id"], self.set.id)
        wizard = self._wizard()
        self.assertEqual((wizard.send_count, wizard.left_out_count), (2, 1))
        self.assertIn("Deceased", wizard.reasons)
        self.assertEqual(self.set.state, "draft")
        self.assertFalse(self.set.execution_ids)

    def test_the_preview_says_what_is_prepared_then(self):
        people = self._people(21, email="alle@example.jp")
        one = self._new_set("予告", people)
        wizard = self._wizard(one, channel="email", control_percent=10, sure=True)
        said = (wizard.send_count, wizard.left_out_count, wizard.control_count)
        execution = self._confirm(one, channel="email", control_percent=10)
        self.assertEqual(
            said, (execution.goes_count, execution.excluded_count, execution.control_count)
        )

    def test_a_confirmed_set_is_locked_and_says_who_did_it(self):
        execution = self._confirm(item="海苔", date=self.today)
        self.assertEqual(self.set.state, "confirmed")
        self.assertEqual(self.set.confirmed_by, self.clerk)
        self.assertTrue(self.set.confirmed_at)
        self.assertEqual((execution.state, execution.item), ("prepared", "海苔"))
        with self.assertRaisesRegex(UserError, "locked"):
            self.set.with_user(self.clerk)._add_people(self.wing)
        with self.assertRaisesRegex(UserError, "locked"):
            self.set.with_user(self.clerk)._remove_people(self.kuroki)

    def test_an_empty_set_is_refused(self):
        empty = self.env["kokyaku.selection.set"].create({"name": "空"})
        with self.assertRaisesRegex(UserError, "nobody"):
            empty.with_user(self.clerk).action_confirm()

    def test_a_set_of_which_nobody_would_get_it_is_refused(self):
        with self.assertRaisesRegex(UserError, "None of the 3"):
            self._confirm(channel="fax", purpose="business")
        self.assertEqual(self.set.state, "draft")

    def test_a_set_of_everybody_asks_twice(self):
        self._people(25)
        everybody = self.env["res.partner"].search(
            [("is_company", "=", False), ("type", "=", "contact")]
        )
        everybody.write({"street": "一丁目", "city": "鎌倉市"})
        one = self._new_set("全員", everybody)
        wizard = self._wizard(one, purpose="business")
        self.assertIn("everybody", wizard.question)
        with self.assertRaisesRegex(UserError, "sure"):
            wizard.action_apply()
        wizard.sure = True
        wizard.action_apply()
        self.assertEqual(one.state, "confirmed")

    def test_what_was_chosen_last_time_is_proposed(self):
        sender = self.env["kokyaku.sender"].create({"code": "S1", "name": "社長"})
        last = self._new_set("昨年", self.kuroki)
        self._confirm(last, sender_id=sender.id, noshi="red")
        self.set.previous_id = last
        wizard = self._wizard()
        self.assertEqual(
            (wizard.sender_id, wizard.noshi, wizard.name), (sender, "red", "2026年お歳暮")
        )

    def test_the_second_one_who_confirms_is_told(self):
        first, second = self._wizard(), self._wizard()
        first.action_apply()
        with self.assertRaisesRegex(UserError, "Settled"):
            second.action_apply()
        self.assertEqual(len(self.set.execution_ids), 1, "nobody gets two letters")
        with self.assertRaisesRegex(UserError, "Settled"):
            self.set.with_user(self.clerk).action_confirm()

    def test_nonsense_is_refused(self):
        with self.assertRaises(ValidationError):
            self._wizard(date=self.today, answer_until=self.today - timedelta(days=1))
        with self.assertRaisesRegex(ValidationError, "between 0 and 99"):
            self._confirm(control_percent=120)

    def test_nobody_writes_the_state_by_hand(self):
        with self.assertRaises(UserError):
            self.set.with_user(self.clerk).write({"state": "executed"})
        made = (
            self.env["kokyaku.selection.set"]
            .with_user(self.clerk)
            .create({"name": "偽", "state": "executed"})
        )
        self.assertEqual(made.state, "draft")
        execution = self._confirm()
        with self.assertRaises(UserError):
            execution.with_user(self.clerk).write({"state": "executed"})
        with self.assertRaises(UserError):
            execution.line_ids[0].with_user(self.clerk).write({"sent_on": self.today})

    def test_who_only_reads_confirms_nothing(self):
        with self.assertRaises(AccessError):
            self.set.with_user(self.analyst).action_confirm()
        execution = self._confirm()
        for method in ("action_execute", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(execution.with_user(self.analyst), method)()
        with self.assertRaises(AccessError):
            execution.line_ids.with_user(self.analyst)._mark_printed()

    def test_the_same_people_once_more_when_that_is_asked_for(self):
        self._confirm()
        self.set.with_user(self.clerk).action_execute_again()
        again = self._confirm(channel="email", purpose="business")
        self.assertEqual(again.name, "2026年お歳暮 (2)")
        self.assertEqual(len(self.set.execution_ids), 2)

    # ---- 確定の取消 -------------------------------------------------------------------

    def test_the_confirmation_is_taken_back_with_a_trace(self):
        execution = self._confirm()
        self.set.with_user(self.clerk).action_unconfirm()
        self.assertEqual((self.set.state, self.set.confirmed_by.id), ("draft", False))
        self.assertEqual((execution.state, execution.cancelled_by), ("cancelled", self.clerk))
        self.assertTrue(execution.cancel_reason)
        self.assertEqual(len(execution.line_ids), 3)
        self.set.with_user(self.clerk)._add_people(self.wing)

    def test_not_after_something_was_printed(self):
        execution = self._confirm()
        execution.line_ids[0].with_user(self.clerk)._mark_printed()
        with self.assertRaisesRegex(UserError, "printed or sent"):
            self.set.with_user(self.clerk).action_unconfirm()
        self.assertEqual(self.set.state, "confirmed")

    # ---- 印刷・実行 -------------------------------------------------------------------

    def test_printing_marks_those_who_get_it_and_nobody_else(self):
        self.haruyama.deceased_on = self.today
        execution = self._confirm()
        lines = execution.line_ids.with_user(self.clerk)
        self.assertEqual(lines._mark_printed(), 2)
        self.assertEqual(execution.printed_count, 2)
        self.assertFalse(self._line(execution, self.haruyama).printed_at)
        self.assertEqual(lines._printed_before(), 2, "whoever prints again asks first")

    def test_execute_writes_the_posting_date_and_says_who_did_it(self):
        self.haruyama.deceased_on = self.today
        execution = self._confirm(date=self.today - timedelta(days=1))
        execution.with_user(self.clerk).action_execute()
        self.assertEqual(execution.state, "executed")
        self.assertEqual(execution.executed_by, self.clerk)
        self.assertEqual(execution.sent_count, 2)
        self.assertEqual(self._line(execution, self.kuroki).sent_on, self.today - timedelta(days=1))
        self.assertFalse(self._line(execution, self.haruyama).sent_on)
        self.assertEqual((self.set.state, self.set.executed_by), ("executed", self.clerk))

    def test_executing_twice_sends_nothing_twice(self):
        execution = self._confirm().with_user(self.clerk)
        execution.action_execute()
        with self.assertRaisesRegex(UserError, "nobody who is still"):
            execution.action_execute()

    def test_what_is_posted_next_week_is_not_executed_today(self):
        execution = self._confirm(date=self.today + timedelta(days=7)).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "posting date"):
            execution.action_execute()

    def test_who_waits_for_the_49_days_is_executed_later(self):
        mourning = self._mourning(self.haruyama)
        execution = self._confirm(noshi="red").with_user(self.clerk)
        execution.action_execute()
        line = self._line(execution, self.haruyama)
        self.assertEqual((line.sent_on, execution.open_count), (False, 1))
        line.hold_until = self.today
        execution.action_execute()
        self.assertEqual(line.sent_on, self.today)
        self.assertTrue(mourning)

    def test_control_people_are_never_sent(self):
        execution = self._confirm(self._new_set("比", self._people(10)), control_percent=20)
        execution.with_user(self.clerk).action_execute()
        self.assertEqual(execution.sent_count, 8)
        self.assertFalse(execution.line_ids.filtered(lambda one: one.is_control and one.sent_on))

    # ---- 取消 -----------------------------------------------------------------------

    def test_cancel_asks_for_the_reason_and_leaves_a_trace(self):
        execution = self._confirm().with_user(self.clerk)
        action = execution.action_cancel()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard.with_context(**action["context"]).create({"reason": "刷り直し"}).action_apply()
        self.assertEqual(
            (execution.state, execution.cancel_reason, execution.cancelled_by),
            ("cancelled", "刷り直し", self.clerk),
        )
        with self.assertRaises(UserError):
            execution.action_execute()
        self._confirm()
        self.assertEqual(len(self.set.execution_ids), 2)

    def test_what_was_sent_cannot_be_cancelled(self):
        execution = self._confirm().with_user(self.clerk)
        execution.action_execute()
        with self.assertRaisesRegex(UserError, "Executed"):
            execution.action_cancel()

    # ---- 遅れて追加 -------------------------------------------------------------------

    def _late(self, people, reason="ご紹介", **values):
        wizards = self.env["kokyaku.selection.late"].with_user(self.clerk)
        return wizards.with_context(default_set_id=self.set.id).create(
            {"partner_ids": people.ids, "reason": reason, **values}
        )

    def test_one_person_more_comes_into_the_locked_set(self):
        execution = self._confirm(item="海苔")
        person = self._people(1)
        self._late(person, asked_by=self.manager.id).action_apply()
        line = self._line(execution, person)
        self.assertEqual((line.is_late, line.late_reason, line.item), (True, "ご紹介", "海苔"))
        member = self.set.member_ids.filtered(lambda one: one.partner_id == person)
        self.assertEqual((member.reason, member.asked_by), ("ご紹介", self.manager))
        self.assertEqual((execution.line_count, self.set.member_count), (4, 4))

    def test_late_ones_are_executed_alone_afterwards(self):
        execution = self._confirm(date=self.today - timedelta(days=5)).with_user(self.clerk)
        execution.action_execute()
        person = self._people(1)
        self._late(person).action_apply()
        self.assertEqual(execution.open_count, 1)
        execution.action_execute()
        self.assertEqual(self._line(execution, person).sent_on, self.today)
        self.assertEqual(self._line(execution, self.kuroki).sent_on, self.today - timedelta(days=5))

    def test_a_late_one_is_left_out_for_the_same_reasons(self):
        execution = self._confirm()
        person = self._people(1, deceased_on=self.today)
        self._late(person).action_apply()
        self.assertEqual(self._line(execution, person).exclusion, "deceased")

    def test_who_is_in_already_is_named(self):
        self._confirm()
        with self.assertRaisesRegex(UserError, "黒木"):
            self._late(self.kuroki).action_apply()

    def test_late_without_a_reason_or_into_a_finished_set(self):
        execution = self._confirm().with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "why"):
            self._late(self._people(1), reason="  ").action_apply()
        execution.action_execute()
        self.set.with_user(self.clerk).action_close()
        with self.assertRaisesRegex(UserError, "Completed"):
            self.set.with_user(self.clerk).action_add_late()

    # ---- 終了 -----------------------------------------------------------------------

    def test_finish_and_open_again(self):
        one = self.set.with_user(self.clerk)
        execution = self._confirm().with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "not executed yet"):
            one.action_close()
        execution.action_execute()
        one.action_close()
        self.assertEqual((one.state, one.closed_by), ("closed", self.clerk))
        with self.assertRaises(UserError):
            one.action_execute_again()
        one.action_reopen()
        self.assertEqual((one.state, one.closed_by.id), ("executed", False))

    # ---- 品目・のし --------------------------------------------------------------------

    def test_item_and_wrapping_for_one_person(self):
        execution = self._confirm(item="海苔", noshi="red", unit_cost=3000)
        line = self._line(execution, self.kuroki).with_user(self.clerk)
        line.write({"item": "ハム", "unit_cost": 5000})
        execution.with_user(self.clerk).write({"item": "昆布", "unit_cost": 3500})
        self.assertEqual((line.item, line.unit_cost), ("ハム", 5000))
        other = self._line(execution, self.suzuki)
        self.assertEqual((other.item, other.unit_cost), ("昆布", 3500))
        execution.with_user(self.clerk).action_execute()
        with self.assertRaisesRegex(UserError, "黒木"):
            line.item = "鮭"

    def test_nobody_in_mourning_gets_the_red_wrapping_by_a_later_change(self):
        self._mourning(self.haruyama)
        execution = self._confirm(noshi="plain").with_user(self.clerk)
        execution.noshi = "red"
        self.assertEqual(self._line(execution, self.haruyama).noshi, "plain")
        self.assertEqual(self._line(execution, self.kuroki).noshi, "red")
        with self.assertRaisesRegex(UserError, "settled"):
            execution.noshi = "none"

    def test_last_times_item_stands_beside(self):
        last = self._new_set("昨年", self.kuroki)
        self._confirm(last, item="缶詰").with_user(self.clerk).action_execute()
        self.set.previous_id = last
        execution = self._confirm()
        self.assertEqual(self._line(execution, self.kuroki).previous_item, "缶詰")
        self.assertFalse(self._line(execution, self.suzuki).previous_item)

    def test_channel_and_purpose_are_settled(self):
        execution = self._confirm().with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "settled"):
            execution.channel = "email"
        execution.write({"channel": "post", "name": "改名"})
        execution.action_execute()
        with self.assertRaises(UserError):
            execution.date = self.today

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .selection_common import SelectionCase


@tagged("post_install", "-at_install")
class TestSelectionHand(SelectionCase):
    """今回の発送から外す・戻す, and what another posting date changes about mourning."""

    def _wizard(self, lines, operation="out", user=None, **values):
        wizards = self.env["kokyaku.selection.line.out"].with_user(user or self.clerk)
        return wizards.with_context(
            active_model=lines._name, active_ids=lines.ids, default_operation=operation
        ).create(values)

    def _out(self, lines, reason="直接お渡し", **values):
        return self._wizard(lines, reason=reason, **values).action_apply()

    def _back(self, lines):
        return self._wizard(lines, "back").action_apply()

    # ---- 外す -----------------------------------------------------------------------

    def test_one_person_is_taken_out_with_the_reason_and_put_back(self):
        execution = self._confirm()
        line = self._line(execution, self.kuroki)
        self._out(line)
        self.assertEqual(
            (line.exclusion, line.left_out_reason, line.left_out_by),
            ("by_hand", "直接お渡し", self.clerk),
        )
        self.assertEqual((execution.goes_count, execution.excluded_count), (2, 1))
        self.assertIn(self.kuroki, self.set.member_ids.partner_id, "the set keeps them")
        execution.with_user(self.clerk).action_execute()
        self.assertFalse(line.sent_on)
        self._back(line)
        self.assertEqual(
            (line.exclusion, line.left_out_reason, line.left_out_by.id), (False, False, False)
        )
        self.assertEqual(execution.open_count, 1, "sent alone, by “Execute the Rest”")

    def test_without_a_reason_nobody_is_taken_out(self):
        line = self._line(self._confirm(), self.kuroki)
        with self.assertRaisesRegex(UserError, "say why"):
            self._out(line, reason=" ")
        self.assertFalse(line.exclusion)

    def test_what_was_sent_or_cancelled_stays(self):
        execution = self._confirm()
        line = self._line(execution, self.kuroki)
        execution.with_user(self.clerk).action_execute()
        wizard = self._wizard(line, reason="遅い")
        self.assertEqual((wizard.number, wizard.other_number), (0, 1))
        wizard.action_apply()
        self.assertFalse(line.exclusion)
        other = self._confirm(self._new_set("取消", self.kuroki))
        other.with_user(self.clerk)._cancel("誤り")
        with self.assertRaisesRegex(UserError, "cancelled"):
            self._out(other.line_ids)

    def test_lines_of_two_executions_are_refused(self):
        lines = self._confirm().line_ids + self._confirm(self._new_set("別", self.wing)).line_ids
        with self.assertRaisesRegex(UserError, "one execution"):
            self._out(lines)

    def test_who_only_looks_takes_nobody_out(self):
        line = self._line(self._confirm(), self.kuroki)
        with self.assertRaises(AccessError):
            self._out(line, user=self.analyst)
        with self.assertRaises(UserError):
            line.with_user(self.clerk).write({"exclusion": "by_hand"})

    def test_it_is_said_how_many_are_printed_already(self):
        execution = self._confirm()
        line = self._line(execution, self.kuroki)
        line._mark_printed()
        wizard = self._wizard(execution.line_ids, reason="中止")
        self.assertEqual((wizard.number, wizard.printed_number), (3, 1))

    def test_who_died_meanwhile_does_not_come_back(self):
        line = self._line(self._confirm(), self.kuroki)
        self._out(line)
        self.kuroki.deceased_on = self.today
        self._back(line)
        self.assertEqual(line.exclusion, "deceased")

    # ---- 連名 -----------------------------------------------------------------------

    def _family(self):
        people = self._people(3)
        family = self._new_set("家族", people)
        for member in family.member_ids.filtered(lambda one: one.partner_id != people[0]):
            member.joint_with_id = people[0]
        execution = self._confirm(family)
        return execution, [self._line(execution, person) for person in people]

    def test_the_family_keeps_one_piece_when_its_first_is_taken_out(self):
        execution, (first, second, third) = self._family()
        self.assertEqual(first.joint_text, "客 1、客 2")
        self._out(first)
        self.assertEqual((second.exclusion, second.joint_text), (False, "客 2"))
        self.assertEqual((third.exclusion, third.joint_line_id), ("joint", second))
        self.assertFalse(first.joint_text)
        self._back(first)
        self.assertEqual((first.exclusion, first.joint_text), (False, "客 1、客 2"))
        self.assertEqual((second + third).mapped("exclusion"), ["joint", "joint"])
        self.assertEqual((second + third).joint_line_id, first)
        self.assertFalse(second.joint_text)
        self.assertEqual(execution.goes_count, 1)

    def test_the_family_keeps_one_piece_when_its_first_dies(self):
        execution, (first, second, third) = self._family()
        first.partner_id.deceased_on = self.today
        execution.with_user(self.clerk).action_judge_again()
        self.assertEqual(
            [line.exclusion or "" for line in (first, second, third)], ["deceased", "", "joint"]
        )

    def test_a_name_is_taken_off_the_piece_of_the_family(self):
        _execution, (first, second, third) = self._family()
        self._out(second)
        self.assertEqual((second.exclusion, second.joint_line_id.id), ("by_hand", False))
        self.assertEqual((first.joint_text, third.joint_line_id), ("客 2", first))

    # ---- 投函日 ---------------------------------------------------------------------

    def _post_on(self, execution, day):
        with patch.object(
            self.env.registry["res.users"], "_bus_send", autospec=True
        ) as told:
            execution.with_user(self.clerk).write({"date": day})
        line_model = self.env["kokyaku.execution.line"]
        line_model.invalidate_model()
        return told

    def test_who_was_left_out_in_mourning_gets_it_on_a_later_day(self):
        mourning = self._mourning(self.haruyama)
        execution = self._confirm()
        line = self._line(execution, self.haruyama)
        self.assertEqual(line.exclusion, "mourning")
        told = self._post_on(execution, mourning.date_to + timedelta(days=1))
        self.assertFalse(line.exclusion)
        self.assertEqual((execution.goes_count, execution.excluded_count), (3, 0))
        told.assert_called_once()

    def test_who_is_in_mourning_on_the_new_day_is_left_out(self):
        mourning = self._mourning(self.haruyama)
        after = mourning.date_to + timedelta(days=1)
        execution = self._confirm(date=after)
        line = self._line(execution, self.haruyama)
        self.assertFalse(line.exclusion)
        self._post_on(execution, self.today)
        self.assertEqual(line.exclusion, "mourning")
        self.assertFalse(self._line(execution, self.kuroki).exclusion)

    def test_a_gift_waits_no_longer_and_keeps_the_plain_wrapping_until_the_mourning_ends(self):
        mourning = self._mourning(self.haruyama)
        mourning.date_to = self.today + timedelta(days=100)
        execution = self._confirm(noshi="red")
        line = self._line(execution, self.haruyama)
        self._post_on(execution, self.today + timedelta(days=60))
        self.assertEqual((line.hold_until, line.noshi), (False, "plain"))
        self._post_on(execution, self.today + timedelta(days=101))
        self.assertEqual((line.hold_until, line.noshi), (False, "red"))
        self._post_on(execution, self.today)
        self.assertEqual(
            (line.hold_until, line.noshi), (self.today + timedelta(days=47), "plain")
        )

    def test_what_is_printed_or_set_by_hand_stays_as_it_is(self):
        mourning = self._mourning(self.haruyama)
        execution = self._confirm(noshi="red")
        self._line(execution, self.kuroki).with_user(self.clerk).noshi = "plain"
        line = self._line(execution, self.haruyama)
        line._mark_printed()
        told = self._post_on(execution, mourning.date_to + timedelta(days=1))
        self.assertEqual(line.noshi, "plain")
        self.assertEqual(self._line(execution, self.kuroki).noshi, "plain")
        told.assert_not_called()

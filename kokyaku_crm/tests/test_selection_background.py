import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import selection_execution_run as background
from .selection_common import SelectionCase

AT_WORK = "worked on in the background"


@tagged("post_install", "-at_install")
class TestSelectionBackground(SelectionCase):
    """A set of very many people is prepared and executed in the background; until that is done
    nobody changes it, and what fails leaves it as it was."""

    def _many_from(self, number):
        """Pretend that so many people and more are very many, and one line is a step."""
        self.enterContext(patch.object(background, "BACKGROUND", number - 1))
        self.enterContext(patch.object(background, "STEP", 1))

    def _prepared(self, **values):
        """An execution of the three people, as the clerk sees it."""
        return self._confirm(**values).with_user(self.clerk)

    def _work(self):
        """What the cron does."""
        self.env["kokyaku.run"]._work()
        self.env.invalidate_all()

    def _runs(self, execution):
        return self.env["kokyaku.run"].search(
            [("res_model", "=", execution._name), ("res_id", "=", execution.id)]
        )

    # ---- 実行 -----------------------------------------------------------------------

    def test_very_many_are_executed_in_the_background(self):
        execution = self._prepared(date=self.today)
        self._many_from(3)
        execution.action_execute()
        self.assertEqual((execution.state, execution.is_at_work), ("prepared", True))
        self.assertFalse(any(execution.line_ids.mapped("sent_on")))
        self._work()
        self.assertEqual((execution.state, execution.is_at_work), ("executed", False))
        self.assertEqual(set(execution.line_ids.mapped("sent_on")), {self.today})
        self.assertEqual((execution.sent_count, execution.executed_by), (3, self.clerk))
        self.assertEqual(self.set.state, "executed")
        run = self._runs(execution)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.result_message, "Executed for 3 people.")
        self.assertEqual(run.name, execution.name, "the work is found by the execution's name")

    def test_executing_writes_nothing_but_the_lines(self):
        """No index is touched: with a million people that would be most of the work."""
        execution = self._prepared()
        self.env.flush_all()
        light = "SELECT pg_stat_get_xact_tuples_hot_updated('kokyaku_execution_line'::regclass)"
        [[before]] = self.env.execute_query(SQL(light))
        execution.action_execute()
        [[after]] = self.env.execute_query(SQL(light))
        self.assertEqual((execution.sent_count, after - before), (3, 3))

    def test_not_so_many_are_executed_at_once(self):
        execution = self._prepared()
        self._many_from(4)
        execution.action_execute()
        self.assertEqual((execution.state, execution.sent_count), ("executed", 3))
        self.assertFalse(self._runs(execution))

    def test_what_is_left_counts_and_not_what_is_done(self):
        """The late addition to a very large execution is executed at once."""
        execution = self._prepared()
        execution.action_execute()
        self._many_from(3)
        execution._add_late(self._people(1), "部長の依頼")
        execution.action_execute()
        self.assertEqual(execution.sent_count, 4)

    def test_meanwhile_nobody_starts_or_changes_anything(self):
        execution = self._prepared(item="海苔")
        self._many_from(3)
        execution.action_execute()
        line = execution.line_ids[0]
        other = self.manager
        execution = execution.with_user(other)
        words = f"{AT_WORK}, which {re.escape(self.clerk.name)} has"
        for change in (
            execution.action_execute,
            execution.action_judge_again,
            lambda: execution._cancel("中止"),
            lambda: execution._add_late(self._people(1), "部長の依頼"),
            lambda: execution.write({"item": "お茶"}),
            lambda: line.with_user(other).write({"item": "お茶"}),
            lambda: self.set.with_user(other).action_unconfirm(),
        ):
            with self.assertRaisesRegex(UserError, words):
                change()
        self.assertEqual(len(self._runs(execution)), 1)
        self._work()
        self.assertEqual(execution.sent_count, 3)
        self.assertEqual(set(execution.line_ids.mapped("item")), {"海苔"})

    def test_taken_out_of_the_queue_it_is_as_before(self):
        execution = self._prepared()
        self._many_from(3)
        execution.action_execute()
        self._runs(execution).with_user(self.clerk).action_cancel()
        self._work()
        self.assertEqual((execution.state, execution.sent_count), ("prepared", 0))
        self.assertFalse(execution.is_at_work)
        execution.action_execute()
        self._work()
        self.assertEqual(execution.sent_count, 3)

    def test_what_goes_wrong_is_said_and_can_be_done_again(self):
        execution = self._prepared()
        self._many_from(3)
        execution.action_execute()
        stamp = patch.object(
            type(execution), "_stamp_executed", side_effect=UserError("郵便局が休みです")
        )
        with stamp:
            self._work()
        self.assertEqual((execution.state, execution.sent_count), ("prepared", 0))
        self.assertFalse(any(execution.line_ids.mapped("sent_on")), "half of it was executed")
        self.assertEqual(execution.run_problem, "郵便局が休みです")
        execution.action_execute()
        self._work()
        self.assertEqual(execution.sent_count, 3)
        self.assertFalse(execution.run_problem)

    def test_it_is_the_day_on_which_the_button_was_pressed(self):
        """Also when the cron comes to it after midnight."""
        execution = self._prepared(date=self.today)
        self._many_from(3)
        execution.action_execute()
        self.assertEqual(self._runs(execution).params, {"day": str(self.today)})

    # ---- 確定 -----------------------------------------------------------------------

    def test_very_many_are_prepared_in_the_background(self):
        self.haruyama.deceased_on = self.today
        self._many_from(3)
        execution = self._confirm(item="海苔").with_user(self.clerk)
        self.assertEqual(self.set.state, "confirmed")
        self.assertEqual((execution.is_at_work, execution.line_count), (True, 0))
        with self.assertRaisesRegex(UserError, AT_WORK):
            execution.action_execute()
        self._work()
        self.assertEqual((execution.is_at_work, execution.state), (False, "prepared"))
        self.assertEqual((execution.line_count, execution.excluded_count), (3, 1))
        self.assertEqual(set(execution.line_ids.mapped("item")), {"海苔"})
        self.assertEqual(execution.line_ids.create_uid, self.clerk)
        self.assertEqual(self._runs(execution).result_message, "Prepared for 3 people.")

    def test_what_could_not_be_prepared_leaves_the_set_in_preparation(self):
        self._many_from(3)
        execution = self._confirm().with_user(self.clerk)
        problem = UserError("住所が読めない")
        prepare = patch.object(type(execution), "_prepare", side_effect=problem)
        with prepare:
            self._work()
        self.assertEqual((self.set.state, self.set.confirmed_by.id), ("draft", False))
        self.assertEqual(
            (execution.state, execution.cancel_reason), ("cancelled", "住所が読めない")
        )
        self.assertFalse(execution.line_ids)
        again = self._confirm().with_user(self.clerk)
        self._work()
        self.assertEqual(again.line_count, 3)

    def test_a_second_execution_that_fails_leaves_the_set_confirmed(self):
        self._prepared()
        self._many_from(3)
        again = self._confirm()
        self._runs(again).with_user(self.clerk).action_cancel()
        self.assertEqual(again.state, "cancelled")
        self.assertIn("Stopped", again.cancel_reason)
        self.assertEqual(self.set.state, "confirmed")

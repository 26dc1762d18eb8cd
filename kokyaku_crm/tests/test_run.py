import time
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.res_partner import ResPartner

from .common import KokyakuCase

RUN_LOGGER = "odoo.addons.kokyaku_crm.models.kokyaku_run_work"


@tagged("post_install", "-at_install")
class TestRun(KokyakuCase):
    """Long work, from the button to the result. The work is a method on the partner."""

    def setUp(self):
        super().setUp()
        self.runs = self.env["kokyaku.run"]
        self.runs.search([("state", "in", ("queued", "running"))]).write({"state": "cancelled"})

    def _work_with(self, method):
        """Let partners do `method` as the work "test", and work off the queue."""
        with patch.object(ResPartner, "_run_test", method, create=True):
            self.runs._work()

    def _enqueue(self, user=None, **values):
        runs = self.runs.with_user(user or self.clerk).with_company(self.company)
        return runs._enqueue("test", self.wing.with_user(user or self.clerk), **values)

    def test_from_the_queue_to_the_end(self):
        run = self._enqueue(name="試験の仕事", params={"year": 2026})
        self.assertEqual((run.state, run.name, run.user_id), ("queued", "試験の仕事", self.clerk))
        seen = {}

        def work(partner, run):
            seen.update(
                partner=partner,
                uid=run.env.uid,
                company=run.env.company,
                params=run.params,
                state=run.state,
            )
            run._report(40, "半分まであと少し")
            seen["status"] = run.status(run.ids)
            partner.comment = "済"
            return "3件を処理しました。"

        self._work_with(work)
        self.assertEqual(seen["partner"], self.wing)
        self.assertEqual(seen["uid"], self.clerk.id)
        self.assertEqual(seen["company"], self.company)
        self.assertEqual(seen["params"], {"year": 2026})
        self.assertEqual(seen["state"], "running")
        self.assertEqual(seen["status"][0]["progress"], 40)
        self.assertEqual(seen["status"][0]["message"], "半分まであと少し")
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual(run.message, "3件を処理しました。")
        self.assertTrue(run.started_at and run.finished_at)
        self.assertIn("済", self.wing.comment)

    def test_two_clicks_are_one_run(self):
        run = self._enqueue()
        self.assertEqual(self._enqueue(), run)
        self.assertEqual(self._enqueue(self.manager), run)
        other = self.runs._enqueue("test", self.kuroki)
        self.assertNotEqual(other, run)
        self._work_with(lambda partner, run: None)
        self.assertNotEqual(self._enqueue(), run)

    def test_two_clicks_at_the_same_moment_are_tried_again(self):
        self._enqueue()
        with (
            patch.object(type(self.runs), "_active_domain", lambda *args: [("id", "=", 0)]),
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
        ):
            self._enqueue()

    def test_a_cron_that_was_busy_long_leaves_the_rest_to_the_next_one(self):
        """All turns of one job count against one limit of time."""
        order = []
        runs = [self.runs._enqueue("test", one) for one in (self.kuroki, self.suzuki)]
        cron = self.env.ref("kokyaku_crm.cron_run")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        busy = self.runs.with_context(cron_end_time=time.monotonic() - 60)
        with patch.object(ResPartner, "_run_test", lambda *words: order.append(1), create=True):
            busy._work()
        self.assertFalse(order)
        self.assertEqual([run.state for run in runs], ["queued", "queued"])
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_oldest_first(self):
        order = []
        first = self.runs._enqueue("test", self.kuroki)
        second = self.runs._enqueue("test", self.suzuki)
        self._work_with(lambda partner, run: order.append(run.id))
        self.assertEqual(order, [first.id, second.id])

    def test_a_failing_run_tells_why_and_leaves_nothing_behind(self):
        run = self._enqueue()
        reason = "顧客コードが重複しています。"

        def work(partner, run):
            partner.comment = "半端"
            run._report(50)
            raise UserError(reason)

        with self.assertNoLogs(RUN_LOGGER, "WARNING"):  # the user can mend it, nobody else must
            self._work_with(work)
        self.assertEqual((run.state, run.message), ("failed", reason))
        self.assertFalse(self.wing.comment)
        self.assertTrue(run.finished_at)

    def test_an_unexpected_error_is_told_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        self.clerk.lang = "ja_JP"
        run = self._enqueue()

        def work(partner, run):
            raise ZeroDivisionError("secret detail")

        with self.assertLogs(RUN_LOGGER, "ERROR") as logs:
            self._work_with(work)
        self.assertEqual(run.state, "failed")
        self.assertIn("ZeroDivisionError", run.message)
        self.assertIn("管理者", run.message)
        self.assertNotIn("secret detail", run.message)
        self.assertIn("secret detail", logs.output[0])

    def test_one_failure_does_not_stop_the_next_run(self):
        bad = self.runs._enqueue("test", self.kuroki)
        good = self.runs._enqueue("test", self.suzuki)

        def work(partner, run):
            if partner == self.kuroki:
                raise UserError(partner.name)

        with mute_logger(RUN_LOGGER):
            self._work_with(work)
        self.assertEqual((bad.state, good.state), ("failed", "done"))

    def test_short_work_does_not_wait_for_the_end_of_long_work(self):
        long = self.runs._enqueue("test", self.kuroki)
        turns = []

        def work(record, run):
            turns.append(record)
            if len(turns) == 1:  # colleagues come while the first turn is under way
                run.env["kokyaku.run"]._enqueue("test", self.suzuki)
                run.env["kokyaku.run"]._enqueue("test", other)
            return {"again": True} if record == self.kuroki and len(turns) < 4 else None

        other = self.env.company
        with patch.object(type(other), "_run_test", work, create=True):
            self._work_with(work)
        # work of the same kind keeps its order: it may go on from what the first has done
        self.assertEqual(turns, [self.kuroki, other, self.kuroki, self.kuroki, self.suzuki])
        self.assertEqual(long.state, "done")

    def test_an_interrupted_run_is_started_again(self):
        run = self._enqueue()
        run.sudo().write({"state": "running", "attempts": 1})  # as a killed server leaves it
        calls = []
        with mute_logger(RUN_LOGGER):
            self._work_with(lambda partner, run: calls.append(run.id))
        self.assertEqual(calls, [run.id])
        self.assertEqual((run.state, run.attempts), ("done", 2))

    def test_a_run_that_is_cut_off_three_times_is_given_up(self):
        run = self._enqueue()
        run.sudo().write({"state": "running", "attempts": 3})
        calls = []
        with mute_logger(RUN_LOGGER):
            self._work_with(lambda partner, run: calls.append(run.id))
        self.assertEqual(calls, [])
        self.assertEqual(run.state, "failed")
        self.assertIn("3", run.message)

    def test_a_lock_conflict_puts_the_run_back(self):
        run = self._enqueue()

        def work(partner, run):
            raise errors.SerializationFailure("could not serialize access")

        for attempt in (1, 2):
            with mute_logger(RUN_LOGGER):
                self._work_with(work)
            self.assertEqual((run.state, run.attempts), ("queued", attempt))
        with mute_logger(RUN_LOGGER):
            self._work_with(work)
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.message)

    def test_long_work_in_several_turns(self):
        run = self._enqueue()
        turns = []

        def work(partner, run):
            turns.append(run.attempts)
            return {"again": len(turns) < 5}

        self._work_with(work)
        self.assertEqual(turns, [1] * 5)
        self.assertEqual(run.state, "done")

    def test_a_result_file_can_be_fetched_until_it_expires(self):
        run = self._enqueue()

        def work(partner, run):
            run._attach("一覧.csv", "顧客コード\n".encode(), "text/csv", days=3)

        self._work_with(work)
        self.assertEqual(run.state, "done")
        today = fields.Date.context_today(run)
        self.assertEqual(run.expires_on, today + timedelta(days=3))
        file = run.attachment_id
        self.assertEqual(file.with_user(self.clerk).raw, "顧客コード\n".encode())
        self.assertIn(str(file.id), run.action_download()["url"])
        self.runs._gc_result_files()
        self.assertTrue(file.exists())
        run.sudo().expires_on = today - timedelta(days=1)
        self.runs._gc_result_files()
        self.assertFalse(file.exists())
        self.assertEqual(run.state, "done")
        with self.assertRaisesRegex(UserError, "no longer kept"):
            run.action_download()

    def test_a_returned_attachment_is_the_result_file(self):
        run = self._enqueue()
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"a"})
        self._work_with(lambda partner, run: {"attachment": file, "message": "できました"})
        self.assertEqual((run.attachment_id, run.message), (file, "できました"))
        self.assertTrue(run.expires_on)

    def test_files_are_for_those_who_asked_and_for_managers(self):
        run = self._enqueue()
        self.assertTrue(run.with_user(self.analyst).has_access("read"))
        self._work_with(lambda partner, run: run._attach("a.txt", b"a", "text/plain") and None)
        for user, allowed in ((self.clerk, True), (self.manager, True), (self.analyst, False)):
            self.assertEqual(run.with_user(user).has_access("read"), allowed, user.login)
            self.assertEqual(
                run.attachment_id.with_user(user).has_access("read"), allowed, user.login
            )

    def test_waiting_runs_can_be_cancelled_running_ones_not(self):
        run = self._enqueue()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        calls = []
        self._work_with(lambda partner, run: calls.append(run.id))
        self.assertEqual(calls, [])
        run = self._enqueue()
        run.sudo().state = "running"
        with self.assertRaisesRegex(UserError, "no longer waiting"):
            run.action_cancel()

    def test_only_the_starter_or_a_manager_cancels(self):
        run = self._enqueue()
        with self.assertRaises(AccessError):
            run.with_user(self.analyst).action_cancel()
        run.with_user(self.manager).action_cancel()
        self.assertEqual(run.state, "cancelled")

    def test_a_failed_run_can_be_repeated(self):
        run = self._enqueue(params={"a": 1})
        run.sudo().state = "failed"
        run.action_retry()
        again = self.runs.search([("state", "=", "queued")])
        self.assertEqual((again.kind, again.params), ("test", {"a": 1}))
        self.assertEqual(again.res_id, self.wing.id)

    def test_the_record_was_deleted_meanwhile(self):
        partner = self.env["res.partner"].create({"name": "消える 人"})
        run = self.runs.with_user(self.clerk)._enqueue("test", partner)
        partner.unlink()
        with mute_logger(RUN_LOGGER):
            self._work_with(lambda partner, run: None)
        self.assertEqual(run.state, "failed")
        self.assertIn("deleted", run.message)

    def test_the_add_on_that_did_the_work_is_gone(self):
        run = self.runs._enqueue("unheard_of", self.wing)
        with mute_logger(RUN_LOGGER):
            self.runs._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("unheard_of", run.message)

    def test_status_leaves_out_what_one_may_not_see(self):
        run = self._enqueue()
        other = self.env["res.company"].create({"name": "別会社"})
        foreign = self.runs.with_company(other).create(
            {"kind": "x", "name": "x", "company_id": other.id}
        )
        status = run.with_user(self.clerk).status((run | foreign).ids)
        self.assertEqual([line["id"] for line in status], run.ids)
        self.assertEqual(run.status([0]), [])

    def test_progress_stays_between_0_and_100(self):
        run = self._enqueue()
        for given, shown in ((-5, 0), (250, 100), (33.3, 33.3)):
            run._report(given)
            self.assertAlmostEqual(run.status(run.ids)[0]["progress"], shown)

    def test_old_runs_are_cleaned_up(self):
        run = self._enqueue()
        self._work_with(lambda partner, run: run._attach("a.txt", b"a", "text/plain") and None)
        file = run.attachment_id
        run.sudo().finished_at = fields.Datetime.now() - timedelta(days=200)
        self.runs._gc_runs()
        self.assertFalse(run.exists())
        self.assertFalse(file.exists())

    def test_the_cron_is_woken(self):
        cron = self.env.ref("kokyaku_crm.cron_run")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._enqueue()
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

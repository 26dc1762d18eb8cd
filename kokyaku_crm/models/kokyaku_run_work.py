import logging
import time
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models, modules
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3  # a run that was cut off that often has a reason for it
PATIENCE = 20  # seconds beyond those that Odoo plans for a job
FILE_DAYS = 7  # result files hold personal data: they do not stay for ever
RETRY_ERRORS = (
    errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable, LockError,
)  # fmt: skip


class KokyakuRun(models.Model):
    """How the queued runs (処理) are worked off, and what a run offers to its work.

    Three transactions per run: one says *running*, one does the work, one says how it
    ended. Progress goes through a cursor and a table of its own, so that it shows at once
    and never collides with the work.
    """

    _inherit = "kokyaku.run"

    # ---- Working ------------------------------------------------------------

    @api.model
    def _work(self):
        """Cron: work off the queue until it is empty or the time is up."""
        self._recover_interrupted()
        while run := self._next():
            if self._is_cron_old():
                self.env.ref("kokyaku_crm.cron_run").sudo()._trigger()
                self._commit(remaining=0)
                break
            if not run._execute():
                break  # ended by a lock conflict: leave it some time
            remaining = self.search_count([("state", "=", "queued")])
            if not self._commit(processed=1, remaining=remaining):
                break

    @api.model
    def _next(self):
        """The queued run whose turn it is: the oldest, but short work does not wait for the end
        of somebody's long one.

        What waits for its first turn comes before what has had one, unless it is of the same
        model: of two imports the first is through before the second begins, which may correct it
        or know the people it has brought.
        """
        queued = self.search([("state", "=", "queued")], order="id")
        begun = set(queued.filtered("started_at").mapped("res_model"))
        fresh = queued.filtered(lambda run: not run.started_at and run.res_model not in begun)
        return (fresh or queued)[:1]

    @api.model
    def _is_cron_old(self):
        """Return whether this turn of the cron should end for a new one to begin.

        Odoo calls a job that has more to do ten times in a row and counts all of it against
        one limit (120 s); what it begins anew has the whole limit again.
        """
        end = self.env.context.get("cron_end_time")
        return bool(end) and time.monotonic() > end + PATIENCE

    @api.model
    def _recover_interrupted(self):
        """Put back what a killed server has left in state *running*.

        There is never more than one cron worker in here (Odoo locks the cron's row), so
        whatever is *running* when it starts is not.
        """
        for run in self.search([("state", "=", "running")]):
            user_env = run._as_user().env
            run._put_back(
                user_env._(
                    "The work was cut off %s times (server restarted or time limit reached) and "
                    "was given up. Please start it again; if it happens again, tell the "
                    "administrator.",
                    run.attempts,
                )
            )
        self._commit()

    def _put_back(self, give_up_message):
        """Queue an interrupted run again, or give it up after the third time."""
        self.ensure_one()
        if self.attempts < MAX_ATTEMPTS:
            _logger.warning("%s was interrupted, attempt %s", self._log_name(), self.attempts)
            self.write({"state": "queued"})
        else:
            _logger.error("%s was interrupted too often, given up", self._log_name())
            self._finish("failed", give_up_message)

    def _execute(self):
        """Do the work of one queued run, from its start to its final state.

        :return: False when the run was put back because of a lock conflict, else True
        """
        self.ensure_one()
        if not self.try_lock_for_update() or self.state != "queued":
            return True  # cancelled a moment ago
        self.write(
            {
                "state": "running",
                "attempts": self.attempts + 1,
                "started_at": self.started_at or fields.Datetime.now(),
                "result_message": False,
            }
        )
        self._commit()
        worker = self._as_user()
        try:
            with self._all_or_nothing():
                result = worker._dispatch()
                self.env.flush_all()
        except RETRY_ERRORS as error:
            _logger.info("%s met a concurrent change: %s", self._log_name(), error)
            self._put_back(
                worker.env._(
                    "Other work kept changing the same data. Please start this again later."
                )
            )
            self._commit()
            return False
        except UserError as error:  # said to the user, who can mend it
            _logger.info("%s was refused: %s", self._log_name(), error)
            self._finish("failed", str(error))
        except Exception as error:  # whatever it was, the user must learn of it
            _logger.exception("%s failed", self._log_name())
            self._finish("failed", worker._failure_text(error))
        else:
            self._apply_result(result)
        self._commit()
        return True

    def _dispatch(self):
        """Call the method of the run's kind and return what it returns."""
        self.ensure_one()
        target = self.env[self.res_model].browse(self.res_id) if self.res_model else self
        if self.res_model and not target.exists():
            raise UserError(self.env._("What this work was for has been deleted meanwhile."))
        method = getattr(target, f"_run_{self.kind}", None)
        if method is None:
            raise UserError(
                self.env._("Nothing installed can do the work “%s” any more.", self.kind)
            )
        return method(self)

    def _as_user(self):
        """Return the run as its user sees it: their rights, language and company."""
        self.ensure_one()
        user = self.user_id
        companies = self.company_id | user.company_ids
        return (
            self.with_user(user)
            .with_company(self.company_id)
            .with_context(
                lang=user.lang,
                tz=user.tz,
                allowed_company_ids=[
                    self.company_id.id,
                    *(companies - self.company_id).ids,
                ],
            )
        )

    def _apply_result(self, result):
        """Read what the work has returned and write the run's final state."""
        self.ensure_one()
        if not isinstance(result, dict):
            result = {"message": result if isinstance(result, str) else None}
        if result.get("again"):
            # not an interruption: the next turn starts with a clean count
            self.write({"state": "queued", "attempts": 0})
            self.env.ref("kokyaku_crm.cron_run").sudo()._trigger()
            return
        attachment = result.get("attachment") or self.attachment_id
        values = {}
        if attachment:
            values["attachment_id"] = attachment.id
            values["expires_on"] = self.expires_on or (
                fields.Date.context_today(self) + timedelta(days=FILE_DAYS)
            )
        self._finish("done", result.get("message") or self.result_message, **values)

    def _finish(self, state, message, **values):
        self.ensure_one()
        values.update(
            state=state, result_message=message or False, finished_at=fields.Datetime.now()
        )
        self.write(values)
        if state == "failed":
            self._tell_record()
        _logger.info("%s: %s", self._log_name(), state)

    def _failure_text(self, error):
        """Return the text a user reads about `error`, in the language of the run's user."""
        return self.env._(
            "It stopped at an unexpected error (%s). Nothing was changed by the part that failed. "
            "The administrator finds the details in the server log.",
            type(error).__name__,
        )

    def _log_name(self):
        return f"kokyaku.run {self.id} ({self.kind} of {self.res_model},{self.res_id})"

    def _report(self, progress, message=None):
        """Make the progress visible to everyone at once.

        :param float progress: 0 to 100
        :param str message: what is being done, in the user's language
        """
        self.ensure_one()
        query = SQL(
            "INSERT INTO kokyaku_run_progress (run_id, progress, message) "
            "SELECT id, %s, %s FROM kokyaku_run WHERE id = %s "  # nothing for an unborn run
            "ON CONFLICT (run_id) DO UPDATE "
            "SET progress = EXCLUDED.progress, message = EXCLUDED.message",
            min(max(progress, 0.0), 100.0),
            message or None,
            self.id,
        )
        with self._own_cursor() as cr:
            cr.execute(query)
        self.invalidate_recordset(["progress", "message"])

    def _attach(self, filename, content, mimetype, days=FILE_DAYS):
        """Keep the result file of the run; only those who see the run can read it.

        :param bytes content: the file
        :param int days: how long it is kept
        :return: the attachment
        """
        self.ensure_one()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": filename,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.sudo().write(
            {
                "attachment_id": attachment.id,
                "expires_on": fields.Date.context_today(self) + timedelta(days=days),
            }
        )
        return attachment

    # ---- Transactions -------------------------------------------------------

    @contextmanager
    def _own_cursor(self):
        """A cursor that commits by itself (in tests: the test's own)."""
        if modules.module.current_test:
            yield self.env.cr
        else:
            with self.env.registry.cursor() as cr:
                yield cr

    @contextmanager
    def _all_or_nothing(self):
        """Commit what happens inside, or roll it back when it raises."""
        if modules.module.current_test:
            with self.env.cr.savepoint():
                yield
            return
        try:
            yield
            self.env.cr.commit()  # pylint: disable=invalid-commit  # the run's own transaction
        except BaseException:
            self.env.cr.rollback()
            raise

    def _commit_step(self):
        """Make what the work has done so far permanent; it goes on in a new transaction."""
        self.env.flush_all()
        if not modules.module.current_test:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # whole parts only

    def _is_stop_asked(self):
        """Return whether somebody wants the work to stop; asked at the start of a step."""
        self.env.cr.execute("SELECT stop_asked FROM kokyaku_run WHERE id = %s", [self.id])
        return self.env.cr.fetchone()[0]

    @api.model
    def _commit(self, processed=0, remaining=None):
        """Commit; return the seconds left for the cron (in tests nothing is committed)."""
        if modules.module.current_test:
            self.env.flush_all()
            return float("inf")
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

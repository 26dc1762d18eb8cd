import logging
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
from psycopg2 import errors, errorcodes

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

STATES = [
    ("queued", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
MAX_ATTEMPTS = 3  # a run that was cut off that often has a reason for it
FILE_DAYS = 7  # result files hold personal data: they do not stay for ever
RUN_DAYS = 180  # how long finished runs are kept
RETRY_ERRORS = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)


class KokyakuRun(models.Model):
    """処理状況: any long work, started by a button or a cron and worked off by cron.

    How to use: ``env["kokyaku.run"]._enqueue("refresh", portfolio)`` returns the run, and
    the cron calls ``portfolio._run_refresh(run)`` as the user who asked, in the company of
    the record. That method works in an ordinary transaction, calls ``run._report(40,
    message)`` now and then, and returns nothing, or the final message, or a dict with

    - ``message``: what the user reads at the end,
    - ``attachment``: the result file (see ``_attach``),
    - ``again``: true when there is more to do; the run goes back to the end of the queue.
      This is how work of any length stays inside Odoo's time limits for crons.

    What it raises ends the run as *failed* with the error's text; the rest is rolled back.
    Work that commits in between must be resumable: a run that was cut off (server killed,
    time limit) is started again from its beginning, at most three times.
    """

    _name = "kokyaku.run"
    _description = "Run"
    _order = "id desc"

    kind = fields.Char(required=True, readonly=True, index=True)
    name = fields.Char(string="Work", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="queued", index=True)
    progress = fields.Float(
        compute="_compute_progress", help="From 0 to 100 (percent).", aggregator=False
    )
    message = fields.Char(compute="_compute_progress", inverse="_inverse_message")
    result_message = fields.Char(readonly=True)
    started_at = fields.Datetime(string="Started", readonly=True)
    finished_at = fields.Datetime(string="Finished", readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=False)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Result File", readonly=True, ondelete="set null", copy=False
    )
    expires_on = fields.Date(
        string="File Kept until", readonly=True, help="The result file is deleted after this day."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Record", readonly=True)
    params = fields.Json(readonly=True)

    # Two clicks on one button are one run, also when they come at the same moment.
    _one_active = models.UniqueIndex(
        "(kind, res_model, res_id) WHERE state IN ('queued', 'running') AND res_id IS NOT NULL"
    )

    # ---- What the user sees -------------------------------------------------

    @api.depends("state", "result_message")
    def _compute_progress(self):
        """Join the live progress (other transactions write it) with what is final."""
        live = {}
        if self.ids:
            rows = self.env.execute_query(
                SQL(
                    "SELECT run_id, progress, message FROM kokyaku_run_progress "
                    "WHERE run_id = ANY(%s)",
                    self.ids,
                )
            )
            live = {run_id: (progress, message) for run_id, progress, message in rows}
        for run in self:
            progress, message = live.get(run._origin.id or run.id, (0.0, False))
            run.progress = 100.0 if run.state == "done" else progress or 0.0
            run.message = run.result_message or message or False

    def _inverse_message(self):
        for run in self:
            run.result_message = run.message

    @api.readonly
    @api.model
    def status(self, ids):
        """Return how far the runs `ids` are, for progress bars.

        Runs the user may not see, and deleted ones, are left out.

        :return: list of dicts with the keys id, name, state, progress (0-100), message,
            attachment_id (id or False)
        """
        runs = self.search([("id", "in", ids)])
        return [
            {
                "id": run.id,
                "name": run.name,
                "state": run.state,
                "progress": run.progress,
                "message": run.message or "",
                "attachment_id": run.attachment_id.id,
            }
            for run in runs
        ]

    def action_cancel(self):
        """中止: take waiting runs out of the queue. What runs already cannot be stopped."""
        self._check_own()
        for run in self.sudo():
            if not run.try_lock_for_update() or run.state != "queued":
                raise UserError(
                    self.env._(
                        "“%s” is no longer waiting, so it cannot be cancelled any more.", run.name
                    )
                )
            run.write({"state": "cancelled", "finished_at": fields.Datetime.now()})

    def action_retry(self):
        """再実行: queue a failed or cancelled run once more, with the same parameters."""
        self._check_own()
        for run in self.filtered(lambda run: run.state in ("failed", "cancelled")):
            record = self.env[run.res_model].browse(run.res_id) if run.res_model else None
            self._enqueue(run.kind, record, run.name, run.params)
        return True

    def action_download(self):
        """Download the result file (結果ファイル)."""
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(
                self.env._("The file of “%s” is no longer kept. Please run it again.", self.name)
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    def _check_own(self):
        """Only the one who started a run, or a manager, may stop or repeat it."""
        self.check_access("read")
        if self.env.su or self.env.user.has_group("kokyaku_crm.group_manager"):
            return
        for run in self:
            if run.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "“%(name)s” was started by %(user)s. Only they or a manager can do this.",
                        name=run.name,
                        user=run.user_id.name,
                    )
                )

    # ---- Starting -----------------------------------------------------------

    @api.model
    def _enqueue(self, kind, record=None, name=None, params=None):
        """Queue the work `kind` and wake the cron.

        :param str kind: the cron calls ``record._run_<kind>(run)``
        :param record: recordset of one record; without it the method is looked for on
            ``kokyaku.run`` itself
        :param str name: what the user reads in 処理状況; default: the record's name
        :param params: anything JSON can hold; comes back as ``run.params``
        :return: the new run, or the one of the same kind and record that still waits or runs
        """
        if record is not None:
            record.ensure_one()
        runs = self.sudo()
        if record is not None:
            active = runs.search(self._active_domain(kind, record), limit=1)
            if active:
                return self.browse(active.id)
        company = self.env.company
        if record is not None and "company_id" in record and record.company_id:
            company = record.company_id
        values = {
            "kind": kind,
            "name": name or (record.display_name if record is not None else kind),
            "user_id": self.env.uid,
            "company_id": company.id,
            "res_model": record._name if record is not None else False,
            "res_id": record.id if record is not None else False,
            "params": params,
        }
        try:
            with self.env.cr.savepoint():
                run = runs.create(values)
                run.flush_recordset()
        except psycopg2.IntegrityError as error:
            if error.pgcode != errorcodes.UNIQUE_VIOLATION:
                raise
            # Someone else was a moment faster; only a new transaction can see their run.
            raise ConcurrencyError(str(error)) from error
        self.env.ref("kokyaku_crm.cron_run").sudo()._trigger()
        return self.browse(run.id)

    @api.model
    def _active_domain(self, kind, record):
        return [
            ("kind", "=", kind),
            ("res_model", "=", record._name),
            ("res_id", "=", record.id),
            ("state", "in", ("queued", "running")),
        ]

    # ---- Working ------------------------------------------------------------

    @api.model
    def _work(self):
        """Cron: work off the queue, oldest first, until it is empty or the time is up."""
        self._recover_interrupted()
        while run := self.search([("state", "=", "queued")], order="id", limit=1):
            if not run._execute():
                break  # ended by a lock conflict: leave it some time
            remaining = self.search_count([("state", "=", "queued")])
            if not self._commit(processed=1, remaining=remaining):
                break

    @api.model
    def _recover_interrupted(self):
        """Put back what a killed server has left in state *running*.

        There is never more than one cron worker in here (Odoo locks the cron's row), so
        whatever is *running* when it starts is not.
        """
        for run in self.search([("state", "=", "running")]):
            run._put_back(
                self.env._(
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
                self.env._(
                    "Other work kept changing the same data. Please start this again later."
                )
            )
            self._commit()
            return False
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
        _logger.info("%s: %s", self._log_name(), state)

    def _failure_text(self, error):
        """Return the text a user reads about `error`, in the language of the run's user."""
        if isinstance(error, UserError):
            return str(error)
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
            self.env.cr.commit()
        except BaseException:
            self.env.cr.rollback()
            raise

    @api.model
    def _commit(self, processed=0, remaining=None):
        """Commit; return the seconds left for the cron (in tests nothing is committed)."""
        if modules.module.current_test:
            self.env.flush_all()
            return float("inf")
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    # ---- Cleaning up --------------------------------------------------------

    @api.autovacuum
    def _gc_result_files(self):
        """Delete result files whose time is over; the run itself stays."""
        today = fields.Date.context_today(self)
        expired = self.search(
            [("expires_on", "<", today), ("attachment_id", "!=", False)], limit=1000
        )
        expired.attachment_id.unlink()
        return len(expired), len(expired) == 1000

    @api.autovacuum
    def _gc_runs(self):
        """Delete finished runs that are long past, with their files."""
        limit = fields.Datetime.now() - timedelta(days=RUN_DAYS)
        past = self.search(
            [("state", "in", ("done", "failed", "cancelled")), ("finished_at", "<", limit)],
            limit=1000,
        )
        past.attachment_id.unlink()
        past.unlink()
        return len(past), len(past) == 1000

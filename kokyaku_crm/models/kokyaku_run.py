from datetime import timedelta

import psycopg2
from psycopg2 import errorcodes

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

STATES = [
    ("queued", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
RUN_DAYS = 180  # how long finished runs are kept


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
    Work that commits in between (``_commit_step``) must be resumable: a run that was cut off
    (server killed, time limit) is started again from its beginning, at most three times. Kinds
    in the record's ``_stoppable_runs`` look for ``_is_stop_asked`` and can be stopped while they
    run. A record with a method ``_run_ended(run)`` is told when its run failed or was cancelled.

    How the queue is worked off stands in ``kokyaku_run_work.py``.
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
    stop_asked = fields.Boolean(readonly=True, copy=False)

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
                "can_stop": run._can_stop(),
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
            run._tell_record()

    def action_stop(self):
        """中止: also of what runs already, where the work knows how to stop in between."""
        self._check_own()
        for run in self:
            if run.state == "running" and run._can_stop():
                run.sudo().stop_asked = True
            else:
                run.action_cancel()

    def _can_stop(self):
        return self.kind in getattr(self.env.get(self.res_model), "_stoppable_runs", ())

    def _tell_record(self):
        """Tell the record that its run has failed or was cancelled."""
        record = self.env[self.res_model].browse(self.res_id) if self.res_model else None
        if record and hasattr(record, "_run_ended") and record.exists():
            record._run_ended(self)

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

    def _action_open(self):
        """Return the action that shows the run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
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

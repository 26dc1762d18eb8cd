from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# From so many people on, it takes longer than anybody waits before a button, and with a million
# nearly as long as Odoo lets a request take.
BACKGROUND = 50_000
STEP = 50_000  # lines between two words about how far it is


class KokyakuSelectionExecution(models.Model):
    """確定 and 実行 of very many people, in the background.

    How it works: preparing the lines and executing them is one transaction each, since whoever
    looks at a person, a set or a figure reads the lines: parts of it would be seen. Killed, it
    leaves the old state, and the run begins again. Until it has ended, nobody else changes the
    execution (``_check_at_rest``), and its form shows how far it is. What could not be prepared
    is cancelled, with the reason, and the set is in preparation again.
    """

    _inherit = "kokyaku.selection.execution"

    run_id = fields.Many2one(
        "kokyaku.run", string="Work in Progress", readonly=True, copy=False,
        index="btree_not_null", ondelete="set null",
    )
    is_at_work = fields.Boolean(compute="_compute_is_at_work")
    run_problem = fields.Char(string="What Went Wrong", compute="_compute_is_at_work")

    @api.depends("run_id.state")
    def _compute_is_at_work(self):
        for execution in self:
            run = execution.sudo().run_id
            execution.is_at_work = run.state in ("queued", "running")
            execution.run_problem = run.state == "failed" and run.result_message

    def _check_at_rest(self):
        """Refuse to change what the background is at work on."""
        for execution in self:
            run = execution.sudo().run_id
            if execution.is_at_work and run.id != self.env.context.get("kokyaku_run_id"):
                raise UserError(
                    self.env._(
                        "“%(name)s” is being worked on in the background, which %(user)s has "
                        "started: please wait until it is done.",
                        name=execution.name,
                        user=run.user_id.name,
                    )
                )

    def write(self, vals):
        if not self.env.su:
            self._check_at_rest()
        return super().write(vals)

    def _is_many(self, people):
        """Say whether so many people are worked on in the background."""
        return people > BACKGROUND

    def _in_background(self, kind, **params):
        """Have ``_run_<kind>`` called with these parameters, JSON values, by the cron."""
        self.ensure_one()
        run = self.env["kokyaku.run"]._enqueue(kind, self, self.name, params)
        self.sudo().run_id = run

    def _as_run(self, run):
        """This execution as its own run sees it: nobody else is let in."""
        mine = self.with_context(kokyaku_run_id=run.id)
        mine.check_access("write")
        mine._lock()
        return mine

    # ---- 確定 -----------------------------------------------------------------------

    def _prepare_soon(self, former):
        """Write the lines of the set's people: at once, or in the background.

        :param former: the state of the set before, to which it goes back should that fail
        """
        if self._is_many(self.set_id.member_count):
            self._in_background("prepare_lines", former=former)
        else:
            self._prepare()

    def _run_prepare_lines(self, run):
        mine = self._as_run(run)
        run._report(10, run.env._("Writing down names and addresses, and who is left out …"))
        number = mine.sudo()._prepare()
        return run.env._("Prepared for %s people.", f"{number:,}")

    def _run_ended(self, run):
        """What could not be prepared leaves the set as it was."""
        if run.kind != "prepare_lines" or self.state != "prepared":
            return
        reason = run.result_message or self.env._("Stopped before it was prepared.")
        self.sudo().write(
            {
                "state": "cancelled",
                "cancelled_by": run.user_id.id,
                "cancelled_at": fields.Datetime.now(),
                "cancel_reason": reason,
            }
        )
        if (run.params or {}).get("former") == "draft" and self.set_id.state == "confirmed":
            self.set_id.sudo().write(
                {"state": "draft", "confirmed_by": False, "confirmed_at": False}
            )

    # ---- 実行 -----------------------------------------------------------------------

    def _run_execute(self, run):
        mine = self._as_run(run)
        number = mine._execute(fields.Date.to_date(run.params["day"]), run)
        return run.env._("Executed for %s people.", f"{number:,}")

    def _id_steps(self):
        """Yield (first id, last id, percent done then) of the lines, in steps."""
        # OFFSET: else all lines of all executions might be walked through in the order of their ids
        [(first, last)] = self.env.execute_query(
            SQL(
                """SELECT min(id), max(id)
                     FROM (SELECT id FROM kokyaku_execution_line
                            WHERE execution_id = %s OFFSET 0) AS line""",
                self.id,
            )
        )
        if first is None:
            return
        for start in range(first, last + 1, STEP):
            end = min(start + STEP - 1, last)
            yield start, end, 100.0 * (end - first + 1) / (last - first + 1)

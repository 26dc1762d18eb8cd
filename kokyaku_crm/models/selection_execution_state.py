from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..tools import is_future, office_today, told
from .selection_set_state import _lock_for_state

# Said by the buttons and counted by the program.
NOT_BY_HAND = frozenset(
    "state set_id company_id executed_by executed_at cancelled_by cancelled_at cancel_reason "
    "line_count excluded_count control_count printed_count sent_count".split()
)
# What decides who gets it: settled when it was prepared.
SETTLED = frozenset("channel purpose selection_type_id control_percent".split())
# What the lines have of their own, while it is prepared.
ON_LINES = ("item", "unit_cost", "noshi")
GOES = SQL("exclusion IS NULL AND is_control IS NOT TRUE")


class KokyakuSelectionExecution(models.Model):
    """準備 → 実行 or 取消.

    ``action_execute`` writes the posting date on every line that goes; pressed again later it
    takes the late additions, and those who waited until their 49 days were over.
    """

    _inherit = "kokyaku.selection.execution"

    open_count = fields.Integer(
        string="Still to Send",
        compute="_compute_open_count",
        help="Late additions, and those who had to wait.",
    )

    goes_count = fields.Integer(string="Get It", compute="_compute_goes_count")
    waiting_count = fields.Integer(string="Have to Wait", compute="_compute_open_count")
    reasons = fields.Json(string="Left Out by Reason", compute="_compute_reasons")

    @api.constrains("control_percent")
    def _check_control_percent(self):
        for execution in self:
            check_control_percent(execution)

    @api.depends("line_count", "excluded_count", "control_count")
    def _compute_goes_count(self):
        for execution in self:
            execution.goes_count = (
                execution.line_count - execution.excluded_count - execution.control_count
            )

    @api.depends("line_count", "sent_count", "excluded_count")
    def _compute_open_count(self):
        today = office_today(self)
        found = self.env["kokyaku.execution.line"]._read_group(
            [
                ("execution_id", "in", self.ids),
                ("exclusion", "=", False),
                ("is_control", "=", False),
                ("sent_on", "=", False),
            ],
            ["execution_id", "hold_until:day"],
            ["__count"],
        )
        for execution in self:
            own = [(day, count) for one, day, count in found if one == execution._origin]
            execution.open_count = sum(count for _day, count in own)
            execution.waiting_count = sum(
                count for day, count in own if day and day > (execution.date or today)
            )

    @api.depends("excluded_count")
    def _compute_reasons(self):
        """[[code, label, number]], the most frequent first, for the list of reasons."""
        lines = self.env["kokyaku.execution.line"]
        labels = dict(lines._selection_exclusion())
        found = lines._read_group(
            [("execution_id", "in", self.ids), ("exclusion", "!=", False)],
            ["execution_id", "exclusion"],
            ["__count"],
            order="__count DESC",
        )
        for execution in self:
            execution.reasons = [
                [code, labels.get(code, code), count]
                for one, code, count in found
                if one == execution._origin
            ]

    def write(self, vals):
        if not self.env.su:
            if NOT_BY_HAND & vals.keys():
                raise UserError(
                    self.env._(
                        "The state and the figures of an execution are written by its buttons."
                    )
                )
            if (SETTLED | {"date", "noshi"}) & vals.keys():
                for execution in self:
                    execution._check_change(vals)
        own = [name for name in ON_LINES if name in vals]
        before = {execution: {name: execution[name] for name in own} for execution in self}
        days = {execution: execution.date for execution in self if "date" in vals}
        result = super().write(vals)
        if own:
            self._hand_down(own, before)
        for execution, day in days.items():
            if execution.state == "prepared" and execution.date != day:
                execution._judge_mourning(day)
        return result

    def _check_change(self, vals):
        """Refuse what would make the prepared lines untrue."""
        if self.state != "prepared":
            raise UserError(
                self.env._(
                    "“%(name)s” is not in preparation any more, so its channel, purpose and "
                    "posting date stay as they are.",
                    name=self.name,
                )
            )
        wraps = "noshi" in vals and (vals["noshi"] == "none") != (self.noshi == "none")
        if wraps or any(name in vals and vals[name] != self._raw(name) for name in SETTLED):
            raise UserError(
                self.env._(
                    "Who gets “%(name)s” was settled for this channel and purpose, and for "
                    "something wrapped or not. Please cancel it and execute the set once more.",
                    name=self.name,
                )
            )

    def _raw(self, name):
        return self._fields[name].convert_to_write(self[name], self)

    def _hand_down(self, names, before):
        """What everybody gets has changed: also on the lines that have nothing else."""
        lines = self.env["kokyaku.execution.line"]
        lines.flush_model()
        self.flush_recordset()
        for execution in self.filtered(lambda one: one.state == "prepared"):
            for name in names:
                old, new = (value or None for value in (before[execution][name], execution[name]))
                if old == new:
                    continue
                self.env.cr.execute(
                    SQL(
                        """UPDATE kokyaku_execution_line SET %(name)s = %(new)s
                            WHERE execution_id = %(execution)s
                              AND %(name)s IS NOT DISTINCT FROM %(old)s AND %(may)s""",
                        name=SQL.identifier(name),
                        new=new,
                        old=old,
                        execution=execution.id,
                        may=execution._wrapping_may_change(new) if name == "noshi" else SQL("TRUE"),
                    )
                )
        lines.invalidate_model(names)

    def _wrapping_may_change(self, new):
        """SQL: a line may get this wrapping: in mourning nothing but the plain one."""
        if new == "plain":
            return SQL("TRUE")
        day = SQL("%s::date", self.date or office_today(self))
        return SQL(
            "partner_id NOT IN (SELECT m.partner_id FROM kokyaku_mourning m WHERE %s)",
            self.env["kokyaku.mourning"]._sql_lasts("m", day),
        )

    # ---- 実行 ----------------------------------------------------------------------

    def action_execute(self):
        """実行: what was printed is posted now. Says so on each line, and on the set; of very many
        people in the background.

        :return: an action that tells the number
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if self.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", self.name))
        day = office_today(self)
        if self.state == "prepared":
            day = self.date or day
            if is_future(self, day):
                raise UserError(
                    self.env._(
                        "“%(name)s” is posted on %(day)s. Please execute it on that day, or "
                        "correct the posting date.",
                        name=self.name,
                        day=format_date(self.env, day),
                    )
                )
        if self._is_many(self.goes_count - self.sent_count):
            self._in_background("execute", day=fields.Date.to_string(day))
            return True
        return told(self.env._("Executed for %s people.", f"{self._execute(day):,}"))

    def _execute(self, day, run=None):
        """Post everybody who is still to get it, on this day; return their number.

        :param run: the ``kokyaku.run`` that does it, to tell how far it is
        """
        if self.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", self.name))
        number = self._send_lines(day, run)
        if not number:
            raise UserError(
                self.env._("“%s” has nobody who is still to get it. The list says why.", self.name)
            )
        self._stamp_executed(day)
        return number

    def _stamp_executed(self, day):
        """What was prepared is executed, on that day, and so is its set."""
        if self.state != "prepared":
            return
        self.sudo().write(
            {
                "state": "executed",
                "date": day,
                "executed_by": self.env.uid,
                "executed_at": fields.Datetime.now(),
            }
        )
        self.set_id._lock()
        if self.set_id.state == "confirmed":
            self.set_id._stamp("executed")

    def _send_lines(self, day, run=None):
        """Write the posting date on every line that goes and has none; return their number."""
        self.env["kokyaku.execution.line"].flush_model()
        number = 0
        for first, last, done in self._id_steps():
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE kokyaku_execution_line
                       SET sent_on = %(day)s, write_uid = %(uid)s,
                           write_date = now() AT TIME ZONE 'UTC'
                     WHERE execution_id = %(execution)s AND %(goes)s AND sent_on IS NULL
                       AND (hold_until IS NULL OR hold_until <= %(day)s)
                       AND id BETWEEN %(first)s AND %(last)s
                    """,
                    day=day,
                    uid=self.env.uid,
                    execution=self.id,
                    goes=GOES,
                    first=first,
                    last=last,
                )
            )
            number += self.env.cr.rowcount
            if run:
                run._report(done, run.env._("Posted: %s people", f"{number:,}"))
        self._lines_changed()
        return number

    def action_judge_again(self):
        """送れない人を確認: leave out who must not get it any more, and tell how many."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if self.state == "cancelled":
            raise UserError(self.env._("“%s” was cancelled.", self.name))
        number = self._judge_again()
        return told(
            self.env._("Left out since it was prepared: %s people.", number),
            "warning" if number else "success",
        )

    # ---- 取消 ----------------------------------------------------------------------

    def action_cancel(self):
        """取消: ask for the reason; possible while nothing was sent."""
        self.ensure_one()
        self.check_access("write")
        self._check_not_sent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Execution"),
            "res_model": "kokyaku.selection.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_execution_id": self.id},
        }

    def _cancel(self, reason):
        """Cancel these with a reason; the lines stay as a trace."""
        self.check_access("write")
        self._lock()
        self._check_not_sent()
        self.sudo().write(
            {
                "state": "cancelled",
                "cancelled_by": self.env.uid,
                "cancelled_at": fields.Datetime.now(),
                "cancel_reason": reason,
            }
        )

    def _check_not_sent(self):
        for execution in self:
            if execution.state != "prepared":
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "“%(name)s” is %(state)s; only what is prepared and not sent can be "
                        "cancelled.",
                        name=execution.name,
                        state=labels[execution.state],
                    )
                )

    def _check_untouched(self):
        """Refuse to go back behind paper that is printed or post that is gone."""
        for execution in self:
            touched = self.env["kokyaku.execution.line"].search_count(
                [
                    ("execution_id", "=", execution.id),
                    "|",
                    ("printed_at", "!=", False),
                    ("sent_on", "!=", False),
                ]
            )
            if touched or execution.state == "executed":
                raise UserError(
                    self.env._(
                        "“%(name)s” was printed or sent already (%(count)s people). Please use "
                        "“Late Addition” for those who are missing; to print everything anew, "
                        "cancel the execution first.",
                        name=execution.name,
                        count=touched,
                    )
                )

    def _lock(self):
        self._check_at_rest()
        _lock_for_state(self)

    # ---- Looking at the lines ---------------------------------------------------------

    def action_lines(self):
        """Open the lines; the context says which (``kokyaku_lines``: a filter's name)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_execution_line")
        wanted = self.env.context.get("kokyaku_lines")
        reason = self.env.context.get("kokyaku_reason")
        action["domain"] = [
            ("execution_id", "=", self.id),
            *([("exclusion", "=", reason)] if reason else []),
        ]
        action["context"] = {
            "kokyaku_left_out": wanted == "left_out" or bool(reason),
            # which columns make no sense: of what was not sent yet, and of what was
            "kokyaku_prepared": self.state == "prepared",
            "kokyaku_posted": self.state == "executed",
            **({f"search_default_{wanted}": 1} if wanted else {}),
            **({"search_default_group_exclusion": 1} if wanted == "left_out" else {}),
        }
        action["display_name"] = self.name
        return action


def check_control_percent(record):
    """Refuse a share of people for comparison that leaves nobody, or makes no sense."""
    if not 0 <= record.control_percent < 100:
        raise ValidationError(
            record.env._(
                "%s: the share of those who do not get it for comparison must lie between 0 and "
                "99 per cent.",
                record.name,
            )
        )

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from .kokyaku_selection_set import STATES

# Who confirmed, executed and finished it, and when: said by the buttons only.
SAID_BY_BUTTONS = frozenset(
    "state confirmed_by confirmed_at executed_by executed_at closed_by closed_at".split()
)


class KokyakuSelectionSet(models.Model):
    """作成中 → 確定 → 実行済 → 終了, with who and when.

    ``action_confirm`` asks what is sent and how (``kokyaku.selection.confirm``) and prepares
    the execution. From then on the people are locked, but for late additions
    (``action_add_late``). ``action_unconfirm`` goes back while nothing was printed or sent.
    """

    _inherit = "kokyaku.selection.set"

    execution_count = fields.Integer(
        string="Number of Executions", compute="_compute_execution_count"
    )

    @api.depends("execution_ids")
    def _compute_execution_count(self):
        counts = dict(
            self.env["kokyaku.selection.execution"]._read_group(
                [("set_id", "in", self.ids)], ["set_id"], ["__count"]
            )
        )
        for one in self:
            one.execution_count = counts.get(one._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in SAID_BY_BUTTONS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if SAID_BY_BUTTONS & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "The state of a selection set is changed by its buttons: Confirm Set, Execute, "
                    "Complete."
                )
            )
        return super().write(vals)

    # ---- Buttons ------------------------------------------------------------------

    def action_confirm(self):
        """確定: ask what is sent to whom and how, and show who is left out, before it is done."""
        self.ensure_one()
        self._check_state("draft")
        return self._ask_execution(self.env._("Confirm Set"))

    def action_execute_again(self):
        """もう一度実行: a second execution for the same people (the letter, then the call)."""
        self.ensure_one()
        self._check_state("confirmed", "executed")
        return self._ask_execution(self.env._("Execute Once More"))

    def _ask_execution(self, title):
        self.check_access("write")
        if not self.member_count:
            raise UserError(
                self.env._(
                    "“%s” has nobody in it. Please put people into it first.", self.display_name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "kokyaku.selection.confirm",
            "view_mode": "form",
            "target": "new",
            "context": {"default_set_id": self.id, "dialog_size": "large"},
        }

    def action_unconfirm(self):
        """確定を取り消す: back into preparation; what was prepared is cancelled, with trace."""
        self.check_access("write")
        self._lock()
        for one in self:
            one._check_state("confirmed")
            executions = one.execution_ids.filtered(lambda each: each.state != "cancelled")
            executions._check_untouched()
            executions._cancel(self.env._("The confirmation of the set was taken back."))
            one.sudo().write({"state": "draft", "confirmed_by": False, "confirmed_at": False})
        return True

    def action_close(self):
        """終了: nothing more happens with it; its answers can still be seen."""
        self.check_access("write")
        self._lock()
        for one in self:
            one._check_state("confirmed", "executed")
            waiting = one.execution_ids.filtered(lambda each: each.state == "prepared")
            if waiting:
                raise UserError(
                    self.env._(
                        "“%(execution)s” is prepared and not executed yet. Please execute it or "
                        "cancel it before you complete the set.",
                        execution=waiting[0].name,
                    )
                )
            one._stamp("closed")
        return True

    def action_reopen(self):
        """終了を取り消す."""
        self.check_access("write")
        self._lock()
        for one in self:
            one._check_state("closed")
            executed = any(each.state == "executed" for each in one.execution_ids)
            one.sudo().write(
                {
                    "state": "executed" if executed else "confirmed",
                    "closed_by": False,
                    "closed_at": False,
                }
            )
        return True

    def action_add_late(self):
        """遅れて追加: take people into the locked set, and into what was prepared for it."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("confirmed", "executed")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Late Addition"),
            "res_model": "kokyaku.selection.late",
            "view_mode": "form",
            "target": "new",
            "context": {"default_set_id": self.id},
        }

    def action_executions(self):
        """Open the executions of the set; the only one at once."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kokyaku_crm.action_selection_execution"
        )
        action["domain"] = [("set_id", "=", self.id)]
        executions = self.execution_ids
        if len(executions) == 1:
            action.update(res_id=executions.id, views=[(False, "form")], view_mode="form")
        return action

    # ---- Inside --------------------------------------------------------------------

    def _stamp(self, state):
        """Bring the set into a state, and write down who did it and when."""
        self.sudo().write(
            {
                "state": state,
                f"{state}_by": self.env.uid,
                f"{state}_at": fields.Datetime.now(),
            }
        )

    def _check_state(self, *states):
        """Refuse what the state of the set does not allow."""
        self.ensure_one()
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(name)s” is %(state)s; this can be done only while it is %(wanted)s.",
                    name=self.display_name,
                    state=labels[self.state],
                    wanted=self.env._(" or ").join(
                        labels[code] for code, _label in STATES if code in states
                    ),
                )
            )

    def _lock(self):
        """Keep others from changing the state of these at the same time, and read it anew."""
        _lock_for_state(self)


def _lock_for_state(records):
    """Lock records against a second one who presses the same button now."""
    try:
        records.lock_for_update(allow_referencing=True)
    except LockError as error:
        raise UserError(
            records.env._(
                "Somebody else is working on “%s” at this moment. Please look at it again in a "
                "minute.",
                records[:1].display_name,
            )
        ) from error
    records.invalidate_recordset()

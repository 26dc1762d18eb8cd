from datetime import timedelta

from odoo import api, models

DAYS_BEFORE = 3
REMINDER = "kokyaku_crm.activity_set_deadline"


class KokyakuSelectionSet(models.Model):
    """期限: the owner of a set in preparation has an activity some days before its deadline.

    One a set. It moves with the deadline and the owner, and goes when the set is confirmed.
    """

    _name = "kokyaku.selection.set"
    _inherit = ["kokyaku.selection.set", "mail.thread", "mail.activity.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        sets = super().create(vals_list)
        sets.filtered("deadline")._keep_reminder()
        return sets

    def write(self, vals):
        done = super().write(vals)
        if {"deadline", "owner_id", "state", "active"} & vals.keys():
            self._keep_reminder()
        return done

    def _keep_reminder(self):
        quiet = self.with_context(mail_activity_quick_update=True)
        for one in quiet:
            reminders = one.activity_search([REMINDER])
            if one.state != "draft" or not one.deadline or not one.active:
                reminders.unlink()
                continue
            day = one.deadline - timedelta(days=DAYS_BEFORE)
            if reminders:
                reminders.write({"date_deadline": day, "user_id": one.owner_id.id})
            else:
                one.activity_schedule(
                    REMINDER,
                    day,
                    summary=self.env._("“%s” has to be ready soon", one.name),
                    user_id=one.owner_id.id,
                )

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

DAYS_BEFORE = 3


class KokyakuSelectionSet(models.Model):
    """期限: the owner of a set in preparation has a to-do some days before its deadline.

    One a set. It moves with the deadline and the owner, and goes when the set is confirmed.
    It is a to-do of the owner's own (core allows them without a document): the set needs no
    chatter, which would leave external ids of other modules behind at uninstall.
    """

    _inherit = "kokyaku.selection.set"

    reminder_id = fields.Many2one("mail.activity", readonly=True, copy=False, ondelete="set null")

    @api.model_create_multi
    def create(self, vals_list):
        sets = super().create(vals_list)
        sets.filtered("deadline")._keep_reminder()
        return sets

    def write(self, vals):
        done = super().write(vals)
        if {"deadline", "owner_id", "state", "active", "name"} & vals.keys():
            self._keep_reminder()
        return done

    def unlink(self):
        reminders = self.sudo().reminder_id
        done = super().unlink()
        reminders.unlink()
        return done

    def _keep_reminder(self):
        for one in self.sudo().with_context(mail_activity_quick_update=True):
            if one.state != "draft" or not one.deadline or not one.active:
                one.reminder_id.filtered("active").unlink()
                continue
            values = {
                "date_deadline": one.deadline - timedelta(days=DAYS_BEFORE),
                "user_id": one.owner_id.id,
                "summary": self.env._("“%s” has to be ready soon", one.name),
            }
            if one.reminder_id:
                one.reminder_id.filtered("active").write(values)  # not when it is done
            else:
                action = self.env.ref("kokyaku_crm.action_selection_set").id
                link = Markup('<a href="/odoo/action-%s/%s">%s</a>')
                one.reminder_id = self.env["mail.activity"].sudo().create(
                    {
                        **values,
                        "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                        "note": link % (action, one.id, one.display_name),
                    }
                )

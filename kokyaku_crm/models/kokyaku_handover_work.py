from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import office_today

QUIET = {
    "mail_notrack": True, "tracking_disable": True, "mail_create_nosubscribe": True,
    "dont_notify": True, "no_mail_to_attendees": True,
}  # fmt: skip


class KokyakuHandover(models.Model):
    """Carrying out a hand-over and taking it back; nobody gets a mail per customer."""

    _inherit = "kokyaku.handover"

    def action_execute(self):
        """引継ぎを実行: at once, or planned for its day."""
        for one in self:
            one._check_ready()
            if one.date > office_today(one):
                one.sudo().write({"state": "planned", "problem": False})
            else:
                one._hand_over()

    def action_back(self):
        """Back to a draft, as long as it was not carried out."""
        self.filtered(lambda one: one.state == "planned").sudo().state = "draft"

    def _check_ready(self):
        self.ensure_one()
        self.check_access("write")
        self.env["res.partner"].check_access("write")
        if self.state not in ("draft", "planned"):
            raise UserError(self.env._("This was handed over already."))
        if not self._parts():
            raise UserError(
                self.env._("Please enter who gets the customers of %s.", self.from_user_id.name)
            )
        receivers = self.to_user_id | self.line_ids.to_user_id
        gone = receivers.filtered(lambda user: not user.active)
        if gone:
            raise UserError(
                self.env._(
                    "%s is archived and cannot take over customers. Please choose someone else.",
                    gone[0].name,
                )
            )

    def _hand_over(self):
        """Everything or nothing: the people by bulk edits, the rest by a statement each."""
        self._check_ready()
        self.lock_for_update()
        for user, people, everything in self._parts():
            # first what is found by whose customers the people are now
            for model, domain in self._things(people, everything).items():
                self._hand_over_things(model, domain, user)
            for domain, lines in self._edits(user):
                self._edit(domain & people, lines)
        self.env.invalidate_all()
        changes = self.env["kokyaku.handover.change"].sudo()
        self.sudo().write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "done_by": self.env.uid,
                "problem": False,
                "people_count": sum(self.edit_ids.mapped("changed_count")),
                "change_count": changes.search_count([("handover_id", "=", self.id)]),
            }
        )

    def _edits(self, user):
        """Return [(Domain, values of the lines)] of the bulk edits for one receiver."""
        giver = [(6, 0, self.from_user_id.ids)]
        edits = []
        if self.with_main:
            lines = [{"fname": "user_id", "operation": "set", "user_id": user.id}]
            if self.keep_as_staff:
                lines.append({"fname": "staff_ids", "operation": "add", "staff_ids": giver})
            edits.append((self._main(), lines))
        if self.with_staff and not self.keep_as_staff:
            edits.append(
                (
                    self._staff(),
                    [
                        {
                            "fname": "staff_ids",
                            "operation": "add",
                            "staff_ids": [(6, 0, user.ids)],
                        },
                        {"fname": "staff_ids", "operation": "remove", "staff_ids": giver},
                    ],
                )
            )
        return edits

    def _edit(self, domain, lines):
        """Change people by a bulk edit, with its log; nothing when there is nobody."""
        if not self.env["res.partner"].search_count(domain, limit=1):
            return
        # The people by their condition of now: what is done first must not empty it.
        edits = self.env["kokyaku.bulk.edit"].with_company(self.company_id)
        edit = edits.create(
            {
                "domain": repr(list(domain)),
                "line_ids": [
                    (0, 0, {**line, "sequence": number}) for number, line in enumerate(lines)
                ],
            }
        )
        edit.action_check()
        edit._execute()
        self.sudo().edit_ids += edit

    def _hand_over_things(self, model, domain, user):
        """Give activities, quotations or meetings to `user`, and note it down.

        Activities and quotations by one statement, so that nobody is notified of each; the
        few meetings by the ORM, which invites the receiver as well.
        """
        records = self.env[model].sudo().with_context(**QUIET).search(domain)
        if not records:
            return
        if model == "calendar.event":
            records.write({"user_id": user.id, "partner_ids": [(4, user.partner_id.id)]})
        else:
            records.flush_recordset()
            self.env.cr.execute(
                SQL(
                    """UPDATE %s SET user_id = %s, write_uid = %s,
                              write_date = now() AT TIME ZONE 'UTC'
                        WHERE id = ANY(%s)""",
                    SQL.identifier(records._table),
                    user.id,
                    self.env.uid,
                    records.ids,
                )
            )
            records.invalidate_recordset()
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_handover_change (handover_id, model, res_id, to_user_id)
                   SELECT %s, %s, unnest(%s::int[]), %s""",
                self.id,
                model,
                records.ids,
                user.id,
            )
        )

    def action_undo(self):
        """元に戻す: what nobody changed since goes back to the one who had it."""
        for one in self:
            one.check_access("write")
            if one.state != "done":
                raise UserError(self.env._("This was not handed over, or is undone already."))
            one.lock_for_update()
            for edit in one.edit_ids.sorted("id", reverse=True):
                if edit.state == "done":
                    edit._undo()
            one._give_back_things()
            one.sudo().state = "undone"

    def _give_back_things(self):
        changes = self.env["kokyaku.handover.change"].sudo()
        changes = changes.search([("handover_id", "=", self.id)])
        for model in set(changes.mapped("model")):
            rows = changes.filtered(lambda change: change.model == model)  # noqa: B023
            for user in rows.to_user_id:
                ids = rows.filtered(lambda change: change.to_user_id == user).mapped("res_id")  # noqa: B023
                things = self.env[model].sudo().with_context(**QUIET).browse(ids).exists()
                things = things.filtered(lambda thing: thing.user_id == user)  # noqa: B023
                if model == "calendar.event":
                    things.write({"user_id": self.from_user_id.id})
                    continue
                things.flush_recordset()
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET user_id = %s WHERE id = ANY(%s)",
                        SQL.identifier(things._table),
                        self.from_user_id.id,
                        things.ids,
                    )
                )
                things.invalidate_recordset()
        changes.unlink()

    @api.model
    def _cron_hand_over(self):
        """Every night: what was planned for today; each as the one who planned it."""
        due = self.search([("state", "=", "planned"), ("date", "<=", office_today(self))])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for one in due:
            user = one.create_uid
            mine = one.with_user(user).with_context(
                lang=user.lang, tz=user.tz, allowed_company_ids=one.company_id.ids
            )
            try:
                with self.env.cr.savepoint():
                    mine._hand_over()
            except UserError as error:
                one.problem = str(error)
                one._tell_managers()
            if not cron._commit_progress(1):
                break

    def _tell_managers(self):
        """One activity for whoever planned it: the hand-over waits for them."""
        giver = self.from_user_id.partner_id
        giver.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The hand-over could not be carried out: %s", self.problem),
            user_id=self.create_uid.id,
        )

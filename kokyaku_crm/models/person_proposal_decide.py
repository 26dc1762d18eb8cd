from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class KokyakuPersonProposal(models.Model):
    """Decisions about the person behind an order: set, refused, taken back. Who decides has to
    be allowed to change the order."""

    _inherit = "kokyaku.person.proposal"

    def action_accept(self):
        """この方に決める: write the likeliest person on the orders and invoices."""
        chosen = self._to_decide("open").filtered("person_id")
        chosen._set_persons()
        return chosen._told(self.env._("%s persons were set.", len(chosen)))

    def action_refuse(self):
        """別の方: none of these persons; it is not proposed again."""
        self._to_decide("open")._note("refused")
        return True

    def action_undo(self):
        """元に戻す: take the person off the orders again, where nobody changed it since."""
        decided = self._to_decide("done", "refused")
        decided._take_back()
        return decided._told(self.env._("%s decisions were taken back.", len(decided)))

    def set_person(self, person):
        """Set a person, of the candidates or another one, on this order or invoice."""
        self.ensure_one()
        person = self._chosen_customer(person)
        if person.is_company or person.type != "contact":
            raise UserError(
                self.env._(
                    "%s is a company or an address. Please choose a person.", person.display_name
                )
            )
        chosen = self._to_decide("open", "refused")
        if not chosen or (chosen.order_id or chosen.move_id).person_id:
            raise UserError(self.env._("Somebody has set a person here meanwhile."))
        chosen.sudo().person_id = person
        chosen._set_persons()

    def put_off(self, skipped=True):
        """後で: look at the others first."""
        self._to_decide("open").sudo().skipped = skipped

    # ---- Writing ------------------------------------------------------------------------------

    def _check_may_decide(self):
        self.check_access("read")
        if not self.env.user.has_group("kokyaku_crm.group_user"):
            raise AccessError(self.env._("Only those who work with customers link sales."))

    def _to_decide(self, *states):
        """Return those of these proposals in one of the states, if the user may decide them."""
        self._check_may_decide()
        for documents in filter(None, (self.order_id, self.move_id)):
            documents.check_access("write")
        self.sudo().lock_for_update()
        self.invalidate_recordset()
        return self.filtered(lambda one: one.state in states)

    def _set_persons(self):
        self._write_persons(SQL("p.person_id"), SQL("o.person_id IS NULL"))
        self._note("done")

    def _take_back(self):
        self._write_persons(SQL("NULL"), SQL("p.state = 'done' AND o.person_id = p.person_id"))
        self._note("open")
        for one in self.sudo():  # the likeliest stands there again
            best = one.candidate_ids.sorted(lambda who: (-who.points, who.id))
            if best and (len(best) == 1 or best[0].points > best[1].points):
                one.write({"person_id": best[0].person_id.id, "reason": best[0].reason})
            else:
                one.write({"person_id": False, "reason": False})

    def _note(self, state):
        decided = state != "open"
        self.sudo().write(
            {
                "state": state,
                "skipped": False,
                "decided_by_id": decided and self.env.uid,
                "decided_at": decided and fields.Datetime.now(),
            }
        )

    def _write_persons(self, person, condition):
        """Write the person of the orders and invoices of these proposals; the invoices of the
        orders follow.

        :param person: SQL of the new value; ``p`` is the proposal
        :param condition: SQL; ``o`` is the order or invoice
        """
        self.env.flush_all()
        for table, column in (("sale_order", "order_id"), ("account_move", "move_id")):
            self.env.cr.execute(
                SQL(
                    """UPDATE %s AS o SET person_id = %s, write_uid = %s,
                              write_date = now() AT TIME ZONE 'UTC'
                         FROM kokyaku_person_proposal p
                        WHERE p.%s = o.id AND p.id = ANY(%s) AND %s""",
                    SQL.identifier(table),
                    person,
                    self.env.uid,
                    SQL.identifier(column),
                    self.ids,
                    condition,
                )
            )
        for documents in filter(None, (self.order_id, self.move_id)):
            documents.invalidate_recordset(["person_id", "write_uid", "write_date"])
        self.order_id._person_to_invoices()

    def _told(self, message):
        """Reload the list with a message."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .kokyaku_affiliation import CHANGES, DAY

ADDRESS = {"zip", "state_id", "city", "street", "street2", "country_id"}


class KokyakuTransfer(models.Model):
    """異動・役職変更: one change of where a person belongs, as it was carried out.

    The history of the affiliations themselves stands in ``kokyaku.affiliation``; this is
    the log of who changed what when, and what the last change needs to be undone.
    """

    _name = "kokyaku.transfer"
    _description = "Transfer"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(CHANGES, required=True)
    date = fields.Date(required=True)
    before = fields.Char()
    after = fields.Char()
    successor_id = fields.Many2one("res.partner", ondelete="set null", index="btree_not_null")
    cause_id = fields.Many2one(
        "kokyaku.transfer",
        string="Because of",
        ondelete="cascade",
        index="btree_not_null",
        help="The transfer of the predecessor, when this one is the successor's.",
    )
    create_uid = fields.Many2one("res.users", string="Entered by", readonly=True)
    state_before = fields.Json()
    state_after = fields.Json()
    handed_over = fields.Json()  # field of the successor → ids they were given

    # ---- Carrying out ---------------------------------------------------------------

    @api.model
    def _carry_out(self, moves, cause=None):
        """Carry out changes of affiliation, all or none.

        :param moves: list of dict: ``person``, ``kind`` (see ``CHANGES``), ``date`` (the first
            day of the new affiliation; the last one when leaving), ``row`` (the affiliation
            that changes; empty: the main one), ``company``, ``department``, ``function``,
            ``phone``, ``email``, ``note``, ``successor``, and ``successor_follows`` (the
            successor takes over the post)
        :param cause: dict person id → the transfer that makes someone the successor
        :return: the transfers
        """
        people = self.env["res.partner"].union(*(move["person"] for move in moves))
        people.check_access("write")
        before = people._affiliation_state()
        people._write_down_implied()
        Affiliation = self.env["kokyaku.affiliation"].with_context(kokyaku_no_settle=True)
        rows = Affiliation.search([("partner_id", "in", people.ids)]).grouped("partner_id")
        new = []
        for move in moves:
            own = rows.get(move["person"], Affiliation)
            move["row"] = (move.get("row") or own._present().filtered("is_main"))[:1]
            move["row"] = move["row"].with_env(Affiliation.env)
            move["before"] = move["row"] and move["row"]._where() or ""
            self._check_move(move, own)
            new += self._apply_move(move, own)
        created = Affiliation.create(new).grouped("partner_id")
        people._settle_affiliations()
        after = people._affiliation_state()
        transfers = self.sudo().create(
            [
                {
                    "partner_id": move["person"].id,
                    "kind": move["kind"],
                    "date": move["date"],
                    "before": move["before"],
                    "after": self._after(created.get(move["person"], Affiliation)),
                    "successor_id": move["successor"].id if move.get("successor") else False,
                    "cause_id": cause and cause.get(move["person"].id, False),
                    "state_before": before[move["person"].id],
                    "state_after": after[move["person"].id],
                }
                for move in moves
            ]
        )
        follow = [
            self._move_of_successor(move)
            for move in moves
            if move.get("successor_follows")
            and move["row"]
            and move.get("successor")
            # who is transferred here as well goes where their own line says
            and move["successor"] not in people
        ]
        follow = [move for move in follow if not move["row"] or self._differs(move)]
        if follow:
            causes = {
                move["successor"].id: transfer.id
                for move, transfer in zip(moves, transfers, strict=True)
                if move.get("successor")
            }
            self._carry_out(follow, causes)
        return transfers

    @api.model
    def _after(self, rows):
        row = rows.sorted("is_main", reverse=True)[:1]
        return row._where() if row else ""

    @api.model
    def _move_of_successor(self, move):
        """The successor takes the post the day it becomes free."""
        row = move["row"]
        successor = move["successor"]
        start = move["date"] + DAY if move["kind"] == "leave" else move["date"]
        same_house = successor.commercial_partner_id == row.company_partner_id.commercial_partner_id
        return {
            "person": successor,
            "row": successor._present_main_affiliations().get(successor.id, row.browse()),
            "kind": "promotion" if same_house and successor.parent_id else "transfer",
            "date": start,
            "company": row.company_partner_id,
            "department": row.department,
            "function": row.function,
            "phone": successor.phone if same_house else False,
            "email": successor.email if same_house else False,
        }

    @api.model
    def _check_move(self, move, own):
        """Refuse what makes no sense, in the words of who entered it."""
        person, row, kind, date = move["person"], move["row"], move["kind"], move["date"]
        if kind in ("promotion", "secondment", "return", "leave") and not row:
            raise UserError(
                self.env._(
                    "%(person)s belongs to no company today. Please choose Transfer, and the "
                    "company they join.",
                    person=person.name,
                )
            )
        if kind == "return" and row.kind != "seconded":
            raise UserError(
                self.env._(
                    "%(person)s is not on secondment. Please choose Transfer instead.",
                    person=person.name,
                )
            )
        if move.get("successor") == person:
            raise UserError(
                self.env._(
                    "%(person)s cannot be their own successor. Please choose someone else.",
                    person=person.name,
                )
            )
        last = date if kind == "leave" else date - DAY
        if kind != "concurrent" and row.date_from and last < row.date_from:
            raise UserError(
                self.env._(
                    "%(person)s: %(where)s began on %(start)s only. Please choose a later day, or "
                    "correct the affiliation itself in the list.",
                    person=person.name,
                    where=row._where(),
                    start=row.date_from,
                )
            )
        planned = own.filtered(lambda one: one.is_main and one.state == "future")
        if planned and kind != "concurrent":
            raise UserError(
                self.env._(
                    "%(person)s has a change planned already: %(planned)s. Please undo that one "
                    "first.",
                    person=person.name,
                    planned=planned[0]._in_words(),
                )
            )
        if kind != "leave" and not move.get("company"):
            raise UserError(
                self.env._("%(person)s: please choose the company.", person=person.name)
            )
        if kind in ("transfer", "promotion") and row and not self._differs(move):
            raise UserError(
                self.env._(
                    "%(person)s: company, department and function are what they were. Please enter "
                    "what changes.",
                    person=person.name,
                )
            )

    @api.model
    def _differs(self, move):
        row = move["row"]
        return move["company"] != row.company_partner_id or any(
            (row[name] or "") != (move.get(name) or "") for name in ("department", "function")
        )

    @api.model
    def _apply_move(self, move, own):
        """End what ends, and return the values of the rows that begin."""
        row, kind, date = move["row"], move["kind"], move["date"]
        values = {
            "partner_id": move["person"].id,
            "company_partner_id": move["company"].id if move.get("company") else False,
            **{
                name: move.get(name) or False
                for name in ("department", "function", "phone", "email", "note")
            },
            "date_from": date,
            "is_main": row.is_main if row else not own._present().filtered("is_main"),
            "kind": "regular",
        }
        if kind == "concurrent":
            has_main = own._present(date).filtered("is_main")
            return [{**values, "kind": "concurrent", "is_main": not has_main}]
        ending = {"ended_by": kind, "date_to": date if kind == "leave" else date - DAY}
        if kind == "leave":
            self._keep_contact(move, {})
            house = row.company_partner_id.commercial_partner_id
            others = own._present(date).filtered(
                lambda one: one != row
                and (
                    one.company_partner_id.commercial_partner_id == house
                    or (row.kind == "seconded" and one.kind == "origin")
                )
            )
            others.write(ending)
            row.write({**ending, "successor_id": self._id(move, "successor")})
            return []
        if not row:
            return [values]
        if row.company_partner_id != move["company"]:
            self._keep_contact(move, values)
        new = [values]
        if kind == "promotion" or not row.is_main:
            values["kind"] = row.kind
        if kind == "secondment":
            values["kind"] = "seconded"
            new += row.copy_data({"date_from": date, "is_main": False, "kind": "origin"})
        if kind == "return":
            own._present(date).filtered(lambda one: one.kind == "origin").write(ending)
        row.write({**ending, "successor_id": self._id(move, "successor")})
        return new

    @api.model
    def _id(self, move, name):
        return move[name].id if move.get(name) else False

    @api.model
    def _keep_contact(self, move, values):
        """Write phone and e-mail of who leaves a company down with it, unless they are kept:
        on the day of the change they go from the person's page."""
        row, person = move["row"], move["person"]
        for fname in ("phone", "email"):
            kept = (values or move).get(fname)
            if row.is_main and not row[fname] and person[fname] and person[fname] != kept:
                row[fname] = person[fname]

    # ---- Undoing ----------------------------------------------------------------------

    def action_undo(self):
        """取り消す: put back what was before the last transfer of a person, and before the one
        of the successor that followed from it."""
        for transfer in self:
            transfer._undo()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _undo(self):
        self.ensure_one()
        person = self.partner_id
        person.check_access("write")
        for caused in self.sudo().search([("cause_id", "=", self.id)]):
            caused.with_env(self.env)._undo()
        last = self.search([("partner_id", "=", person.id)], limit=1)
        if last != self:
            raise UserError(
                self.env._(
                    "%(person)s has been transferred again since (%(date)s). Only the last "
                    "transfer can be undone.",
                    person=person.name,
                    date=last.date,
                )
            )
        rows = person._affiliation_state()[person.id]["rows"]
        if not self._is_untouched(rows):
            raise UserError(
                self.env._(
                    "The affiliations of %(person)s have been changed since this transfer. Please "
                    "correct them in the list.",
                    person=person.name,
                )
            )
        before, after = self.state_before, self.state_after
        Affiliation = self.env["kokyaku.affiliation"].with_context(kokyaku_no_settle=True)
        Affiliation.browse(int(key) for key in rows if key not in before["rows"]).unlink()
        for key, values in before["rows"].items():
            row = Affiliation.browse(int(key))
            if row._state_values() != values:
                # a company that was merged or deleted meanwhile is not put back
                row.write(self._still_there(row, values))
        now = person._affiliation_state()[person.id]["person"]
        values = {
            name: value
            for name, value in self._still_there(person, before["person"]).items()
            # not what someone has written since, and no address that the company says
            if now[name] == after["person"][name] != value
            and not (name in ADDRESS and before["person"]["parent_id"])
        }
        person.with_context(kokyaku_affiliations_lead=True).write(values)
        person._settle_affiliations()
        self._take_back()
        person.message_post(
            body=self.env._(
                "Transfer undone: %(before)s → %(after)s (%(date)s)",
                before=self.before or "",
                after=self.after or "",
                date=self.date,
            )
        )
        self.sudo().unlink()

    def _take_back(self):
        """Take from the successor what they were handed over; what they had stays."""
        given, successor = self.sudo().handed_over or {}, self.successor_id
        values = {
            name: False if name == "user_id" else [Command.unlink(one) for one in ids]
            for name, ids in given.items()
            # who is responsible by now is someone else's decision
            if name != "user_id" or successor.user_id.ids == ids
        }
        if successor and values:
            successor.check_access("write")
            successor.write(values)

    def _is_untouched(self, rows):
        """Say whether the affiliations are as this transfer left them. What was only written
        down about the past since (the company's name) does not count."""

        kept = ("company_name", "company_address")

        def compared(state):
            return {
                key: {name: row[name] for name in row if name not in kept}
                for key, row in state.items()
            }

        return compared(rows) == compared(self.state_after["rows"])

    @api.model
    def _still_there(self, record, values):
        """`values` without links to records that are gone."""
        return {
            name: value
            for name, value in values.items()
            if not value
            or record._fields[name].type != "many2one"
            or self.env[record._fields[name].comodel_name].browse(value).exists()
        }

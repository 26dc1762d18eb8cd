from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import selected_domain, told

OPERATIONS = [
    ("add", "Put into a Set"),
    ("remove", "Take out of a Set"),
    ("restore", "Take back in"),
]
MEMBER = "kokyaku.selection.member"


class SelectionPeople(models.TransientModel):
    """選択セットに追加・から除外: the people chosen in any list, all that match.

    Works on every model that is a partner or has a ``partner_id``: persons, people of a
    company, contact history, executions, the recipients of another set. The ids stay in the
    database: one statement whatever their number. On the recipients themselves the set is
    known, and one can be taken out or back in.
    """

    _name = "kokyaku.selection.people"
    _description = "People into or out of a Set"

    operation = fields.Selection(OPERATIONS, required=True, default="add")
    target = fields.Selection(
        [("existing", "A Set in Preparation"), ("new", "A New Set")],
        string="Which Set",
        required=True,
        default="existing",
    )
    set_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Selection Set",
        domain="[('state', '=', 'draft'), ('company_id', 'in', allowed_company_ids)]",
    )
    is_set_known = fields.Boolean()
    new_name = fields.Char(string="Name of the Set")
    reason = fields.Char()
    asked_by = fields.Many2one(
        "res.users", string="Asked for by", domain="[('share', '=', False)]"
    )
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        operation = values.get("operation") or "add"
        if self.env.context.get("active_model") == MEMBER and operation != "add":
            sets = self._sets_of_members()
            if len(sets) != 1:
                raise UserError(
                    self.env._("Please choose recipients of one set only, and at least one.")
                )
            sets._check_editable()
            return {**values, "set_id": sets.id, "is_set_known": True}
        last = self._last_set()
        values["set_id"] = last.id
        if not last and operation == "add":
            values["target"] = "new"
        return values

    def _last_set(self):
        """The set this user worked on last, if it is still in preparation."""
        sets = self.env["kokyaku.selection.set"]
        mine = Domain("state", "=", "draft") & Domain("company_id", "in", self.env.companies.ids)
        last = self.env["ir.default"].sudo()._get(self._name, "set_id", user_id=self.env.uid)
        return sets.search(mine & Domain("id", "=", last or 0)) or sets.search(
            mine & Domain("owner_id", "=", self.env.uid), limit=1
        )

    # ---- Whom it is about -----------------------------------------------------------

    def _sets_of_members(self):
        members = self.env[MEMBER]
        groups = members._read_group(selected_domain(members), ["set_id"], limit=2)
        return self.env["kokyaku.selection.set"].union(*(one for (one,) in groups))

    def _chosen_sql(self):
        """Return a SELECT of the partner ids the user has chosen and may see."""
        records = self.env[self.env.context.get("active_model") or "res.partner"]
        domain = selected_domain(records)
        if "active" in records._fields and not self.env.context.get("active_domain"):
            records = records.with_context(active_test=False)
        if records._name == "res.partner":
            return records._search(domain).select()
        field = records._fields.get("partner_id")
        if field is None or field.comodel_name != "res.partner":
            raise UserError(
                self.env._("“%s” is no list of people.", records._description)
            )
        records.check_access("read")
        if records._auto:
            records.flush_model()
        query = records._search(domain)
        people = self.env["res.partner"].with_context(active_test=False)._search(
            Domain("id", "in", query.subselect(SQL.identifier(query.table, "partner_id")))
        )
        return people.select()

    def _count(self):
        """Return how many people are chosen; of them belonging to another company; in the set
        already; and taken out of it by hand before."""
        company = (self.set_id.company_id or self.env.company).id
        self.env[MEMBER].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT count(*),
                       count(*) FILTER (WHERE p.company_id <> %(company)s),
                       count(*) FILTER (WHERE m.excluded IS NOT TRUE AND m.id IS NOT NULL),
                       count(*) FILTER (WHERE m.excluded)
                  FROM res_partner p
                  LEFT JOIN kokyaku_selection_member m
                    ON m.partner_id = p.id AND m.set_id = %(set)s
                 WHERE p.id IN (%(chosen)s)
                """,
                company=company,
                set=self.set_id.id if self.target == "existing" else 0,
                chosen=self._chosen_sql(),
            )
        )[0]

    @api.depends("operation", "set_id", "target")
    def _compute_summary(self):
        for one in self:
            chosen, foreign, already, removed = one._count()
            if one.operation == "add":
                one.summary = self._in_words(
                    [self.env._("%s chosen.", chosen)], already, removed, foreign
                )
            elif one.operation == "remove":
                one.summary = self.env._(
                    "Chosen: %(chosen)s. Of them %(already)s are in the set and go out; they "
                    "stay out when it is built anew.",
                    chosen=chosen, already=already,
                )
            else:
                one.summary = self.env._(
                    "Chosen: %(chosen)s. Of them %(removed)s come back in.",
                    chosen=chosen, removed=removed,
                )

    @api.model
    def _in_words(self, sentences, already, removed, foreign):
        """The sentences, and one for each kind of people with whom it is not plain."""
        if already:
            sentences.append(self.env._("%s are in the set already.", already))
        if removed:
            sentences.append(
                self.env._("%s had been taken out by hand and come back.", removed)
            )
        if foreign:
            sentences.append(self.env._("%s belong to another company: left out.", foreign))
        return " ".join(sentences)

    # ---- Doing it -------------------------------------------------------------------

    def action_apply(self):
        """Put them in or take them out; return a message that says how many."""
        self.ensure_one()
        target = self._target_set()
        chosen, foreign, already, removed = self._count()
        if self.operation == "remove":
            number = target._remove_people(self._chosen_sql(), self.reason, self.asked_by)
            message = self.env._(
                "%(number)s taken out of “%(set)s”; %(others)s of the chosen were not in it.",
                number=number, set=target.display_name, others=chosen - number,
            )
        else:
            people = SQL(
                """SELECT p.id FROM res_partner p WHERE p.id IN (%s)
                      AND (p.company_id IS NULL OR p.company_id = %s)""",
                self._chosen_sql(),
                target.company_id.id,
            )
            if self.operation == "restore":
                people = SQL(
                    """SELECT partner_id FROM kokyaku_selection_member
                        WHERE set_id = %s AND excluded AND partner_id IN (%s)""",
                    target.id,
                    people,
                )
            number = target._add_people(people, "manual", self.reason, self.asked_by)
            came = self.env._(
                "%(number)s came into “%(set)s”.", number=number, set=target.display_name
            )
            message = self._in_words([came], already, removed, foreign)
        self.env["ir.default"].sudo().set(self._name, "set_id", target.id, user_id=self.env.uid)
        return told(
            message,
            "success" if number else "warning",
            sticky=bool(foreign) and self.operation != "remove",
        )

    def _target_set(self):
        """Return the set that is meant, made on the spot when it is a new one."""
        sets = self.env["kokyaku.selection.set"]
        if self.operation == "add" and self.target == "new":
            if not (self.new_name or "").strip():
                raise UserError(self.env._("Please give the new set a name."))
            one = sets.create({"name": self.new_name.strip()})
            self.write({"set_id": one.id, "target": "existing"})
            return one
        if not self.set_id:
            raise UserError(self.env._("Please choose the selection set."))
        return self.set_id

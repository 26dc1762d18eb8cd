from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..days import covers, first_overlap, overlap
from ..tools import office_today

KINDS = [
    ("regular", "Regular"),
    ("concurrent", "Concurrent Post"),
    ("seconded", "On Secondment Here"),
    ("origin", "Seconded from Here"),
]
STATES = [("current", "Current"), ("future", "Planned"), ("past", "Former")]
# What ends one affiliation and begins the next; the wizard asks for one of them.
CHANGES = [
    ("transfer", "Transfer"),
    ("promotion", "Change of Function"),
    ("secondment", "Secondment"),
    ("return", "Return from Secondment"),
    ("concurrent", "Concurrent Post"),
    ("leave", "Left the Company"),
]
# What an undo of a transfer puts back.
STATE_FIELDS = (
    "company_partner_id department function phone email date_from date_to is_main kind ended_by "
    "successor_id note company_name company_address"
).split()
DAY = timedelta(days=1)


class KokyakuAffiliation(models.Model):
    """所属: where a person belongs or belonged, with department, function, phone, e-mail.

    Several at a time and over time. Of those of today exactly one is the main one
    (主たる所属); it drives the person's ``parent_id``, ``function`` and work address. A
    person without rows who has a ``parent_id`` behaves as having that one: nothing is
    written at installation, the first row that is entered writes the other one down too.
    """

    _name = "kokyaku.affiliation"
    _description = "Affiliation"
    _order = "date_to desc nulls first, is_main desc, date_from desc nulls last, id desc"
    _rec_name = "company_partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    company_partner_id = fields.Many2one(
        "res.partner", string="Company", required=True, index=True, ondelete="restrict"
    )
    department = fields.Char()
    function = fields.Char()
    phone = fields.Char(help="The number there. Empty: the person's own.")
    email = fields.Char(help="The e-mail address there. Empty: the person's own.")
    date_from = fields.Date(string="First Day", help="Empty: not known.")
    date_to = fields.Date(string="Last Day", help="Empty: still.")
    is_main = fields.Boolean(
        string="Main Affiliation",
        help="The one on business post. There is one at a time.",
    )
    kind = fields.Selection(KINDS, required=True, default="regular")
    ended_by = fields.Selection(CHANGES, readonly=True)
    successor_id = fields.Many2one(
        "res.partner",
        string="Successor",
        index="btree_not_null",
        ondelete="set null",
        domain="[('is_company', '=', False), ('type', '=', 'contact')]",
    )
    note = fields.Char()
    company_name = fields.Char(
        string="Name at the Time",
        readonly=True,
        help="What the company was called when this affiliation ended.",
    )
    company_address = fields.Char(
        string="Address at the Time",
        readonly=True,
        help="Where the company was when this affiliation ended.",
    )
    state = fields.Selection(
        STATES, compute="_compute_state", search="_search_state", string="Status"
    )

    # ---- 現在・過去・予定 -----------------------------------------------------------

    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_state(self):
        today = office_today(self)
        for row in self:
            if row.date_to and row.date_to < today:
                row.state = "past"
            elif row.date_from and row.date_from > today:
                row.state = "future"
            else:
                row.state = "current"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = office_today(self)
        past = Domain("date_to", "!=", False) & Domain("date_to", "<", today)
        future = Domain("date_from", ">", today) & ~past
        domains = {"past": past, "future": future, "current": ~past & ~future}
        return Domain.OR(domains[state] for state in value if state in domains)

    def _covers(self, day):
        """Say whether `day` lies in this affiliation."""
        return covers(self.date_from, self.date_to, day)

    def _meets(self, other):
        """Say whether the two have a day in common."""
        return overlap((self.date_from, self.date_to), (other.date_from, other.date_to))

    def _present(self, day=None):
        """The affiliations among these that cover `day` (today)."""
        day = day or office_today(self)
        return self.filtered(lambda row: row._covers(day))

    # ---- What is refused ------------------------------------------------------------

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for row in self:
            if row.date_from and row.date_to and row.date_to < row.date_from:
                raise ValidationError(
                    self.env._(
                        "%(person)s at %(company)s: the affiliation ends on %(end)s, before it "
                        "begins on %(start)s. Please correct one of the two days.",
                        person=row.partner_id.name,
                        company=row.company_partner_id.name,
                        start=row.date_from,
                        end=row.date_to,
                    )
                )

    @api.constrains("partner_id", "company_partner_id")
    def _check_company(self):
        for row in self:
            if row.partner_id == row.company_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be their own company. Please choose another company.",
                        person=row.partner_id.name,
                    )
                )
            if row.partner_id.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is a company; only persons have affiliations. Please choose the "
                        "person.",
                        name=row.partner_id.name,
                    )
                )
            above = row.company_partner_id
            while above := above.sudo().parent_id:
                if above == row.partner_id:
                    raise ValidationError(
                        self.env._(
                            "%(company)s is entered below %(person)s, so %(person)s cannot belong "
                            "to it. Please correct the company of %(company)s first.",
                            person=row.partner_id.name,
                            company=row.company_partner_id.name,
                        )
                    )

    @api.constrains("partner_id", "successor_id")
    def _check_successor(self):
        for row in self:
            if row.successor_id and row.successor_id == row.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be their own successor. Please choose someone else.",
                        person=row.partner_id.name,
                    )
                )

    @api.constrains("partner_id", "is_main", "date_from", "date_to")
    def _check_one_main(self):
        people = self.filtered("is_main").partner_id
        spans = defaultdict(list)
        for row in self.search([("partner_id", "in", people.ids), ("is_main", "=", True)]):
            spans[row.partner_id].append((row, row.date_from, row.date_to))
        for person, own in spans.items():
            if both := first_overlap(own):
                one, other = both
                raise ValidationError(
                    self.env._(
                        "%(person)s has two main affiliations at the same time: %(one)s and "
                        "%(other)s. Please end one of them, or take its mark off.",
                        person=person.name,
                        one=one._in_words(),
                        other=other._in_words(),
                    )
                )

    def _in_words(self):
        """This affiliation as it stands in a message: 株式会社X 総務部 部長 (2020-04-01 – )."""
        self.ensure_one()
        text = self._where()
        if self.date_from or self.date_to:
            text += f" ({self.date_from or ''} – {self.date_to or ''})"
        return text

    def _where(self):
        """Company, department and function in one line, by the company's name of today."""
        company = self.company_partner_id.sudo()
        parts = [company._company_and_department_text(), self.department, self.function]
        return " ".join(part for part in parts if part)

    def _state_values(self):
        """What an undo needs of this row, as JSON can hold it."""
        values = self._convert_to_write({name: self[name] for name in STATE_FIELDS})
        return {
            name: fields.Date.to_string(value) if name.startswith("date_") and value else value
            for name, value in values.items()
        }

    # ---- Keeping the person in step ---------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        implied, vals_list = self._with_implied(vals_list)
        if implied:
            super().create(implied)
        rows = super().create(vals_list)
        rows._settle()
        return rows

    def write(self, vals):
        people = self.partner_id
        res = super().write(vals)
        (people | self.partner_id)._settle_affiliations()
        return res

    def unlink(self):
        people = self.partner_id
        res = super().unlink()
        people._settle_affiliations()
        return res

    def _settle(self):
        self.partner_id._settle_affiliations()

    @api.model
    def _with_implied(self, vals_list):
        """Write down the affiliation that persons without rows have by their ``parent_id``.

        :return: (values of rows to create before, `vals_list` with what is missing in it)
        """
        given = defaultdict(list)
        for vals in vals_list:
            given[vals.get("partner_id")].append(vals)
        people = self.env["res.partner"].sudo().browse(filter(None, given))
        people = people.filtered(lambda person: person._has_implied_affiliation())
        if people:
            found = self.sudo()._read_group([("partner_id", "in", people.ids)], ["partner_id"])
            people -= people.browse([person.id for [person] in found])
        today = office_today(self)
        implied, filled = [], {}
        for person in people:
            same = [
                vals
                for vals in given[person.id]
                if vals.get("company_partner_id") == person.parent_id.id
                and covers(*self._span(vals), today)
            ]
            if same:  # these say it themselves
                function = same[0].get("function") or person.function
                filled[id(same[0])] = {**same[0], "function": function}
                continue
            implied.append(self._implied_values(person, given[person.id], today))
        return implied, [filled.get(id(vals), vals) for vals in vals_list]

    @api.model
    def _span(self, vals):
        return tuple(
            fields.Date.to_date(vals.get(fname) or None) for fname in ("date_from", "date_to")
        )

    @api.model
    def _implied_values(self, person, given, today):
        """The row for a person's ``parent_id``, between the main ones that are `given`."""
        mains = [self._span(vals) for vals in given if vals.get("is_main")]
        ended = [last for first, last in mains if last and last < today]
        begun = [first or today for first, last in mains if not last or last >= today]
        first = max(ended) + DAY if ended else False
        last = min(begun) - DAY if begun else False
        return {
            "partner_id": person.id,
            "company_partner_id": person.parent_id.id,
            "function": person.function,
            "date_from": first if not (first and last and last < first) else False,
            "date_to": last,
            "is_main": True,
            "ended_by": "transfer" if last else False,
        }

    def _lead_from(self, first=None, last=None):
        """Make this the main affiliation from `first` to `last` (its own days, if empty), and
        split off what lies outside: history keeps which one was the main one on which day.

        :return: the row that is the main one now
        """
        self.ensure_one()
        quiet = self.with_context(kokyaku_no_settle=True)
        if last and (not self.date_to or self.date_to > last):
            quiet.copy({"date_from": last + DAY, "is_main": False})
            quiet.date_to = last
        if first and (not self.date_from or self.date_from < first):
            main = quiet.copy({"date_from": first, "is_main": True})
            quiet.write({"date_to": first - DAY})
            return main
        quiet.is_main = True
        return self

    def action_make_main(self):
        """主たる所属にする: from today this one stands on business post."""
        self.ensure_one()
        today = office_today(self)
        if not self._covers(today):
            raise ValidationError(
                self.env._(
                    "%(where)s is not an affiliation of today. Please use Transfer to plan a "
                    "change.",
                    where=self._in_words(),
                )
            )
        quiet = self.with_context(kokyaku_no_settle=True)
        mains = quiet.search(
            [("partner_id", "=", self.partner_id.id), ("is_main", "=", True), ("id", "!=", self.id)]
        )
        begins = [row.date_from for row in mains if row.date_from and row.date_from > today]
        for row in mains._present():
            if row.date_from and row.date_from >= today:
                row.is_main = False
            else:
                row.copy({"date_from": today, "is_main": False})
                row.date_to = today - DAY
        self._lead_from(today, min(begins) - DAY if begins else None)
        self._settle()
        return True

    # ---- What is kept of the past ------------------------------------------------------

    def _keep_names(self):
        """Write down what the companies of ended affiliations are called now, once; forget it
        where an affiliation goes on after all."""
        quiet = self.with_context(kokyaku_no_settle=True).sudo()
        quiet.filtered(lambda row: row.company_name and row.state != "past").write(
            {"company_name": False, "company_address": False}
        )
        ended = quiet.filtered(lambda row: not row.company_name and row.state == "past")
        for company, rows in ended.grouped("company_partner_id").items():
            rows.write(
                {
                    "company_name": company._company_and_department_text(),
                    "company_address": company._postal_one_line(),
                }
            )

    # ---- When the day comes ---------------------------------------------------------------

    @api.model
    def _cron_follow_the_calendar(self, batch=500):
        """Switch to the affiliations that begin today, and keep the names of those that ended.

        Found by comparison, not by date, so that days without a cron are made up for. One
        statement finds the persons; they are written company by company.
        """
        today = office_today(self)
        people = self._people_out_of_step(today)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(people))
        for start in range(0, len(people), batch):
            part = people[start : start + batch]
            part._settle_affiliations()
            if not cron._commit_progress(processed=len(part)):
                break

    @api.model
    def _people_out_of_step(self, today):
        """The persons whose affiliations of `today` are not what their page says."""
        self.env["res.partner"].flush_model(["parent_id", "function"])
        self.flush_model()
        self.env.cr.execute(
            """
            WITH person AS (
                SELECT partner_id,
                       bool_or(is_main AND present) AS has_main,
                       bool_or(present) AS is_somewhere,
                       max(company_partner_id) FILTER (WHERE is_main AND present) AS company_id,
                       max(function) FILTER (WHERE is_main AND present) AS function,
                       bool_or(date_to < %(today)s AND company_name IS NULL) AS to_keep
                  FROM (
                    SELECT *,
                           COALESCE(date_from <= %(today)s, TRUE)
                           AND COALESCE(date_to >= %(today)s, TRUE) AS present
                      FROM kokyaku_affiliation
                  ) AS affiliation
                 GROUP BY partner_id
            )
            SELECT person.partner_id
              FROM person
              JOIN res_partner AS partner ON partner.id = person.partner_id
             WHERE person.to_keep
                OR (person.is_somewhere AND NOT person.has_main)
                OR person.company_id IS DISTINCT FROM partner.parent_id
                OR (person.has_main
                    AND COALESCE(person.function, '') <> COALESCE(partner.function, ''))
             ORDER BY person.partner_id
            """,
            {"today": today},
        )
        return self.env["res.partner"].browse([row[0] for row in self.env.cr.fetchall()])

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..naming.postal_address import one_line
from ..tools import office_today
from .kokyaku_affiliation import DAY

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
OURS = "kokyaku_crm.group_analyst"


class ResPartner(models.Model):
    """所属: where a person belongs, and who belongs to a company.

    The main affiliation leads: what changes there is written to ``parent_id`` and
    ``function``, and core brings the address. Who writes those two instead (core's form,
    an import) gets the affiliations changed accordingly. ``kokyaku_affiliations_lead`` in
    the context says that the affiliations are the ones who speak.
    """

    _inherit = "res.partner"

    affiliation_ids = fields.One2many(
        "kokyaku.affiliation", "partner_id", string="Affiliations", groups=OFFICE
    )
    affiliated_ids = fields.One2many(
        "kokyaku.affiliation", "company_partner_id", string="People", groups=OFFICE
    )

    people_count = fields.Integer(
        string="Number of People", compute="_compute_people_count", groups=OURS
    )

    def _compute_people_count(self):
        """Count the people of today of companies; persons cost nothing."""
        self.people_count = 0
        for company in self.filtered("is_company"):
            company.people_count = company._count_people()

    def _count_people(self):
        """How many lines of ``kokyaku.company.person`` are current, without making the lines,
        which takes twice as long for a company of thousands."""
        houses = list(self._with_departments())
        self.flush_model(["active", "company_id", "honorific"])
        self.env["kokyaku.affiliation"].flush_model(["partner_id", "date_from", "date_to"])
        [[count]] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT COUNT(*)
                          FROM kokyaku_affiliation AS row
                          JOIN res_partner AS person ON person.id = row.partner_id
                         WHERE row.company_partner_id = ANY(%(houses)s)
                           AND (row.date_to IS NULL OR row.date_to >= %(today)s)
                           AND (row.date_from IS NULL OR row.date_from <= %(today)s)
                           AND person.active
                           AND (person.company_id IS NULL OR person.company_id = ANY(%(ours)s)))
                     + (SELECT COUNT(*)
                          FROM res_partner AS person
                         WHERE person.parent_id = ANY(%(houses)s)
                           AND person.active
                           AND person.is_company IS NOT TRUE
                           AND person.type = 'contact'
                           AND person.honorific IS DISTINCT FROM 'onchu'
                           AND (person.company_id IS NULL OR person.company_id = ANY(%(ours)s))
                           AND NOT EXISTS (SELECT FROM kokyaku_affiliation AS row
                                            WHERE row.partner_id = person.id))
                """,
                houses=houses,
                ours=self.env.companies.ids,
                today=office_today(self),
            )
        )
        return count

    def _people_domain(self):
        """The people of this company and its departments, now and before."""
        return [("company_partner_id", "in", self._with_departments())]

    def _with_departments(self):
        """Ids of these companies, and of the contacts below that people belong to.

        Not by ``child_of``: that walks through every single person of the company.
        """
        self.flush_model(["parent_id", "is_company", "type"])
        self.env["kokyaku.affiliation"].flush_model(["company_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE house AS (
                    SELECT unnest(%s) AS id
                     UNION
                    SELECT below.id
                      FROM house
                      JOIN res_partner AS below ON below.parent_id = house.id
                     WHERE below.is_company IS NOT TRUE
                       AND below.type = 'contact'
                       AND (EXISTS (SELECT FROM res_partner AS person
                                     WHERE person.parent_id = below.id)
                            OR EXISTS (SELECT FROM kokyaku_affiliation AS row
                                        WHERE row.company_partner_id = below.id))
                )
                SELECT id FROM house
                """,
                self.ids,
            )
        )
        return [row[0] for row in rows]

    def action_open_people(self):
        """所属者: the people of this company, by department."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_company_people")
        return {
            **action,
            "display_name": self.env._("People of %s", self.name),
            "domain": self._people_domain(),
        }

    def _has_implied_affiliation(self):
        """Say whether a person without affiliations has one by their ``parent_id``."""
        return bool(self.parent_id and not self.is_company and self.type == "contact")

    def _company_and_department_text(self):
        """This company, or department with its company: 株式会社X 総務部."""
        names, above = [], self.sudo()
        while above:
            names.insert(0, above.name or "")
            if above.is_company:
                break
            above = above.parent_id
        return " ".join(name for name in names if name)

    def _postal_one_line(self):
        """The address of this partner in one line, "" without one."""
        self.ensure_one()
        return one_line(self.zip, self.state_id.name, self.city, self.street, self.street2)

    # ---- The affiliations lead ------------------------------------------------------

    def _settle_affiliations(self):
        """Bring these persons in step with their affiliations.

        One of today's is the main one; ``parent_id``, ``function``, phone and address are
        what it says; ended ones keep the company's name. The number of statements does not
        grow with the persons, except for core's own work on those who change company.
        """
        if self.env.context.get("kokyaku_no_settle") or not self:
            return
        rows = self.env["kokyaku.affiliation"].search([("partner_id", "in", self.ids)])
        rows._keep_names()
        today = office_today(self)
        groups = {}
        for person, own in rows.grouped("partner_id").items():
            present = own._present(today)
            main = present.filtered("is_main")
            if present and not main:
                main = person._choose_main(own, present, today)
            values = person._values_of_main(own, main[:1])
            if values:
                groups.setdefault(tuple(values.items()), []).append(person.id)
        for values, ids in groups.items():
            people = self.browse(ids).with_context(kokyaku_affiliations_lead=True)
            people.write(dict(values))

    def _choose_main(self, own, present, today):
        """Where none of today's affiliations is the main one, the oldest regular one becomes it."""
        preferred = present.filtered(lambda row: row.kind != "concurrent") or present
        row = min(preferred, key=lambda row: (row.date_from or date.min, row.id))
        mains = own.filtered("is_main")
        ended = [one.date_to for one in mains if one.date_to and one.date_to < today]
        begins = [one.date_from for one in mains if one.date_from and one.date_from > today]
        main = row._lead_from(
            max(ended) + DAY if ended else None, min(begins) - DAY if begins else None
        )
        if main.kind == "origin":
            main.with_context(kokyaku_no_settle=True).kind = "regular"
        return main

    def _values_of_main(self, own, main):
        """What is to be written on this person so that it says what `main` says."""
        values = {}
        company = main.company_partner_id
        if (self.function or "") != (main.function or ""):
            values["function"] = main.function or False
        if self.parent_id == company:
            if main.phone and main.phone != self.phone:
                values["phone"] = main.phone
            if main.email and main.email != self.email:
                values["email"] = main.email
            return values
        values["parent_id"] = company.id
        left = own.filtered(
            lambda row: row.is_main
            and row != main
            and row.company_partner_id == self.parent_id
            and row.date_to
        )[:1]
        for fname in ("phone", "email"):
            if main[fname] or (left[fname] and left[fname] == self[fname]):
                values[fname] = main[fname] or False
        values.update(self._address_after_leaving(company))
        return values

    def _address_after_leaving(self, company):
        """Address values for who goes from ``parent_id`` to `company` (empty: nowhere).

        Core copies the address of the new company. Without one it would do the reverse and
        write the old company's address on the new one; and who leaves would keep it.
        """
        fnames = self._address_fields()
        if company:
            return {} if company._get_address_values() else dict.fromkeys(fnames, False)
        there = self.parent_id
        if self.type == "contact" and there and all(self[name] == there[name] for name in fnames):
            return {name: False for name in fnames if name != "country_id"}
        return {}

    # ---- Core's fields lead --------------------------------------------------------------

    def write(self, vals):
        if vals.get("parent_id"):
            # an id or, as some of core writes it, a record
            company_id = self._fields["parent_id"].convert_to_cache(vals["parent_id"], self)
            self._keep_own_address_as_home(company_id)
        if (
            self.env.context.get("kokyaku_affiliations_lead")
            or "parent_id" not in vals
            and "function" not in vals
        ):
            return super().write(vals)
        vals = dict(vals)
        rows = {"affiliation_ids": vals.pop("affiliation_ids")} if "affiliation_ids" in vals else {}
        people = self.filtered(lambda partner: not partner.is_company and partner.type == "contact")
        before = {person.id: (person.parent_id.id, person.function) for person in people}
        res = super().write(vals)
        people._affiliations_follow(before)
        if rows:
            super().write(rows)
        return res

    def _affiliations_follow(self, before):
        """Bring the affiliations in step with what was written on these persons.

        A change of company is a transfer of today, unless the row, or the person, was
        entered today: then it is a correction. A change of function corrects the row; the
        button 異動・役職変更 makes history of it.

        :param before: dict person id → (former parent id, former function)
        """
        changed = self.filtered(
            lambda person: before[person.id] != (person.parent_id.id, person.function)
        )
        if not changed:
            return
        Affiliation = self.env["kokyaku.affiliation"].sudo().with_context(kokyaku_no_settle=True)
        own = Affiliation.search([("partner_id", "in", changed.ids)]).grouped("partner_id")
        today = office_today(self)
        new = []
        for person in changed.sudo():
            rows = own.get(person, Affiliation)
            if rows:
                new += person._change_rows(rows, *before[person.id], today)
            else:
                new += person._first_rows(*before[person.id], today)
        if new:
            Affiliation.create(new)
        if own or new:
            changed.sudo().with_context(kokyaku_affiliations_lead=True)._settle_affiliations()

    def _first_rows(self, company_id, function, today):
        """Rows of a person without any, who belonged to `company_id` until now."""
        entered = office_today(self, self.create_date)
        if not company_id or company_id == self.parent_id.id or entered >= today:
            return []
        past = {
            "partner_id": self.id,
            "company_partner_id": company_id,
            "function": function,
            "date_to": today - DAY,
            "is_main": True,
            "ended_by": "transfer" if self.parent_id else "leave",
        }
        return [past, *self._row_from_today(today)]

    def _row_from_today(self, today):
        if not self.parent_id:
            return []
        return [
            {
                "partner_id": self.id,
                "company_partner_id": self.parent_id.id,
                "function": self.function,
                "date_from": today,
                "is_main": True,
            }
        ]

    def _change_rows(self, rows, company_id, function, today):
        """Change the affiliations of a person after ``parent_id`` or ``function`` was written.

        :return: values of rows to create
        """
        main = rows._present(today).filtered("is_main")[:1]
        company = self.parent_id
        if company == main.company_partner_id:
            if main and (main.function or "") != (self.function or ""):
                main.function = self.function
            return []
        if main.date_from and main.date_from >= today:  # entered today: a correction
            if company:
                main.write({"company_partner_id": company.id, "function": self.function})
            else:
                main.unlink()
            return []
        main.write({"date_to": today - DAY, "ended_by": "transfer" if company else "leave"})
        begins = rows.filtered(
            lambda row: row.is_main and row.date_from and row.date_from > today
        ).mapped("date_from")
        last = min(begins) - DAY if begins else False
        there = rows._present(today).filtered(lambda row: row.company_partner_id == company)[:1]
        if there:
            there._lead_from(today, last or None).function = self.function
            return []
        return [{**vals, "date_to": last} for vals in self._row_from_today(today)]

    # ---- Companies that people belong to --------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_affiliated(self):
        row = (
            self.env["kokyaku.affiliation"]
            .sudo()
            .search(
                [("company_partner_id", "in", self.ids), ("partner_id", "not in", self.ids)],
                limit=1,
            )
        )
        if row:
            raise UserError(
                self.env._(
                    "%(company)s cannot be deleted: it stands in the affiliations of %(person)s. "
                    "Please archive it instead, or merge it with the right company.",
                    company=row.company_partner_id.name,
                    person=row.partner_id.name,
                )
            )

    def _present_main_affiliations(self):
        """dict person id → the main affiliation of today."""
        rows = (
            self.env["kokyaku.affiliation"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.ids),
                    ("is_main", "=", True),
                    ("state", "=", "current"),
                ]
            )
        )
        return {row.partner_id.id: row for row in rows}

from odoo import models

from odoo.addons.kokyaku_crm.models.res_partner import HONORIFIC_TEXTS

from ..atena import addressee, codes, honorific
from ..atena.text import postal_digits

_COLUMNS = (
    "id active name is_company type parent_id company_name function honorific kana "
    "zip state_id city street street2 country_id user_id address_choice"
).split()
_ADDRESS_TYPES = ("delivery", "invoice", "other")
PRINT_ORDERS = ("postal_code", "staff", "kana", "listed")


class ResPartner(models.Model):
    """宛名 of partners: who stands on a piece of post, and at which address."""

    _inherit = "res.partner"

    def _atena_rows(self):
        """What an address needs of these partners, in one statement under the user's rights.

        :return: dict partner id → dict of columns; partners that the user may not read, or
            that are gone, are missing
        """
        query = self.with_context(active_test=False)._search([("id", "in", self.ids)])
        columns = [self._field_to_sql(query.table, name, query) for name in _COLUMNS]
        return {
            row[0]: dict(zip(_COLUMNS, row, strict=True))
            for row in self.env.execute_query(query.select(*columns))
        }

    def _atena_with_ancestors(self):
        """`_atena_rows`, and the companies and departments above, level by level.

        A person's company is read whatever the user's rights on it: Odoo shows its name and
        address on the person as well.

        :return: (rows of self, rows of self and ancestors)
        """
        own = self._atena_rows()
        known = dict(own)
        missing = {row["parent_id"] for row in own.values()} - known.keys() - {None}
        while missing:
            above = self.sudo().browse(missing)._atena_rows()
            known.update(above)
            missing = {row["parent_id"] for row in above.values()} - known.keys() - {None}
        rules = self.env["kokyaku.honorific.rule"]
        known_rules = rules._rules()
        for row in known.values():
            if not row["honorific"] and not row["is_company"]:
                row["honorific"] = rules.matching(row["function"], known_rules)
        return own, known

    def _atena_go_home(self, rows, selection_type, japan):
        """Give the rows of those whose post goes home (宛先区分) the home's address, and take
        the company away from them. Homes abroad stay as they are: Odoo formats partners only.

        The choice of the selection type counts first, as in ``_postal_targets``; who has no
        home keeps the address they have.
        """
        chosen = selection_type.address_choice if selection_type else None
        going = {row["id"]: row for row in rows if (chosen or row["address_choice"]) == "home"}
        homes = self.env["kokyaku.home.address"].sudo().search([("partner_id", "in", list(going))])
        for home in homes:
            if (home.street or home.city) and (home.country_id.id or None) in japan:
                going[home.partner_id.id].update(
                    {name: home[name] for name in ("zip", "city", "street", "street2")},
                    state_id=home.state_id.id or None,
                    country_id=home.country_id.id or None,
                    parent_id=None,
                    company_name=None,
                    function=None,
                )

    def _atena_at_work(self, rows, known):
        """Give the rows of those whose post goes to a company what their main affiliation says:
        company, department and function, and the company's address if it has one.

        :return: the rows of companies that were not in `known`, with their ancestors
        """
        people = {row["id"]: row for row in rows if row["parent_id"] and row["type"] == "contact"}
        mains = self.browse(people)._present_main_affiliations()
        companies = {main.company_partner_id.id for main in mains.values()} - known.keys()
        more = self.sudo().browse(companies)._atena_with_ancestors()[1] if companies else {}
        known = {**known, **more}
        for partner_id, main in mains.items():
            row = people[partner_id]
            row.update(
                parent_id=main.company_partner_id.id,
                department=main.department,
                function=main.function,
            )
            if any(one["city"] or one["street"] for one in _ancestors(row, known)):
                row.update(city=None, street=None)  # so that the company's is printed
        return more

    def _atena_joint(self, rows):
        """連名: who stands beside these people on post to their home.

        :return: dict partner id → full names, in the order of the family
        """
        at_home = [
            row["id"]
            for row in rows
            if not (row["is_company"] or row["parent_id"] or row["company_name"])
        ]
        members = (
            self.env["kokyaku.family.member"]
            .sudo()
            .search([("partner_id", "in", at_home), ("joint_addressee", "=", True)])
        )
        joint = {}
        for member in members:
            if not member.member_partner_id.deceased_on:
                joint.setdefault(member.partner_id.id, []).append(member.name)
        return joint

    def _atena_addressees(self, order="listed", wanted_honorific=None, selection_type=None):
        """The recipients (宛先) of these partners, in printing order.

        The number of queries does not depend on the number of partners, except that foreign
        addresses are formatted by Odoo itself, a thousand at a time.

        :param order: ``postal_code``, ``staff``, ``kana``, or ``listed`` (as the recordset is)
        :param wanted_honorific: one honorific for everyone, empty for none, None for their own
        :param selection_type: ``kokyaku.selection.type`` record whose 宛先区分 overrules the
            person's own, or nothing
        :return: list of `atena.addressee.Addressee` whose ``key`` is the partner's id; those
            the user may not read are left out
        """
        own, known = self._atena_with_ancestors()
        rows = [dict(own[partner_id]) for partner_id in self.ids if partner_id in own]
        japan = {None, *self.env["res.country"].search([("code", "=", "JP")]).ids}
        self._atena_go_home(rows, selection_type, japan)
        known.update(self._atena_at_work(rows, known))
        joint = self._atena_joint(rows)
        if order != "listed":
            rows.sort(key=self._atena_sort_key(order, rows, known))
        above = {row["id"]: list(_ancestors(row, known)) for row in rows}
        states, japan = self._atena_places([*known.values(), *rows])
        holders = {row["id"]: _address_holder(row, above[row["id"]]) for row in rows}
        foreign = self._atena_foreign_lines(
            {holder["id"] for holder in holders.values() if holder["country_id"] not in japan}
        )
        return [
            self._atena_make(
                row,
                above[row["id"]],
                holders[row["id"]],
                states,
                foreign,
                wanted_honorific,
                joint.get(row["id"], ()),
            )
            for row in rows
        ]

    def _atena_places(self, rows):
        """Names of the prefectures in use, and the ids that mean Japan."""
        state_ids = {row["state_id"] for row in rows} - {None}
        states = self.env["res.country.state"].sudo().browse(state_ids)
        states.fetch(["name"])
        japan = self.env.ref("base.jp", raise_if_not_found=False)
        return {state.id: state.name for state in states}, {None, *(japan.ids if japan else ())}

    def _atena_sort_key(self, order, rows, known):
        """Key function: what is empty comes last, ties break by kana, name and id."""
        staff = {}
        if order == "staff":
            users = self.env["res.users"].sudo().browse({row["user_id"] for row in rows} - {None})
            staff = {user.id: user.name for user in users}

        def by_name(row):
            return (not row["kana"], row["kana"] or "", row["name"] or "", row["id"])

        def by_postal_code(row):
            holder = _address_holder(row, _ancestors(row, known))
            digits = postal_digits(holder["zip"])
            return (not digits, digits, holder["city"] or "", holder["street"] or "", *by_name(row))

        def by_staff(row):
            name = staff.get(row["user_id"], "")
            return (not name, name, row["user_id"] or 0, *by_name(row))

        return {"kana": by_name, "postal_code": by_postal_code, "staff": by_staff}[order]

    def _atena_make(self, row, above, holder, states, foreign, wanted, joint):
        """One recipient from its row, the rows above it (nearest first), the row whose address
        is used, and the names beside it."""
        name_row = row
        if not row["name"] and above:  # an address without a name is its contact's
            name_row, above = above[0], above[1:]
        company, department = _company_and_department(above)
        department = "\u3000".join(filter(None, (department, name_row.get("department"))))
        company = company or (not above and name_row["company_name"]) or ""
        name = name_row["name"] or ""
        # 様 is what every new person gets; it says nothing against a department (総務部 御中).
        own = HONORIFIC_TEXTS.get(name_row["honorific"])
        own = None if own == honorific.PERSON else own
        organisation = bool(name_row["is_company"]) or own == honorific.ORGANISATION
        if not organisation and own is None and company:
            one_word = " " not in name and "\u3000" not in name
            organisation = one_word and honorific.is_department(name)
        made = addressee.make(
            row["id"],
            name=name,
            organisation=organisation,
            own_honorific=own,
            wanted_honorific=wanted,
            postal=holder["zip"],
            state=states.get(holder["state_id"], ""),
            city=holder["city"],
            street=holder["street"],
            building=holder["street2"],
            company=company,
            department=department,
            # A position means something only together with where it is held.
            function=(company or department) and not organisation and name_row["function"],
            foreign_lines=foreign.get(holder["id"], ()),
            joint=joint,
        )
        if not row["active"]:
            made.problems.append(codes.ARCHIVED)
        return made

    def _atena_foreign_lines(self, holder_ids):
        """Addresses as their countries write them, the country in English capitals (UPU).

        :return: dict partner id → lines; empty when the address is
        """
        lines_of = {}
        for holder in self.sudo().browse(holder_ids).with_context(lang="en_US"):
            country = holder.country_id.name
            lines = [line.strip() for line in holder._display_address(True).splitlines()]
            lines = [line for line in lines if line and line != country]
            lines_of[holder.id] = [*lines, country.upper()] if lines else []
        return lines_of

    def action_print_labels(self):
        """宛名ラベル印刷: open the wizard for these people."""
        return (
            self.env["kokyaku.label.print"]
            .with_context(active_model=self._name, active_ids=self.ids, active_domain=None)
            .action_open()
        )


def _ancestors(row, known):
    """The rows above a partner, nearest first."""
    seen = {row["id"]}
    while (row := known.get(row["parent_id"])) and row["id"] not in seen:
        seen.add(row["id"])
        yield row


def _address_holder(row, above):
    """The row whose address is printed: the partner's own, or the nearest one above."""
    if row["city"] or row["street"]:
        return row
    return next((one for one in above if one["city"] or one["street"]), row)


def _company_and_department(above):
    """Company, and what lies between it and the person (部署), from the rows above.

    :return: (name of the nearest company, names of the departments below it, outermost first)
    """
    departments = []
    for row in above:
        if row["is_company"]:
            return row["name"] or "", "\u3000".join(reversed(departments))
        if row["type"] not in _ADDRESS_TYPES:
            departments.append(row["name"] or "")
    return "", ""

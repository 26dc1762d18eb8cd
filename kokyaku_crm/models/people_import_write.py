import json

from odoo import api, models
from odoo.tools import SQL

from .people_import_new import ADDRESS, QUIET
from .people_import_wanted import KANA, PERSON_NAME

# What is a person's own: nobody else's row follows from it, but computed columns may.
OWN = {
    "ref", "member_number", *KANA, "email", "phone", "mobile_phone",
    "fax", "gender", "birthdate", "comment", "source_id", "acquired_on", "user_id",
    *(f"user_name_{slot}" for slot in range(1, 6)),
    *(f"user_code_{slot}_id" for slot in range(1, 11)),
}  # fmt: skip

NOTHING = {"name_split_unsure": False}  # what an empty value is stored as, if not as NULL


class KokyakuImportPerson(models.Model):
    """Changing many known people at once, each in their own way, by a few statements.

    What is a person's own is written by one UPDATE for all; what the ORM computes from it (the
    full names of who belongs to a company too), it computes for all of them afterwards. A new
    address reaches the contacts right below, as with core, by one more UPDATE. Whatever else may
    reach others goes through the ORM, those who get the same together: the company and the
    function (affiliations follow), the name of who has a bank account, the address of who belongs
    to somebody or has mail returned, and whoever logs in.
    """

    _inherit = "kokyaku.import.person"

    @api.model
    def _write_people(self, writes):
        """Write values on people.

        :param writes: dict id → {field: value}, as ``write`` takes them, dates as texts
        """
        writes = {number: values for number, values in writes.items() if values}
        if not writes:
            return
        self.env["res.partner"].browse(writes).check_access("write")
        self.env.flush_all()
        facts = self._facts(list(writes))
        plain = {
            number: values
            for number, values in writes.items()
            if values.keys() <= facts.get(number, frozenset())
        }
        people = self.env["res.partner"].browse(plain)
        for person in people:  # the parts of a name, or of a reading, that came as one
            plain[person.id] = {**plain[person.id], **person._name_values(plain[person.id])}
        below = self._contacts_to_move(plain)
        keys = self.env["kokyaku.partner.key"].sudo()
        keys._wait(True)
        self._update_rows("res_partner", plain)
        self._update_rows("res_partner", below)
        keys._wait(False)
        keys._renew([*plain, *below, *self._found_by_name_of(plain)])
        self.env.invalidate_all(flush=False)
        people.modified(sorted(set().union(*plain.values())))
        people.browse(below).modified(sorted(set().union(*below.values())))
        groups = {}
        for number in writes.keys() - plain.keys():
            key = json.dumps(writes[number], sort_keys=True)
            groups.setdefault(key, []).append(number)
        for ids in groups.values():
            self.env["res.partner"].with_context(**QUIET).browse(ids).write(dict(writes[ids[0]]))
        self.env.flush_all()

    @api.model
    def _facts(self, ids):
        """Which fields of people are their own: dict id → set; of who logs in none."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id,
                       EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id),
                       p.parent_id IS NULL AND p.returned_mail IS NULL
                       AND NOT EXISTS (SELECT FROM res_partner c
                                        WHERE c.parent_id = p.id AND c.returned_mail IS NOT NULL),
                       NOT EXISTS (SELECT FROM kokyaku_affiliation a WHERE a.partner_id = p.id),
                       NOT EXISTS (SELECT FROM res_partner_bank b WHERE b.partner_id = p.id)
                  FROM res_partner p WHERE p.id = ANY(%s)
                """,
                ids,
            )
        )
        kinds = (frozenset(ADDRESS), frozenset({"function"}), frozenset(PERSON_NAME))
        return {
            number: frozenset()
            if logs_in
            else OWN.union(*(kind for kind, holds in zip(kinds, free, strict=True) if holds))
            for number, logs_in, *free in rows
        }

    @api.model
    def _contacts_to_move(self, writes):
        """Return what new addresses change on the contacts right below: what changes above.

        :param writes: dict id → {field: value}, not written yet
        :return: dict id → {field: value}
        """
        given = {
            number: [fname for fname in ADDRESS if fname in values]
            for number, values in writes.items()
        }
        old = self._images("res_partner", {one: names for one, names in given.items() if names})
        moves = {}
        for number, row in old.items():
            new = writes[number]
            if moved := {fname: new[fname] for fname in row if row[fname] != (new[fname] or False)}:
                moves[number] = moved
        contacts = self.env["res.partner"].search_fetch(
            [("parent_id", "in", list(moves)), ("type", "=", "contact"), ("active", "=", True)],
            ["parent_id"],
        )
        contacts.check_access("write")
        return {contact.id: moves[contact.parent_id.id] for contact in contacts}

    @api.model
    def _found_by_name_of(self, writes):
        """Return the ids of those who are found by the name of somebody that is written."""
        named = [one for one, values in writes.items() if values.keys() & {"name", "kana"}]
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM res_partner WHERE parent_id = ANY(%(named)s)
                   UNION SELECT partner_id FROM kokyaku_affiliation
                          WHERE company_partner_id = ANY(%(named)s)""",
                named=named,
            )
        )
        return [number for [number] in rows]

    @api.model
    def _update_rows(self, table, writes):
        """Write columns, each row its own; False and "" become NULL, but for flags.

        :param writes: dict id → {column: value}
        """
        if not writes:
            return
        columns = sorted(set().union(*writes.values()))
        names = SQL(", ").join(map(SQL.identifier, columns))
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s t
                   SET (%(names)s, write_uid, write_date) =
                       (SELECT %(names)s, %(uid)s, now() AT TIME ZONE 'UTC'
                          FROM jsonb_populate_record(t, w.told))
                  FROM unnest(%(ids)s::int[], %(told)s::jsonb[]) AS w (id, told)
                 WHERE t.id = w.id
                """,
                table=SQL.identifier(table),
                names=names,
                uid=self.env.uid,
                ids=list(writes),
                told=[
                    json.dumps({name: value or NOTHING.get(name) for name, value in values.items()})
                    for values in writes.values()
                ],
            )
        )

    @api.model
    def _images(self, table, names):
        """The stored values of rows as JSON holds them, False for nothing.

        :param names: dict id → names of columns
        :return: dict id → {column: value}
        """
        if not names:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, to_jsonb(t) FROM %s t WHERE id = ANY(%s)",
                SQL.identifier(table),
                list(names),
            )
        )
        return {
            number: {name: row[name] if row[name] is not None else False for name in names[number]}
            for number, row in rows
        }

    # ---- Homes, types, departments ----------------------------------------------------

    @api.model
    def _write_homes(self, writes):
        """Write values on the homes of people; who has none gets one.

        :param writes: dict id of the person → {column: value}
        :return: dict id of the person → (id of the home, whether it is new)
        """
        if not writes:
            return {}
        self.env.flush_all()
        homes = {person: (number, False) for person, number in self._homes(list(writes)).items()}
        self._update_rows(
            "kokyaku_home_address", {homes[one][0]: writes[one] for one in homes}
        )
        missing = [one for one in writes if one not in homes]
        if missing:
            self.env.cr.execute(
                "SELECT nextval('kokyaku_home_address_id_seq') FROM generate_series(1, %s)",
                [len(missing)],
            )
            numbers = [number for [number] in self.env.cr.fetchall()]
            stamp = self._stamp()
            rows = [
                {**writes[one], **stamp, "partner_id": one, "id": number}
                for one, number in zip(missing, numbers, strict=True)
            ]
            for row in rows:
                row.update({name: None for name, value in row.items() if value is False})
            self._copy_in("kokyaku_home_address", sorted(set().union(*rows)), rows)
            homes |= {row["partner_id"]: (row["id"], True) for row in rows}
        self.env.invalidate_all(flush=False)
        moved = [one for one in writes if writes[one].keys() & set(ADDRESS)]
        self.env["res.partner"].browse(moved)._forget_returned_mail()
        return homes

    @api.model
    def _homes(self, people):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, id FROM kokyaku_home_address WHERE partner_id = ANY(%s)",
                    people,
                )
            )
        )

    @api.model
    def _change_links(self, links, take_away=False):
        """Give people types, or take them away.

        :param links: list of (id of the person, field, ids of the types)
        """
        self.env.flush_all()
        for fname in dict.fromkeys(fname for _person, fname, _ids in links):
            field = self.env["res.partner"]._fields[fname]
            pairs = [(one, link) for one, name, ids in links if name == fname for link in ids]
            words = {
                "table": SQL.identifier(field.relation),
                "person": SQL.identifier(field.column1),
                "link": SQL.identifier(field.column2),
                "people": [one for one, _link in pairs],
                "links": [link for _one, link in pairs],
            }
            statement = (
                """DELETE FROM %(table)s r USING unnest(%(people)s::int[], %(links)s::int[])
                       AS w (person, link)
                    WHERE r.%(person)s = w.person AND r.%(link)s = w.link"""
                if take_away
                else """INSERT INTO %(table)s (%(person)s, %(link)s)
                        SELECT * FROM unnest(%(people)s::int[], %(links)s::int[])
                        ON CONFLICT DO NOTHING"""
            )
            self.env.cr.execute(SQL(statement, **words))
        people = self.env["res.partner"].browse(dict.fromkeys(one for one, *_rest in links))
        self.env.invalidate_all(flush=False)
        people.modified(sorted({fname for _one, fname, _ids in links}))

    @api.model
    def _write_departments(self, departments):
        """Note departments on today's main affiliations, or in first ones.

        :param departments: dict id of the person → department
        :return: dict id of the person → id of a row that is new
        """
        people = self.env["res.partner"].browse(departments)
        mains = people._present_main_affiliations()
        groups = {}
        for one, main in mains.items():
            if not main.department:
                groups.setdefault(departments[one], []).append(main.id)
        affiliations = self.env["kokyaku.affiliation"]
        for department, ids in groups.items():
            affiliations.browse(ids).department = department
        missing = people.filtered(lambda person: person.id not in mains)
        rows = affiliations.create(
            [
                {
                    "partner_id": person.id,
                    "company_partner_id": person.parent_id.id,
                    "department": departments[person.id],
                    "function": person.function,
                    "is_main": True,
                }
                for person in missing
            ]
        )
        return {row.partner_id.id: row.id for row in rows}

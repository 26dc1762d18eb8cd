from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

PART = 2500  # people: every one of them is looked for in a hundred tables
ENTERED = SQL("applied AND verdict = 'new'")  # rows that are new people
# What an import writes beside a person, and what only refers to its own lines: it goes along.
OWN_TABLES = {
    "kokyaku_home_address",
    "kokyaku_affiliation",
    "kokyaku_consent",
    "kokyaku_consent_log",
    "kokyaku_import_candidate",
    "kokyaku_import_company",
}
DATED = ("kokyaku_home_address", "kokyaku_affiliation", "kokyaku_consent")
# What refers to a record by model and id.
BY_NUMBER = {
    "mail_message": ("model", "res_id"),
    "mail_activity": ("res_model", "res_id"),
    "ir_attachment": ("res_model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
}


class KokyakuImport(models.Model):
    """元に戻す: taking an import of customers back.

    Who was entered by it goes, unless somebody has changed or used them since; who was changed
    gets the old values back, where nobody has changed them again. Who stays is listed.
    """

    _inherit = "kokyaku.import"

    stayed_count = fields.Integer(
        string="People Who Stay", compute="_compute_stayed_count",
        help="New people who were changed or used before the import was taken back.",
    )  # fmt: skip

    @api.depends("state")
    def _compute_stayed_count(self):
        undone = self.filtered(lambda one: one.state == "undone" and one.kind == "customers")
        counts = self.env["kokyaku.import.reject"].sudo()._read_group(
            [("import_id", "in", undone.ids), ("code", "=", "undo_kept")],
            ["import_id"],
            ["__count"],
        )
        stayed = {import_.id: count for import_, count in counts}
        for one in self:
            one.stayed_count = stayed.get(one.id, 0)

    def _undo_people(self, turn=None):
        """Take back what this import did to people.

        :param turn: ``Turn``, to do it in parts, the last rows first; default: all at once
        :return: dict of counts deleted, restored, kept; ``again``: whether there is more to do
        """
        self.ensure_one()
        self.check_access("write")
        self.env["res.partner"].check_access("unlink")
        limit = PART if turn else None
        if turn:
            turn.begins_with(self._count_rows_to_undo(), self.row_count)
        counts = Counter(deleted=0, restored=0, kept=0)
        while rows := self._rows_to_undo(limit):
            self.env["kokyaku.consent.log"]._tell("import")
            counts.update(self._undo_rows(SQL("import_id = %s AND row >= %s", self.id, rows[-1])))
            if turn and turn.ends_after(len(rows)):
                return {**counts, "again": True}
        while companies := self._companies_to_undo(limit):
            self.env["kokyaku.consent.log"]._tell("import")
            counts["deleted"] += self._undo_companies(companies)
            if turn and turn.ends_after(0):
                return {**counts, "again": True}
        return {**counts, "again": False}

    def _rows_to_undo(self, limit):
        """Return the numbers of the last rows that are still there, written or not."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT row FROM kokyaku_import_person WHERE import_id = %s"
                " ORDER BY row DESC LIMIT %s",
                self.id,
                limit,
            )
        )
        return [row for [row] in rows]

    def _count_rows_to_undo(self):
        [[count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM kokyaku_import_person WHERE import_id = %s", self.id)
        )
        return count

    def _undo_rows(self, part):
        """Take back what some rows did, and forget them.

        :param SQL part: condition on the rows
        :return: dict of counts deleted, restored, kept
        """
        restored = self._restore_people(part)
        self._find_going(
            SQL("SELECT partner_id FROM kokyaku_import_person WHERE %s AND %s", part, ENTERED)
        )
        kept = self._list_kept(part)
        # First, or each person who goes would be taken out of their row by itself.
        self.env.cr.execute(SQL("DELETE FROM kokyaku_import_person WHERE %s", part))
        deleted = self._delete_going()
        return {"deleted": deleted, "restored": restored, "kept": kept}

    def _companies_to_undo(self, limit):
        """Return the ids of the last notes about companies that were entered or filled up."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM kokyaku_import_company WHERE import_id = %s"
                " ORDER BY id DESC LIMIT %s",
                self.id,
                limit,
            )
        )
        return [number for [number] in rows]

    def _undo_companies(self, notes):
        """Delete companies that were entered, take away again what known ones were filled up
        with, and forget them; return the number of the former.

        :param notes: list of ids
        """
        which = SQL("FROM kokyaku_import_company WHERE id = ANY(%s)", notes)
        filled = self.env.execute_query(
            SQL("SELECT partner_id, before %s AND before IS NOT NULL ORDER BY id DESC", which)
        )
        self._restore_all(filled)
        self._find_going(SQL("SELECT partner_id %s AND before IS NULL", which))
        self.env.cr.execute(SQL("DELETE %s", which))
        return self._delete_going()

    # ---- Who was entered ------------------------------------------------------------

    def _find_going(self, people):
        """Note in a table those of some partners whom nobody has touched or used.

        :param SQL people: a query of their ids
        """
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS kokyaku_import_going")
        cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kokyaku_import_going ON COMMIT DROP AS
                   SELECT p.id, p.create_date FROM res_partner p
                    WHERE p.id IN (%s) AND p.write_date = p.create_date""",
                people,
            )
        )
        cr.execute("CREATE INDEX ON kokyaku_import_going (id)")
        cr.execute("ANALYZE kokyaku_import_going")
        for table in DATED:
            self._let_stay(
                SQL(
                    "SELECT FROM %s u WHERE u.partner_id = g.id AND u.write_date <> g.create_date",
                    SQL.identifier(table),
                )
            )
        self._let_stay(  # another file has brought them too
            SQL(
                "SELECT FROM kokyaku_import_person u"
                " WHERE u.partner_id = g.id AND u.import_id <> %s AND u.applied",
                self.id,
            )
        )
        whole_own = {"kokyaku_import_person", *self._type_tables()}
        for table, column in self.env["base.partner.merge.automatic.wizard"]._get_fk_on(
            "res_partner"
        ):
            is_own = table in whole_own or table in OWN_TABLES and column == "partner_id"
            if is_own or (table, column) == ("res_partner", "commercial_partner_id"):
                continue
            self._let_stay(
                SQL(
                    "SELECT FROM %s u WHERE u.%s = g.id",
                    SQL.identifier(table),
                    SQL.identifier(column),
                )
            )
        for table, (model, number) in BY_NUMBER.items():
            self._let_stay(
                SQL(
                    "SELECT FROM %s u WHERE u.%s = 'res.partner' AND u.%s = g.id",
                    SQL.identifier(table),
                    SQL.identifier(model),
                    SQL.identifier(number),
                )
            )

    def _delete_going(self):
        """Delete the partners of that table; return their number."""
        cr = self.env.cr
        cr.execute("DELETE FROM res_partner p USING kokyaku_import_going g WHERE p.id = g.id")
        deleted = cr.rowcount
        self.env.invalidate_all(flush=False)
        return deleted

    def _let_stay(self, used):
        """Let those stay of whom a subselect on ``g.id`` finds something."""
        self.env.cr.execute(
            SQL("DELETE FROM kokyaku_import_going g WHERE EXISTS (%s)", used)
        )

    def _type_tables(self):
        partner = self.env["res.partner"]._fields
        return [partner[fname].relation for fname in ("personal_type_ids", "selection_type_ids")]

    def _list_kept(self, part):
        """List the new people who stay, because they were changed or used; return how many."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT row, name FROM kokyaku_import_person
                 WHERE %s AND %s AND partner_id IS NOT NULL
                   AND partner_id NOT IN (SELECT id FROM kokyaku_import_going) ORDER BY row
                """,
                part,
                ENTERED,
            )
        )
        self._list_rows([(row, "", name, "undo_kept", True) for row, name in rows])
        if rows:
            self.sudo().warning_count += len(rows)
            self.flush_recordset(["warning_count"])
        return len(rows)

    # ---- Who was changed ------------------------------------------------------------

    def _restore_people(self, part):
        """Give the old values back; return the number of people who got any."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT row, name, partner_id, before FROM kokyaku_import_person
                 WHERE %s AND applied AND before IS NOT NULL
                   AND partner_id IS NOT NULL ORDER BY row DESC
                """,
                part,
            )
        )
        kept = self._restore_all([row[2:] for row in rows])
        self._list_rows(
            [(row, "", name, "undo_kept", True) for row, name, one, _b in rows if one in kept]
        )
        return sum(person not in kept for _row, _name, person, _before in rows)

    def _restore_all(self, rows):
        """Give people back what they had.

        :param rows: list of (id of the person, what was noted when it was changed), the last
            change first
        :return: set of ids of those whom the user may not change: another company's by now
        """
        everybody = self.env["res.partner"].browse({person for person, _before in rows}).exists()
        ours = everybody._filtered_access("write")
        may = set(ours._ids)
        people = {}
        for person, before in rows:
            if person in may:
                people.setdefault(person, []).append(before)
        todo = list(people.items())
        for start in range(0, len(todo), PART):
            part = dict(todo[start : start + PART])
            while part:
                self._restore({person: befores.pop(0) for person, befores in part.items()})
                part = {person: befores for person, befores in part.items() if befores}
            self.env.flush_all()
            self.env.invalidate_all()
        return set((everybody - ours)._ids)

    def _restore(self, befores):
        """Give people back what they had, where it still is as the import has left it.

        :param befores: dict id of the person → what `_change_each` noted
        """
        lines = self.env["kokyaku.import.person"]
        rows = [before["affiliation"] for before in befores.values() if before.get("affiliation")]
        self.env["kokyaku.affiliation"].browse(rows).exists().unlink()
        names = {one: list(before.get("person", {})) for one, before in befores.items()}
        now = lines._images("res_partner", names)
        lines._write_people(
            {
                one: _unchanged(now[one], before.get("person", {}), before.get("after", {}))
                for one, before in befores.items()
                if one in now
            }
        )
        links = [
            (one, fname, ids)
            for one, before in befores.items()
            for fname, ids in before.get("links", {}).items()
        ]
        lines._change_links(links, take_away=True)
        self._restore_homes(befores)
        self._restore_consents(befores)

    def _restore_homes(self, befores):
        new = [before["home_new"] for before in befores.values() if before.get("home_new")]
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM kokyaku_home_address WHERE id = ANY(%s) AND write_date = create_date",
            [new],
        )
        self.env.invalidate_all(flush=False)
        lines = self.env["kokyaku.import.person"]
        changed = {one: before for one, before in befores.items() if before.get("home")}
        homes = lines._homes(list(changed))
        names = {number: list(changed[one]["home"]) for one, number in homes.items()}
        now = lines._images("kokyaku_home_address", names)
        writes = {
            one: _unchanged(now[number], changed[one]["home"], changed[one]["home_after"])
            for one, number in homes.items()
        }
        lines._write_homes({one: values for one, values in writes.items() if values})

    def _restore_consents(self, befores):
        """A consent that still says what the import said says again what it said before."""
        told = [
            (one, channel, old, new)
            for one, before in befores.items()
            for channel, (old, new) in before.get("consents", {}).items()
        ]
        still = self.env.execute_query(
            SQL(
                """
                SELECT c.partner_id, w.channel, w.old
                  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
                       AS w (partner_id, channel, old, new)
                  JOIN kokyaku_consent c ON c.partner_id = w.partner_id
                   AND c.channel = w.channel AND c.purpose = 'promotion' AND c.state = w.new
                """,
                *map(list, zip(*told, strict=True)),
            )
        ) if told else []
        groups = {}
        for one, channel, old in still:
            groups.setdefault((channel, old), []).append(one)
        for (channel, old), people in groups.items():
            self.env["kokyaku.consent"]._set_many(
                people, channel, "promotion", old, screen="import"
            )


def _unchanged(now, before, after):
    """The values of `before` for the fields that still are what they were `after`."""
    return {name: value for name, value in before.items() if now[name] == after.get(name)}

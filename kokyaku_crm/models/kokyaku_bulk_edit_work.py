from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .kokyaku_bulk_edit_line import CONSENT
from .selection_set_state import _lock_for_state

BACKGROUND = 20000  # people; more of them are changed in the background
# The cell of a consent as it is logged and compared.
CELL = SQL(
    "jsonb_build_object('state', k.state, 'basis', k.basis, 'source', k.source, 'date', k.date)"
)
NOW = SQL("now() AT TIME ZONE 'UTC'")
PEOPLE = SQL("SELECT id FROM kokyaku_bulk_people")


class KokyakuBulkEdit(models.Model):
    """Carrying out: a fixed number of statements, whatever the number of people.

    The people are written down first, because a change may take them out of their own
    condition. Each statement logs the old value of those it really changes.
    """

    _inherit = "kokyaku.bulk.edit"

    def action_execute(self):
        """実行: at once, or in the background when there are very many."""
        self.ensure_one()
        self._check_rights()
        if self.state == "checked" and self._is_for_background(self.chosen_count):
            self._queue("bulk_edit")
        else:
            self._execute()

    def _is_for_background(self, people):
        return people > BACKGROUND

    def _queue(self, kind):
        name = self.name or self.env._("Bulk Edit")
        self.sudo().run_id = self.env["kokyaku.run"]._enqueue(kind, self, name)

    def _run_bulk_edit(self, run):
        self._execute()
        return run.env._("%s people changed.", self.changed_count)

    def _lock(self):
        """Of two clicks one goes first; the other one finds it done."""
        _lock_for_state(self)

    def _execute(self):
        """Change everybody the edit hits; all or nothing."""
        self._check_rights()
        self._lock()
        if self.state != "checked":
            raise UserError(
                self.env._(
                    "“%s” is not waiting to be carried out: it was done already, or changed and "
                    "not checked since.",
                    self.display_name,
                )
            )
        self._check_lines()
        self.env.flush_all()
        chosen = self._write_down_people()
        if not chosen:
            raise UserError(
                self.env._("There is nobody to change. Please check the condition for the people.")
            )
        self.env["kokyaku.consent.log"]._tell("bulk")
        for line in self.line_ids:
            if line.fname == CONSENT:
                self._set_consents(line)
            elif line.is_list:
                self._set_lists(line)
            else:
                self._set_values(line)
        changed = self._count_people(SQL("TRUE"))
        self.env.invalidate_all()
        self.sudo().write(
            {
                "state": "done",
                "name": self.env._(", ").join(line._in_words() for line in self.line_ids),
                "chosen_count": chosen,
                "changed_count": changed,
                "user_id": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )

    def _write_down_people(self):
        """Fill the temporary table of the people of this edit; return their number."""
        query = self._people()._search(self._hit())
        self.env.cr.execute("DROP TABLE IF EXISTS kokyaku_bulk_people")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE kokyaku_bulk_people ON COMMIT DROP AS %s",
                query.select(),
            )
        )
        chosen = self.env.cr.rowcount
        self.env.cr.execute("ANALYZE kokyaku_bulk_people")
        return chosen

    def _count_people(self, condition):
        return self.env.execute_query(
            SQL(
                """SELECT count(DISTINCT partner_id) FROM kokyaku_bulk_edit_change
                    WHERE edit_id = %s AND %s""",
                self.id,
                condition,
            )
        )[0][0]

    def _column(self, line):
        """Return the column of a line and its type in the database."""
        field = self.env["res.partner"]._fields[line.fname]
        return SQL.identifier(line.fname), SQL(field.column_type[0])

    def _links(self, line):
        """Return the table of a list and its columns: person, value."""
        field = self.env["res.partner"]._fields[line.fname]
        return tuple(SQL.identifier(x) for x in (field.relation, field.column1, field.column2))

    def _set_values(self, line):
        column, kind = self._column(line)
        self.env.cr.execute(
            SQL(
                """
                WITH before AS (
                    SELECT p.id, p.%(column)s::text AS old
                      FROM res_partner p JOIN kokyaku_bulk_people USING (id)
                     WHERE p.%(column)s IS DISTINCT FROM %(new)s::%(kind)s
                ), log AS (
                    INSERT INTO kokyaku_bulk_edit_change
                           (edit_id, line_id, partner_id, old, new, undone)
                    SELECT %(edit)s, %(line)s, id, old, %(new)s::%(kind)s::text, FALSE
                      FROM before
                )
                UPDATE res_partner p
                   SET %(column)s = %(new)s::%(kind)s, write_uid = %(uid)s, write_date = %(now)s
                  FROM before
                 WHERE before.id = p.id
                """,
                column=column,
                kind=kind,
                new=line._value(),
                edit=self.id,
                line=line.id,
                uid=self.env.uid,
                now=NOW,
            )
        )

    def _set_lists(self, line):
        table, person, value = self._links(line)
        going = {
            "set": SQL("%s <> ALL(%s::int[])", value, line._value()),
            "clear": SQL("TRUE"),
            "remove": SQL("%s = ANY(%s::int[])", value, line._value()),
            "add": SQL("FALSE"),
        }[line.operation]
        coming = line._value() if line.operation in ("set", "add") else []
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM %(table)s
                     WHERE %(going)s AND %(person)s IN (%(people)s)
                    RETURNING %(person)s AS person, %(value)s AS value
                ), come AS (
                    INSERT INTO %(table)s (%(person)s, %(value)s)
                    SELECT id, value FROM (%(people)s) AS people, unnest(%(coming)s::int[]) value
                    ON CONFLICT DO NOTHING
                    RETURNING %(person)s AS person, %(value)s AS value
                ), log AS (
                    INSERT INTO kokyaku_bulk_edit_change
                           (edit_id, line_id, partner_id, old, new, undone)
                    SELECT %(edit)s, %(line)s, person,
                           array_agg(value) FILTER (WHERE gone)::text,
                           array_agg(value) FILTER (WHERE NOT gone)::text, FALSE
                      FROM (SELECT person, value, TRUE AS gone FROM gone
                            UNION ALL SELECT person, value, FALSE FROM come) AS change
                     GROUP BY person
                    RETURNING partner_id
                )
                UPDATE res_partner p SET write_uid = %(uid)s, write_date = %(now)s
                  FROM log WHERE log.partner_id = p.id
                """,
                table=table,
                person=person,
                value=value,
                going=going,
                coming=coming,
                people=PEOPLE,
                edit=self.id,
                line=line.id,
                uid=self.env.uid,
                now=NOW,
            )
        )

    def _cell_of(self, line, person):
        """Join condition of the cell `k` of a line with a column that holds the person."""
        return SQL(
            "k.partner_id = %s AND k.channel = %s AND k.purpose = %s",
            person,
            line.channel,
            line.purpose,
        )

    def _consent_values(self, line):
        clear = line.operation == "clear"
        return {
            "state": "unknown" if clear else line.consent_state,
            "basis": None if clear else line.basis or None,
            "source": None if clear else line.evidence or None,
        }

    def _set_consents(self, line):
        cell = self._cell_of(line, SQL("people.id"))
        self.env.cr.execute("DROP TABLE IF EXISTS kokyaku_bulk_cells")
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kokyaku_bulk_cells ON COMMIT DROP AS
                   SELECT people.id, %s AS old
                     FROM kokyaku_bulk_people people JOIN kokyaku_consent k ON %s""",
                CELL,
                cell,
            )
        )
        self.env.cr.execute("ANALYZE kokyaku_bulk_cells")
        self.env["kokyaku.consent"]._set_many(
            PEOPLE, line.channel, line.purpose, screen="bulk", **self._consent_values(line)
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_bulk_edit_change
                          (edit_id, line_id, partner_id, old, new, undone)
                   SELECT %(edit)s, %(line)s, people.id, before.old::text, %(now)s::text, FALSE
                     FROM kokyaku_bulk_people people
                     JOIN kokyaku_consent k ON %(cell)s
                     LEFT JOIN kokyaku_bulk_cells before ON before.id = people.id
                    WHERE before.old IS DISTINCT FROM %(now)s""",
                edit=self.id,
                line=line.id,
                now=CELL,
                cell=cell,
            )
        )

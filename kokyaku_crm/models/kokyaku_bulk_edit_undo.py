from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .kokyaku_bulk_edit import OUR_OWN
from .kokyaku_bulk_edit_line import ACTIVE, CONSENT
from .kokyaku_bulk_edit_work import CELL, NOW


class KokyakuBulkEdit(models.Model):
    """Taking back: a fixed number of statements, whatever the number of people. Who was changed
    since stays as they are."""

    _inherit = "kokyaku.bulk.edit"

    def action_undo(self):
        """元に戻す: give everybody the old values back, unless changed since."""
        self.ensure_one()
        self._check_undo()
        if self._is_for_background(self.changed_count):
            self._queue("bulk_undo")
        else:
            self._undo()

    def _run_bulk_undo(self, run):
        self._undo()
        return run.env._("%s people restored.", self.undone_count)

    def _check_undo(self):
        self._check_rights()
        if self.state != "done":
            raise UserError(
                self.env._(
                    "“%s” cannot be undone: it was not carried out, or is undone already.",
                    self.display_name,
                )
            )
        if self.user_id != self.env.user and not (
            self.env.su or self.env.user.has_group("kokyaku_crm.group_manager")
        ):
            raise UserError(
                self.env._(
                    "%s did this. Only they or a manager can undo it.", self.user_id.sudo().name
                )
            )

    def _undo(self):
        """Give the old values back to those whose value nobody changed since."""
        self._lock()
        self._check_undo()
        self.env.flush_all()
        self.env["kokyaku.consent.log"]._tell("bulk")
        for line in self.line_ids.sorted(reverse=True):
            if line.fname == CONSENT:
                self._undo_consents(line)
            elif line.is_list:
                self._undo_lists(line)
            else:
                self._undo_values(line)
        restored = self._count_people(SQL("undone"))
        self.env.invalidate_all()
        self.sudo().write(
            {"state": "undone", "undone_count": restored, "undone_at": fields.Datetime.now()}
        )

    def _changes(self, line):
        """Condition on the log ``c``: rows of a line whose person the user may write."""
        mine = SQL("(SELECT partner_id FROM kokyaku_bulk_edit_change WHERE edit_id = %s)", self.id)
        allowed = self._people()._search(Domain("id", "in", mine) & self._may_write())
        return SQL(
            "c.edit_id = %s AND c.line_id = %s AND NOT c.undone AND c.partner_id IN %s",
            self.id,
            line.id,
            allowed.subselect(),
        )

    def _mark_undone(self, statement):
        """Carry out a statement that returns ids of the log, and mark them."""
        self.env.cr.execute(
            SQL(
                """WITH back AS (%s)
                   UPDATE kokyaku_bulk_edit_change c SET undone = TRUE
                     FROM back WHERE back.id = c.id""",
                statement,
            )
        )

    def _undo_values(self, line):
        column, kind = self._column(line)
        field = self.env["res.partner"]._fields[line.fname]
        there = SQL("TRUE")
        if line.fname == ACTIVE:  # who became a user since stays as they are
            there = SQL("p.id NOT IN (%s)", OUR_OWN)
        if field.type == "many2one":
            there = SQL(
                "(c.old IS NULL OR EXISTS (SELECT FROM %s t WHERE t.id = c.old::int))",
                SQL.identifier(self.env[field.comodel_name]._table),
            )
        self._mark_undone(
            SQL(
                """UPDATE res_partner p
                      SET %(column)s = c.old::%(kind)s, write_uid = %(uid)s, write_date = %(now)s
                     FROM kokyaku_bulk_edit_change c
                    WHERE %(changes)s AND p.id = c.partner_id AND %(there)s
                      AND p.%(column)s IS NOT DISTINCT FROM c.new::%(kind)s
                   RETURNING c.id""",
                column=column,
                kind=kind,
                uid=self.env.uid,
                now=NOW,
                changes=self._changes(line),
                there=there,
            )
        )

    def _undo_lists(self, line):
        """What came goes, what went comes back: what others did to the list since stays. Only
        what came back from a value that was deleted cannot be had."""
        table, person, value = self._links(line)
        field = self.env["res.partner"]._fields[line.fname]
        self.env.cr.execute(
            SQL(
                """
                WITH mine AS MATERIALIZED (
                    SELECT c.id, c.partner_id, c.old::int[] AS old, c.new::int[] AS new
                      FROM kokyaku_bulk_edit_change c WHERE %(changes)s
                ), leave AS (
                    DELETE FROM %(table)s r USING mine
                     WHERE r.%(person)s = mine.partner_id AND r.%(value)s = ANY(mine.new)
                ), again AS (
                    INSERT INTO %(table)s (%(person)s, %(value)s)
                    SELECT mine.partner_id, t.id
                      FROM mine JOIN %(target)s t ON t.id = ANY(mine.old)
                    ON CONFLICT DO NOTHING
                ), touched AS (
                    UPDATE res_partner p SET write_uid = %(uid)s, write_date = %(now)s
                      FROM mine WHERE mine.partner_id = p.id
                )
                UPDATE kokyaku_bulk_edit_change c SET undone = TRUE
                  FROM mine
                 WHERE mine.id = c.id
                   AND (mine.old IS NULL
                        OR (SELECT count(*) FROM %(target)s t WHERE t.id = ANY(mine.old))
                           = cardinality(mine.old))
                """,
                changes=self._changes(line),
                table=table,
                person=person,
                value=value,
                target=SQL.identifier(self.env[field.comodel_name]._table),
                uid=self.env.uid,
                now=NOW,
            )
        )

    def _undo_consents(self, line):
        parts = {
            "changes": self._changes(line),
            "cell": self._cell_of(line, SQL("c.partner_id")),
            "now": CELL,
        }
        self._mark_undone(
            SQL(
                """DELETE FROM kokyaku_consent k USING kokyaku_bulk_edit_change c
                    WHERE %(changes)s AND %(cell)s AND c.old IS NULL AND %(now)s = c.new::jsonb
                   RETURNING c.id""",
                **parts,
            )
        )
        self._mark_undone(
            SQL(
                """UPDATE kokyaku_consent k
                      SET state = c.old::jsonb ->> 'state', basis = c.old::jsonb ->> 'basis',
                          source = c.old::jsonb ->> 'source',
                          date = (c.old::jsonb ->> 'date')::date,
                          write_uid = %(uid)s, write_date = %(stamp)s
                     FROM kokyaku_bulk_edit_change c
                    WHERE %(changes)s AND %(cell)s AND c.old IS NOT NULL
                      AND %(now)s = c.new::jsonb
                   RETURNING c.id""",
                uid=self.env.uid,
                stamp=NOW,
                **parts,
            )
        )

from odoo import models
from odoo.tools import SQL

NAME = "{name}"  # where the name goes in a text of which the database makes many


class KokyakuSelectionSet(models.Model):
    """名寄せの適用: duplicates go out, with whom they are named; households share a piece."""

    _inherit = "kokyaku.selection.set"

    def _apply_duplicates(self):
        """Carry out what stands in the hits of this set.

        :return: (number of recipients taken out, number who share somebody else's piece)
        """
        self.ensure_one()
        self._check_editable()
        self.env["kokyaku.selection.duplicate"].flush_model()
        self.env["kokyaku.selection.member"].flush_model()
        removed = self._run(
            """
            UPDATE kokyaku_selection_member m
               SET excluded = TRUE, duplicate_of_id = d.keeper_id, asked_by = %(uid)s,
                   joint_with_id = NULL, write_uid = %(uid)s, write_date = %(now)s,
                   reason = replace(%(reason)s, %(mark)s, COALESCE(keeper.name, ''))
              FROM kokyaku_selection_duplicate d
              JOIN res_partner keeper ON keeper.id = d.keeper_id
             WHERE d.set_id = %(set)s AND d.action = 'remove' AND d.keeper_id <> d.partner_id
               AND m.set_id = %(set)s AND m.partner_id = d.partner_id
               AND m.excluded IS NOT TRUE
            """,
            reason=self.env._("Duplicate of %s", NAME),
            mark=NAME,
        )
        # Who stays by oneself now: the decision before may have been another.
        self._run(
            """
            UPDATE kokyaku_selection_member m
               SET joint_with_id = NULL
              FROM kokyaku_selection_duplicate d
             WHERE d.set_id = %(set)s AND d.kind = 'household' AND d.action = 'keep'
               AND m.set_id = %(set)s AND m.partner_id = d.partner_id
               AND m.joint_with_id IS NOT NULL
            """
        )
        joined = self._run(
            """
            UPDATE kokyaku_selection_member m
               SET joint_with_id = d.keeper_id, write_uid = %(uid)s, write_date = %(now)s
              FROM kokyaku_selection_duplicate d
              JOIN kokyaku_selection_member head
                ON head.set_id = d.set_id AND head.partner_id = d.keeper_id
               AND head.excluded IS NOT TRUE
             WHERE d.set_id = %(set)s AND d.action = 'joint' AND d.keeper_id <> d.partner_id
               AND m.set_id = %(set)s AND m.partner_id = d.partner_id
               AND m.excluded IS NOT TRUE
            """
        )
        self._run("UPDATE kokyaku_selection_duplicate SET applied = TRUE WHERE set_id = %(set)s")
        self.env["kokyaku.selection.duplicate"].invalidate_model()
        self.invalidate_recordset(["duplicate_count"])
        self._people_changed()
        return removed, joined

    def _run(self, statement, **more):
        """Run a statement on this set; return how many rows it changed."""
        now = SQL("now() AT TIME ZONE 'UTC'")
        self.env.cr.execute(SQL(statement, set=self.id, uid=self.env.uid, now=now, **more))
        return self.env.cr.rowcount

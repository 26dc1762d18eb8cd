from odoo import models
from odoo.tools import SQL

from ..days import next_year


class KokyakuSelectionSet(models.Model):
    """複写: next year's set out of this year's, with its people and criteria."""

    _inherit = "kokyaku.selection.set"

    def copy_data(self, default=None):
        """A copy is compared with what it was copied from, and is called after its own year."""
        default = dict(default or {})
        copies = super().copy_data(default)
        for one, values in zip(self, copies, strict=True):
            values["copied_from_id"] = one.id
            values["previous_id"] = default.get("previous_id", one.id)
            if "name" not in default:
                values["name"] = one._name_of_copy()
        return copies

    def copy(self, default=None):
        """Copy the sets with their people, in whatever state they are.

        With ``kokyaku_without_hand`` in the context nobody comes along whom somebody put in by
        hand, and nobody stays out whom somebody took out by hand.
        """
        copies = super().copy(default)
        for one, new in zip(self, copies, strict=True):
            one._copy_people_to(new)
        return copies

    def action_copy(self):
        """Ask for the name of the copy (複写)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_selection_copy")
        return {**action, "context": {"default_set_id": self.id}}

    def _name_of_copy(self):
        """What a copy is called: a year later, or that it is a copy."""
        self.ensure_one()
        name = next_year(self.name)
        return name if name != self.name else self.env._("%s (copy)", self.name)

    def _copy_people_to(self, new):
        """Write the people of this set into a new one by one statement."""
        self.ensure_one()
        self.env["kokyaku.selection.member"].flush_model()
        by_hand = SQL("TRUE")
        if self.env.context.get("kokyaku_without_hand"):
            by_hand = SQL("m.excluded IS NOT TRUE AND m.origin <> 'manual'")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_selection_member
                       (set_id, company_id, partner_id, origin, excluded, reason, asked_by, note,
                        joint_with_id, duplicate_of_id,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(new)s, %(company)s, m.partner_id, m.origin, m.excluded, m.reason,
                       m.asked_by, m.note, m.joint_with_id, m.duplicate_of_id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM kokyaku_selection_member m
                  JOIN res_partner p ON p.id = m.partner_id
                 WHERE m.set_id = %(set)s AND %(by_hand)s
                   AND (p.active OR m.excluded)
                   AND (p.company_id IS NULL OR p.company_id = %(company)s)
                 ORDER BY m.partner_id
                ON CONFLICT (set_id, partner_id) DO NOTHING
                """,
                new=new.id,
                company=new.company_id.id,
                set=self.id,
                by_hand=by_hand,
                uid=self.env.uid,
                now=SQL("now() AT TIME ZONE 'UTC'"),
            )
        )
        new._people_changed()

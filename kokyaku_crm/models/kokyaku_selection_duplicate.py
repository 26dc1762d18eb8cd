from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import told

KINDS = [("duplicate", "Same Person"), ("household", "Same Household")]
REASONS = [
    ("name_address", "Same Name and Address"),
    ("email", "Same E-Mail"),
    ("phone", "Same Phone Number"),
    ("household", "Same Home and Family Name"),
]
ACTIONS = [("keep", "Stays"), ("remove", "Taken out as Duplicate"), ("joint", "On One Piece")]


class KokyakuSelectionDuplicate(models.Model):
    """名寄せ: recipients of a set that may be one person, or share a home.

    Found anew by ``set.action_find_duplicates``; one row for each recipient in a group. What is
    proposed can be overruled, and that is remembered, also by a copy of the set.
    ``set._apply_duplicates`` carries it out.
    """

    _name = "kokyaku.selection.duplicate"
    _description = "Possible Duplicate"
    _order = "set_id, group_name, id"
    _rec_name = "partner_id"
    _log_access = False

    set_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Selection Set",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    group_name = fields.Char(string="Hit", required=True, readonly=True)
    kind = fields.Selection(KINDS, string="What It May Be", required=True, readonly=True)
    reason = fields.Selection(REASONS, string="Why", required=True, readonly=True)
    reason_text = fields.Char(string="In Common", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    keeper_id = fields.Many2one(
        "res.partner",
        string="Who Stays",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Proposed is who bought or was in contact last; of two alike the one entered first.",
    )
    action = fields.Selection(ACTIONS, string="What Happens", required=True, default="keep")
    decided = fields.Boolean(string="Decided by Hand", readonly=True)
    applied = fields.Boolean(string="Carried Out", readonly=True)
    last_seen = fields.Date(string="Last Purchase or Contact", readonly=True)

    partner_ref = fields.Char(related="partner_id.ref", string="Customer Code")
    partner_company_id = fields.Many2one(related="partner_id.parent_id", string="Works for")
    partner_zip = fields.Char(related="partner_id.zip")
    partner_city = fields.Char(related="partner_id.city")
    partner_street = fields.Char(related="partner_id.street")
    partner_phone = fields.Char(related="partner_id.phone")
    partner_email = fields.Char(related="partner_id.email")

    def write(self, vals):
        if "action" not in vals:
            return super().write(vals)
        self.set_id._check_editable()
        done = super().write(vals)
        self._same_groups()._settle()
        return done

    def _put(self, vals):
        """Write without settling the hits again."""
        return super().write(vals)

    # ---- Overruling ---------------------------------------------------------------------

    def action_make_keeper(self):
        """Let this one stay instead of who was proposed (この方を残す)."""
        self.ensure_one()
        self.set_id._check_editable()
        former = self.keeper_id
        if former and former != self.partner_id:
            other = "joint" if self.kind == "household" else "remove"
            rows = self._same_groups().filtered(lambda row: row.keeper_id == former)
            was = rows.filtered(lambda row: row.partner_id == former)
            rows._put({"keeper_id": self.partner_id.id})
            was._put({"action": other})
        self.write({"action": "keep"})

    def action_keep_all(self):
        """They are different people: everyone stays, each with a piece of their own."""
        self._same_groups().write({"action": "keep"})

    def _same_groups(self):
        """Return all rows of the groups of these rows."""
        return self.search(
            [("set_id", "in", self.set_id.ids), ("group_name", "in", self.mapped("group_name"))]
        )

    def _settle(self):
        """After a decision: somebody stays, the others know with whom, and it is remembered."""
        for rows in self.grouped(lambda row: (row.set_id, row.group_name)).values():
            staying = rows.filtered(lambda row: row.action == "keep")
            if not staying:
                raise UserError(
                    self.env._(
                        "One of the people of the hit “%s” has to stay in the set.",
                        rows[0].group_name,
                    )
                )
            for row in rows:
                keeper = row.keeper_id
                if row.action == "keep":
                    keeper = row.partner_id
                elif keeper not in staying.partner_id:
                    keeper = staying[0].partner_id
                row._put({"keeper_id": keeper.id, "decided": True, "applied": False})

    # ---- Buttons ------------------------------------------------------------------------

    def action_apply(self):
        """Carry out what stands in the list of a set (適用); nothing need be ticked."""
        sets = self.env["kokyaku.selection.set"]
        one = sets.browse(self.env.context.get("kokyaku_set_id")).exists() or self.set_id
        if len(one) != 1:
            raise UserError(self.env._("Please open the duplicates from their selection set."))
        removed, joined = one._apply_duplicates()
        return told(
            self.env._(
                "%(removed)s duplicates were taken out, %(joined)s people share a piece.",
                removed=removed,
                joined=joined,
            )
        )

    def action_merge(self):
        """Open core's merge with the people of this hit, three at a time (統合)."""
        self.ensure_one()
        rows = self._same_groups().sorted(
            lambda row: (row != self, row.partner_id != self.keeper_id, row.action == "keep")
        )
        people = rows.partner_id[:3]
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_merge")
        keeper = self.keeper_id if self.keeper_id in people else people[0]
        return {
            **action,
            "context": {
                "active_test": False,
                "active_model": "res.partner",
                "active_ids": people.ids,
                "default_dst_partner_id": keeper.id,
                "kokyaku_keeper": keeper.id,
            },
        }

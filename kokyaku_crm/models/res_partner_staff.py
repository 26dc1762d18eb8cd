from odoo import api, fields, models
from odoo.tools import SQL

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """自社担当者: whose customer someone is."""

    _inherit = "res.partner"

    staff_ids = fields.Many2many(
        "res.users",
        "kokyaku_partner_staff_rel",
        "partner_id",
        "user_id",
        string="Further Staff",
        domain="[('share', '=', False)]",
        groups=OFFICE,
        help="Colleagues who look after this person besides the staff in charge.",
    )
    in_my_charge = fields.Boolean(
        compute="_compute_in_my_charge",
        search="_search_in_my_charge",
        groups=OFFICE,
        help="You are the staff in charge of this person, or one of the further staff.",
    )

    # Core has no index on the salesperson, and "my people" is asked for all day.
    _kokyaku_user_idx = models.Index("(user_id) WHERE user_id IS NOT NULL")

    @api.depends_context("uid")
    @api.depends("user_id", "staff_ids")
    def _compute_in_my_charge(self):
        me = self.env.user
        for partner in self:
            partner.in_my_charge = me in partner.user_id | partner.staff_ids

    def _search_in_my_charge(self, operator, value):
        """A union, and no OR: each half then reads its own index."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        mine = SQL(
            """(SELECT id FROM res_partner WHERE user_id = %(me)s
                UNION ALL
                SELECT partner_id FROM kokyaku_partner_staff_rel WHERE user_id = %(me)s)""",
            me=self.env.uid,
            to_flush=(self._fields["user_id"], self._fields["staff_ids"]),
        )
        return [("id", "in", mine)]

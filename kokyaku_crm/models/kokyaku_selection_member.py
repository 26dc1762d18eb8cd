from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import NOBODY_IN_CHARGE

ORIGINS = [("criteria", "Criteria"), ("manual", "By Hand"), ("combined", "Combined")]


class KokyakuSelectionMember(models.Model):
    """対象者: one recipient in one selection set, a person, a company or a department.

    A removed one stays as a row with ``excluded``, so that a rebuild does not bring them
    back. Rows come and go by the set's own statements (``_add_people``, ``_remove_people``,
    ``_build``): there may be a million of them.
    """

    _name = "kokyaku.selection.member"
    _description = "Recipient"
    _order = "set_id, id"
    _rec_name = "partner_id"

    set_id = fields.Many2one(
        "kokyaku.selection.set", string="Selection Set", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Recipient", required=True, index=True, ondelete="cascade"
    )
    origin = fields.Selection(ORIGINS, required=True, default="manual")
    excluded = fields.Boolean(
        string="Removed by Hand", help="Stays out, also when the set is built anew."
    )
    reason = fields.Char()
    asked_by = fields.Many2one(
        "res.users", string="Asked for by", help="Who wanted them in or out.", ondelete="set null"
    )
    note = fields.Char()

    _set_partner_uniq = models.Constraint(
        "UNIQUE(set_id, partner_id)", "This recipient is in the set already."
    )

    partner_ref = fields.Char(related="partner_id.ref", string="Customer Code")
    partner_kana = fields.Char(related="partner_id.kana")
    partner_company_id = fields.Many2one(related="partner_id.parent_id", string="Works for")
    partner_function = fields.Char(related="partner_id.function")
    partner_zip = fields.Char(related="partner_id.zip")
    partner_state_id = fields.Many2one(related="partner_id.state_id", string="Prefecture")
    # Without the code of the country, which core writes behind every prefecture
    partner_state_name = fields.Char(related="partner_id.state_id.name", string="Prefecture Name")
    partner_city = fields.Char(related="partner_id.city")
    partner_user_id = fields.Many2one(
        related="partner_id.user_id", string="Staff in Charge",
        falsy_value_label=NOBODY_IN_CHARGE,
    )

    @api.model_create_multi
    def create(self, vals_list):
        sets = self.env["kokyaku.selection.set"]
        for vals in vals_list:
            one = sets.browse(vals.get("set_id"))
            vals["company_id"] = one.company_id.id
            sets |= one
        sets._check_editable()
        members = super().create(vals_list)
        sets._count_members()
        return members

    def write(self, vals):
        if {"set_id", "partner_id", "company_id"} & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("A recipient cannot be changed into another one. Remove and add.")
            )
        self.set_id._check_editable()
        done = super().write(vals)
        if "excluded" in vals:
            self.set_id._count_members()
        return done

    def unlink(self):
        sets = self.set_id
        sets._check_editable()
        done = super().unlink()
        sets._count_members()
        return done

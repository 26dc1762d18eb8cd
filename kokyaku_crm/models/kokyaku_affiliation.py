from odoo import fields, models


class KokyakuAffiliation(models.Model):
    """所属: where a person belongs or belonged, with department, function, phone, e-mail.

    Several at a time and over time, one of them the main one (主たる所属), which drives the
    person's ``parent_id``, ``function`` and work address.
    """

    _name = "kokyaku.affiliation"
    _description = "Affiliation"
    _order = "is_main desc, date_to desc nulls first, date_from desc nulls last, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    company_partner_id = fields.Many2one(
        "res.partner", string="Company", required=True, index=True, ondelete="restrict"
    )
    department = fields.Char()
    function = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To", help="The last day; empty: still.")
    is_main = fields.Boolean(string="Main Affiliation")
    successor_id = fields.Many2one(
        "res.partner", string="Successor", index="btree_not_null", ondelete="set null"
    )
    note = fields.Char()

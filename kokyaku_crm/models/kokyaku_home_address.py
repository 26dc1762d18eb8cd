from odoo import fields, models


class KokyakuHomeAddress(models.Model):
    """自宅: a person's home. A model of its own with its own access: as a child contact every
    portal colleague could read it."""

    _name = "kokyaku.home.address"
    _description = "Home Address"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    country_id = fields.Many2one("res.country", ondelete="restrict")
    zip = fields.Char()
    state_id = fields.Many2one(
        "res.country.state", ondelete="restrict", domain="[('country_id', '=?', country_id)]"
    )
    city = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    phone = fields.Char()

    _one_per_person = models.Constraint("UNIQUE(partner_id)", "This person has a home already.")

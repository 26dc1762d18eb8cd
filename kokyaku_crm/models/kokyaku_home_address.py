from odoo import api, fields, models

from ..naming.postal_address import one_line

HOME_FIELDS = ("country_id", "zip", "state_id", "city", "street", "street2", "phone", "note")


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
        "res.country.state",
        string="Prefecture",
        ondelete="restrict",
        domain="[('country_id', '=?', country_id)]",
    )
    city = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    phone = fields.Char()
    note = fields.Char(help="Former homes, a second home, when someone is there …")

    _one_per_person = models.Constraint("UNIQUE(partner_id)", "This person has a home already.")

    def _one_line(self):
        """The address in one line, with its telephone number."""
        self.ensure_one()
        address = one_line(self.zip, self.state_id.name, self.city, self.street, self.street2)
        return " ".join(part for part in (address, self.phone and f"TEL {self.phone}") if part)

    @api.onchange("state_id")
    def _onchange_state(self):
        if self.state_id.country_id:
            self.country_id = self.state_id.country_id

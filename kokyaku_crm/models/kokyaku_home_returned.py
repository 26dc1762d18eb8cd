from odoo import api, models


class KokyakuHomeAddress(models.Model):
    """A new home: post that came back from the old one says nothing any more."""

    _inherit = "kokyaku.home.address"

    @api.model_create_multi
    def create(self, vals_list):
        homes = super().create(vals_list)
        homes.filtered(lambda home: home.street or home.city).partner_id._forget_returned_mail()
        return homes

    def write(self, vals):
        places = {"zip", "state_id", "city", "street", "street2", "country_id"} & vals.keys()
        before = {home: [home[fname] for fname in places] for home in self}
        result = super().write(vals)
        moved = self.filtered(lambda home: before[home] != [home[fname] for fname in places])
        moved.partner_id._forget_returned_mail()
        return result

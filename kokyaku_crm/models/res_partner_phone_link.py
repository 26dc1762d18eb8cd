from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..naming import is_mobile
from ..naming.query import whole

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


def as_active_id(digits):
    """Return the digits of a number as the one thing an address of the client can carry.

    That is a whole number; the 1 in front keeps the zero a number begins with.

    >>> as_active_id("0312345678")
    10312345678
    """
    return int(f"1{digits}")


class ResPartner(models.Model):
    """Whose phone is ringing: see ``controllers/phone_link.py``."""

    _inherit = "res.partner"

    phone_link = fields.Char(
        string="Phone Number (Any)",
        compute="_compute_phone_link",
        search="_search_phone_link",
        groups=OFFICE,
    )

    def _compute_phone_link(self):
        self.phone_link = False  # only for searching

    @api.model
    def _search_phone_link(self, operator, value):
        """Find who has exactly this number, given as by :func:`as_active_id`."""
        if operator != "in":
            return NotImplemented
        keys = self.env["kokyaku.partner.key"]
        keys._flush_sources()
        return Domain.OR(self._phone_domain(str(one)[1:], keys) for one in value if one)

    @api.model
    def _phone_domain(self, digits, keys):
        if keys._is_ready() and (pattern := whole(digits)):
            condition = keys._has_sql(pattern)
            return Domain(
                "id", "in", SQL("(SELECT id FROM kokyaku_partner_key WHERE %s)", condition)
            )
        condition = SQL(
            "%s IN (kokyaku_fold_phone(phone), kokyaku_fold_phone(mobile_phone))", digits
        )
        return Domain("id", "in", SQL("(SELECT id FROM res_partner WHERE %s)", condition))

    @api.model
    def default_get(self, fields_list):
        """Fill the number that is ringing into a new person, as phone or mobile phone."""
        defaults = super().default_get(fields_list)
        link = self.env.context.get("kokyaku_phone_link")
        if link:
            digits = str(link)[1:]
            country = self.env.company.country_id
            style = "NATIONAL" if country.code == "JP" else "INTERNATIONAL"
            number = self._phone_format(number=digits, country=country, force_format=style)
            fname = "mobile_phone" if is_mobile(digits) else "phone"
            if fname in fields_list:
                defaults[fname] = number or digits
        return defaults

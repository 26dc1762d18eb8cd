from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import is_future
from .kokyaku_honorific_rule import HONORIFIC_TEXTS, HONORIFICS

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this


class ResPartner(models.Model):
    """個人マスター・取引先マスター: what the Japanese office knows about a partner."""

    _name = "res.partner"
    _inherit = ["res.partner", "kokyaku.user.code.mixin"]

    _user_label_model = "res.partner"

    honorific = fields.Selection(
        HONORIFICS,
        groups=OFFICE,
        help="What stands behind the name on paper. Empty: 御中 for a company, 様 for a person.",
    )
    gender = fields.Selection(
        [("male", "Male"), ("female", "Female"), ("other", "Other")], groups=OFFICE
    )
    birthdate = fields.Date(string="Date of Birth", groups=OFFICE)
    mobile_phone = fields.Char(groups=OFFICE)
    fax = fields.Char(groups=OFFICE)
    personal_type_ids = fields.Many2many(
        "kokyaku.personal.type", string="Personal Types", groups=OFFICE
    )
    selection_type_ids = fields.Many2many(
        "kokyaku.selection.type", string="Selection Types", groups=OFFICE
    )

    @api.constrains("birthdate")
    def _check_birthdate(self):
        for partner in self:
            if partner.birthdate and is_future(self, partner.birthdate):
                raise ValidationError(
                    self.env._(
                        "%(name)s: the date of birth %(date)s lies in the future. Please check "
                        "the year.",
                        name=partner.display_name,
                        date=fields.Date.to_string(partner.birthdate),
                    )
                )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Call core's ``ref`` 顧客コード and ``function`` 役職, without a trace in the database."""
        res = super().fields_get(allfields, attributes)
        if "string" in res.get("ref", ()):
            res["ref"]["string"] = self.env._("Customer Code")
        if "string" in res.get("function", ()):
            res["function"]["string"] = self.env._("Function")
        return res

    # ---- 敬称 -------------------------------------------------------------------

    def _default_honorific(self):
        """The honorific of a partner that has none of its own: 御中 or 様."""
        return "onchu" if self.is_company else "sama"

    def honorific_text(self):
        """Return what is printed behind the name (敬称), "" for none.

        Always Japanese, whatever the language of the screen.
        """
        self.ensure_one()
        return HONORIFIC_TEXTS[self.honorific or self._default_honorific()]

    # ---- 電話・携帯・FAX -----------------------------------------------------------

    @api.model
    def _phone_get_number_fields(self):
        """Let searches, checks and text messages know the mobile phone, before the phone."""
        numbers = super()._phone_get_number_fields()
        if self._has_field_access(self._fields["mobile_phone"], "read"):
            numbers.insert(0, "mobile_phone")
        return numbers

    @api.onchange("phone", "country_id", "company_id")
    def _onchange_phone_validation(self):
        result = super()._onchange_phone_validation()
        self._format_numbers(["phone"])
        return result

    @api.onchange("mobile_phone", "fax", "country_id", "company_id")
    def _onchange_mobile_phone_fax(self):
        self._format_numbers(["mobile_phone", "fax"])

    def _format_numbers(self, fnames):
        """Format numbers as core does, but inland Japanese ones as 03-1234-5678.

        +81 3-1234-5678, core's way, is nothing a Japanese office would print.
        """
        country = self.country_id or self.env.company.country_id
        inland = country.code == "JP" and self.env.company.country_id in (
            country,
            self.env["res.country"],
        )
        style = "NATIONAL" if inland else "INTERNATIONAL"
        for fname in fnames:
            if self[fname]:
                self[fname] = self._phone_format(fname=fname, force_format=style) or self[fname]

    # ---- 住所 -------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """Whoever is entered from our menus lives where the company is, unless told otherwise."""
        defaults = super().default_get(fields_list)
        if self.env.context.get("kokyaku_default_country") and "country_id" in fields_list:
            defaults.setdefault("country_id", self.env.company.country_id.id)
        return defaults

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self.env.company.country_id.code == "JP",)

    @api.model
    def _view_get_address(self, arch):
        """Ask for a Japanese address in its order: 郵便番号, 都道府県, 市区町村, 番地."""
        arch = super()._view_get_address(arch)
        if self.env.company.country_id.code != "JP":
            return arch
        for box in arch.xpath("//div[hasclass('o_address_format')]"):
            for fname in ("city", "state_id", "zip"):  # each becomes the first: zip at last
                for node in box.xpath(f"./field[@name='{fname}']"):
                    box.insert(0, node)
        return arch

    # ---- Choosing the person behind an order --------------------------------------

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Offer the people of the company in ``kokyaku_people_of`` first.

        The context key holds the id of an order's customer: whoever picks the person
        behind an order most often means someone of that company.
        """
        company = self.browse(self.env.context.get("kokyaku_people_of") or []).exists()
        if not company:
            return super().name_search(name, domain, operator, limit)
        self = self.with_context(kokyaku_people_of=False)
        own = Domain("commercial_partner_id", "=", company.commercial_partner_id.id)
        domain = Domain(domain or Domain.TRUE)
        found = self.name_search(name, domain & own, operator, limit)
        if limit is None or len(found) < limit:
            found += self.name_search(name, domain & ~own, operator, limit and limit - len(found))
        return found

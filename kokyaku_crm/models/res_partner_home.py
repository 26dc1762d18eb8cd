from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kokyaku_home_address import HOME_FIELDS
from .kokyaku_selection_type import ADDRESS_CHOICES

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
OURS = "kokyaku_crm.group_analyst"  # who may read the homes
ADDRESS = ("zip", "state_id", "city", "street", "street2")


class ResPartner(models.Model):
    """自宅・家族・関心・紹介元: the private side of a person."""

    _inherit = "res.partner"

    home_address_ids = fields.One2many(
        "kokyaku.home.address", "partner_id", string="Home", groups=OFFICE
    )
    # The home as fields of the person, for forms, exports and imports.
    home_country_id = fields.Many2one(
        "res.country",
        string="Home Country",
        compute="_compute_home",
        inverse="_inverse_home",
        search="_search_home_country_id",
        groups=OURS,
    )
    home_zip = fields.Char(
        string="Home Postal Code",
        compute="_compute_home",
        inverse="_inverse_home",
        search="_search_home_zip",
        groups=OURS,
    )
    home_state_id = fields.Many2one(
        "res.country.state",
        string="Home Prefecture",
        compute="_compute_home",
        inverse="_inverse_home",
        search="_search_home_state_id",
        domain="[('country_id', '=?', home_country_id)]",
        groups=OURS,
    )
    home_city = fields.Char(
        compute="_compute_home", inverse="_inverse_home", search="_search_home_city", groups=OURS
    )
    home_street = fields.Char(
        compute="_compute_home", inverse="_inverse_home", search="_search_home_street", groups=OURS
    )
    home_street2 = fields.Char(
        string="Home Building",
        compute="_compute_home",
        inverse="_inverse_home",
        search="_search_home_street2",
        groups=OURS,
    )
    home_phone = fields.Char(
        compute="_compute_home", inverse="_inverse_home", search="_search_home_phone", groups=OURS
    )
    home_note = fields.Char(
        compute="_compute_home", inverse="_inverse_home", search="_search_home_note", groups=OURS
    )
    family_ids = fields.One2many(
        "kokyaku.family.member", "partner_id", string="Family", groups=OFFICE
    )
    interest_ids = fields.Many2many("kokyaku.interest", string="Interests", groups=OFFICE)
    referrer_id = fields.Many2one(
        "res.partner",
        string="Referred by",
        index="btree_not_null",
        ondelete="set null",
        groups=OFFICE,
    )
    referred_ids = fields.One2many(
        "res.partner", "referrer_id", string="People Referred", groups=OFFICE
    )
    member_number = fields.Char(index="btree_not_null", copy=False, groups=OFFICE)
    address_choice = fields.Selection(
        ADDRESS_CHOICES,
        groups=OFFICE,
        help="Where post goes, unless a selection type says otherwise. Empty: to the company "
        "if there is one, else to the home.",
    )

    # ---- 自宅 ---------------------------------------------------------------------

    @api.depends(*(f"home_address_ids.{fname}" for fname in HOME_FIELDS))
    def _compute_home(self):
        for person in self:
            home = person.home_address_ids[:1]
            for fname in HOME_FIELDS:
                person[f"home_{fname}"] = home[fname]

    def _inverse_home(self):
        homes = self.env["kokyaku.home.address"].search([("partner_id", "in", self.ids)])
        homes = homes.grouped("partner_id")
        wanted = {
            person: {
                fname: field.convert_to_write(person[f"home_{fname}"], person)
                for fname, field in self.env["kokyaku.home.address"]._fields.items()
                if fname in HOME_FIELDS
            }
            for person in self
        }
        new = []
        for person, values in wanted.items():
            empty = not any(value for fname, value in values.items() if fname != "country_id")
            if home := homes.get(person):
                if empty:
                    home.unlink()
                else:
                    home.write(values)
            elif not empty:
                new.append({"partner_id": person.id, **values})
        self.env["kokyaku.home.address"].create(new)

    @api.onchange("home_state_id")
    def _onchange_home_state(self):
        if self.home_state_id.country_id:
            self.home_country_id = self.home_state_id.country_id

    @api.model
    def _search_home(self, fname, operator, value):
        """Search a field of the home; who has no home has nothing in any field."""
        if operator == "in" and False in value:
            with_value = [("home_address_ids", "any", [(fname, "!=", False)])]
            others = [item for item in value if item is not False]
            found = ["!", *with_value]
            return (
                ["|", *found, ("home_address_ids", "any", [(fname, "in", others)])]
                if others
                else found
            )
        if operator in ("not in", "not like", "not ilike", "not =like", "not =ilike", "!="):
            return NotImplemented
        return [("home_address_ids", "any", [(fname, operator, value)])]

    def _search_home_country_id(self, operator, value):
        return self._search_home("country_id", operator, value)

    def _search_home_zip(self, operator, value):
        return self._search_home("zip", operator, value)

    def _search_home_state_id(self, operator, value):
        return self._search_home("state_id", operator, value)

    def _search_home_city(self, operator, value):
        return self._search_home("city", operator, value)

    def _search_home_street(self, operator, value):
        return self._search_home("street", operator, value)

    def _search_home_street2(self, operator, value):
        return self._search_home("street2", operator, value)

    def _search_home_phone(self, operator, value):
        return self._search_home("phone", operator, value)

    def _search_home_note(self, operator, value):
        return self._search_home("note", operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        """Where a home is given, the own address of someone who joins a company is not saved
        as one on the way: the given home is the home."""
        given = ["home_address_ids" in vals for vals in vals_list]
        if not any(given):
            return super().create(vals_list)
        if not all(given):
            return self.browse().union(*(self.create([vals]) for vals in vals_list))
        people = super(ResPartner, self.with_context(kokyaku_home_given=True)).create(vals_list)
        return people.with_env(self.env)

    def _keep_own_address_as_home(self, company_id):
        """Save the own address of persons who are about to join a company: core writes the
        company's over it. Nothing happens where there is a home already."""
        if self.env.context.get("kokyaku_home_given"):
            return
        company = self.sudo().browse(company_id)
        people = self.sudo().filtered(
            lambda person: not person.parent_id
            and not person.is_company
            and person.type == "contact"
            and (person.street or person.city)
            and any(person[fname] != company[fname] for fname in ADDRESS)
        )
        if not people:
            return
        Home = self.env["kokyaku.home.address"].sudo()
        people -= Home.search([("partner_id", "in", people.ids)]).partner_id
        Home.create(
            [
                {
                    "partner_id": person.id,
                    "country_id": person.country_id.id,
                    **{
                        fname: person[fname].id if fname == "state_id" else person[fname]
                        for fname in ADDRESS
                    },
                }
                for person in people
            ]
        )

    # ---- 紹介元 --------------------------------------------------------------------

    @api.constrains("referrer_id")
    def _check_referrer(self):
        for person in self:
            if person.referrer_id == person:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be the one who referred them. Please choose someone "
                        "else under Referred by.",
                        person=person.name,
                    )
                )
            if person._has_cycle("referrer_id"):
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be referred by %(referrer)s, who came through "
                        "%(person)s in the first place. Please correct Referred by.",
                        person=person.name,
                        referrer=person.referrer_id.name,
                    )
                )

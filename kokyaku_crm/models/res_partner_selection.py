from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..days import age_on
from ..tools import office_today

OFFICE = "base.group_user"


class ResPartner(models.Model):
    """What people are selected by: age, month of birth, and the sets they are in."""

    _inherit = "res.partner"

    age = fields.Integer(
        compute="_compute_age", search="_search_age", groups=OFFICE, aggregator=False
    )
    birth_month = fields.Integer(
        string="Month of Birth",
        compute="_compute_age",
        search="_search_birth_month",
        groups=OFFICE,
        aggregator=False,
    )
    selection_member_ids = fields.One2many(
        "kokyaku.selection.member",
        "partner_id",
        string="In the Sets",
        groups="kokyaku_crm.group_analyst",
    )
    matching_set_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Meets the Criteria of",
        store=False,
        search="_search_matching_set_id",
        groups="kokyaku_crm.group_analyst",
        exportable=False,
    )

    @api.depends("birthdate")
    def _compute_age(self):
        today = office_today(self)
        for partner in self:
            born = partner.birthdate
            partner.age = age_on(born, today) if born and born <= today else False
            partner.birth_month = born.month if born else False

    def _search_age(self, operator, value):
        """By the day of birth, so that an index could serve: who is 60 was born in the year
        that ended 60 years ago today."""
        if operator == "in":
            return Domain.OR(
                Domain("birthdate", "=", False)
                if one is False
                else Domain("birthdate", ">", self._born(one + 1))
                & Domain("birthdate", "<=", self._born(one))
                for one in value
            )
        limits = {
            ">=": ("<=", 0), ">": ("<=", 1), "<=": (">", 1), "<": (">", 0),
        }  # fmt: skip
        if operator not in limits:
            return NotImplemented
        compare, more = limits[operator]
        return Domain("birthdate", compare, self._born(int(value) + more))

    def _born(self, age):
        """The last day of birth of those who are `age` years old today."""
        return fields.Date.subtract(office_today(self), years=age)

    def _search_birth_month(self, operator, value):
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        if operator == "in" and False in value:
            known = [one for one in value if one is not False]
            return Domain("birthdate", "=", False) | Domain("birth_month", "in", known)
        return Domain("birthdate.month_number", operator, value)

    def _search_matching_set_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        sets = self.env["kokyaku.selection.set"].browse(
            [one for one in value if isinstance(one, int) and one]
        )
        sets.check_access("read")
        people = [person for one in sets for person in one._preview_ids()]
        return Domain("id", "in", SQL("(SELECT unnest(%s::int[]))", people))

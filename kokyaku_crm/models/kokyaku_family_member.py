from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..days import age_on, next_birthday
from ..naming import fold_kana, same_name
from ..tools import is_future, office_today


class KokyakuFamilyMember(models.Model):
    """家族構成: the family of a person, pets included."""

    _name = "kokyaku.family.member"
    _description = "Family Member"
    _order = "sequence, id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=False)
    name = fields.Char(string="Full Name", required=True)
    kana = fields.Char()
    relation_id = fields.Many2one("kokyaku.relation", ondelete="restrict")
    is_pet = fields.Boolean(related="relation_id.is_pet")
    birthdate = fields.Date(string="Date of Birth")
    age = fields.Integer(compute="_compute_age", aggregator=False)
    next_birthday = fields.Date(compute="_compute_age")
    joint_addressee = fields.Boolean(help="Stands beside the person on post to the home (連名).")
    member_partner_id = fields.Many2one(
        "res.partner",
        string="Own Record",
        index="btree_not_null",
        ondelete="set null",
        domain="[('is_company', '=', False), ('type', '=', 'contact')]",
        help="Where this family member is a customer as well.",
    )
    note = fields.Char()

    @api.depends("birthdate")
    @api.depends_context("tz")
    def _compute_age(self):
        today = office_today(self)
        for member in self:
            known = member.birthdate and member.birthdate <= today
            member.age = age_on(member.birthdate, today) if known else False
            member.next_birthday = next_birthday(member.birthdate, today) if known else False

    @api.onchange("member_partner_id")
    def _onchange_member_partner(self):
        """Who is a person of their own says the name, reading and birthday themselves."""
        person = self.member_partner_id
        if person:
            self.name = self.name or person.name
            self.kana = self.kana or person.kana
            self.birthdate = self.birthdate or person.birthdate

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._folded(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._folded(vals))

    @api.model
    def _folded(self, vals):
        return {**vals, "kana": fold_kana(vals["kana"]) or False} if vals.get("kana") else vals

    @api.constrains("birthdate")
    def _check_birthdate(self):
        for member in self:
            if member.birthdate and is_future(self, member.birthdate):
                raise ValidationError(
                    self.env._(
                        "%(name)s, family of %(person)s: the date of birth %(date)s lies in the "
                        "future. Please check the year.",
                        name=member.name,
                        person=member.partner_id.name,
                        date=member.birthdate,
                    )
                )

    @api.constrains("partner_id", "member_partner_id")
    def _check_member(self):
        for member in self:
            if member.member_partner_id == member.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be a member of their own family. Please choose another "
                        "person for %(name)s.",
                        person=member.partner_id.name,
                        name=member.name,
                    )
                )

    @api.constrains("partner_id", "name", "birthdate", "member_partner_id")
    def _check_entered_twice(self):
        families = defaultdict(self.browse)
        for member in self.search([("partner_id", "in", self.partner_id.ids)]):
            for other in families[member.partner_id]:
                if member._is_same_as(other):
                    raise ValidationError(
                        self.env._(
                            "%(name)s is entered twice in the family of %(person)s. Please keep "
                            "one of them; if they are two, tell them apart by name or date of "
                            "birth.",
                            name=member.name,
                            person=member.partner_id.name,
                        )
                    )
            families[member.partner_id] |= member

    def _is_same_as(self, other):
        """Say whether two rows mean one family member."""
        if self.member_partner_id and self.member_partner_id == other.member_partner_id:
            return True
        dates = {self.birthdate, other.birthdate} - {False}
        return same_name(self.name, other.name) and len(dates) < 2

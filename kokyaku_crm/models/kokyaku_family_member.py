from odoo import fields, models


class KokyakuFamilyMember(models.Model):
    """家族構成: the family of a person, pets included."""

    _name = "kokyaku.family.member"
    _description = "Family Member"
    _order = "sequence, id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10, aggregator=False)
    name = fields.Char(required=True)
    kana = fields.Char()
    relation_id = fields.Many2one("kokyaku.relation", ondelete="restrict")
    birthdate = fields.Date(string="Date of Birth")
    joint_addressee = fields.Boolean(help="Stands beside the person on post to the home (連名).")
    note = fields.Char()

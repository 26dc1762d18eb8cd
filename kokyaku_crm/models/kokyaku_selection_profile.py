from odoo import api, fields, models

COLUMNS = [
    ("code", "Customer Code"),
    ("member_number", "Member Number"),
    ("name", "Full Name"),
    ("family_name", "Family Name"),
    ("given_name", "Given Name"),
    ("kana", "Kana"),
    ("family_kana", "Family Name (Kana)"),
    ("given_kana", "Given Name (Kana)"),
    ("honorific", "Honorific"),
    ("company", "Company Name"),
    ("department", "Department"),
    ("function", "Function"),
    ("sent_to", "Sent to"),
    ("zip", "Postal Code"),
    ("state", "Prefecture"),
    ("city", "City"),
    ("street", "Street"),
    ("street2", "Building"),
    ("address", "Address in One Line"),
    ("email", "Email"),
    ("phone", "Phone"),
    ("mobile_phone", "Mobile Phone"),
    ("fax", "Fax"),
    ("birthdate", "Date of Birth"),
    ("staff", "Staff in Charge"),
    ("last_item", "Last Time's Item"),
    ("origin", "Origin"),
    ("reason", "Reason"),
    ("asked_by", "Asked for by"),
    ("note", "Note"),
    ("item", "Item"),
    ("noshi", "Wrapping"),
    ("unit_cost", "Unit Cost"),
    ("joint", "Together with"),
    ("line_code", "Code on the Piece"),
    ("sent_on", "Sent on"),
    ("response", "Response"),
    ("response_date", "Answered on"),
    ("companions", "Companions"),
]
USUAL = (
    "code", "name", "honorific", "kana", "company", "department", "function", "zip", "address",
    "phone", "email", "staff",
)


class KokyakuSelectionProfile(models.Model):
    """出力項目: which columns a user wants in a file of recipients, and in which order."""

    _name = "kokyaku.selection.profile"
    _description = "Columns of a File"
    _order = "name, id"

    name = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade",
        default=lambda self: self.env.user, copy=False,
    )
    line_ids = fields.One2many("kokyaku.selection.profile.line", "profile_id", copy=True)

    @api.model
    def _mine(self):
        """Return the profiles of the user, a first one with the usual columns if need be."""
        mine = self.search([("user_id", "=", self.env.uid)])
        return mine or self.create(
            {
                "name": self.env._("Usual Columns"),
                "line_ids": [
                    fields.Command.create({"column": column, "sequence": index})
                    for index, column in enumerate(USUAL)
                ],
            }
        )


class KokyakuSelectionProfileLine(models.Model):
    """One column of a file."""

    _name = "kokyaku.selection.profile.line"
    _description = "Column of a File"
    _order = "sequence, id"

    profile_id = fields.Many2one(
        "kokyaku.selection.profile", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=100)
    column = fields.Selection(COLUMNS, required=True)

    _column_uniq = models.Constraint(
        'UNIQUE(profile_id, "column")', "This column is on the list already."
    )

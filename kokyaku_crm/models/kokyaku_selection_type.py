from odoo import fields, models

ADDRESS_CHOICES = [("company", "Company"), ("home", "Home")]
PURPOSES = [
    ("promotion", "Promotion"),
    ("greeting", "Greetings"),
    ("business", "Business"),
]


class KokyakuSelectionType(models.Model):
    """選択タイプ: what someone is chosen for (年賀状, お中元, 展示会案内 …)."""

    _name = "kokyaku.selection.type"
    _inherit = ["kokyaku.master.mixin"]
    _description = "Selection Type"

    address_choice = fields.Selection(
        ADDRESS_CHOICES,
        help="Where this kind of post goes, whatever the person's own choice. Empty: as the "
        "person says.",
    )
    purpose = fields.Selection(
        PURPOSES, help="What kind of consent this needs (受取可否の目的)."
    )

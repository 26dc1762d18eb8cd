from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kokyaku_user_code import CODE_SLOTS


def code_field(slot):
    """Return the field of code `slot`; only values of the code with that label fit."""
    return fields.Many2one(
        "kokyaku.user.code.value",
        string=f"User-defined Code {slot}",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        domain=lambda self: [
            ("code_id.model", "=", self._user_label_model),
            ("code_id.slot", "=", str(slot)),
        ],
    )


def name_field(slot):
    """Return the field of free text `slot`."""
    return fields.Char(string=f"User-defined Name {slot}", groups="base.group_user")


class KokyakuUserCodeMixin(models.AbstractModel):
    """ユーザ定義コード・ユーザ定義名称: ten codes and five names for any master.

    A model that inherits this sets ``_user_label_model`` to its own name and adds itself
    to ``kokyaku.user.code.model`` and ``kokyaku.user.name.model``. The fields are for the
    office: portal users, who can read the partners of their company, do not see them.
    """

    _name = "kokyaku.user.code.mixin"
    _inherit = ["kokyaku.user.label.mixin"]
    _description = "User-defined Codes and Names"

    user_code_1_id = code_field(1)
    user_code_2_id = code_field(2)
    user_code_3_id = code_field(3)
    user_code_4_id = code_field(4)
    user_code_5_id = code_field(5)
    user_code_6_id = code_field(6)
    user_code_7_id = code_field(7)
    user_code_8_id = code_field(8)
    user_code_9_id = code_field(9)
    user_code_10_id = code_field(10)
    user_name_1 = name_field(1)
    user_name_2 = name_field(2)
    user_name_3 = name_field(3)
    user_name_4 = name_field(4)
    user_name_5 = name_field(5)

    @api.constrains(*[f"user_code_{slot}_id" for slot in CODE_SLOTS])
    def _check_user_codes(self):
        """A value of one code cannot stand under another (an import could try)."""
        for slot in CODE_SLOTS:
            for value in self[f"user_code_{slot}_id"]:
                code = value.code_id
                if code.model != self._user_label_model or code.slot != str(slot):
                    raise ValidationError(
                        self.env._(
                            "“%(value)s” is a value of “%(code)s” and cannot stand under code "
                            "%(slot)s. Choose one of the values of that code.",
                            value=value.name,
                            code=code.name,
                            slot=slot,
                        )
                    )

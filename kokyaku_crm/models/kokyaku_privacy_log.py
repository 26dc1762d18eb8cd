from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [("disclosure", "Disclosure"), ("erasure", "Erasure")]


class KokyakuPrivacyLog(models.Model):
    """個人情報の開示・消去の記録: who was shown or erased, when, by whom and why. Names nobody."""

    _name = "kokyaku.privacy.log"
    _description = "Privacy Log"
    _order = "date desc, id desc"
    _rec_name = "number"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="Handled By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Person", readonly=True, index=True, ondelete="set null"
    )
    number = fields.Char(readonly=True, help="The number of the person, also when it is gone.")
    reason = fields.Char(readonly=True)

    def write(self, vals):
        if vals.keys() - {"partner_id"}:
            raise UserError(self.env._("The privacy log is a record. It cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The privacy log is a record. It cannot be deleted."))

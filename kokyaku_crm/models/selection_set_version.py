from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime


class KokyakuSelectionSet(models.Model):
    """Two people enter criteria of one set at once: the second one is told, and nothing of the
    first one's is lost. Every other field is the last one's, as everywhere in Odoo.

    The form sends the version of the criteria it shows along with the changes.
    """

    _inherit = "kokyaku.selection.set"

    criteria_version = fields.Integer(readonly=True, copy=False, aggregator=False)
    criteria_by = fields.Many2one(
        "res.users", string="Criteria Changed by", readonly=True, copy=False, ondelete="set null"
    )
    criteria_at = fields.Datetime(string="Criteria Changed on", readonly=True, copy=False)

    def write(self, vals):
        if "criteria_version" in vals and not self.env.su:
            vals = dict(vals)
            self._check_version(vals.pop("criteria_version"))
        return super().write(vals)

    def _check_version(self, seen):
        for one in self:
            if one.criteria_version != seen:
                raise UserError(
                    self.env._(
                        "%(user)s changed the criteria of “%(name)s” on %(at)s, after you had "
                        "opened it, so nothing of yours was saved. Please note what you changed, "
                        "discard your changes to see theirs, and enter yours once more.",
                        user=one.criteria_by.name or "",
                        name=one.display_name,
                        at=format_datetime(self.env, one.criteria_at, dt_format="short"),
                    )
                )

    def _criteria_changed(self):
        result = super()._criteria_changed()
        for one in self.exists().sudo():
            one.write(
                {
                    "criteria_version": one.criteria_version + 1,
                    "criteria_by": self.env.uid,
                    "criteria_at": fields.Datetime.now(),
                }
            )
        return result

from odoo import models
from odoo.exceptions import UserError


class KokyakuSelectionSet(models.Model):
    """比較（前回との差）: a set against its last time, or against others."""

    _inherit = "kokyaku.selection.set"

    def action_compare_previous(self):
        """Open the differences from the last time."""
        self.ensure_one()
        if not self.previous_id:
            raise UserError(
                self.env._(
                    "Please choose in “Last Time” which set “%s” is compared with.",
                    self.display_name,
                )
            )
        return (self | self.previous_id)._compare()

    def action_compare(self):
        """Open the differences of the sets chosen in the list; the newest is this time's."""
        if len(self) < 2:
            raise UserError(self.env._("Please choose two sets at least."))
        return self.sorted("id", reverse=True)._compare()

    def _compare(self):
        """The action that shows the differences of the first of these sets from the others."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kokyaku_crm.action_selection_difference"
        )
        return {
            **action,
            "display_name": self.env._("Comparison of %s", self[0].display_name),
            "context": {"kokyaku_compare": self.ids},
        }

from odoo import api, models


class KokyakuImportReject(models.Model):
    """What the reason codes of rejected rows mean, in words (for others to extend)."""

    _inherit = "kokyaku.import.reject"

    @api.model
    def _reasons(self):
        """Return {code: text}, in the language of the user."""
        _ = self.env._
        return {
            "not_stored": _("This row could not be stored."),
        }

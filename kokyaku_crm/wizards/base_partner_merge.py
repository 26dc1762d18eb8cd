from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two people (名寄せの統合) keeps everything of both.

    Types (two-column tables) and orders (plain foreign keys) move over by core's own
    statements. What core would lose is the value of a user-defined code that has no label
    at the moment, because it looks for fields with ``fields_get``.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        return super()._update_values(
            src_partners.with_context(kokyaku_all_slots=True),
            dst_partner.with_context(kokyaku_all_slots=True),
        )

from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two people keeps what became of their mails: no foreign key leads there."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["mailing.trace"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE mailing_trace SET res_id = %s
                    WHERE model = 'res.partner' AND res_id = ANY(%s)""",
                dst_partner.id,
                src_partners.ids,
            )
        )
        self.env["mailing.trace"].invalidate_model(["res_id"])
        return super()._update_foreign_keys(src_partners, dst_partner)

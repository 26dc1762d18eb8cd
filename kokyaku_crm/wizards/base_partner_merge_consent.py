from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of two consents for the same channel and purpose the stricter one stays.

    A no wins over a yes, either wins over "unknown"; of two alike the later one. What went
    stays readable in the log.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self._fold_consents(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _fold_consents(self, src_partners, dst_partner):
        self.env["kokyaku.consent"].flush_model()
        self.env["kokyaku.consent.log"]._tell("merge")
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kokyaku_consent
                 WHERE id IN (SELECT id
                                FROM (SELECT id, row_number() OVER (
                                                 PARTITION BY channel, purpose
                                                 ORDER BY CASE state WHEN 'refused' THEN 0
                                                                     WHEN 'allowed' THEN 1
                                                                     ELSE 2 END,
                                                          date DESC NULLS LAST,
                                                          partner_id = %(keep)s DESC, id) AS rank
                                        FROM kokyaku_consent
                                       WHERE partner_id = ANY(%(all)s)) AS ranked
                               WHERE rank > 1)
                """,
                keep=dst_partner.id,
                all=(src_partners | dst_partner).ids,
            )
        )
        # One statement each: the constraint is checked row by row.
        self.env.cr.execute(
            SQL(
                "UPDATE kokyaku_consent SET partner_id = %s WHERE partner_id = ANY(%s)",
                dst_partner.id,
                src_partners.ids,
            )
        )
        self.env["kokyaku.consent"].invalidate_model()

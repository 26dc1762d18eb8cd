from odoo import models
from odoo.tools import SQL


class PartnerMerge(models.TransientModel):
    """統合: what was computed for the contact that goes is not carried over but computed anew.

    The merge moves the orders, and the triggers put both contacts on the change queue. Our
    tables hold no foreign keys, so core's merge leaves them alone.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Take the merged-away off the lists at once; a row that a refresh is writing just
        now is left to that refresh (it is never waited for)."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for table in ("kokyaku_customer_metrics", "kokyaku_tier_period"):
            self.env.cr.execute(
                SQL(
                    """DELETE FROM %(table)s WHERE id IN (
                        SELECT id FROM %(table)s WHERE partner_id IN %(gone)s
                        FOR UPDATE SKIP LOCKED)""",
                    table=SQL.identifier(table), gone=tuple(src_partners.ids) or (0,),
                )
            )
        self.env["kokyaku.portfolio.change"].sudo().create(
            [{"partner_id": partner.id} for partner in src_partners + dst_partner]
        )
        return result

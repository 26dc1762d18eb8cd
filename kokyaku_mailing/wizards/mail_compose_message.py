from odoo import models
from odoo.tools import SQL


class MailComposer(models.TransientModel):
    """The last gate before a mail of an execution is written."""

    _inherit = "mail.compose.message"

    def _refusing_partners(self, partner_ids):
        """For an execution: whoever does not get it by its lines, and whoever said no to its
        purpose, whatever was ticked on the mailing."""
        execution = self.mass_mailing_id._execution_sudo()
        if not execution:
            return super()._refusing_partners(partner_ids)
        asked = SQL("SELECT unnest(%s::int[])", partner_ids)
        refused = self.env["res.partner"]._reach_sql("email", execution.purpose, partners=asked)
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM (%s) AS goes
                    WHERE partner_id = ANY(%s)
                      AND partner_id NOT IN (SELECT partner_id FROM (%s) AS refused)""",
                execution._mail_sql(self.mass_mailing_id),
                partner_ids,
                refused,
            )
        )
        return set(partner_ids) - {partner for (partner,) in rows}

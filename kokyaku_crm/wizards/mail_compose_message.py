from odoo import models
from odoo.tools import SQL


class MailComposer(models.TransientModel):
    """A mass mail from the list of persons goes to nobody who said no to promotion.

    Only what is written to people as such: mail about a quotation or an invoice is of another
    model and passes untouched. Here only an express no counts (and death), because core's
    screen does not ask what the mail is for; the stricter rule for advertising, a yes on
    record, is applied by whoever knows the purpose (``_reach_refusals``).
    """

    _inherit = "mail.compose.message"

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        refused = super()._get_blacklist_record_ids(mail_values_dict, recipients_info)
        if (
            self.model == "res.partner"
            and self.composition_mode == "mass_mail"
            and mail_values_dict
        ):
            refused |= self._refusing_partners(list(mail_values_dict))
        return refused

    def _refusing_partners(self, partner_ids):
        """Return the ids of those among these people who must not get this mail (hook)."""
        if not self.use_exclusion_list:
            return set()
        asked = SQL("SELECT unnest(%s::int[])", partner_ids)
        rows = self.env.execute_query(
            self.env["res.partner"]._reach_sql("email", "promotion", partners=asked)
        )
        return {partner for partner, reason in rows if reason in ("refused", "deceased")}

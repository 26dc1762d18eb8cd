from odoo import api, models
from odoo.tools import SQL

from .execution_mail_line import MOMENTS

# number of the results: the moment whose people it counts
NUMBERS = {
    "mail_opened": "mail_opened_at",
    "mail_clicked": "mail_clicked_at",
    "mail_replied": "mail_replied_at",
    "mail_returned": "mail_returned_at",
    "mail_failed": "mail_failed_at",
}


class KokyakuSelectionExecution(models.Model):
    """効果 of an e-mail: how many opened it, clicked, replied, and how many came back."""

    _inherit = "kokyaku.selection.execution"

    @api.readonly
    def results_data(self):
        """With ``mail``: people by what became of the mail; None where none was sent."""
        data = super().results_data()
        live = self.filtered(lambda one: one.state != "cancelled" and one.channel == "email")
        return {**data, "mail": live._mail_numbers() or None}

    def _mail_numbers(self):
        """{number: people}: each counted once, by one statement; {} without a mailing."""
        if not self.sudo().mailing_ids:
            return {}
        for model in ("mailing.trace", "kokyaku.execution.line"):
            self.env[model].flush_model()
        moments = {"mail_sent": "mail_sent_at", **NUMBERS}
        (numbers,) = self.env.execute_query_dict(
            SQL(
                """SELECT %(counts)s
                     FROM (SELECT l.id, %(moments)s
                             FROM kokyaku_execution_line l
                             JOIN mailing_mailing m ON m.kokyaku_execution_id = l.execution_id
                             JOIN mailing_trace t ON t.mass_mailing_id = m.id
                              AND t.model = 'res.partner' AND t.res_id = l.partner_id
                              AND t.is_test_trace IS NOT TRUE
                            WHERE l.execution_id = ANY(%(executions)s)
                            GROUP BY l.id) AS line""",
                counts=SQL(", ").join(
                    SQL("count(%s) AS %s", SQL.identifier(moment), SQL.identifier(number))
                    for number, moment in moments.items()
                ),
                moments=SQL(", ").join(
                    SQL("min(%s) AS %s", MOMENTS[moment], SQL.identifier(moment))
                    for moment in moments.values()
                ),
                executions=self.ids,
            )
        )
        return numbers

    @api.readonly
    def results_people(self, which):
        return self._with_mail_columns(super().results_people(which))

    def action_lines(self):
        return self._with_mail_columns(super().action_lines())

    def _with_mail_columns(self, action):
        """Of an e-mail one wants to see addresses of e-mail, and what became of it."""
        by_mail = bool(self) and all(one.channel == "email" for one in self)
        return {**action, "context": {**action["context"], "kokyaku_by_mail": by_mail}}

    def _result_people(self):
        mails = {number: [(moment, "!=", False)] for number, moment in NUMBERS.items()}
        return {
            **super()._result_people(),
            **mails,
            "mail_sent": [("mail_sent_at", "!=", False)],
            "mail_unopened": [("mail_sent_at", "!=", False), ("mail_opened_at", "=", False)],
        }

    def _result_names(self):
        return {
            **super()._result_names(),
            "mail_sent": self.env._("E-Mails Sent"),
            "mail_opened": self.env._("Opened the E-Mail"),
            "mail_clicked": self.env._("Clicked in the E-Mail"),
            "mail_replied": self.env._("Replied to the E-Mail"),
            "mail_returned": self.env._("E-Mail Came Back"),
            "mail_failed": self.env._("E-Mail Failed"),
            "mail_unopened": self.env._("Did Not Open the E-Mail"),
        }

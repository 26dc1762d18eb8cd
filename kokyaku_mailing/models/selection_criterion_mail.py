from odoo import fields, models
from odoo.tools import SQL

from .execution_mail_line import MOMENTS, traces_sql

# test of a criterion: the moment it asks for
TESTS = {
    "mail_opened": "mail_opened_at",
    "mail_clicked": "mail_clicked_at",
    "mail_replied": "mail_replied_at",
    "mail_returned": "mail_returned_at",
}


def _forget(lines):
    """When the add-on goes: of what became of a mail, that it was sent is all that is left."""
    lines.write({"set_test": "sent"})


class KokyakuSelectionCriterion(models.Model):
    """抽出条件: who opened, clicked, replied to the e-mail of an earlier set, or never got it."""

    _inherit = "kokyaku.selection.criterion"

    set_test = fields.Selection(
        selection_add=[
            ("mail_opened", "Opened the E-Mail"),
            ("mail_clicked", "Clicked in the E-Mail"),
            ("mail_replied", "Replied to the E-Mail"),
            ("mail_unopened", "Got the E-Mail and Did Not Open It"),
            ("mail_returned", "E-Mail Came Back"),
        ],
        ondelete=dict.fromkeys([*TESTS, "mail_unopened"], _forget),
    )

    def _set_tests(self):
        self.env["mailing.trace"].flush_model()
        self.env["mailing.mailing"].flush_model(["kokyaku_execution_id"])

        def having(condition):
            return SQL("EXISTS (SELECT FROM %s AND %s)", traces_sql("line"), condition)

        tests = {test: having(SQL("%s IS NOT NULL", MOMENTS[name])) for test, name in TESTS.items()}
        tests["mail_unopened"] = SQL(
            "%s AND NOT %s",
            having(SQL("t.sent_datetime IS NOT NULL AND t.trace_status <> 'bounce'")),
            tests["mail_opened"],
        )
        return {**super()._set_tests(), **tests}

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """The person in mailings: by which a mailing finds them, and what is left when they go."""

    _inherit = "res.partner"

    mailing_execution_id = fields.Many2one(
        "kokyaku.selection.execution",
        string="Gets the E-Mail of",
        store=False,
        search="_search_mailing_execution_id",
        groups="base.group_user",
        exportable=False,
        help="Only to search by: the recipients of an execution by e-mail.",
    )

    def _search_mailing_execution_id(self, operator, value):
        """The people of executions the user may see; whoever may not see any finds nobody."""
        if operator != "in":
            return NotImplemented
        executions = self.env["kokyaku.selection.execution"].browse(
            [one for one in value if isinstance(one, int) and one]
        )
        executions = executions.exists()
        if not executions.has_access("read"):
            return Domain.FALSE
        return Domain("id", "in", SQL("(%s)", executions.sudo()._mail_sql()))

    def _erase_copies(self, traces, mark):
        """The addresses on core's traces of mailings go too: nothing links them to the person."""
        result = super()._erase_copies(traces, mark)
        if traces:
            self._replace(
                "mailing_trace",
                self._text_columns(),
                SQL("model = 'res.partner' AND res_id = ANY(%s)", self.ids),
                traces,
                mark,
            )
        return result

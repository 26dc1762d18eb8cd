from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

METHODS = [("all", "All"), ("letter", "Card or Letter"), ("gift", "Gift")]


class ReceivedCompare(models.TransientModel):
    """出した・来た／出していない・来た: who wrote, and who of them was written to.

    What came are the contacts "Card or Gift Received" of the period, and the answers of the
    execution that count as success.
    """

    _name = "kokyaku.received.compare"
    _description = "Sent and Received"

    execution_id = fields.Many2one("kokyaku.selection.execution", required=True)
    date_from = fields.Date(string="Arrived from", required=True)
    date_to = fields.Date(string="Arrived until", required=True)
    method = fields.Selection(METHODS, string="What Came", required=True, default="all")
    both_count = fields.Integer(string="Sent, and Came", compute="_compute_counts")
    sent_only_count = fields.Integer(string="Sent, Nothing Came", compute="_compute_counts")
    came_only_count = fields.Integer(string="Not Sent, but Came", compute="_compute_counts")

    @api.depends("execution_id", "date_from", "date_to", "method")
    def _compute_counts(self):
        for one in self:
            counts = (0, 0, 0)
            if one.execution_id and one.date_from and one.date_to:
                counts = one._counts()
            one.both_count, one.sent_only_count, one.came_only_count = counts

    def _counts(self):
        sent, came = self._sent_sql(), self._came_sql()
        (row,) = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE s.partner_id = c.partner_id),
                       count(*) FILTER (WHERE c.partner_id IS NULL),
                       count(*) FILTER (WHERE s.partner_id IS NULL)
                  FROM (%s) s FULL JOIN (%s) c ON c.partner_id = s.partner_id
                """,
                sent,
                came,
            )
        )
        return row

    def _sent_sql(self):
        """SELECT of who was sent the thing."""
        self.env["kokyaku.execution.line"].flush_model()
        return SQL(
            """SELECT partner_id FROM kokyaku_execution_line
                WHERE execution_id = %s AND sent_on IS NOT NULL AND exclusion IS NULL
                  AND is_control IS NOT TRUE""",
            self.execution_id.id,
        )

    def _came_sql(self):
        """SELECT of whom something came from: as the user may see the contacts."""
        contacts = self.env["kokyaku.contact.history"]
        executions = self.env["kokyaku.selection.execution"].with_company(
            self.execution_id.company_id
        )
        begins, ends = executions._days_utc(self.date_from, self.date_to)
        domain = Domain(
            [
                ("company_id", "=", self.execution_id.company_id.id),
                ("direction", "=", "in"),
                ("kind", "=", "receipt"),
                ("date", ">=", begins),
                ("date", "<", ends),
            ]
        )
        if self.method != "all":
            domain &= Domain("method_id.code", "=", self.method)
        came = contacts._search(domain, order="id")
        answers = SQL(
            """SELECT l.partner_id FROM kokyaku_execution_line l
                 JOIN kokyaku_response_type r ON r.id = l.response_type_id
                WHERE l.execution_id = %s AND r.is_positive
                  AND l.response_date BETWEEN %s AND %s""",
            self.execution_id.id,
            self.date_from,
            self.date_to,
        )
        received = SQL(
            "SELECT partner_id FROM kokyaku_contact_history WHERE id IN %s", came.subselect()
        )
        return SQL("%s UNION %s", received, answers if self.method != "gift" else received)

    def _people_sql(self, which):
        sent, came = self._sent_sql(), self._came_sql()
        if which == "both":
            return SQL("(%s) INTERSECT (%s)", sent, came)
        if which == "sent_only":
            return SQL("(%s) EXCEPT (%s)", sent, came)
        return SQL("(%s) EXCEPT (%s)", came, sent)

    def action_open(self):
        """Open the people of the list named by the button's context."""
        self.ensure_one()
        which = self.env.context.get("kokyaku_list", "came_only")
        people = [row[0] for row in self.env.execute_query(self._people_sql(which))]
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_persons")
        names = {
            "both": self._fields["both_count"],
            "sent_only": self._fields["sent_only_count"],
            "came_only": self._fields["came_only_count"],
        }
        return {
            **action,
            "name": names[which]._description_string(self.env),
            "domain": [("id", "in", people)],
            "context": {},
        }

    def action_new_set(self):
        """お礼の送付先: a new set of those who wrote, but were not written to."""
        self.ensure_one()
        people = self._people_sql("came_only")
        if not self.came_only_count:
            raise UserError(
                self.env._(
                    "Everybody who wrote between %(begin)s and %(end)s was written to: there is "
                    "nobody left to thank.",
                    begin=self.date_from,
                    end=self.date_to,
                )
            )
        execution = self.execution_id
        thanks = self.env["kokyaku.selection.set"].create(
            {
                "name": self.env._("To Thank: %s", execution.name),
                "company_id": execution.company_id.id,
                "selection_type_id": execution.selection_type_id.id,
            }
        )
        thanks._add_people(people, reason=self.env._("Came without being sent"))
        return {
            "type": "ir.actions.act_window",
            "res_model": thanks._name,
            "res_id": thanks.id,
            "views": [[False, "form"]],
        }

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

SIDES = ("sent", "control")
GOES = [("exclusion", "=", False), ("is_control", "=", False), ("sent_on", "!=", False)]
PEOPLE = {
    "sent": GOES,
    "excluded": [("exclusion", "!=", False)],
    "control": [("is_control", "=", True)],
    "answered": [
        ("response_type_id", "!=", False),
        ("response_type_id.is_no_answer", "=", False),
        ("response_type_id.is_returned", "=", False),
    ],
    "unaddressed": [
        ("is_late", "=", True),
        ("sent_on", "=", False),
        ("response_type_id", "!=", False),
    ],
    "positive": [("response_type_id.is_positive", "=", True)],
    "attending": [("response_type_id.is_attendance", "=", True)],
    "buyers_sent": [*GOES, ("has_ordered", "=", True)],
    "buyers_control": [("is_control", "=", True), ("has_ordered", "=", True)],
}


def _is_house(alias):
    """SQL: the partner `alias` is a company or a department, no person."""
    return SQL(
        "(%(p)s.is_company OR %(p)s.honorific = 'onchu')", p=SQL.identifier(alias)
    )


class KokyakuSelectionExecution(models.Model):
    """効果: what an execution has brought, in numbers.

    Answers are counted from the lines, orders from ``kokyaku.purchase``: those of the people
    within ``order_days`` of the posting date, as the user may see them. The number of
    statements does not depend on the number of people.
    """

    _inherit = "kokyaku.selection.execution"

    @api.readonly
    def results_data(self):
        """Return the results of these executions (those of one set, say) together.

        :return: dict: currency_id, ``counts`` (sent, excluded, control, answered, unaddressed,
            positive, attending, companions), ``types`` (list of id, name, number, positive),
            ``sent`` and ``control`` (people, buyers, orders, sales), cost, days, is_partial
            (the user sees their own orders only)
        """
        self.check_access("read")
        executions = self.filtered(lambda one: one.state != "cancelled")
        counts = executions._result_counts()
        orders = executions._result_orders()
        cost = counts.pop("pieces") + sum(executions.mapped("cost"))
        return {
            "currency_id": (executions or self)[:1].currency_id.id
            or self.env.company.currency_id.id,
            "counts": counts,
            "types": executions._result_types(),
            **{side: {"people": counts[side], **orders[side]} for side in SIDES},
            "cost": cost,
            "days": max(executions.mapped("order_days"), default=0),
            "is_partial": self._sees_own_orders_only(),
            "has_dates": any(executions.mapped("date")),
        }

    def _sees_own_orders_only(self):
        return self.env.user.has_group("sales_team.group_sale_salesman") and not (
            self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        )

    def _result_counts(self):
        for model in ("kokyaku.execution.line", "kokyaku.selection.execution"):
            self.env[model].flush_model()
        (counts,) = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) FILTER (WHERE l.goes AND l.sent_on IS NOT NULL) AS sent,
                       count(*) FILTER (WHERE l.exclusion <> '') AS excluded,
                       count(*) FILTER (WHERE l.is_control) AS control,
                       count(*) FILTER (WHERE l.answered) AS answered,
                       count(*) FILTER (WHERE l.answered AND l.is_late AND l.sent_on IS NULL)
                           AS unaddressed,
                       count(*) FILTER (WHERE l.goes AND l.sent_on IS NOT NULL AND l.answered)
                           AS answered_sent,
                       count(*) FILTER (WHERE l.is_positive) AS positive,
                       count(*) FILTER (WHERE l.goes AND l.sent_on IS NOT NULL AND l.is_positive)
                           AS positive_sent,
                       count(*) FILTER (WHERE l.is_control AND l.is_positive)
                           AS positive_control,
                       count(*) FILTER (WHERE l.is_attendance) AS attending,
                       COALESCE(sum(l.companions) FILTER (WHERE l.is_attendance), 0)
                           AS companions,
                       COALESCE(sum(l.piece) FILTER (
                           WHERE l.goes AND l.sent_on IS NOT NULL AND l.joint_line_id IS NULL), 0)
                           AS pieces
                  FROM (SELECT l.exclusion, l.is_control, l.is_late, l.sent_on, l.companions,
                               l.joint_line_id, r.is_positive, r.is_attendance,
                               COALESCE(l.exclusion, '') = '' AND l.is_control IS NOT TRUE AS goes,
                               r.id IS NOT NULL AND r.is_no_answer IS NOT TRUE
                                   AND r.is_returned IS NOT TRUE AS answered,
                               COALESCE(NULLIF(l.unit_cost, 0), e.unit_cost, 0) AS piece
                          FROM kokyaku_execution_line l
                          JOIN kokyaku_selection_execution e ON e.id = l.execution_id
                          LEFT JOIN kokyaku_response_type r ON r.id = l.response_type_id
                         WHERE l.execution_id = ANY(%s)) AS l
                """,
                self.ids,
            )
        )
        counts["pieces"] = float(counts["pieces"])
        return counts

    def _result_types(self):
        """How often each kind of answer came, in the order of the master."""
        numbers = self.env["kokyaku.execution.line"]._read_group(
            [("execution_id", "in", self.ids), ("response_type_id", "!=", False)],
            ["response_type_id"],
            ["__count"],
        )
        numbers.sort(key=lambda pair: (pair[0].sequence, pair[0].code))
        return [
            {"id": one.id, "name": one.name, "number": number, "positive": one.is_positive}
            for one, number in numbers
        ]

    def _result_orders(self):
        """Buyers, orders and sales of those it went to, and of those kept for comparison."""
        result = {side: {"buyers": 0, "orders": 0, "sales": 0.0} for side in SIDES}
        bought = self._bought_sql()
        if not bought:
            return result
        rows = self.env.execute_query(
            SQL(
                """
                SELECT side, count(DISTINCT partner_id), count(DISTINCT order_ref),
                       COALESCE(sum(amount) FILTER (WHERE is_first), 0)
                  FROM (SELECT hit.*, row_number() OVER (PARTITION BY side, id
                                                         ORDER BY partner_id) = 1 AS is_first
                          FROM (%s) AS hit) AS one
                 GROUP BY side
                """,
                self._hits_sql(bought),
            )
        )
        for side, buyers, orders, sales in rows:
            result[side] = {"buyers": buyers, "orders": orders, "sales": float(sales)}
        return result

    def _sides_sql(self):
        """SELECT of the people with their side and the days whose orders count: each person
        once, whatever the number of executions they are in."""
        return SQL(
            """
            SELECT partner_id, min(first) AS first, max(last) AS last,
                   CASE WHEN bool_or(sent) THEN 'sent' ELSE 'control' END AS side,
                   max(house) AS house
              FROM (SELECT l.partner_id, e.date AS first, e.date + e.order_days AS last,
                           l.sent_on IS NOT NULL AND l.is_control IS NOT TRUE AS sent,
                           CASE WHEN %(is_house)s THEN p.commercial_partner_id END AS house
                      FROM kokyaku_execution_line l
                      JOIN res_partner p ON p.id = l.partner_id
                      JOIN kokyaku_selection_execution e ON e.id = l.execution_id
                     WHERE l.execution_id = ANY(%(executions)s) AND e.date IS NOT NULL
                       AND COALESCE(l.exclusion, '') = ''
                       AND (l.is_control OR l.sent_on IS NOT NULL)) AS one
             GROUP BY partner_id
            """,
            executions=self.ids,
            is_house=_is_house("p"),
        )

    def _hits_sql(self, bought):
        """SELECT of side, partner_id, id, order_ref and amount: each purchase with the people
        it is counted for. Those are its own customer; and where a company or department has
        ordered without naming a person, and was not addressed itself, the departments or the
        company of the same house that were."""
        return SQL(
            """
            WITH people AS MATERIALIZED (%(people)s), bought AS MATERIALIZED (%(bought)s)
            SELECT g.side, g.partner_id, b.id, b.order_ref, b.amount
              FROM people g
              JOIN bought b ON b.partner_id = g.partner_id AND b.date BETWEEN g.first AND g.last
         UNION ALL
            SELECT g.side, g.partner_id, b.id, b.order_ref, b.amount
              FROM people g
              JOIN res_partner p ON p.commercial_partner_id = g.house AND %(is_house)s
              JOIN bought b ON b.partner_id = p.id AND b.date BETWEEN g.first AND g.last
             WHERE g.house IS NOT NULL
               AND p.id NOT IN (SELECT partner_id FROM people WHERE house IS NOT NULL)
            """,
            people=self._sides_sql(),
            bought=bought,
            is_house=_is_house("p"),
        )

    def _bought_sql(self):
        """SELECT of id, partner_id, date, order_ref and amount of the purchases that may count,
        as the user may see them; None when there can be none."""
        dated = self.filtered("date")
        company = dated.company_id[:1]
        purchases = self.env["kokyaku.purchase"].with_company(company)
        if not dated or not purchases.has_access("read"):
            return None
        last = max(fields.Date.add(one.date, days=one.order_days) for one in dated)
        for model, names in purchases._depends.items():
            self.env[model].flush_model(names)
        self.env["res.partner"].flush_model(["is_company", "honorific", "commercial_partner_id"])
        query = purchases._search(
            [
                ("company_id", "=", company.id),
                ("date", ">=", min(dated.mapped("date"))),
                ("date", "<=", last),
            ],
            order="id",
        )
        return query.select(
            *(
                SQL("%s AS %s", purchases._field_to_sql(query.table, name, query), alias)
                for name, alias in (
                    ("id", SQL.identifier("id")),
                    ("partner_id", SQL.identifier("partner_id")),
                    ("date", SQL.identifier("date")),
                    ("order_ref", SQL.identifier("order_ref")),
                    ("amount_tax_excluded", SQL.identifier("amount")),
                )
            )
        )

    def _buyer_lines_sql(self):
        """SELECT of the lines whose people have ordered."""
        bought = self._bought_sql()
        if not bought:
            return SQL("SELECT id FROM kokyaku_execution_line WHERE FALSE")
        return SQL(
            """
            SELECT l.id
              FROM kokyaku_execution_line l
             WHERE l.execution_id = ANY(%(executions)s)
               AND l.partner_id IN (SELECT partner_id FROM (%(hits)s) AS hit)
            """,
            executions=self.ids,
            hits=self._hits_sql(bought),
        )

    @api.readonly
    def results_people(self, which):
        """Return the action that opens the people behind a number.

        :param which: one of ``_result_people``, or the id of a kind of answer
        """
        if isinstance(which, int):
            kind = self.env["kokyaku.response.type"].browse(which)
            domain, name = Domain("response_type_id", "=", kind.id), kind.name
        else:
            domain, name = Domain(self._result_people()[which]), self._result_names()[which]
        action = self._open_lines(name, domain)
        action["context"] = {"kokyaku_execution_ids": self.ids}
        return action

    def _result_people(self):
        """{number: domain of its lines} (hook)."""
        return dict(PEOPLE)

    def _result_names(self):
        return {
            "sent": self.env._("Number Sent"),
            "excluded": self.env._("Left Out"),
            "control": self.env._("For Comparison"),
            "answered": self.env._("Responses"),
            "unaddressed": self.env._("Not Addressed, but Answered"),
            "positive": self.env._("Successes"),
            "attending": self.env._("Attending"),
            "buyers_sent": self.env._("Buyers"),
            "buyers_control": self.env._("Buyers among Those for Comparison"),
        }


class KokyakuExecutionLine(models.Model):
    _inherit = "kokyaku.execution.line"

    has_ordered = fields.Boolean(
        compute="_compute_has_ordered",
        search="_search_has_ordered",
        help="Within the days that count as effect of the execution.",
    )

    def _compute_has_ordered(self):
        buyers = set()
        if self.ids:
            rows = self.env.execute_query(self.execution_id._buyer_lines_sql())
            buyers = {row[0] for row in rows}
        for line in self:
            line.has_ordered = line._origin.id in buyers

    def _search_has_ordered(self, operator, value):
        if operator != "in":
            return NotImplemented
        executions = self.env.context.get("kokyaku_execution_ids")
        if not executions:
            raise UserError(
                self.env._("Please open the people of an execution first, by its results.")
            )
        executions = self.env["kokyaku.selection.execution"].search([("id", "in", executions)])
        domain = Domain("id", "in", executions._buyer_lines_sql())
        return domain if True in value else ~domain


class KokyakuSelectionSet(models.Model):
    _inherit = "kokyaku.selection.set"

    @api.readonly
    def results_data(self):
        """Return the results of all executions of the set together."""
        return self.execution_ids.results_data()

    @api.readonly
    def results_people(self, which):
        """Open the people behind a number of all executions of the set."""
        return self.execution_ids.results_people(which)

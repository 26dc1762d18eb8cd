from ast import literal_eval

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..criteria.periods import bounds
from ..tools import office_today


class KokyakuSelectionCriterion(models.Model):
    """How criteria become one SELECT of people.

    Each line gives a SELECT with the one column ``partner_id``; they are joined by semi-joins,
    anti-joins and unions, never by a long OR, so that a million people are hashed once per
    line. No text of the user reaches SQL: domains go through the ORM, the rest are values.
    """

    _inherit = "kokyaku.selection.criterion"

    def _people_sql(self, company, owner):
        """Return a SELECT of partner ids (column ``partner_id``) whom all lines together mean.

        The user's access to partners, purchases and sets is applied. Archived ones, mere
        addresses, and people of other companies are left out.

        :param company: ``res.company``: whose set it is
        :param owner: ``res.users``: who is meant by 所有者
        :raises UserError: for a line that cannot be asked, or brackets that do not match
        """
        self._check_complete()
        everyone, rest = self._everyone(company)
        chosen = SQL("SELECT %s AS partner_id", SQL.identifier("res_partner", "id"))
        conditions = [everyone.where_clause or SQL("TRUE")]
        column = SQL.identifier("res_partner", "id")
        for part in rest:
            conditions.append(self._condition(part, column, company, owner))
        return SQL(
            "%s FROM %s WHERE %s",
            chosen,
            everyone.from_clause,
            SQL(" AND ").join(SQL("(%s)", condition) for condition in conditions),
        )

    def _everyone(self, company):
        """Return (Query of those who meet the conditions for the person that stand alone, the
        expressions that remain): those are asked in the same reading of the table."""
        expression = self._expression()
        kind, parts = expression if expression[0] == "and" else ("and", [expression])
        base = self._everyone_domain(company)
        rest = []
        for part in parts:
            line = part[0] == "leaf" and self[part[1]]
            if line and line.kind == "person":
                base &= line._domain()
            else:
                rest.append(part)
        partners = self.env["res.partner"].with_company(company).with_context(active_test=True)
        partners.check_access("read")
        query = partners._search(base, order="id")
        query.order = None
        return query, rest

    def _everyone_domain(self, company):
        """Who can be in a set of this company at all."""
        return (
            Domain("type", "=", "contact")
            & Domain("active", "=", True)  # also where a line asks for archived ones
            & Domain("company_id", "in", [False, company.id])
            & self._among("id")
        )

    def _candidates_sql(self, company):
        """SELECT (``partner_id``) of those who meet the conditions for the person that stand
        alone: whoever the lines mean is one of them."""
        query, _rest = self._everyone(company)
        return query.select(SQL("%s AS partner_id", SQL.identifier("res_partner", "id")))

    def _among(self, fname):
        """Only these people count, when the context names some (``kokyaku_among``, ids)."""
        people = self.env.context.get("kokyaku_among")
        return Domain.TRUE if people is None else Domain(fname, "in", people)

    def _condition(self, expression, column, company, owner):
        """SQL condition on `column`, for a join by AND: a semi-join or an anti-join."""
        kind, content = expression
        if kind == "not":
            return SQL(
                "NOT EXISTS (SELECT FROM (%s) AS found WHERE found.partner_id = %s)",
                self._select(content, company, owner),
                column,
            )
        return SQL("%s IN (%s)", column, self._select(expression, company, owner))

    def _select(self, expression, company, owner):
        """SELECT of the people an expression means, as far as it means someone by itself."""
        kind, content = expression
        if kind == "leaf":
            return self[content]._line_sql(company, owner)
        if kind == "or":
            return SQL(" UNION ").join(
                SQL("(%s)", self._select(part, company, owner)) for part in content
            )
        if kind == "not":
            content, first = [expression], None
        else:
            first = next((part for part in content if part[0] != "not"), None)
        start = (
            self._select(first, company, owner)
            if first
            else SQL("SELECT id AS partner_id FROM res_partner WHERE active")
        )
        column = SQL.identifier("first", "partner_id")
        conditions = [
            self._condition(part, column, company, owner) for part in content if part is not first
        ]
        return SQL(
            "SELECT first.partner_id FROM (%s) AS first WHERE %s",
            start,
            SQL(" AND ").join(conditions) or SQL("TRUE"),
        )

    def _line_sql(self, company, owner):
        self.ensure_one()
        return getattr(self, f"_{self.kind}_sql")(company, owner)

    # ---- About the person ------------------------------------------------------------

    def _domain(self):
        """The condition for the person as a Domain."""
        return Domain(literal_eval(self.partner_domain or "[]"))

    def _person_problem(self):
        try:
            domain = self._domain()
            domain.validate(self.env["res.partner"])
            # what the user may not read, they may not ask for either
            self.env["res.partner"]._search(domain, order="id")
        except (AccessError, UserError):
            return self.env._("it asks for something you may not see.")
        except (ValueError, SyntaxError, TypeError, KeyError, AttributeError):
            return self.env._(
                "it asks for a field that is not there any more, or cannot be read. Please enter "
                "the condition anew."
            )
        return None

    def _person_sql(self, company, _owner):
        partners = self.env["res.partner"].with_company(company)
        query = partners._search(self._domain(), order="id", bypass_access=True)
        query.order = None
        return query.select(SQL("%s AS partner_id", SQL.identifier("res_partner", "id")))

    # ---- What they bought ------------------------------------------------------------

    def _purchase_sql(self, company, owner):
        """Net of returns. Times are days on which more was bought than returned."""
        purchases = self.env["kokyaku.purchase"].with_company(company)
        query = purchases._search_of_everyone(self._purchase_domain(company, owner))
        table = SQL.identifier("kokyaku_purchase")
        amount = SQL("amount_tax_included" if self.tax_included else "amount_tax_excluded")
        net = SQL("quantity") if self._asks_products() else amount
        measure = {"times": net, "quantity": SQL("quantity"), "amount": amount}[self.measure]
        compare = SQL(">=") if self.comparison == "least" else SQL("<=")
        once = self.measure == "times" and self.comparison == "least" and self.threshold <= 1
        if self.measure != "times" or once:
            return SQL(
                """SELECT partner_id FROM (%(rows)s) AS bought
                    WHERE partner_id IS NOT NULL
                    GROUP BY partner_id
                   HAVING sum(net) > 0 AND %(enough)s""",
                rows=query.select(
                    SQL(
                        "%(t)s.partner_id, %(t)s.%(net)s AS net, %(t)s.%(measure)s AS measure",
                        t=table,
                        net=net,
                        measure=measure,
                    )
                ),
                enough=SQL("TRUE") if once else SQL("sum(measure) %s %s", compare, self.threshold),
            )
        return SQL(
            """SELECT partner_id
                 FROM (SELECT partner_id, sum(net) AS net FROM (%(rows)s) AS bought
                        WHERE partner_id IS NOT NULL
                        GROUP BY partner_id, date) AS days
                GROUP BY partner_id
               HAVING sum(net) > 0 AND count(*) FILTER (WHERE net > 0) %(compare)s %(number)s""",
            rows=query.select(
                SQL("%(t)s.partner_id, %(t)s.date, %(t)s.%(net)s AS net", t=table, net=net)
            ),
            compare=compare,
            number=self.threshold,
        )

    def _asks_products(self):
        return bool(
            self.product_ids or self.categ_ids or self.attribute_value_ids or self.code_value_ids
        )

    def _purchase_domain(self, company, owner):
        """The purchases that count for this line, as a domain on ``kokyaku.purchase``."""
        domain = Domain("company_id", "=", company.id) & self._among("partner_id")
        if self.product_ids:
            domain &= Domain("product_id", "in", self.product_ids._origin.ids)
        if self.categ_ids:
            # as a list: the path of its category would be looked at for each line
            below = [("id", "child_of", self.categ_ids._origin.ids)]
            categories = self.env["product.category"].sudo().search(below)
            domain &= Domain("categ_id", "in", categories.ids)
        products = self._product_domain()
        if not products.is_true():
            found = self.env["product.product"].sudo().with_context(active_test=False)
            domain &= Domain("product_id", "in", found._search(products, order="id"))
        if self.seller != "any":
            sellers = owner if self.seller == "owner" else self.seller_ids._origin
            domain &= Domain("user_id", "in", sellers.ids)
        first, last = self._days(company)
        if first:
            domain &= Domain("date", ">=", first)
        if last:
            domain &= Domain("date", "<=", last)
        return domain

    def _product_domain(self):
        """By attribute (one of the values of each attribute) and by user-defined code."""
        domain = Domain.TRUE
        values = self.attribute_value_ids._origin.sudo()
        for attribute in values.attribute_id:
            wanted = values.filtered(lambda value: value.attribute_id == attribute)  # noqa: B023
            domain &= Domain(
                "product_template_attribute_value_ids.product_attribute_value_id",
                "in",
                wanted.ids,
            )
        codes = self.code_value_ids._origin.sudo()
        for slot in sorted(set(codes.code_id.mapped("slot"))):
            wanted = codes.filtered(lambda value: value.code_id.slot == slot)  # noqa: B023
            domain &= Domain(f"product_tmpl_id.user_code_{slot}_id", "in", wanted.ids)
        return domain

    def _days(self, company):
        """(first, last) day of the period, each a date or False."""
        if self.period == "any":
            return False, False
        if self.period == "between":
            return self.date_from, self.date_to
        end = (int(company.sudo().fiscalyear_last_month), company.sudo().fiscalyear_last_day)
        return bounds(self.period, office_today(self), self.period_number, self.period_unit, end)

    # ---- Earlier sets ------------------------------------------------------------------

    def _set_sql(self, _company, _owner):
        """The stored people of other sets: none of them is built for it."""
        sets = self.other_set_ids._origin
        sets.check_access("read")
        if self.set_test == "member":
            return sets._members_sql()
        self.env["kokyaku.execution.line"].flush_model()
        self.env["kokyaku.response.type"].flush_model()
        return SQL(
            """SELECT line.partner_id
                 FROM kokyaku_execution_line line
                 LEFT JOIN kokyaku_response_type answer ON answer.id = line.response_type_id
                WHERE line.set_id = ANY(%s) AND %s""",
            sets.ids,
            self._set_tests()[self.set_test],
        )

    def _set_tests(self):
        """{test: SQL condition} of what can be asked of someone's ``line`` in an earlier set, and
        of its ``answer`` (hook)."""
        return {
            "sent": SQL("line.sent_on IS NOT NULL"),
            "positive": SQL("answer.is_positive"),
            "answered": SQL(
                "answer.id IS NOT NULL AND answer.is_no_answer IS NOT TRUE"
                " AND answer.is_returned IS NOT TRUE"
            ),
            "silent": SQL(
                "line.sent_on IS NOT NULL AND (answer.id IS NULL OR answer.is_no_answer)"
            ),
            "types": SQL("answer.id = ANY(%s)", self.response_type_ids._origin.ids),
        }

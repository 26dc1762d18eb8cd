from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# partner field: field of the metrics it shows
SHOWN = {
    "kokyaku_tier_id": "tier_id",
    "kokyaku_amount": "amount",
    "kokyaku_first_date": "first_date",
    "kokyaku_last_date": "last_date",
    "kokyaku_lapse_days": "lapse_days",
    "kokyaku_purchase_days": "purchase_days",
}


class Partner(models.Model):
    """The person as their company's default portfolio sees them.

    Nothing is stored here: a bulk update of ``res_partner`` bloats the table and makes users
    wait. The fields read the metrics, by one query for all persons shown, and filter, group
    and sort by a LEFT JOIN on them.
    """

    _inherit = "res.partner"

    kokyaku_tier_id = fields.Many2one(
        "kokyaku.tier", "Tier",
        compute="_compute_kokyaku_metrics", search="_search_kokyaku_tier_id",
        compute_sudo=False,
    )
    kokyaku_currency_id = fields.Many2one(
        "res.currency", compute="_compute_kokyaku_metrics", compute_sudo=False
    )
    kokyaku_amount = fields.Monetary(
        "Amount", currency_field="kokyaku_currency_id",
        compute="_compute_kokyaku_metrics", search="_search_kokyaku_amount", compute_sudo=False,
    )
    kokyaku_first_date = fields.Date(
        "First purchase",
        compute="_compute_kokyaku_metrics", search="_search_kokyaku_first_date",
        compute_sudo=False,
    )
    kokyaku_last_date = fields.Date(
        "Last purchase",
        compute="_compute_kokyaku_metrics", search="_search_kokyaku_last_date",
        compute_sudo=False,
    )
    kokyaku_lapse_days = fields.Integer(
        "Lapse (days)", aggregator="avg",
        compute="_compute_kokyaku_metrics", search="_search_kokyaku_lapse_days",
        compute_sudo=False,
    )
    kokyaku_purchase_days = fields.Integer(
        "Purchases",
        compute="_compute_kokyaku_metrics", search="_search_kokyaku_purchase_days",
        compute_sudo=False,
    )

    @api.depends_context("company", "uid")
    def _compute_kokyaku_metrics(self):
        Metrics = self.env["kokyaku.customer.metrics"]
        portfolio = self._kokyaku_portfolio_id()
        rows = {}
        if portfolio and Metrics.has_access("read"):
            found = Metrics.search_fetch(
                [("portfolio_id", "=", portfolio), ("partner_id", "in", self.ids)],
                ["partner_id", *SHOWN.values()],
            )
            rows = {row.partner_id.id: row for row in found}
        for partner in self:
            row = rows.get(partner._origin.id) or Metrics
            partner.kokyaku_currency_id = self.env.company.currency_id
            for name, source in SHOWN.items():
                partner[name] = row[source]

    def _kokyaku_portfolio_id(self):
        """Return the id of the default portfolio of the present company, or None."""
        Portfolio = self.env["kokyaku.portfolio"]
        Portfolio.flush_model(["company_id", "is_default", "active"])
        rows = self.env.execute_query(  # asked for with every person: no search, which costs more
            SQL(
                "SELECT id FROM kokyaku_portfolio WHERE company_id = %s AND is_default AND active",
                self.env.company.id,
            )
        )
        return rows[0][0] if rows else None

    # ---- search, group, sort ---------------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        source = SHOWN.get(field_expr)
        if not source:
            return super()._field_to_sql(alias, field_expr, query)
        Metrics = self.env["kokyaku.customer.metrics"]
        Metrics.check_access("read")
        joined = query.make_alias(alias, "kokyaku_metrics")
        query.add_join(
            "LEFT JOIN", joined, "kokyaku_customer_metrics",
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(joined, "partner_id"), SQL.identifier(alias, "id"),
                SQL.identifier(joined, "portfolio_id"), self._kokyaku_portfolio_id() or None,
            ),
        )
        return Metrics._field_to_sql(joined, source, query)

    def _search_kokyaku_tier_id(self, operator, value):
        return self._search_kokyaku("tier_id", operator, value)

    def _search_kokyaku_amount(self, operator, value):
        return self._search_kokyaku("amount", operator, value)

    def _search_kokyaku_first_date(self, operator, value):
        return self._search_kokyaku("first_date", operator, value)

    def _search_kokyaku_last_date(self, operator, value):
        return self._search_kokyaku("last_date", operator, value)

    def _search_kokyaku_lapse_days(self, operator, value):
        return self._search_kokyaku("lapse_days", operator, value)

    def _search_kokyaku_purchase_days(self, operator, value):
        return self._search_kokyaku("purchase_days", operator, value)

    def _search_kokyaku(self, name, operator, value):
        """Search persons by a field of their metrics; who has none counts as empty."""
        if operator.startswith("not ") or operator == "!=":
            return NotImplemented  # the ORM negates the positive
        Metrics = self.env["kokyaku.customer.metrics"]
        mine = Domain("portfolio_id", "=", self._kokyaku_portfolio_id() or 0)

        def having(domain):
            rows = Metrics._search(mine & domain, order="id")
            return Domain("id", "in", rows.select("partner_id"))

        if operator == "in" and False in value:
            found = having(Domain(name, "!=", False))
            rest = [one for one in value if one is not False]
            return (having(Domain(name, "in", rest)) | ~found) if rest else ~found
        return having(Domain(name, operator, value))

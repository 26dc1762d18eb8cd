from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
# partner field: field of the metrics it shows
SHOWN = {
    "kokyaku_tier_id": "tier_id",
    "kokyaku_amount": "amount",
    "kokyaku_amount_12m": "amount_12m",
    "kokyaku_first_date": "first_date",
    "kokyaku_last_date": "last_date",
    "kokyaku_tenure_days": "tenure_days",
    "kokyaku_lapse_days": "lapse_days",
    "kokyaku_purchase_days": "purchase_days",
    "kokyaku_decile": "decile",
    "kokyaku_abc_class": "abc_class",
    "kokyaku_r_score": "r_score",
    "kokyaku_f_score": "f_score",
    "kokyaku_m_score": "m_score",
}


DERIVED = ("lapse_days", "r_score", "f_score", "m_score")


def _shown(name):
    """Return what makes a field show the one of the metrics: how it is computed and searched."""
    return {
        "compute": "_compute_kokyaku_metrics",
        "search": lambda self, operator, value: self._search_kokyaku(SHOWN[name], operator, value),
        "compute_sudo": False,
        "groups": OFFICE,
    }


class Partner(models.Model):
    """The person as their company's default portfolio sees them.

    Nothing is stored here: a bulk update of ``res_partner`` bloats the table and makes users
    wait. The fields read the metrics, by one query for all persons shown, and filter, group
    and sort by a LEFT JOIN on them; so they are offered as columns of the list and as criteria
    of a selection set.
    """

    _inherit = "res.partner"

    kokyaku_tier_id = fields.Many2one("kokyaku.tier", "Tier", **_shown("kokyaku_tier_id"))
    kokyaku_currency_id = fields.Many2one(
        "res.currency", compute="_compute_kokyaku_metrics", compute_sudo=False, groups=OFFICE
    )
    kokyaku_amount = fields.Monetary(
        "Amount", currency_field="kokyaku_currency_id", **_shown("kokyaku_amount")
    )
    kokyaku_amount_12m = fields.Monetary(
        "Amount of the Last 12 Months",
        currency_field="kokyaku_currency_id",
        **_shown("kokyaku_amount_12m"),
    )
    kokyaku_first_date = fields.Date("First purchase", **_shown("kokyaku_first_date"))
    kokyaku_last_date = fields.Date("Last purchase", **_shown("kokyaku_last_date"))
    kokyaku_tenure_days = fields.Integer(
        "Tenure (days)", aggregator="avg", **_shown("kokyaku_tenure_days"),
        help="From the first to the last purchase.",
    )
    kokyaku_lapse_days = fields.Integer(
        "Lapse (days)", aggregator="avg", **_shown("kokyaku_lapse_days"),
        help="Days from the last purchase to the base date.",
    )
    kokyaku_purchase_days = fields.Integer("Purchases", **_shown("kokyaku_purchase_days"))
    kokyaku_decile = fields.Integer(
        "Decile", aggregator=False, **_shown("kokyaku_decile"),
        help="1 = the tenth that buys most.",
    )
    kokyaku_abc_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], "ABC Class", **_shown("kokyaku_abc_class"),
        help="A = those who together make the largest part of the sales.",
    )
    kokyaku_r_score = fields.Integer(
        "RFM: Recency", aggregator=False, **_shown("kokyaku_r_score"),
        help="Recency by the portfolio's cut-offs: 5 = bought lately.",
    )
    kokyaku_f_score = fields.Integer(
        "RFM: Frequency", aggregator=False, **_shown("kokyaku_f_score"),
        help="Frequency by the portfolio's cut-offs: 5 = bought often.",
    )
    kokyaku_m_score = fields.Integer(
        "RFM: Monetary", aggregator=False, **_shown("kokyaku_m_score"),
        help="Amount by the portfolio's cut-offs: 5 = bought much.",
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

    def _search_kokyaku(self, name, operator, value):
        """Search persons by a field of their metrics; who has none counts as empty."""
        if operator.startswith("not ") or operator == "!=":
            return NotImplemented  # the ORM negates the positive
        Metrics = self.env["kokyaku.customer.metrics"]
        portfolio = self.env["kokyaku.portfolio"].sudo().browse(self._kokyaku_portfolio_id())
        derived = portfolio and name in DERIVED

        def having(domain, given=False):
            mine = Domain("portfolio_id", "=", portfolio.id or 0)
            rows = Metrics._search(mine & domain, order="id")
            if given:  # a figure that is not there is not a small one
                figure = Metrics._field_to_sql(rows.table, name, rows)
                rows.add_where(SQL("%s IS NOT NULL", figure))
            return Domain("id", "in", rows.select(SQL.identifier(rows.table, "partner_id")))

        if operator != "in":
            if derived:
                return having(portfolio._derived_domain(name, operator, value))
            return having(Domain(name, operator, value), given=True)
        wanted = [one for one in value if one is not False]
        found = Domain.FALSE
        if wanted and portfolio:
            found = having(
                portfolio._derived_domain(name, "in", wanted)
                if derived
                else Domain(name, "in", wanted)
            )
        if False not in value:
            return found
        known = portfolio._derived_known(name) if derived else Domain(name, "!=", False)
        return found | ~having(known)

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .derived import LooseMany2one

SCORES = ("r_score", "f_score", "m_score")


class CustomerMetrics(models.Model):
    """顧客指標: what a portfolio says of one customer as of its base date (基準日).

    One row per portfolio and customer who ever bought something; a row without a tier is a
    prospect again, because everything was returned. Written by the refresh (dates, amounts,
    tier) and by the ranking step (decile, ABC class, quintiles, 12 months). What moves with
    every day (the days since the last purchase and the scores) is derived when read.
    """

    _name = "kokyaku.customer.metrics"
    _description = "Customer Metrics"
    _order = "amount desc, id"
    _log_access = False
    _rec_name = "partner_id"

    portfolio_id = LooseMany2one("kokyaku.portfolio", required=True, readonly=True)
    company_id = LooseMany2one("res.company", required=True, readonly=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = LooseMany2one("kokyaku.tier", readonly=True, help="Empty: a prospect again.")
    first_date = fields.Date("First purchase", readonly=True)
    last_date = fields.Date("Last purchase", readonly=True)
    purchase_days = fields.Integer(
        "Purchases", readonly=True, help="Days with a purchase; two orders on one day are one."
    )
    order_count = fields.Integer("Orders", readonly=True)
    amount = fields.Monetary(readonly=True, help="Everything bought, returns deducted.")
    tenure_days = fields.Integer(
        "Tenure (days)", readonly=True, aggregator="avg",
        help="From the first to the last purchase.",
    )
    decile = fields.Integer(readonly=True, aggregator=False, help="1 = the tenth that buys most.")
    abc_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")], "ABC", readonly=True
    )
    r_quintile = fields.Integer("R quintile", readonly=True, aggregator=False)
    f_quintile = fields.Integer("F quintile", readonly=True, aggregator=False)
    m_quintile = fields.Integer("M quintile", readonly=True, aggregator=False)
    amount_12m = fields.Monetary("Last 12 months", readonly=True)
    ranked_at = fields.Datetime(readonly=True, help="When its ranks last changed.")

    lapse_days = fields.Integer(
        "Lapse (days)",
        compute="_compute_lapse_days",
        search="_search_lapse_days",
        aggregator="avg",
        help="Days from the last purchase to the base date.",
    )
    lapses_on = fields.Date(
        compute="_compute_lapse_days", help="The day they count as lapsed without a purchase."
    )
    r_score = fields.Integer(
        "R", compute="_compute_scores", search="_search_r_score", aggregator=False,
        help="Recency by the portfolio's cut-offs: 5 = bought lately.",
    )
    f_score = fields.Integer(
        "F", compute="_compute_scores", search="_search_f_score", aggregator=False,
        help="Frequency by the portfolio's cut-offs: 5 = bought often.",
    )
    m_score = fields.Integer(
        "M", compute="_compute_scores", search="_search_m_score", aggregator=False,
        help="Amount by the portfolio's cut-offs: 5 = bought much.",
    )

    _customer_uniq = models.Constraint(
        "UNIQUE(partner_id, portfolio_id)", "One row per portfolio and customer."
    )
    _tier_idx = models.Index("(portfolio_id, tier_id, amount DESC, id)")
    _last_idx = models.Index("(portfolio_id, last_date) INCLUDE (tier_id)")

    # ---- derived per day -------------------------------------------------------------------

    @api.depends("last_date", "portfolio_id")
    def _compute_lapse_days(self):
        for row in self:
            portfolio = row.portfolio_id.sudo()
            known = portfolio.as_of and row.last_date
            row.lapse_days = (portfolio.as_of - row.last_date).days if known else 0
            row.lapses_on = (
                row.last_date + timedelta(days=portfolio.lapse_days) if row.last_date else False
            )

    @api.depends("last_date", "purchase_days", "amount", "portfolio_id")
    def _compute_scores(self):
        for row in self:
            portfolio = row.portfolio_id.sudo()
            row.r_score = portfolio._score_r((portfolio.as_of - row.last_date).days) if (
                portfolio.as_of and row.last_date
            ) else 0
            row.f_score = portfolio._score_f(row.purchase_days)
            row.m_score = portfolio._score_m(row.amount)

    def _search_lapse_days(self, operator, value):
        return self._search_derived("lapse_days", operator, value)

    def _search_r_score(self, operator, value):
        return self._search_derived("r_score", operator, value)

    def _search_f_score(self, operator, value):
        return self._search_derived("f_score", operator, value)

    def _search_m_score(self, operator, value):
        return self._search_derived("m_score", operator, value)

    def _search_derived(self, name, operator, value):
        """Compare the SQL of a derived field: ``=, !=, <, <=, >, >=, in``."""
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        query = self._search(Domain.TRUE, active_test=False, bypass_access=True)
        field = self._field_to_sql(self._table, name, query)
        if operator == "in":
            query.add_where(SQL("%s IN %s", field, tuple(value) or (None,)))
        else:
            query.add_where(SQL("%s %s %s", field, SQL(operator), value))
        return Domain("id", "in", query)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Derive ``lapse_days`` and the scores in SQL, so that they filter, group and sort."""
        if field_expr not in ("lapse_days", "lapses_on", *SCORES):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        joined = query.make_alias(alias, "portfolio")
        state = query.make_alias(alias, "state")
        column = SQL.identifier(alias, "portfolio_id")
        query.add_join(
            "LEFT JOIN", joined, "kokyaku_portfolio",
            SQL("%s = %s", column, SQL.identifier(joined, "id")),
        )
        query.add_join(
            "LEFT JOIN", state, "kokyaku_portfolio_state",
            SQL("%s = %s", column, SQL.identifier(state, "portfolio_id")),
        )
        last = SQL.identifier(alias, "last_date")
        lapse = SQL("(%s - %s)", SQL.identifier(state, "as_of"), last)
        if field_expr == "lapse_days":
            return lapse
        if field_expr == "lapses_on":
            return SQL("(%s + %s)", last, SQL.identifier(joined, "lapse_days"))
        letter = field_expr[0]
        value = {
            "r": lapse,
            "f": SQL.identifier(alias, "purchase_days"),
            "m": SQL.identifier(alias, "amount"),
        }[letter]
        return SQL(
            "(1 + %s)",
            SQL(" + ").join(
                SQL(
                    "(%s %s %s)::int",
                    value,
                    SQL("<=") if letter == "r" else SQL(">="),
                    SQL.identifier(joined, f"{letter}_cut_{step}"),
                )
                for step in range(2, 6)
            ),
        )

from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from odoo.addons.base.models.res_partner import _tz_get

from ..tiers import TierRules

THRESHOLDS = ("short_tenure_days", "long_tenure_days", "lapse_days", "loyal_amount")
SOURCE_RULES = ("tz", "unit", "basis", "tax_included")
"""Rules that decide what a purchase is, beside the thresholds that decide the tier."""


class Portfolio(models.Model):
    """顧客ポートフォリオ: the rules of a portfolio, and the method that brings it up to date.

    How to use: ``portfolio.refresh()`` brings metrics, tier history and daily differences up to
    ``base_date`` (or today); ``portfolio.rank()`` then computes what depends on everyone.
    ``action_refresh()`` does both in the background.

    How it works: this file holds the rules. The work is in the files beside it:
    ``portfolio_source`` (orders to net amounts per customer and day), ``portfolio_events``
    (days to tier changes), ``portfolio_refresh`` (what to compute, and writing it),
    ``portfolio_rank`` and ``portfolio_board``.
    """

    _name = "kokyaku.portfolio"
    _description = "Customer Portfolio"
    _order = "company_id, is_default desc, name, id"

    name = fields.Char(required=True, translate=True, default=lambda self: self._default_name())
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_default = fields.Boolean(
        "Default", help="The portfolio of the company: what the board and the persons show."
    )
    configured = fields.Boolean(
        readonly=True, copy=False, help="Somebody has answered the questions of the first start."
    )
    business_type = fields.Selection(
        [
            ("b2b", "Business customers (B2B)"),
            ("mail_order", "Mail order"),
            ("store", "Shop"),
            ("other", "Other"),
        ],
        help="What kind of business this is; it proposes the unit and the tax.",
    )
    tz = fields.Selection(
        _tz_get, "Time zone", required=True, default="Asia/Tokyo",
        help="A purchase counts on the calendar day of this time zone.",
    )
    unit = fields.Selection(
        [("person", "Person"), ("entity", "Company (with all its people)")], "Counted by",
        required=True, default="person",
        help="Person: who ordered. Company: all people of a company together.",
    )
    basis = fields.Selection(
        [("orders", "Confirmed orders"), ("invoices", "Posted invoices and credit notes")],
        required=True, default="orders",
    )
    tax_included = fields.Boolean("Tax included", default=True)
    short_tenure_days = fields.Integer(
        default=90, help="Below this tenure a customer with several purchases is a toddler."
    )
    long_tenure_days = fields.Integer(
        default=210, help="From this tenure on a customer can be loyal."
    )
    lapse_days = fields.Integer(
        default=240, help="From this many days without a purchase on a customer has lapsed."
    )
    loyal_amount = fields.Monetary(
        default=70000, help="From this amount on a customer can be trend or loyal."
    )
    base_date = fields.Date(
        help="Empty: today. Set it for a history that ended in the past."
    )

    # RFM: the limit for scores 2 to 5. R in days since the last purchase (at most), F in
    # purchases and M in currency (at least). Defaults: the published proposal for irregular
    # buyers (domain notes §2), the steps between them evened out.
    r_cut_5 = fields.Integer("R 5", default=30)
    r_cut_4 = fields.Integer("R 4", default=90)
    r_cut_3 = fields.Integer("R 3", default=180)
    r_cut_2 = fields.Integer("R 2", default=365)
    f_cut_5 = fields.Integer("F 5", default=5)
    f_cut_4 = fields.Integer("F 4", default=4)
    f_cut_3 = fields.Integer("F 3", default=3)
    f_cut_2 = fields.Integer("F 2", default=2)
    m_cut_5 = fields.Monetary("M 5", default=20001)
    m_cut_4 = fields.Monetary("M 4", default=15001)
    m_cut_3 = fields.Monetary("M 3", default=10001)
    m_cut_2 = fields.Monetary("M 2", default=5001)
    abc_a = fields.Float("A up to (%)", default=80, digits=(5, 1))
    abc_b = fields.Float("B up to (%)", default=90, digits=(5, 1))

    as_of = fields.Date("Figures of", compute="_compute_state")
    refreshed_at = fields.Datetime("Aggregated at", compute="_compute_state")
    ranked_at = fields.Datetime("Ranked at", compute="_compute_state")
    customer_count = fields.Integer("Number of customers", compute="_compute_customer_count")
    prospect_count = fields.Integer("Prospects", compute="_compute_state")
    outdated = fields.Boolean(
        compute="_compute_state", help="The rules were changed after the last aggregation."
    )

    _default_uniq = models.UniqueIndex(
        "(company_id) WHERE is_default IS TRUE", "A company has one default portfolio."
    )

    # ---- rules -----------------------------------------------------------------------------

    @api.model
    def _default_name(self):
        return self.env._("Customer portfolio")

    @api.constrains(*THRESHOLDS)
    def _check_thresholds(self):
        for portfolio in self:
            problems = portfolio._tier_rules().problems()
            if problems:
                raise ValidationError(
                    "\n".join(portfolio._problem_message(code) for code in problems)
                )

    def _problem_message(self, code):
        """Say in the user's language what is wrong with a threshold and what would be right."""
        if code == "tenure_order":
            return self.env._(
                "The tiers would leave a gap: the tenure of the toddlers (%(short)s days) must be "
                "shorter than the tenure of the loyal (%(long)s days).",
                short=self.short_tenure_days,
                long=self.long_tenure_days,
            )
        return self.env._(
            "“%(field)s” must be greater than zero.",
            field=self._fields[code]._description_string(self.env),
        )

    @api.constrains(
        *(f"{letter}_cut_{step}" for letter in "rfm" for step in range(2, 6)), "abc_a", "abc_b"
    )
    def _check_cuts(self):
        for portfolio in self:
            for letter in "rfm":
                cuts = [portfolio[f"{letter}_cut_{step}"] for step in range(2, 6)]
                if letter == "r":
                    cuts.reverse()
                if any(low >= high for low, high in zip(cuts, cuts[1:])):  # noqa: B905
                    raise ValidationError(
                        self.env._(
                            "The limits of %(letter)s must follow each other without a gap: each "
                            "score needs a limit of its own, in order.",
                            letter=letter.upper(),
                        )
                    )
            if not 0 < portfolio.abc_a < portfolio.abc_b < 100:
                raise ValidationError(
                    self.env._("The ABC limits must satisfy 0 < A < B < 100.")
                )

    @api.constrains("base_date")
    def _check_base_date(self):
        for portfolio in self:
            if portfolio.base_date and portfolio.base_date > portfolio._today():
                raise ValidationError(
                    self.env._(
                        "The base date %(date)s lies in the future. Leave it empty for today.",
                        date=format_date(self.env, portfolio.base_date),
                    )
                )

    @api.onchange("base_date")
    def _onchange_base_date(self):
        """Warn of a day before the first purchase. It is allowed (the portfolio is empty then,
        and a history may still be on its way in), but hardly meant."""
        first = self.base_date and self._first_purchase_day()
        if first and self.base_date < first:
            return {
                "warning": {
                    "title": self.env._("Base date"),
                    "message": self.env._(
                        "On the base date %(date)s nobody had bought anything yet: the first "
                        "purchase is of %(first)s. Enter that day or a later one, or leave it "
                        "empty for today.",
                        date=format_date(self.env, self.base_date),
                        first=format_date(self.env, first),
                    ),
                }
            }

    def _tier_rules(self):
        """Return the thresholds as plain :class:`~..tiers.TierRules`."""
        self.ensure_one()
        return TierRules(**{name: self[name] for name in THRESHOLDS})

    def _rules_key(self):
        """Return a text that changes when anything that decides tiers or amounts changes."""
        self.ensure_one()
        return "|".join(
            f"{name}={self[name]}" for name in SOURCE_RULES + THRESHOLDS
        ) + f"|{self.company_id.currency_id.name}"

    def _score_r(self, lapse_days):
        return 1 + sum(lapse_days <= self[f"r_cut_{step}"] for step in range(2, 6))

    def _score_f(self, purchase_days):
        return 1 + sum(purchase_days >= self[f"f_cut_{step}"] for step in range(2, 6))

    def _score_m(self, amount):
        return 1 + sum(amount >= self[f"m_cut_{step}"] for step in range(2, 6))

    # ---- days ------------------------------------------------------------------------------

    def _today(self):
        """Return today's date in the portfolio's time zone."""
        self.ensure_one()
        now = fields.Datetime.now()
        return pytz.utc.localize(now).astimezone(pytz.timezone(self.tz)).date()

    def _base_day(self):
        """Return the base date (基準日) the figures should stand for."""
        self.ensure_one()
        return self.base_date or self._today()

    def _day_start_utc(self, day):
        """Return the instant, naive UTC as the database holds it, at which ``day`` begins."""
        zone = pytz.timezone(self.tz)
        start = zone.localize(datetime.combine(day, datetime.min.time()))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _day_after_utc(self, day):
        """Return the instant, naive UTC, at which the day after ``day`` begins."""
        return self._day_start_utc(day + timedelta(days=1))

    # ---- state -----------------------------------------------------------------------------

    def _state(self):
        """Return the row that says how far this portfolio is computed (may be empty)."""
        self.ensure_one()
        return self.env["kokyaku.portfolio.state"].sudo().search(
            [("portfolio_id", "=", self.id)], limit=1
        )

    @api.depends_context("uid")
    @api.depends(*SOURCE_RULES, *THRESHOLDS)
    def _compute_state(self):
        states = {
            state.portfolio_id.id: state
            for state in self.env["kokyaku.portfolio.state"]
            .sudo()
            .search([("portfolio_id", "in", self._origin.ids)])
        }
        for portfolio in self:
            state = states.get(portfolio._origin.id) or self.env["kokyaku.portfolio.state"]
            portfolio.as_of = state.as_of
            portfolio.refreshed_at = state.refreshed_at
            portfolio.ranked_at = state.ranked_at
            portfolio.prospect_count = state.prospect_count
            portfolio.outdated = bool(state.rules) and state.rules != portfolio._rules_key()

    def _compute_customer_count(self):
        counts = dict(
            self.env["kokyaku.customer.metrics"]
            .sudo()
            ._read_group(
                [("portfolio_id", "in", self.ids), ("tier_id", "!=", False)],
                ["portfolio_id"],
                ["__count"],
            )
        )
        for portfolio in self:
            portfolio.customer_count = counts.get(portfolio, 0)

    # ---- life ------------------------------------------------------------------------------

    @api.model
    def _default_for(self, company):
        """Return the default portfolio of a company; make one with the published thresholds
        when it has none. Nothing is computed and nothing counts as answered by that."""
        portfolio = self.sudo().search(
            [("company_id", "=", company.id), ("is_default", "=", True)], limit=1
        )
        if not portfolio:
            portfolio = self.sudo().create(
                {"company_id": company.id, "is_default": True, "active": True}
            )
        return portfolio.sudo(False)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for portfolio, vals in zip(self, vals_list, strict=True):
            vals["is_default"] = False
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", portfolio.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_default(self):
        for portfolio in self:
            if portfolio.is_default:
                raise UserError(
                    self.env._(
                        "“%s” is the default portfolio of its company and cannot be deleted. Make "
                        "another one the default first.",
                        portfolio.name,
                    )
                )

    def unlink(self):
        """Take the derived rows along; they hold no foreign key that would."""
        self._delete_derived()
        return super().unlink()

    def action_refresh(self):
        """再集計: queue a refresh and ranking in the background; return the id of the run.

        Pressed twice, it returns the run that is already under way.
        """
        self.ensure_one()
        self._check_may_refresh()
        return self.env["kokyaku.run"]._enqueue(
            "refresh", self, name=self.env._("Refresh: %s", self.name)
        ).id

    @api.model
    def _cron_refresh(self):
        """Nightly: queue the refresh of every portfolio that has been set up."""
        for portfolio in self.search([("configured", "=", True)]):
            portfolio.with_company(portfolio.company_id).action_refresh()

    def suggested_loyal_amount(self):
        """Return 7 × the average order of the company (7 × AOV, MakeRepeater's published rule),
        in company currency, rounded to two digits; 0.0 without orders.

        Over the sources, basis and tax of this portfolio, all time.
        """
        self.ensure_one()
        self.check_access("read")
        average = self._average_order()
        if not average:
            return 0.0
        amount = 7 * average
        step = 10 ** max(len(str(int(amount))) - 2, 0)
        return float(round(amount / step) * step)

    def action_suggest_loyal_amount(self):
        """優良の基準額を提案: fill ``loyal_amount`` with :meth:`suggested_loyal_amount`."""
        self.ensure_one()
        amount = self.suggested_loyal_amount()
        if not amount:
            raise UserError(
                self.env._("There are no confirmed orders yet from which to suggest an amount.")
            )
        self.loyal_amount = amount

    def _lapse_window(self, days=30, as_of=None):
        """Return the range of last purchase days whose customers lapse within ``days``.

        :param as_of: the day of the figures, if the caller knows it already
        :returns: ``(first, last)`` dates, both included, counted from the day of the figures
        """
        self.ensure_one()
        as_of = as_of or self.as_of or self._base_day()
        first = as_of - timedelta(days=self.lapse_days - 1)
        return first, first + timedelta(days=days - 1)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

PROPOSALS = {
    "b2b": {"unit": "entity", "tax": "excluded"},
    "mail_order": {"unit": "person", "tax": "included"},
    "store": {"unit": "person", "tax": "included"},
}
PAST_DAYS = 60  # a last purchase longer ago than this: the history may have ended


class FirstStart(models.TransientModel):
    """はじめに: what the office is asked before its portfolio is computed the first time.

    The kind of business proposes who counts as one customer and which amounts; the average
    order proposes the amount of a loyal customer. All of it stands on the screen and can be
    changed before anything is computed.
    """

    _name = "kokyaku.first.start"
    _description = "First Start of the Portfolio"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    may_configure = fields.Boolean(compute="_compute_may_configure")
    refusal = fields.Text(compute="_compute_may_configure", help="Who can, for those who may not.")

    business_type = fields.Selection(
        lambda self: self.env["kokyaku.portfolio"]._fields["business_type"]._description_selection(
            self.env
        ),
        "Kind of business",
    )
    unit = fields.Selection(
        [("person", "Each person is one customer"),
         ("entity", "A company with all its people is one customer")],
        "Counted by", compute="_compute_proposals", store=True, readonly=False,
    )
    tax = fields.Selection(
        [("included", "With tax"), ("excluded", "Without tax")],
        "Amounts", compute="_compute_proposals", store=True, readonly=False,
    )
    purchase_count = fields.Integer("Orders so far", compute="_compute_history")
    last_day = fields.Date("Last purchase", compute="_compute_history")
    average_order = fields.Monetary("Average order", compute="_compute_suggestion")
    suggested_amount = fields.Monetary(
        "7 × average order", compute="_compute_suggestion", help="Rounded to two digits."
    )
    loyal_amount = fields.Monetary(
        "Loyal from", compute="_compute_loyal_amount", store=True, readonly=False,
        help="From this sales total on a customer can be loyal (or trend).",
    )
    is_past = fields.Boolean(compute="_compute_history")
    past_note = fields.Text(compute="_compute_history")
    base_choice = fields.Selection(
        [("today", "Today, moving on with every day"),
         ("last", "The day of the last purchase (the history ended in the past)")],
        "Base date", compute="_compute_base_choice", store=True, readonly=False,
    )

    # ---- what is shown ---------------------------------------------------------------------

    @api.depends_context("uid", "lang")
    @api.depends("company_id")
    def _compute_may_configure(self):
        managers = self.env.ref("kokyaku_crm.group_manager").sudo().all_user_ids
        for wizard in self:
            wizard.may_configure = self.env["kokyaku.portfolio"].has_access("write")
            names = managers.filtered(
                lambda user, company=wizard.company_id: user.active and company in user.company_ids
            ).mapped("name")
            wizard.refusal = self.env._(
                "The customer portfolio of “%(company)s” has not been set up yet. Please ask a "
                "manager: %(names)s",
                company=wizard.company_id.name,
                names=self.env._(", ").join(names[:5]),
            )

    @api.depends("business_type")
    def _compute_proposals(self):
        for wizard in self:
            proposal = PROPOSALS.get(wizard.business_type, {})
            wizard.unit = proposal.get("unit")
            wizard.tax = proposal.get("tax")

    @api.depends_context("lang")
    @api.depends("company_id")
    def _compute_history(self):
        for wizard in self:
            wizard.purchase_count, wizard.last_day, __ = wizard._history()
            wizard.is_past = bool(
                wizard.last_day
                and wizard.last_day < wizard._rules()._today() - timedelta(days=PAST_DAYS)
            )
            wizard.past_note = wizard.is_past and self.env._(
                "The last purchase was on %s. Counted as of today, many would have lapsed only "
                "because the data end there.",
                format_date(self.env, wizard.last_day),
            )

    @api.depends("tax", "company_id")
    def _compute_suggestion(self):
        for wizard in self:
            known = wizard.tax and wizard.may_configure
            wizard.average_order = wizard._history()[2] if known else 0
            wizard.suggested_amount = wizard._rules().suggested_loyal_amount() if known else 0

    @api.depends("suggested_amount")
    def _compute_loyal_amount(self):
        default = self.env["kokyaku.portfolio"].default_get(["loyal_amount"])["loyal_amount"]
        for wizard in self:
            wizard.loyal_amount = wizard.suggested_amount or default

    @api.depends("is_past")
    def _compute_base_choice(self):
        for wizard in self:
            wizard.base_choice = "last" if wizard.is_past else "today"

    def _rules(self):
        """Return a portfolio, not stored, with the answers so far."""
        return self.env["kokyaku.portfolio"].new(
            {
                "company_id": self.company_id.id,
                "tax_included": self.tax != "excluded",
                "unit": self.unit or "person",
            }
        )

    def _history(self):
        """Return number, last day (not after today) and average amount of all purchases; the
        average over amounts above zero, as the suggestion takes it."""
        rules = self._rules()
        if not self.may_configure:
            return 0, False, 0.0
        rules._flush_sources()
        documents = SQL(" UNION ALL ").join(rules._source_queries())
        [row] = self.env.execute_query(
            SQL(
                """SELECT count(*), max(day) FILTER (WHERE day <= %s),
                    COALESCE(avg(amount) FILTER (WHERE amount > 0), 0)
                FROM (%s) AS document""",
                rules._today(), documents,
            )
        )
        return row

    # ---- answering -------------------------------------------------------------

    def action_confirm(self):
        """Set the company's portfolio up as answered, start the first refresh and open the
        board."""
        self.ensure_one()
        if not self.env["kokyaku.portfolio"].has_access("write"):
            raise AccessError(self.refusal)
        if not (self.business_type and self.unit and self.tax):
            raise UserError(
                self.env._(
                    "Please choose the kind of business, who counts as one customer, and with or "
                    "without tax."
                )
            )
        if self.env["kokyaku.portfolio"]._current().configured:
            raise UserError(
                self.env._(
                    "Somebody else has set the portfolio up meanwhile. Please open it again; the "
                    "rules can be changed under Configuration."
                )
            )
        portfolio = self.env["kokyaku.portfolio"]._default_for(self.company_id)
        portfolio.write(
            {
                "business_type": self.business_type,
                "unit": self.unit,
                "tax_included": self.tax == "included",
                "loyal_amount": self.loyal_amount,
                "base_date": self.last_day if self.base_choice == "last" else False,
                "configured": True,
            }
        )
        run_id = portfolio.action_refresh()
        action = self.env["ir.actions.actions"]._for_xml_id("kokyaku_portfolio.action_board")
        return dict(action, target="main", params={"run_id": run_id})

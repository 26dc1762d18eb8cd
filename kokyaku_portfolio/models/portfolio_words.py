from markupsafe import Markup

from odoo import api, fields, models

from ..tiers.rules import GROWTH
from .portfolio import THRESHOLDS


class Portfolio(models.Model):
    """The rules in words, for the one who sets them, and what the buttons of the form do."""

    _inherit = "kokyaku.portfolio"

    tier_words = fields.Html(
        "The ten tiers in words", compute="_compute_tier_words", sanitize=False,
        help="What the limits on the left mean, tier by tier.",
    )
    rules_summary = fields.Text(compute="_compute_rules_summary")

    @api.depends(*THRESHOLDS)
    @api.depends_context("lang")
    def _compute_tier_words(self):
        names = {tier.code: tier.name for tier in self.env["kokyaku.tier"].sudo().search([])}
        for portfolio in self:
            if portfolio._tier_rules().problems():
                portfolio.tier_words = Markup('<p class="text-danger">%s</p>') % self.env._(
                    "With these limits the tiers would overlap or leave a gap."
                )
                continue
            words = portfolio._growth_words()
            rows = Markup().join(
                Markup("<tr><td>%s<br/><span class='text-muted'>%s</span></td><td>%s</td></tr>")
                % (names[f"{step}_active"], names[f"{step}_lapsed"], words[step])
                for step in reversed(GROWTH)
            )
            portfolio.tier_words = Markup(
                "<table class='table table-sm mb-2'><tbody>%s</tbody></table>"
                "<p class='text-muted mb-0'>%s</p>"
            ) % (
                rows,
                self.env._(
                    "Upper line: the last purchase was less than %(days)s days ago. Lower line: "
                    "%(days)s days or more, counted as lapsed.",
                    days=portfolio.lapse_days,
                ),
            )

    def _growth_words(self):
        """Return ``{step: sentence}`` for the five steps of growth."""
        self.ensure_one()
        values = {
            "short": self.short_tenure_days,
            "long": self.long_tenure_days,
            "amount": self.currency_id.format(self.loyal_amount),
        }
        return {
            "first": self.env._("Bought on one day only"),
            "toddler": self.env._(
                "Bought twice or more, tenure below %(short)s days (whatever the amount)", **values
            ),
            "steady": self.env._(
                "Tenure of %(short)s days or more, sales total below %(amount)s", **values
            ),
            "trend": self.env._(
                "Tenure of %(short)s days or more and below %(long)s days, sales total of "
                "%(amount)s or more",
                **values,
            ),
            "loyal": self.env._(
                "Tenure of %(long)s days or more, sales total of %(amount)s or more", **values
            ),
        }

    @api.depends("unit", "basis", "tax_included", *THRESHOLDS)
    @api.depends_context("lang")
    def _compute_rules_summary(self):
        for portfolio in self:
            portfolio.rules_summary = "\n".join(
                f"{label}: {value}" for label, value in portfolio._rule_lines()
            )

    def _rule_lines(self):
        """Return what decides the figures as ``[(label, value)]``, both for the user to read."""
        self.ensure_one()

        def selected(name):
            return dict(self._fields[name]._description_selection(self.env))[self[name]]

        return [
            (self.env._("Counted by"), selected("unit")),
            (self.env._("Purchases are"), selected("basis")),
            (
                self.env._("Tax"),
                self.env._("Tax included") if self.tax_included else self.env._("Tax excluded"),
            ),
            (self.env._("Toddler: tenure below"), self._days(self.short_tenure_days)),
            (self.env._("Loyal: tenure from"), self._days(self.long_tenure_days)),
            (self.env._("Trend, loyal: sales from"), self.currency_id.format(self.loyal_amount)),
            (self.env._("Lapsed from"), self._days(self.lapse_days)),
        ]

    def _days(self, number):
        return self.env._("%s days", number)

    # ---- buttons ---------------------------------------------------------------------------

    def action_refresh_progress(self):
        """再集計: start a refresh, or join the one under way, and show how far it is."""
        self.ensure_one()
        run = self.env["kokyaku.run"].browse(self.action_refresh())
        note = ""
        if run.sudo().user_id != self.env.user:
            note = self.env._(
                "%s has started this already. There is no need to start it again.",
                run.sudo().user_id.name,
            )
        return {
            "type": "ir.actions.client",
            "tag": "kokyaku_portfolio.run",
            "name": self.env._("Refresh: %s", self.name),
            "target": "new",
            "params": {"run_id": run.id, "note": note},
        }

    def action_make_default(self):
        """既定にする: let the board and the persons show this portfolio."""
        self.ensure_one()
        self.is_default = True

    def action_open_customers(self):
        """Open the customers of this portfolio (顧客一覧)."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "kokyaku_portfolio.action_customer_metrics"
        )
        return dict(action, domain=[("portfolio_id", "=", self.id), ("tier_id", "!=", False)])

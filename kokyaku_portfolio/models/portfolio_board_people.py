"""The people behind a number of the board: each number opens a list with as many rows."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .portfolio_board_sums import FLOWS, LAPSING_DAYS, URGENT_DAYS


class Portfolio(models.Model):
    _inherit = "kokyaku.portfolio"

    @api.readonly
    @api.model
    def board_people(self, portfolio_id, number, base_date=None):
        """Return the window action with the people a number of the board stands for.

        State figures open ``kokyaku.customer.metrics`` on the day of the last aggregation, and
        the stays (``kokyaku.tier.period``) that cover an earlier day; flow figures open the stays
        that began in the month of the base day, up to it; prospects open the contacts.

        :param number: a tier code, ``active``, ``lapsed``, ``repeat``, ``all``; a key of
            ``FLOWS``, also with ``_week`` or ``_month`` appended for the days before the last
            aggregation; ``lapsing``, ``lapsing_urgent``, ``lapsing_loyal``; ``prospects``
        :param base_date: as for :meth:`board_data`
        :raises UserError: there is no such number, or nothing was aggregated yet
        """
        portfolio = self.browse(portfolio_id)
        portfolio.check_access("read")
        state = portfolio._board_state()
        if not state["as_of"]:
            raise UserError(self.env._("Nothing has been aggregated yet."))
        day = portfolio._board_base_day(base_date, state["as_of"], [])
        tiers = self.env["kokyaku.tier"].search_fetch([], ["code", "name", "rank", "lapsed"])
        if number == "prospects":
            return portfolio._board_prospects()
        if number in portfolio._board_lapsing_labels():
            return portfolio._board_lapsing_people(number, tiers, state["as_of"])
        flow, _, span = number.rpartition("_")
        if number in FLOWS:
            flow, first, last = number, day.replace(day=1), day
        elif flow in FLOWS and span in ("week", "month"):
            length = URGENT_DAYS if span == "week" else LAPSING_DAYS
            first, last = state["as_of"] - timedelta(days=length - 1), state["as_of"]
        else:
            return portfolio._board_tier_people(number, tiers, day, state["as_of"])
        return portfolio._board_moved_people(flow, tiers, first, last)

    # ---- one kind of number each -----------------------------------------------------------

    def _board_tier_people(self, number, tiers, day, as_of):
        """People of one tier or of several, on a day."""
        wanted = {
            "active": lambda tier: not tier.lapsed,
            "lapsed": lambda tier: tier.lapsed,
            "repeat": lambda tier: tier.rank > 1,
            "all": lambda tier: True,
        }.get(number, lambda tier: tier.code == number)
        tiers = tiers.filtered(wanted)
        if not tiers:
            raise UserError(self.env._("The board has no number “%s”.", number))
        label = {
            "active": self.env._("Active customers"),
            "lapsed": self.env._("Lapsed customers"),
            "repeat": self.env._("Customers with two or more purchases"),
            "all": self.env._("Customers in the ten tiers"),
        }.get(number, tiers.name if len(tiers) == 1 else "")
        name = f"{label} ({format_date(self.env, day)})"
        domain = Domain("portfolio_id", "=", self.id)
        domain &= (
            Domain("tier_id", "=", tiers.id) if len(tiers) == 1
            else Domain("tier_id", "in", tiers.ids)
        )
        if day == as_of:
            return self._board_action("kokyaku.customer.metrics", name, domain)
        domain &= Domain("date_from", "<=", str(day))
        domain &= Domain("date_to", "=", False) | Domain("date_to", ">=", str(day))
        return self._board_action("kokyaku.tier.period", name, domain)

    def _board_moved_people(self, flow, tiers, first, last):
        """People who made a move of ``FLOWS`` between two days, both included."""
        pairs = [
            Domain("previous_tier_id", "=", came_from.id)
            & Domain("tier_id", "in", [to.id for to in tiers if FLOWS[flow](came_from, to)])
            for came_from in (*tiers, tiers.browse())
        ]
        domain = Domain("portfolio_id", "=", self.id) & Domain.OR(pairs)
        domain &= Domain("date_from", ">=", str(first)) & Domain("date_from", "<=", str(last))
        label = {
            "new": self.env._("New customers"),
            "promoted": self.env._("Rank up"),
            "demoted": self.env._("Rank down"),
            "churned": self.env._("Churned"),
            "churned_loyal": self.env._("Churned loyal customers"),
            "reactivated": self.env._("Came back"),
            "loyal_lost": self.env._("No longer loyal"),
        }[flow]
        days = f"{format_date(self.env, first)} – {format_date(self.env, last)}"
        return self._board_action("kokyaku.tier.period", f"{label} ({days})", domain)

    def _board_lapsing_labels(self):
        return {
            "lapsing": self.env._("Lapse within %s days", LAPSING_DAYS),
            "lapsing_urgent": self.env._("Lapse within %s days", URGENT_DAYS),
            "lapsing_loyal": self.env._("Loyal customers who lapse within %s days", LAPSING_DAYS),
        }

    def _board_lapsing_people(self, number, tiers, as_of):
        """People who lapse soon unless they buy."""
        first, last = self._lapse_window(
            URGENT_DAYS if number == "lapsing_urgent" else LAPSING_DAYS, as_of
        )
        tiers = tiers.filtered(
            lambda tier: tier.code == "loyal_active" if number == "lapsing_loyal"
            else not tier.lapsed
        )
        domain = Domain("portfolio_id", "=", self.id) & Domain("tier_id", "in", tiers.ids)
        domain &= Domain("last_date", ">=", str(first)) & Domain("last_date", "<=", str(last))
        name = f"{self._board_lapsing_labels()[number]} ({format_date(self.env, as_of)})"
        return self._board_action("kokyaku.customer.metrics", name, domain)

    def _board_prospects(self):
        return self._board_action(
            "res.partner",
            self.env._("Prospects"),
            Domain("kokyaku_prospect_portfolio_id", "=", self.id),
        )

    def _board_action(self, model, name, domain):
        """Return the window action of a model for people behind a number.

        Built on the action of the model's own menu, so that its views and its search view are
        the same; without its default filters, which would make the list shorter than the number.
        """
        xmlid = {
            "kokyaku.customer.metrics": "kokyaku_portfolio.action_customer_metrics",
            "kokyaku.tier.period": "kokyaku_portfolio.action_tier_period",
        }.get(model)
        if xmlid:
            action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
            for key in ("id", "path"):  # or a reload would show the menu's domain again
                action.pop(key, None)
        else:
            action = {
                "type": "ir.actions.act_window",
                "res_model": model,
                "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            }
        return action | {
            "name": name,
            "display_name": name,
            "domain": list(domain),
            "context": {"create": False},
            "target": "current",
        }

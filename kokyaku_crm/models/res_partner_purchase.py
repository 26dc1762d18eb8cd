from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .kokyaku_purchase import ADDRESS_TYPES

PAGE = 20
MAX_PAGE = 200


class ResPartner(models.Model):
    """販売履歴: what a person, or the people of a company, have bought."""

    _inherit = "res.partner"

    def _with_addresses(self):
        """Return these contacts with their address children, archived ones too.

        What was ordered for a delivery, invoice or other address was bought by its contact.
        """
        addresses = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("parent_id", "in", self.ids), ("type", "in", ADDRESS_TYPES)])
        )
        return self | addresses.sudo(self.env.su)

    def _purchase_domain(self):
        """Return the domain of ``kokyaku.purchase`` for this partner.

        A person: what they bought, also through their addresses. A company: what was bought
        in its name or by any of its people.
        """
        self.ensure_one()
        if not self.is_company:
            return Domain("address_id", "in", self._with_addresses().ids)
        people = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", self.id)])
        )
        return Domain("address_id", "in", people.ids) | Domain("order_partner_id", "in", people.ids)

    def action_kokyaku_purchases(self, view_mode="list"):
        """Open the whole sales history as list, pivot or graph (販売履歴の一覧)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_purchase")
        modes = action["view_mode"].split(",")
        if view_mode not in modes:
            raise UserError(self.env._("There is no such view: %s", view_mode))
        modes.sort(key=lambda mode: mode != view_mode)
        action.update(
            display_name=self.env._("Sales History of %s", self.display_name),
            domain=list(self._purchase_domain()),
            view_mode=",".join(modes),
            views=[(False, mode) for mode in modes],
        )
        return action

    @api.readonly
    def kokyaku_sales_history(self, mode="lines", offset=0, limit=PAGE):
        """Return one page of the sales history with its totals, for the tab of the form.

        Two or three statements, whatever the length of the history; the caller's access
        rights on purchases decide what is in it.

        :param str mode: ``lines`` (every line, newest first) or ``products`` (one row per
            product, largest amount first)
        :return: dict with ``rows`` (dicts), ``count`` (of rows in all), ``totals`` (one dict
            per currency: currency_id, lines, orders, quantity, tax_included, tax_excluded,
            first, last) and ``is_company``
        """
        self.ensure_one()
        self.check_access("read")
        limit = max(1, min(limit, MAX_PAGE))
        purchases = self.env["kokyaku.purchase"]
        domain = self._purchase_domain()
        totals = [
            {
                "currency_id": currency.id,
                "lines": lines,
                "orders": orders,
                "tax_included": included,
                "tax_excluded": excluded,
                "first": first,
                "last": last,
            }
            for currency, lines, orders, included, excluded, first, last in purchases._read_group(
                domain,
                ["currency_id"],
                [
                    "__count",
                    "order_ref:count_distinct",
                    "amount_tax_included:sum",
                    "amount_tax_excluded:sum",
                    "date:min",
                    "date:max",
                ],
            )
        ]
        if mode == "products":
            rows, count = self._history_products(domain, offset, limit)
        else:
            count = sum(total["lines"] for total in totals)
            rows = self._history_lines(domain, offset, limit) if count else []
        return {
            "rows": rows,
            "count": count,
            "totals": totals,
            "is_company": self.is_company,
            "can_open_orders": self.env["sale.order"].has_access("read"),
        }

    def _history_lines(self, domain, offset, limit):
        lines = self.env["kokyaku.purchase"].search(domain, offset=offset, limit=limit)
        return [
            {
                "id": line.id,
                "date": line.date,
                "order_id": line.order_id.id,
                "order_ref": line.order_ref,
                "record_id": line.record_id.id,
                "partner": line.partner_id.sudo().name,
                "product": line.product_id.sudo().display_name or line.product_text,
                "quantity": line.quantity,
                "tax_included": line.amount_tax_included,
                "tax_excluded": line.amount_tax_excluded,
                "currency_id": line.currency_id.id,
                "user": line.user_id.sudo().name or "",
            }
            for line in lines
        ]

    def _history_products(self, domain, offset, limit):
        purchases = self.env["kokyaku.purchase"]
        groups = purchases._read_group(
            domain,
            ["product_id", "product_text", "currency_id"],
            [
                "order_ref:count_distinct",
                "quantity:sum",
                "amount_tax_included:sum",
                "amount_tax_excluded:sum",
                "date:min",
                "date:max",
            ],
            order="amount_tax_included:sum desc, product_id, product_text",
        )
        rows = [
            {
                "id": product.id,
                "product": product.sudo().display_name or text,
                "orders": orders,
                "quantity": quantity,
                "tax_included": included,
                "tax_excluded": excluded,
                "currency_id": currency.id,
                "first": first,
                "last": last,
            }
            for product, text, currency, orders, quantity, included, excluded, first, last in (
                groups[offset : offset + limit]
            )
        ]
        return rows, len(groups)

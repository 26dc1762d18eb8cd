import csv
import logging
from datetime import datetime

import pytz

from odoo import Command, api, models
from odoo.tools.misc import file_open

from .orders import OrderBook, Product, Story

_logger = logging.getLogger(__name__)

TOKYO = pytz.timezone("Asia/Tokyo")

STANDARD_RATE_CATEGORY = "kokyaku_crm.demo_category_goods"
"""茶器・包装 bear the standard rate; everything else is food at the reduced rate (軽減税率)."""

HINTED_ORDERS = 14
REFERENCES = ("{name}様 ご注文", "注文書No.{number} {family}様", "{name}様・{other}様 5月分")
"""What a customer's reference says of who ordered."""

QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "sale_no_log_for_new_lines": True,
}
"""Three thousand orders of the past concern nobody's inbox."""


class KokyakuDemo(models.AbstractModel):
    """The demo company: what its data files cannot say by themselves.

    Called by the files of ``demo/`` only. The masters are plain CSV and XML; the orders are
    written from ``purchase_stories.csv`` by :class:`~.orders.OrderBook`, because they end today.
    """

    _name = "kokyaku.demo"
    _description = "Demo Company"

    @api.model
    def _company(self):
        """Return the demo company, empty when its data was not loaded."""
        company = self.env.ref("kokyaku_crm.demo_company", raise_if_not_found=False)
        return company or self.env["res.company"]

    @api.model
    def _set_up_company(self):
        """Name the company of the demo: the main one when nobody has worked in it, else a new
        one, which becomes the administrator's own."""
        if self._company():
            return
        company = self.env.ref("base.main_company")
        yen = self.env.ref("base.JPY")
        unused = not self.env["sale.order"].search_count([("company_id", "=", company.id)], limit=1)
        if not (unused and company.currency_id == yen):
            yen.active = True
            company = self.env["res.company"].create(
                {
                    "name": "株式会社そよぎ野茶舗",
                    "currency_id": yen.id,
                    "country_id": self.env.ref("base.jp").id,
                }
            )
            chart = self.env["account.chart.template"]
            if "jp" in chart._get_chart_template_mapping():
                # not try_loading: while modules are being installed it warns unless it may
                # add the accounting demo as well
                chart._load("jp", company, install_demo=False)
            self.env.ref("base.user_admin").write(
                {"company_ids": [Command.link(company.id)], "company_id": company.id}
            )
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "kokyaku_crm.demo_company", "record": company, "noupdate": True}]
        )

    @api.model
    def _set_product_taxes(self):
        """Give every product the rate it bears, where the company's chart has it."""
        company = self._company()
        products = self._products(company)
        standard = self.env.ref(STANDARD_RATE_CATEGORY)
        for rate, chosen in (
            (10, products.filtered(lambda product: product.categ_id == standard)),
            (8, products.filtered(lambda product: product.categ_id != standard)),
        ):
            taxes = self.env["account.tax"].search(
                [
                    *self.env["account.tax"]._check_company_domain(company),
                    ("type_tax_use", "=", "sale"),
                    ("amount_type", "=", "percent"),
                    ("amount", "=", rate),
                ],
                limit=1,
            )
            if taxes:
                foreign = chosen.taxes_id.filtered(lambda tax: tax.company_id != company)
                chosen.taxes_id = [Command.set((foreign | taxes).ids)]

    @api.model
    def _load_orders(self):
        """Write three years of orders, the last of them today; once per database."""
        company = self._company()
        if self.env["sale.order"].search_count([("company_id", "=", company.id)], limit=1):
            _logger.info("The demo company has orders already; none are added.")
            return
        demo = self.with_context(**QUIET, allowed_company_ids=company.ids).with_company(company)
        demo._create_orders(demo._order_book())
        demo._hint_at_persons()

    @api.model
    def _hint_at_persons(self):
        """On the latest orders of companies that name no person, say who it may have been, as
        customers do: as the contact it is delivered to, or in their reference."""
        company = self._company()
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id.is_company", "=", True),
                ("person_id", "=", False),
                ("state", "=", "sale"),
            ],
            order="date_order desc, id desc",
            limit=HINTED_ORDERS,
        )
        for number, order in enumerate(orders.with_context(**QUIET)):
            people = self.env["res.partner"].search(
                [
                    ("commercial_partner_id", "=", order.partner_id.commercial_partner_id.id),
                    ("is_company", "=", False),
                    ("type", "=", "contact"),
                    ("child_ids", "=", False),
                ],
                order="id",
            )
            if not people:
                continue
            person = people[number % len(people)]
            if number % 4 == 0:
                order.partner_shipping_id = person
            else:
                order.client_order_ref = REFERENCES[number % 4 - 1].format(
                    name=person.name,
                    family=person.family_name,
                    other=people[(number + 1) % len(people)].name,
                    number=4100 + number,
                )

    @api.model
    def _let_go(self):
        """Make the demo company ordinary data, which an uninstallation leaves alone.

        Its customers and products could not be deleted anyway: there are orders of theirs.
        """
        self.env["ir.model.data"].search(
            [("module", "=", "kokyaku_crm"), ("name", "=like", r"demo\_%")]
        ).unlink()

    def _products(self, company):
        external = self.env["ir.model.data"].search(
            [
                ("module", "=", "kokyaku_crm"),
                ("model", "=", "product.product"),
                ("name", "=like", "demo_product_%"),
            ]
        )
        products = self.env["product.product"].browse(external.mapped("res_id"))
        return products.with_company(company).sorted("default_code")

    def _order_book(self):
        """Return the planned orders, oldest first."""
        gift = self.env.ref("kokyaku_crm.demo_category_gift")
        catalogue = [
            Product(
                code=product.default_code,
                price=int(product.list_price),
                gift=product.categ_id == gift,
            )
            for product in self._products(self.env.company)
        ]
        with file_open("kokyaku_crm/demo/purchase_stories.csv") as file:
            stories = [Story.from_row(row) for row in csv.DictReader(file)]
        now = datetime.now(TOKYO).replace(tzinfo=None)
        return OrderBook(catalogue, now).fill(stories)

    def _create_orders(self, book):
        """Create the orders as quotations, then give each the state it is in.

        ``action_confirm`` would stamp all of them with this minute; its other half,
        ``_action_confirm``, is called, so that what hangs on a confirmation happens.
        """
        lines = {
            product.default_code: self._line_values(product)
            for product in self._products(self.env.company)
        }
        orders = self.env["sale.order"].create(
            [self._order_values(planned, lines) for planned in book]
        )
        ids = {}
        for order, planned in zip(orders, book, strict=True):
            ids.setdefault(planned.kind, []).append(order.id)
        confirmed = orders.browse(ids["purchase"] + ids["return"] + ids["sample"])
        confirmed.write({"state": "sale"})
        confirmed._action_confirm()
        orders.browse(ids["cancelled"]).write({"state": "cancel"})
        orders.browse(ids["quotation"]).write({"state": "sent"})

    def _order_values(self, order, lines):
        buyer = self.env.ref(f"kokyaku_crm.{order.ordered_by or order.customer}")
        customer = self.env.ref(f"kokyaku_crm.{order.customer}")
        at = TOKYO.localize(order.at).astimezone(pytz.utc).replace(tzinfo=None)
        return {
            "company_id": self.env.company.id,
            "partner_id": buyer.id,
            "person_id": customer.id if order.ordered_by else False,
            "user_id": customer.user_id.id,
            "date_order": at,
            "pricelist_id": False,
            "order_line": [
                Command.create({**lines[code], "product_uom_qty": quantity})
                for code, quantity in order.lines
            ],
        }

    def _line_values(self, product):
        """Return what every order line of this product has in common.

        The line would compute the same, eight thousand times over.
        """
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == self.env.company)
        return {
            "product_id": product.id,
            "name": product.get_product_multiline_description_sale(),
            "product_uom_id": product.uom_id.id,
            "price_unit": product.list_price,
            "technical_price_unit": product.list_price,
            "tax_ids": [Command.set(taxes.ids)],
            "analytic_distribution": False,
        }

from datetime import datetime, timedelta

from odoo.tests import TransactionCase

DERIVED = {
    "kokyaku_customer_metrics": (
        "partner_id, tier_id, first_date, last_date, purchase_days, order_count, amount, "
        "tenure_days"
    ),
    "kokyaku_tier_period": (
        "partner_id, tier_id, previous_tier_id, date_from, date_to, amount, amount_12m"
    ),
    "kokyaku_tier_day": "date, tier_id, people_delta, amount_delta, amount_12m_delta",
    "kokyaku_tier_move": "date, from_tier_id, to_tier_id, people, amount, amount_12m",
    "kokyaku_customer_ledger": "partner_id, days, amounts",
}


class PortfolioCase(TransactionCase):
    """A small world of its own: one company in yen, a portfolio, no customers yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.yen = cls.env.ref("base.JPY")
        cls.yen.active = True
        cls.company = cls.env["res.company"].create(
            {"name": "株式会社花かご", "currency_id": cls.yen.id}
        )
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=[cls.company.id]))
        cls.portfolio = cls.env["kokyaku.portfolio"]._default_for(cls.company)
        cls.portfolio.configured = True
        cls.product = cls.env["product.product"].create({"name": "煎茶", "taxes_id": False})

    @classmethod
    def customer(cls, name="顧客", **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def order(cls, customer, day, amount, at="03:00:00", state="sale", **values):
        """Create an order of one line.

        :param day: ``YYYY-MM-DD``; with the default time it is the same day in Tokyo
        :param amount: in the order's currency, negative for a return
        :param at: time of day in UTC
        """
        order = cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "order_line": [
                    (0, 0, {"product_id": cls.product.id, "product_uom_qty": 1,
                            "price_unit": amount, "tax_ids": [(5,)]})
                ],
                **values,
            }
        )
        order.write({"state": state, "date_order": f"{day} {at}"})
        return order

    def refresh(self, base_date=None, full=False):
        if base_date:
            self.portfolio.base_date = base_date
        self.portfolio.refresh(full=full)

    def metrics(self, customer):
        return self.env["kokyaku.customer.metrics"].search(
            [("portfolio_id", "=", self.portfolio.id), ("partner_id", "=", customer.id)]
        )

    def tier(self, customer):
        return self.metrics(customer).tier_id.code or None

    def stays(self, customer):
        """Return ``[(tier code, from, to)]``, oldest first, dates as text."""
        rows = self.env["kokyaku.tier.period"].search(
            [("portfolio_id", "=", self.portfolio.id), ("partner_id", "=", customer.id)],
            order="date_from",
        )
        return [
            (row.tier_id.code, str(row.date_from), str(row.date_to) if row.date_to else None)
            for row in rows
        ]

    def portfolio_of(self, day):
        """Return ``{tier code: (people, amount, amount_12m)}`` of a day from the daily
        differences, empty tiers left out."""
        rows = self.env["kokyaku.tier.day"]._read_group(
            [("portfolio_id", "=", self.portfolio.id), ("date", "<=", day)],
            ["tier_id"],
            ["people_delta:sum", "amount_delta:sum", "amount_12m_delta:sum"],
        )
        return {
            tier.code: (people, amount, last_year)
            for tier, people, amount, last_year in rows
            if people or amount or last_year
        }

    def everything(self):
        """Return all derived rows of the portfolio, comparable."""
        self.env.flush_all()
        found = {}
        for table, columns in DERIVED.items():
            self.env.cr.execute(
                f"SELECT {columns} FROM {table} WHERE portfolio_id = %s", [self.portfolio.id]
            )
            found[table] = sorted(map(repr, self.env.cr.fetchall()))
        return found

    def assertSameAsFull(self):
        """What the refreshes so far have led to must equal a computation from nothing."""
        incremental = self.everything()
        self.portfolio._delete_derived()
        self.portfolio.refresh()
        full = self.everything()
        for table, rows in full.items():
            self.assertEqual(incremental[table], rows, table)


def day(text, plus=0):
    """Return the day ``plus`` days after ``text`` as ``YYYY-MM-DD``."""
    return str((datetime.fromisoformat(text) + timedelta(days=plus)).date())

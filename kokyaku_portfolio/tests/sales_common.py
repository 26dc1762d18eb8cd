import pandas as pd

from odoo import Command

from .common import PortfolioCase


class SalesRecordsCase(PortfolioCase):
    """Two customers, one of whom a file of sales names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hana = cls.customer("花子", ref="1")
        cls.taro = cls.customer("太郎", ref="2")
        cls.file = cls._file()
        cls._load(("a", "1", "2024-01-10", 40_000), ("b", "1", "2024-09-01", 40_000))
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()

    @classmethod
    def _file(cls):
        return cls.env["kokyaku.import"].create(
            {"kind": "sales", "source": "レジ", "file_name": "x.csv", "company_id": cls.company.id}
        )

    @classmethod
    def _load(cls, *lines, import_=None, **more):
        """Load lines of (slip, customer code, day, amount), one line each."""
        rows = pd.DataFrame(lines, columns=["slip", "customer_code", "date", "amount"])
        rows["external_key"] = rows["slip"]
        for name, value in more.items():
            rows[name] = value
        return cls.env["kokyaku.sales.record"]._load(import_ or cls.file, rows)

    def records(self, *slips):
        return self.env["kokyaku.sales.record"].search([("slip", "in", slips)])

    def again(self):
        self.portfolio.refresh()
        self.assertSameAsFull()

    def _invoice(self, customer, number, day, amount, order=None, **values):
        """Post an invoice of one line.

        :param order: the order it is of
        """
        if not self.company.chart_template:
            self.env["account.chart.template"].try_loading("generic_coa", self.company)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "company_id": self.company.id,
                "invoice_date": day,
                "name": number,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "茶",
                            "price_unit": amount,
                            "tax_ids": False,
                            "sale_line_ids": order.order_line.ids if order else [],
                        }
                    )
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

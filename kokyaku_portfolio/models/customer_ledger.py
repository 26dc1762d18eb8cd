from odoo import models
from odoo.tools import SQL


class CustomerLedger(models.Model):
    """What each customer bought and returned per day, as the last refresh saw it.

    Written and read by the refresh only: when an order is edited, its customer's former share
    in the daily differences is taken out of the sums by this row, whatever the order was
    before. One row per customer, the days in an array beside their net amounts: a tenth of
    the size of a row per day, and read as a whole anyway.
    """

    _name = "kokyaku.customer.ledger"
    _description = "Net Purchases of a Customer per Day"
    _auto = False  # arrays, which the ORM does not know
    _log_access = False

    def init(self):
        """Create the table: ``days`` ascending, ``amounts`` (company currency) beside it."""
        self.env.cr.execute(
            SQL(
                """CREATE TABLE IF NOT EXISTS %s (
                    id serial PRIMARY KEY,
                    portfolio_id int NOT NULL,
                    partner_id int NOT NULL,
                    days date[] NOT NULL,
                    amounts numeric[] NOT NULL,
                    UNIQUE (portfolio_id, partner_id)
                )""",
                SQL.identifier(self._table),
            )
        )

from odoo import models
from odoo.tools import SQL

ADDRESS_TYPES = ("invoice", "delivery", "other")
DOCUMENTS = ("sale_order", "account_move")
STATISTICS_SINCE = 140000  # PostgreSQL 14 knows statistics of expressions


def create_statistics(cr):
    """Have statistics of who buys how often.

    PostgreSQL takes no statistics from a partial index, and without them expects every customer
    to hold one order in 200: a refresh of a few people then prepares for hundreds of thousands
    of rows, which costs more than the refresh.
    """
    if cr._cnx.server_version < STATISTICS_SINCE:
        return
    for table in DOCUMENTS:
        name = f"kokyaku_{table}_customer"
        cr.execute("SELECT 1 FROM pg_statistic_ext WHERE stxname = %s", [name])
        if not cr.rowcount:
            cr.execute(
                SQL(
                    "CREATE STATISTICS %s ON (COALESCE(person_id, partner_id)) FROM %s",
                    SQL.identifier(name), SQL.identifier(table),
                )
            )
            cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def drop_statistics(cr):
    for table in DOCUMENTS:
        cr.execute(
            SQL("DROP STATISTICS IF EXISTS %s", SQL.identifier(f"kokyaku_{table}_customer"))
        )


class Portfolio(models.Model):
    """From orders to net amounts per customer and day."""

    _inherit = "kokyaku.portfolio"

    # ---- sources ---------------------------------------------------------------------------

    def _source_queries(self, where=None, day_from=None, day_to=None):
        """Return the sources of purchases: a list of SELECTs, one per kind of document.

        Extension point. Each SELECT gives the columns ``raw`` (the contact named on the
        document), ``day`` (local calendar day) and ``amount`` (company currency, rounded to
        it, negative for a return), one row per document, of this portfolio's company only.

        :param where: takes the SQL of the contact and returns a condition on it; None = all
        :param day_from: first day to read (date, included), or None
        :param day_to: last day to read (date, included), or None
        """
        self.ensure_one()
        if self.basis == "invoices":
            return [self._invoice_source(where, day_from, day_to)]
        return [self._order_source(where, day_from, day_to)]

    def _order_source(self, where, day_from, day_to):
        """Confirmed orders. Reads nothing but the covering index on ``sale_order``."""
        amount = SQL.identifier("o", "amount_total" if self.tax_included else "amount_untaxed")
        raw = SQL("COALESCE(o.person_id, o.partner_id)")
        conditions = [SQL("o.company_id = %s AND o.state = 'sale'", self.company_id.id)]
        if where:
            conditions.append(where(raw))
        if day_from:
            conditions.append(SQL("o.date_order >= %s", self._day_start_utc(day_from)))
        if day_to:
            conditions.append(SQL("o.date_order < %s", self._day_after_utc(day_to)))
        return SQL(
            """SELECT %(raw)s AS raw,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
                   CASE WHEN o.currency_rate = 1 OR COALESCE(o.currency_rate, 0) = 0
                        THEN %(amount)s
                        ELSE round(%(amount)s / o.currency_rate, %(digits)s)
                   END AS amount
               FROM sale_order o
               WHERE %(conditions)s""",
            raw=raw,
            tz=self.tz,
            amount=amount,
            digits=self.company_id.currency_id.decimal_places,
            conditions=SQL(" AND ").join(conditions),
        )

    def _invoice_source(self, where, day_from, day_to):
        """Posted customer invoices, and credit notes as returns."""
        amount = SQL.identifier(
            "m", "amount_total_signed" if self.tax_included else "amount_untaxed_signed"
        )
        raw = SQL("COALESCE(m.person_id, m.partner_id)")
        conditions = [
            SQL(
                """m.company_id = %s AND m.state = 'posted'
                AND m.move_type IN ('out_invoice', 'out_refund')
                AND m.invoice_date IS NOT NULL AND %s IS NOT NULL""",
                self.company_id.id, raw,
            )
        ]
        if where:
            conditions.append(where(raw))
        if day_from:
            conditions.append(SQL("m.invoice_date >= %s", day_from))
        if day_to:
            conditions.append(SQL("m.invoice_date <= %s", day_to))
        return SQL(
            """SELECT %(raw)s AS raw, m.invoice_date AS day, %(amount)s AS amount
               FROM account_move m
               WHERE %(conditions)s""",
            raw=raw, amount=amount, conditions=SQL(" AND ").join(conditions),
        )

    # ---- customers -------------------------------------------------------------------------

    def _mapped_sql(self, contacts):
        """Return the SELECT (``raw``, ``customer``) of contacts that are not the customer
        themselves: by the portfolio's unit, the people of a company, or the delivery, invoice
        and other addresses of a contact.

        :param contacts: condition on ``a.id``, SQL: for which contacts
        """
        self.ensure_one()
        if self.unit == "entity":
            return SQL(
                """SELECT a.id AS raw, a.commercial_partner_id AS customer FROM res_partner a
                WHERE a.commercial_partner_id <> a.id AND %s""",
                contacts,
            )
        # An address may hang on another address: walk up to the first that is none.
        return SQL(
            """WITH RECURSIVE up AS (
                SELECT a.id AS raw, a.id AS customer, a.type, a.parent_id
                FROM res_partner a
                WHERE a.type IN %(types)s AND a.parent_id IS NOT NULL AND %(contacts)s
                UNION
                SELECT up.raw, p.id, p.type, p.parent_id
                FROM up JOIN res_partner p ON p.id = up.parent_id
                WHERE up.type IN %(types)s
            )
            SELECT raw, customer FROM up
            WHERE type IS NULL OR type NOT IN %(types)s OR parent_id IS NULL""",
            types=ADDRESS_TYPES, contacts=contacts,
        )

    def _members_sql(self, customers):
        """Return the SELECT (``raw``) of the contacts below customers that may buy for them.

        :param customers: takes the SQL of a contact id and returns the condition that it is
            one of the customers
        """
        self.ensure_one()
        if self.unit == "entity":
            return SQL(
                """SELECT a.id AS raw FROM res_partner a
                WHERE a.commercial_partner_id <> a.id AND %s""",
                customers(SQL("a.commercial_partner_id")),
            )
        return SQL(
            """WITH RECURSIVE down AS (
                SELECT a.id AS raw FROM res_partner a
                WHERE a.type IN %(types)s AND %(customers)s
                UNION
                SELECT a.id FROM down JOIN res_partner a ON a.parent_id = down.raw
                WHERE a.type IN %(types)s
            )
            SELECT raw FROM down""",
            types=ADDRESS_TYPES, customers=customers(SQL("a.parent_id")),
        )

    def _days_sql(self, documents, customers=None):
        """Return the SELECT of purchases per customer and day: ``customer``, ``day``,
        ``amount`` (net, in units: see ``portfolio_events``) and ``orders`` (documents).

        :param documents: SELECTs as of :meth:`_source_queries`
        :param customers: name of a table (``raw``, ``customer``) of the contacts that are not
            the customer themselves; None when every contact is
        """
        # By the plain contact first, which the index delivers in order; then roll up.
        per_contact = SQL(
            """SELECT raw, day, sum(%s) AS amount, count(*) AS orders
            FROM (%s) AS document GROUP BY raw, day""",
            self._to_units(SQL("amount")), SQL(" UNION ALL ").join(documents),
        )
        if not customers:
            return SQL("SELECT raw AS customer, day, amount, orders FROM (%s) AS c", per_contact)
        return SQL(
            """SELECT COALESCE(m.customer, c.raw) AS customer, c.day,
                   sum(c.amount) AS amount, sum(c.orders) AS orders
            FROM (%s) AS c LEFT JOIN %s AS m ON m.raw = c.raw
            GROUP BY 1, 2""",
            per_contact, SQL.identifier(customers),
        )

    def _average_order(self):
        """Return the average document above zero of all time, in company currency; 0.0 if none."""
        documents = SQL(" UNION ALL ").join(self._source_queries())
        self._flush_sources()
        [(average,)] = self.env.execute_query(
            SQL("SELECT avg(amount) FROM (%s) AS document WHERE amount > 0", documents)
        )
        return float(average or 0.0)

    def _first_purchase_day(self):
        """Return the day of the first document of all time (a date), None without any."""
        self._flush_sources()
        documents = SQL(" UNION ALL ").join(self._source_queries())
        [(first,)] = self.env.execute_query(
            SQL("SELECT min(day) FROM (%s) AS document", documents)
        )
        return first

    def _flush_sources(self):
        """Write what the ORM still holds back of the tables that the sources read."""
        for model in ("sale.order", "account.move", "res.partner"):
            self.env[model].flush_model()

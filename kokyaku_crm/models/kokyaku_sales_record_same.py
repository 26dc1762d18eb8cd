"""The same sale twice: as an imported line, and as an order or invoice of our own."""

from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import SQL

SAME_SALE_DAYS = 62
MOST_ORDERS = 5  # of one slip number; a reference used more often than that tells nothing

POSTED = SQL("m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')")
# An order (``o``) or invoice (``m``) that carries the number of a line (``r``).
NUMBERED_ORDER = SQL(
    """o.company_id = r.company_id AND (o.name = r.slip OR o.client_order_ref = r.slip)
    AND abs(r.date - o.date_order::date) <= %s""",
    SAME_SALE_DAYS,
)
NUMBERED_INVOICE = SQL(
    """%s AND m.company_id = r.company_id AND m.name = r.slip AND m.name <> '/'
    AND abs(r.date - COALESCE(m.invoice_date, m.date)) <= %s""",
    POSTED,
    SAME_SALE_DAYS,
)
# Which order lines stand on which invoices.
BILLED = SQL(
    """sale_order_line sold
    JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
    JOIN account_move_line line ON line.id = rel.invoice_line_id"""
)
# The order an invoice (``m``) is of, and the first invoice of an order (``o``).
ITS_ORDER = SQL(
    """SELECT min(so.id) AS order_id FROM %s
         JOIN sale_order so ON so.id = sold.order_id AND so.state = 'sale'
        WHERE line.move_id = m.id""",
    BILLED,
)
ITS_INVOICE = SQL(
    "SELECT min(m.id) AS move_id FROM %s JOIN account_move m ON m.id = line.move_id AND %s"
    " WHERE sold.order_id = o.id",
    BILLED,
    POSTED,
)


class KokyakuSalesRecord(models.Model):
    """A line whose slip has the number of a confirmed order is the same sale as that order and
    as its invoice; one that has the number of an invoice, as that and its order. So it knows on
    either basis whether something of our own counts in its place: ``order_id`` where orders
    are counted, ``move_id`` where invoices are. An order that is not invoiced yet counts for
    nothing there, and neither does a cancelled one here."""

    _inherit = "kokyaku.sales.record"

    @api.model
    def _pair(self, orders, invoices):
        """Find anew what the lines are the same sale as that some orders and invoices concern,
        by what they have become or by what they were; two statements.

        :param orders: ``sale.order``, written down
        :param invoices: ``account.move``, written down
        """
        self.flush_model(["order_id", "move_id", "slip", "date", "company_id"])
        concerned = [id_ for [id_] in self.env.execute_query(_concerned(orders.ids, invoices.ids))]
        if not concerned:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record written
                   SET order_id = now.order_id, move_id = now.move_id
                  FROM (SELECT r.id, COALESCE(ordered.order_id, invoiced.order_id) AS order_id,
                               COALESCE(invoiced.move_id, billed.move_id) AS move_id
                          FROM kokyaku_sales_record r
                          LEFT JOIN LATERAL (
                              SELECT o.id AS order_id FROM sale_order o
                               WHERE o.state = 'sale' AND %(numbered_order)s
                               ORDER BY o.id <> r.order_id, abs(r.date - o.date_order::date), o.id
                               LIMIT 1) AS ordered ON TRUE
                          LEFT JOIN LATERAL (
                              SELECT m.id AS move_id, its.order_id
                                FROM account_move m LEFT JOIN LATERAL (%(its_order)s) AS its ON TRUE
                               WHERE %(numbered_invoice)s ORDER BY m.id LIMIT 1) AS invoiced ON TRUE
                          LEFT JOIN LATERAL (
                              SELECT its.move_id
                                FROM sale_order o
                               CROSS JOIN LATERAL (%(its_invoice)s) AS its
                               WHERE its.move_id IS NOT NULL AND %(numbered_order)s
                               ORDER BY o.state <> 'sale', abs(r.date - o.date_order::date), o.id
                               LIMIT 1) AS billed ON TRUE
                         WHERE r.id = ANY(%(concerned)s)) AS now
                 WHERE written.id = now.id AND (written.order_id, written.move_id)
                       IS DISTINCT FROM (now.order_id, now.move_id)
                """,
                numbered_order=NUMBERED_ORDER,
                numbered_invoice=NUMBERED_INVOICE,
                its_order=ITS_ORDER,
                its_invoice=ITS_INVOICE,
                concerned=concerned,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["order_id", "move_id"])
            self.env["kokyaku.purchase"].invalidate_model()

    # ---- While a file is read ----------------------------------------------------------------

    @api.model
    def _found_same(self, company, slips, days):
        """Return the orders and the invoices that are the same sales as lines of a file: two
        lists of ids as texts, '' = none."""
        words = [slip for slip in set(slips) if slip]
        orders, billed = self._numbered_orders(company, words)
        invoices = self._numbered_invoices(company, words)
        if not orders and not billed and not invoices:
            return [""] * len(slips), [""] * len(slips)
        found = {}
        for slip, day in set(zip(slips, days, strict=True)):
            ordered, its_invoice = _nearest(orders, slip, day), _nearest(billed, slip, day)
            invoice, its_order = _nearest(invoices, slip, day) or (None, None)
            found[slip, day] = (ordered or its_order or "", invoice or its_invoice or "")
        return tuple(
            [str(found[line][one]) for line in zip(slips, days, strict=True)] for one in (0, 1)
        )

    def _numbered_orders(self, company, slips):
        """Return the confirmed orders with these numbers, and the invoices of any orders with
        them: two dicts {slip: list of (id, day of the order)}."""
        orders, billed = defaultdict(list), defaultdict(list)
        query = SQL(
            """SELECT word.slip, o.id, o.date_order::date, o.state, its.move_id
                 FROM unnest(%(words)s) AS word (slip)
                 JOIN LATERAL ((
                     SELECT id, date_order, state FROM sale_order
                      WHERE company_id = %(company)s AND name = word.slip LIMIT %(most)s)
                 UNION (
                     SELECT id, date_order, state FROM sale_order
                      WHERE company_id = %(company)s AND client_order_ref = word.slip
                      LIMIT %(most)s)) AS o ON TRUE
                CROSS JOIN LATERAL (%(its_invoice)s) AS its
                ORDER BY o.state <> 'sale', o.id""",
            words=slips,
            company=company.id,
            most=MOST_ORDERS,
            its_invoice=ITS_INVOICE,
        )
        for slip, order, day, state, invoice in self.env.execute_query(query) if slips else ():
            if state == "sale":
                orders[slip].append((order, day))
            if invoice:
                billed[slip].append((invoice, day))
        return orders, billed

    def _numbered_invoices(self, company, slips):
        """Return the posted invoices with these numbers: {slip: [((id, order or None), day)]}."""
        if not slips:
            return {}
        query = SQL(
            """SELECT m.name, m.id, its.order_id, COALESCE(m.invoice_date, m.date)
                 FROM account_move m LEFT JOIN LATERAL (%s) AS its ON TRUE
                WHERE m.name = ANY(%s) AND m.name <> '/' AND m.company_id = %s AND %s""",
            ITS_ORDER,
            slips,
            company.id,
            POSTED,
        )
        return {
            slip: [((invoice, order), day)]
            for slip, invoice, order, day in self.env.execute_query(query)
        }


def _nearest(documents, slip, day):
    """Return what carries the number of a slip, the nearest to its day, or None."""
    if slip not in documents:
        return None
    on = date.fromisoformat(day)
    apart, document = min(
        ((abs((dated - on).days), one) for one, dated in documents[slip]), key=lambda pair: pair[0]
    )
    return document if apart <= SAME_SALE_DAYS else None


def _concerned(orders, invoices):
    """Return the SELECT of the lines that some orders and invoices (ids) concern: what is
    written on them, or carries their numbers; with the invoices of the orders and the other way
    round."""
    return SQL(
        """
        WITH pair AS (
            SELECT sold.order_id, line.move_id FROM %(billed)s
             WHERE line.move_id = ANY(%(invoices)s)
            UNION
            SELECT sold.order_id, line.move_id FROM %(billed)s
             WHERE sold.order_id = ANY(%(orders)s)
        ), one_order AS (
            SELECT unnest(%(orders)s::int[]) AS id UNION SELECT order_id FROM pair
        ), one_invoice AS (
            SELECT unnest(%(invoices)s::int[]) AS id UNION SELECT move_id FROM pair
        )
        SELECT r.id FROM one_order JOIN kokyaku_sales_record r ON r.order_id = one_order.id
        UNION
        SELECT r.id FROM one_invoice JOIN kokyaku_sales_record r ON r.move_id = one_invoice.id
        UNION
        SELECT r.id FROM one_order JOIN sale_order o USING (id)
          JOIN kokyaku_sales_record r
            ON r.company_id = o.company_id AND r.slip = ANY(ARRAY[o.name, o.client_order_ref])
        UNION
        SELECT r.id FROM one_invoice JOIN account_move m USING (id)
          JOIN kokyaku_sales_record r ON r.company_id = m.company_id AND r.slip = m.name
        """,
        billed=BILLED,
        orders=orders,
        invoices=invoices,
    )

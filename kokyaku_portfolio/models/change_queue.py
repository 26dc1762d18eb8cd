from odoo import fields, models
from odoo.tools import SQL

# What makes a row count. A change in anything else (a note, a delivery date) queues nothing.
# {r} stands for the row. The expressions name the customer as the sources do.
WATCHED = {
    "sale_order": {
        "customers": ["COALESCE({r}.person_id, {r}.partner_id)"],
        "counts": "{r}.state = 'sale'",
        "columns": [
            "partner_id", "person_id", "company_id", "state", "date_order", "amount_total",
            "amount_untaxed", "currency_rate",
        ],
    },
    "account_move": {
        "customers": ["COALESCE({r}.person_id, {r}.partner_id)"],
        "counts": "{r}.state = 'posted' AND {r}.move_type IN ('out_invoice', 'out_refund')",
        "columns": [
            "partner_id", "person_id", "company_id", "state", "invoice_date", "move_type",
            "amount_total_signed", "amount_untaxed_signed",
        ],
    },
    "kokyaku_sales_record": {
        "customers": ["{r}.partner_id"],
        "counts": "({r}.order_id IS NULL OR {r}.move_id IS NULL) AND {r}.is_cancelled IS NOT TRUE",
        "columns": [
            "partner_id", "company_id", "date", "slip", "amount", "tax", "order_id", "move_id",
            "is_cancelled",
        ],
    },
    # Whose purchases a contact's are: its own, its parent's or its company's.
    "res_partner": {
        "customers": ["{r}.id", "{r}.parent_id", "{r}.commercial_partner_id"],
        "counts": "TRUE",
        "columns": ["parent_id", "type", "commercial_partner_id"],
        "events": ("UPDATE", "DELETE"),
    },
}
EVENTS = ("INSERT", "UPDATE", "DELETE")


class ChangeQueue(models.Model):
    """Append-only list of customers whose purchases changed since the last refresh.

    Filled by statement-level triggers on the tables the portfolio reads, with the former and
    the new customer of every row that changed. That sees what ``write_date`` misses: long
    transactions, deletions, merges and direct SQL. A refresh drains it.
    """

    _name = "kokyaku.portfolio.change"
    _description = "Changed Customers"
    _log_access = False

    partner_id = fields.Integer(required=True, readonly=True)  # may be gone by now: no Many2one

    def init(self):
        create_triggers(self.env.cr)


def _function_name(table, event):
    return f"kokyaku_queue_{table}_{event.lower()}"


def _function_body(table, watched, event):
    """Return the plpgsql body that queues the customers of the rows of one statement."""

    if event == "UPDATE":
        # The two tables are subtracted, not joined: plpgsql keeps the plan of a session's first
        # call, and made for one edited order it would join them by a nested loop. 50 000 orders
        # later in that session took more than 90 s.
        columns = ", ".join(["id", *(one for one in watched["columns"] if one != "id")])
        old, new = (f"SELECT {columns} FROM {rows}" for rows in ("old_rows", "new_rows"))
        rows = f"(({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old}))"
    else:
        rows = "new_rows" if event == "INSERT" else "old_rows"
    customers = ", ".join(expression.format(r="r") for expression in watched["customers"])
    counts = watched["counts"].format(r="r")
    return f"""BEGIN
        INSERT INTO kokyaku_portfolio_change (partner_id)
        SELECT DISTINCT customer FROM {rows} AS r, unnest(ARRAY[{customers}]) AS customer
        WHERE {counts} AND customer IS NOT NULL;
        RETURN NULL;
    END"""


def create_triggers(cr):
    """Create the triggers that are missing, and renew their functions.

    A trigger that stands already is left alone: creating one locks the table.
    """
    for table, watched in WATCHED.items():
        for event in watched.get("events", EVENTS):
            name = _function_name(table, event)
            cr.execute(
                SQL(
                    "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %s",
                    SQL.identifier(name),
                    _function_body(table, watched, event),
                )
            )
            cr.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s", [name])
            if cr.rowcount:
                continue
            tables = {
                "INSERT": SQL("NEW TABLE AS new_rows"),
                "UPDATE": SQL("OLD TABLE AS old_rows NEW TABLE AS new_rows"),
                "DELETE": SQL("OLD TABLE AS old_rows"),
            }[event]
            cr.execute(
                SQL(
                    """CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s
                    REFERENCING %(tables)s
                    FOR EACH STATEMENT EXECUTE FUNCTION %(name)s()""",
                    name=SQL.identifier(name),
                    event=SQL(event),
                    table=SQL.identifier(table),
                    tables=tables,
                )
            )


def drop_triggers(cr):
    """Drop all triggers and their functions."""
    for table, watched in WATCHED.items():
        for event in watched.get("events", EVENTS):
            name = SQL.identifier(_function_name(table, event))
            cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", name, SQL.identifier(table)))
            cr.execute(SQL("DROP FUNCTION IF EXISTS %s()", name))

"""The floor of an import of sales."""

from .tables import add_key, create_like

CONTENT = """
SELECT count(*), count(partner_id), count(product_id), sum(amount), sum(tax),
    sum(hashtextextended(concat_ws('|', external_key, slip, date, customer_code, buyer_phone,
        partner_id, product_id, trim_scale(quantity), trim_scale(amount), user_name, shop), 0))
FROM {table}
"""


def create_table(cr):
    """The floor's table of sales lines, with the product's indexes and keys."""
    for key, definition in create_like(cr, "sales", "kokyaku_sales_record"):
        if "(import_id)" not in definition:  # the rows are of imports that are gone
            add_key(cr, "sales", key, definition)
        else:
            cr.execute("CREATE TABLE IF NOT EXISTS floor.import (id int PRIMARY KEY)")
            cr.execute(
                "INSERT INTO floor.import SELECT generate_series(1, 1000) ON CONFLICT DO NOTHING"
            )
            cr.execute(
                "ALTER TABLE floor.sales ADD FOREIGN KEY (import_id) REFERENCES floor.import"
            )


def keep_rows(cr, path):
    """Write the rows of the product's table to a file that COPY reads."""
    with open(path, "w") as file:
        cr.copy_expert("COPY kokyaku_sales_record TO STDOUT", file)


def import_sales(cr, path, rows):
    """Read the file by pandas; copy the rows that come of it."""
    import pandas as pd

    pd.read_csv(path, encoding="cp932", dtype=str)
    with open(rows) as file:
        cr.copy_expert("COPY floor.sales FROM STDIN", file)

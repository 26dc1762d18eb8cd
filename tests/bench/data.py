"""The databases the benchmark measures in: five years of orders, heavy-tailed, made by SQL.

A tenth of the customers holds half of the orders. A fifth of the customers are companies with
three persons each; one in twenty has a delivery address that orders name; some company orders
name the person behind them; one order in a hundred is in US dollars; one in fifty is a return.
Beside the confirmed orders there are cancelled ones and quotations. Everything is drawn from
one seed and dated from a fixed day, so two runs measure the same data.
"""

import hashlib
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import place
from bulk import columns, loading

SIZES = {"S": (10_000, 50_000), "M": (100_000, 1_000_000), "L": (1_000_000, 10_000_000)}
"""Customers and confirmed orders; three lines each on average."""

LAST_DAY = date(2025, 12, 31)  # the last day with orders; the day after is the next day
YEARS_OF_ORDERS = 1826  # days
PRODUCTS = 1000
FAMILY = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 "
    "小林 加藤 吉田 山田 佐々木 山口 松本 井上"
)
GIVEN = (
    "翔太 美咲 健一 陽子 大輔 さくら 誠 由美子 "
    "直樹 恵 拓也 真理子 浩 久美子 隆 愛"
)
KANA_FAMILY = (
    "サトウ スズキ タカハシ タナカ イトウ ワタナベ ヤマモト "
    "ナカムラ コバヤシ カトウ ヨシダ ヤマダ ササキ "
    "ヤマグチ マツモト イノウエ"
)
KANA_GIVEN = (
    "ショウタ ミサキ ケンイチ ヨウコ ダイスケ サクラ マコト "
    "ユミコ ナオキ メグミ タクヤ マリコ ヒロシ "
    "クミコ タカシ アイ"
)
CITIES = (
    "千代田区神田神保町 横浜市中区山下町 "
    "名古屋市中区栄 札幌市北区北七条西 福岡市博多区博多駅前"
)


def database_of(size):
    return f"kokyaku_bench_{size}"


def prepare(size, fresh=False, log=print):
    """Have the database of a size, made now or in a former run; return its name.

    When the add-ons have changed since, they are updated in it; the data stays.
    """
    name = database_of(size)
    generated, installed = (place.origin(name) or "/").split("/")
    if fresh or generated != _digest(Path(__file__)):
        started = time.monotonic()
        _generate(name, *SIZES[size])
        log(f"{name} made in {time.monotonic() - started:.0f} s")
        installed = _digest_of_addons()
    elif installed != _digest_of_addons():
        log(f"{name}: updating the add-ons")
        place.run_odoo(
            "server", "-d", name, "-u", "kokyaku_crm", "--stop-after-init", "--no-http"
        )
        place.run_odoo("shell", "-d", name, "--no-http", script=KEYS_SCRIPT)
        installed = _digest_of_addons()
    place.set_origin(name, f"{_digest(Path(__file__))}/{installed}")
    return name


def _digest(*files):
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _digest_of_addons():
    folders = [Path(name) for name in place.settings()["addons_path"].split(",")]
    files = [
        file
        for folder in folders
        for file in folder.glob("kokyaku_*/**/*")
        if file.suffix in (".py", ".xml", ".csv") and "tests" not in file.parts
    ]
    return _digest(*sorted(files))


def _generate(name, customers, orders):
    new = f"{name}_new"
    place.copy(place.template(), new)
    place.install(new)
    place.run_odoo("shell", "-d", new, "--no-http", script=PRODUCTS_SCRIPT)
    with closing(place.connect(new)) as connection, connection.cursor() as cr:
        cr.execute("SET synchronous_commit = off; SET work_mem = '256MB'; SET jit = off")
        cr.execute("SELECT setseed(0.42)")
        with loading(cr, "res_partner"):
            _make_customers(cr, customers)
        with loading(cr, "sale_order", "sale_order_line", "account_tax_sale_order_line_rel"):
            _make_orders(cr, customers, orders)
        cr.execute("DROP TABLE bench_order, bench_customer, bench_product")
    place.run_odoo("shell", "-d", new, "--no-http", script=UNREADY + KEYS_SCRIPT)
    place.rename(new, name)


UNREADY = 'env["ir.config_parameter"].set_param("kokyaku_crm.search_keys", False)\n'

# Loading switches the triggers off that keep the search keys; an update may change their rules.
KEYS_SCRIPT = """
keys = env["kokyaku.partner.key"]
if not keys._is_ready():
    keys._fill()
    env.cr.commit()
"""

# The masters come from the ORM; only what is counted in millions is written by SQL. Prices are
# multiples of ten, so that 10 % tax is exact however it is rounded.
PRODUCTS_SCRIPT = f"""
tax = env["account.tax"].search([("type_tax_use", "=", "sale"), ("amount", "=", 10)], limit=1)
env["product.product"].create([
    {{
        "name": f"商品 {{number:04}}", "default_code": f"B{{number:04}}",
        "list_price": 10 * (20 + number * number // 1500), "taxes_id": tax.ids,
        "type": "consu",
    }}
    for number in range({PRODUCTS})
])
env["kokyaku.portfolio"]._default_for(env.company).write({{
    "configured": True, "base_date": {str(LAST_DAY)!r}, "tz": "Asia/Tokyo",
}})
usd = env.ref("base.USD")
usd.active = True
if not usd.rate_ids:
    env["res.currency.rate"].create({{"currency_id": usd.id, "name": "2020-01-01", "rate": 0.0067}})
env.cr.commit()
"""

LOG = {"create_uid": 1, "write_uid": 1, "create_date": "now()", "write_date": "now()"}


def _word(words, number):
    """SQL that picks one of the words by a number."""
    words = words.split()
    array = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{array}])[(1 + ({number}) % {len(words)})::int]"


def _make_customers(cr, customers):
    """``bench_customer (k, id)``: the customers by number, the first tenth the heavy ones."""
    number = "(k::bigint * 7919)"
    name = (
        f"CASE WHEN k % 20 = 0 THEN '株式会社' || {_word(FAMILY, number)} || '商事' || k "
        f"ELSE {_word(FAMILY, number)} || ' ' || {_word(GIVEN, f'{number} / 16')} END"
    )
    kana = f"{_word(KANA_FAMILY, number)} || ' ' || {_word(KANA_GIVEN, f'{number} / 16')}"
    names, values = columns(
        {
            "ref": "'K' || lpad(k::text, 8, '0')",
            "name": name,
            "kana": kana,
            "kana_sort": f"kokyaku_sort_key({kana})",
            "family_name": f"CASE WHEN k % 20 <> 0 THEN {_word(FAMILY, number)} END",
            "given_name": f"CASE WHEN k % 20 <> 0 THEN {_word(GIVEN, f'{number} / 16')} END",
            "is_company": "k % 20 = 0",
            "type": "'contact'",
            "email": "'k' || k || '@example.com'",
            "phone": "'03-' || lpad((k % 10000)::text, 4, '0') || '-' "
            "|| lpad((k * 13 % 10000)::text, 4, '0')",
            "zip": "lpad((100 + k % 800)::text, 3, '0') || '-' || lpad((k % 9999)::text, 4, '0')",
            "city": _word(CITIES, "k"),
            "street": "(1 + k % 9) || '-' || (1 + k % 31) || '-' || (1 + k % 17)",
            "country_id": "(SELECT id FROM res_country WHERE code = 'JP')",
            "state_id": "(SELECT min(s.id) FROM res_country_state s JOIN res_country c "
            "ON c.id = s.country_id AND c.code = 'JP')",
            "lang": "'ja_JP'",
            "tz": "'Asia/Tokyo'",
            "active": "true",
            "partner_share": "true",
            "customer_rank": 1,
            "autopost_bills": "'ask'",
            **LOG,
        }
    )
    cr.execute(
        f"INSERT INTO res_partner ({names}) SELECT {values} FROM generate_series(1, {customers}) k"
    )
    cr.execute(
        """CREATE TABLE bench_customer AS
        SELECT substr(ref, 2)::int AS k, id FROM res_partner WHERE ref LIKE 'K________'"""
    )
    cr.execute("ALTER TABLE bench_customer ADD PRIMARY KEY (k); ANALYZE bench_customer")
    # The three persons after each company belong to it.
    cr.execute(
        """UPDATE res_partner p SET parent_id = c.id
        FROM bench_customer b JOIN bench_customer c ON c.k = b.k - b.k % 20
        WHERE p.id = b.id AND b.k % 20 IN (1, 2, 3) AND b.k > 20"""
    )
    addresses, values = columns(
        {
            "name": "p.name || ' 倉庫'",
            "parent_id": "p.id",
            "type": "'delivery'",
            "is_company": "false",
            "zip": "p.zip",
            "city": "p.city",
            "street": "p.street",
            "country_id": "p.country_id",
            "state_id": "p.state_id",
            "lang": "'ja_JP'",
            "active": "true",
            "partner_share": "true",
            "autopost_bills": "'ask'",
            **LOG,
        }
    )
    cr.execute(
        f"""INSERT INTO res_partner ({addresses}) SELECT {values}
        FROM res_partner p JOIN bench_customer c ON c.id = p.id WHERE c.k % 20 IN (0, 7)"""
    )
    cr.execute(
        """UPDATE res_partner p SET
            commercial_partner_id = CASE
                WHEN p.is_company OR p.parent_id IS NULL THEN p.id
                WHEN parent.is_company OR parent.parent_id IS NULL THEN parent.id
                ELSE parent.parent_id END,
            commercial_company_name = (
                CASE WHEN p.is_company THEN p.name WHEN parent.is_company THEN parent.name END),
            complete_name = (
                CASE WHEN parent.id IS NULL THEN p.name ELSE parent.name || ', ' || p.name END)
        FROM res_partner c LEFT JOIN res_partner parent ON parent.id = c.parent_id
        WHERE c.id = p.id AND p.commercial_partner_id IS NULL"""
    )


def _make_orders(cr, customers, orders):
    """Orders in the order of their days, as they come in; totals are the sums of their lines."""
    _make_raw_orders(cr, customers, orders)
    _make_lines(cr)
    names, values = columns(
        {
            "name": "'B' || lpad(g::text, 8, '0')",
            "company_id": 1,
            "partner_id": "named",
            "person_id": "person",
            "partner_invoice_id": "customer",
            "partner_shipping_id": "named",
            "currency_id": "currency",
            "currency_rate": "rate",
            "state": "state",
            "date_order": "at",
            "amount_untaxed": "untaxed",
            "amount_tax": "untaxed * 0.1",
            "amount_total": "untaxed * 1.1",
            "invoice_status": "CASE state WHEN 'sale' THEN 'to invoice' ELSE 'no' END",
            "locked": "false",
            "require_signature": "false",
            "require_payment": "false",
            "user_id": 2,
            **LOG,
            "create_date": "at",
            "write_date": "at",
        }
    )
    cr.execute(
        f"""INSERT INTO sale_order (id, {names})
        SELECT base + g, {values} FROM bench_order ORDER BY g"""
    )
    cr.execute("SELECT setval('sale_order_id_seq', (SELECT max(id) FROM sale_order))")


def _make_raw_orders(cr, customers, orders):
    """``bench_order``: who ordered when, with the sum of the lines to come."""
    heavy = customers // 10
    cr.execute("SELECT COALESCE(max(id), 0) FROM sale_order")
    [base] = cr.fetchone()
    cr.execute(
        f"""CREATE TABLE bench_order AS
        WITH drawn AS (
            SELECT CASE WHEN random() < 0.5 THEN 1 + floor(random() * {heavy})
                        ELSE 1 + {heavy} + floor(random() * {customers - heavy}) END::int AS k,
                timestamp '{LAST_DAY} 14:59:00' - power(random(), 1.2) * {YEARS_OF_ORDERS}
                    * interval '1 day' AS at,
                CASE WHEN i <= {orders} THEN 'sale'
                     WHEN random() < 0.5 THEN 'cancel' ELSE 'draft' END AS state,
                random() < 0.02 AS is_return, random() < 0.01 AS in_dollars, random() AS luck
            FROM generate_series(1, {orders + orders // 25}) i
        )
        SELECT row_number() OVER (ORDER BY at)::int AS g, {base} AS base,
            date_trunc('second', at) AS at, state, is_return,
            CASE WHEN in_dollars THEN (SELECT id FROM res_currency WHERE name = 'USD')
                 ELSE (SELECT currency_id FROM res_company WHERE id = 1) END AS currency,
            CASE WHEN in_dollars THEN 0.0067 ELSE 1.0 END AS rate,
            CASE WHEN p.is_company THEN c.id ELSE p.commercial_partner_id END AS customer,
            CASE WHEN luck < 0.3 AND a.id IS NOT NULL THEN a.id
                 WHEN luck > 0.8 AND p.parent_id IS NOT NULL THEN p.parent_id
                 ELSE c.id END AS named,
            CASE WHEN luck > 0.8 AND p.parent_id IS NOT NULL THEN c.id END AS person,
            0::numeric AS untaxed
        FROM drawn JOIN bench_customer c USING (k) JOIN res_partner p ON p.id = c.id
        LEFT JOIN res_partner a ON a.parent_id = c.id AND a.type = 'delivery'"""
    )
    cr.execute("ANALYZE bench_order")


def _make_lines(cr):
    """One to five lines per order, three on average; then their sums into ``bench_order``."""
    cr.execute(
        """CREATE TABLE bench_product AS
        SELECT row_number() OVER (ORDER BY p.id)::int AS n, p.id, t.list_price AS price,
            t.name->>'ja_JP' AS name_ja, t.name->>'en_US' AS name, t.uom_id, p.default_code
        FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
        WHERE p.default_code LIKE 'B____'"""
    )
    cr.execute("ANALYZE bench_product")
    names, values = columns(
        {
            "order_id": "o.base + o.g",
            "sequence": "10",
            "company_id": "1",
            "currency_id": "o.currency",
            "order_partner_id": "o.named",
            "salesman_id": "2",
            "product_id": "p.id",
            "product_uom_id": "p.uom_id",
            "state": "o.state",
            "name": "'[' || p.default_code || '] ' || COALESCE(p.name_ja, p.name)",
            "product_uom_qty": "o.quantity",
            "price_unit": "p.price",
            "technical_price_unit": "p.price",
            "discount": "0",
            "price_subtotal": "o.quantity * p.price",
            "price_tax": "o.quantity * p.price * 0.1",
            "price_total": "o.quantity * p.price * 1.1",
            "price_reduce_taxexcl": "p.price",
            "price_reduce_taxinc": "p.price * 1.1",
            "qty_delivered_method": "'manual'",
            "qty_delivered": "0",
            "qty_invoiced": "0",
            "qty_to_invoice": "CASE WHEN o.state = 'sale' THEN o.quantity ELSE 0 END",
            "untaxed_amount_invoiced": "0",
            "untaxed_amount_to_invoice": (
                "CASE WHEN o.state = 'sale' THEN o.quantity * p.price ELSE 0 END"
            ),
            "invoice_status": "CASE WHEN o.state = 'sale' THEN 'to invoice' ELSE 'no' END",
            "customer_lead": "0",
            "is_downpayment": "false",
            "is_expense": "false",
            **{name: f"o.{value}" for name, value in zip(
                ("create_date", "write_date"), ("at", "at"), strict=True)},
            "create_uid": "1",
            "write_uid": "1",
        }
    )
    cr.execute(
        f"""INSERT INTO sale_order_line ({names})
        SELECT {values}
        FROM (
            SELECT *, (CASE WHEN is_return THEN -1 ELSE 1 END)
                    * (1 + floor(3 * random() * random()))::int AS quantity,
                1 + floor({PRODUCTS} * random())::int AS n
            FROM bench_order, generate_series(1, 1 + g % 1000 * 7919 % 5) AS line
            ORDER BY g
        ) AS o JOIN bench_product p USING (n)"""
    )
    cr.execute(
        """INSERT INTO account_tax_sale_order_line_rel
            (sale_order_line_id, account_tax_id)
        SELECT l.id, t.account_tax_id FROM sale_order_line l CROSS JOIN (
            SELECT min(id) AS account_tax_id FROM account_tax
            WHERE type_tax_use = 'sale' AND amount = 10) AS t"""
    )
    cr.execute(
        """CREATE TEMPORARY TABLE bench_sum AS
        SELECT order_id, sum(price_subtotal) AS untaxed FROM sale_order_line GROUP BY order_id"""
    )
    cr.execute(
        """CREATE TABLE bench_priced AS
        SELECT g, base, at, state, currency, rate, customer, named, person, s.untaxed
        FROM bench_order o JOIN bench_sum s ON s.order_id = o.base + o.g"""
    )
    cr.execute("DROP TABLE bench_order, bench_sum")
    cr.execute("ALTER TABLE bench_priced RENAME TO bench_order")

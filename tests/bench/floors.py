"""The floors: what each line of the benchmark is measured against.

Plain SQL and plain library calls as an expert would write them for this very job and nothing
else: no ORM, no rules but the default ones, no other time zone, no case that the benchmark's
data does not hold. None of it is taken from the product; each floor's result is compared with
the product's in the same run.

The tables of the schema ``floor`` have the columns, indexes and constraints of the product's.
"""

TABLES = {
    "metrics": "kokyaku_customer_metrics",
    "ledger": "kokyaku_customer_ledger",
    "period": "kokyaku_tier_period",
    "day": "kokyaku_tier_day",
    "move": "kokyaku_tier_move",
}

CONTENT = {
    "metrics": "partner_id, tier_id, first_date, last_date, purchase_days, order_count, "
    "trim_scale(amount), tenure_days",
    "ledger": "partner_id, days, amounts::float[]",
    "period": "partner_id, tier_id, previous_tier_id, date_from, date_to, trim_scale(amount), "
    "trim_scale(amount_12m)",
    "day": "date, tier_id, people_delta, trim_scale(amount_delta), trim_scale(amount_12m_delta)",
    "move": "date, from_tier_id, to_tier_id, people, trim_scale(amount), trim_scale(amount_12m)",
}
"""What is compared row by row: everything but the row's own number."""

RANKS = "partner_id, decile, abc_class, r_quintile, f_quintile, m_quintile, trim_scale(amount_12m)"


def create_tables(cr):
    """Make the floor's tables, empty, like the product's."""
    cr.execute("DROP SCHEMA IF EXISTS floor CASCADE; CREATE SCHEMA floor")
    for name, table in TABLES.items():
        cr.execute(f"CREATE TABLE floor.{name} (LIKE {table} INCLUDING ALL)")


# ---- refresh_full ---------------------------------------------------------------------------

SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"

ADDRESSES = """
CREATE TEMPORARY TABLE address ON COMMIT DROP AS
WITH RECURSIVE up AS (
    SELECT id, parent_id AS contact FROM res_partner
    WHERE type IN ('invoice', 'delivery', 'other') AND parent_id IS NOT NULL
    UNION ALL
    SELECT up.id, p.parent_id FROM up JOIN res_partner p ON p.id = up.contact
    WHERE p.type IN ('invoice', 'delivery', 'other') AND p.parent_id IS NOT NULL
)
SELECT up.id, up.contact FROM up JOIN res_partner p ON p.id = up.contact
WHERE p.parent_id IS NULL OR p.type NOT IN ('invoice', 'delivery', 'other')
"""

# One row per customer and day, whole yen. {restriction} names the customers if not everyone.
DAYS = """
CREATE TEMPORARY TABLE purchase ON COMMIT DROP AS
SELECT COALESCE(a.contact, person_id, partner_id) AS customer,
    (date_order + interval '9 hours')::date AS day,
    sum(CASE currency_rate WHEN 1 THEN amount_total
        ELSE round(amount_total / currency_rate) END)::float8 AS amount,
    count(*) AS orders
FROM sale_order
LEFT JOIN address a ON a.id = COALESCE(person_id, partner_id)
WHERE company_id = 1 AND state = 'sale'
    AND date_order < timestamp '{until}' + interval '15 hours' {restriction}
GROUP BY 1, 2
HAVING sum(CASE currency_rate WHEN 1 THEN amount_total
    ELSE round(amount_total / currency_rate) END) <> 0
"""

# Every day on which anything can change: the end of a purchase's year, then purchases, then
# lapses. The first of them happens in the night before, so it sees the lapse of that day not yet.
EVENTS = """
CREATE TEMPORARY TABLE event ON COMMIT DROP AS
SELECT customer, day, tier, lag(tier) OVER w AS old_tier, amount, amount - plus AS old_amount,
    year, year - year_plus AS old_year
FROM (
    SELECT *, CASE WHEN last IS NULL OR amount <= 0 THEN NULL
        ELSE CASE WHEN first = last THEN 1
                  WHEN last - first < 90 THEN 2
                  WHEN amount < 70000 THEN 3
                  WHEN last - first < 210 THEN 4
                  ELSE 5 END
            + CASE WHEN day - last >= CASE sort WHEN 0 THEN 241 ELSE 240 END THEN 5 ELSE 0 END
        END AS tier
    FROM (
        SELECT customer, day, sort, plus, year_plus, sum(plus) OVER w AS amount,
            sum(year_plus) OVER w AS year, min(bought) OVER w AS first, max(bought) OVER w AS last
        FROM (
            SELECT customer, (day + interval '1 year')::date AS day, 0 AS sort,
                0::float8 AS plus, -amount AS year_plus, NULL::date AS bought
            FROM {purchase} WHERE (day + interval '1 year')::date <= '{until}'
            UNION ALL
            SELECT customer, day, 1, amount, amount, CASE WHEN amount > 0 THEN day END
            FROM {purchase}
            UNION ALL
            SELECT customer, day + 240, 2, 0, 0, NULL
            FROM (
                SELECT customer, day,
                    lead(day) OVER (PARTITION BY customer ORDER BY day) AS next_day
                FROM {purchase} WHERE amount > 0
            ) AS gap
            WHERE day + 240 <= '{until}' AND (next_day IS NULL OR next_day > day + 240)
        ) AS happening
        WINDOW w AS (PARTITION BY customer ORDER BY day, sort ROWS UNBOUNDED PRECEDING)
    ) AS running
) AS state
WINDOW w AS (PARTITION BY customer ORDER BY day, sort)
"""

METRICS = """
INSERT INTO floor.metrics (portfolio_id, company_id, partner_id, tier_id, first_date, last_date,
    purchase_days, order_count, amount, tenure_days)
SELECT {portfolio}, 1, customer,
    ('{tiers}'::int[])[CASE WHEN amount <= 0 THEN NULL ELSE
        CASE WHEN bought = 1 THEN 1
             WHEN last - first < 90 THEN 2
             WHEN amount < 70000 THEN 3
             WHEN last - first < 210 THEN 4
             ELSE 5 END + CASE WHEN date '{until}' - last >= 240 THEN 5 ELSE 0 END END],
    first, last, bought, orders, amount, last - first
FROM (
    SELECT customer, sum(amount) AS amount, sum(orders) AS orders,
        count(*) FILTER (WHERE amount > 0) AS bought,
        min(day) FILTER (WHERE amount > 0) AS first, max(day) FILTER (WHERE amount > 0) AS last
    FROM purchase GROUP BY customer
) AS total
WHERE bought > 0
"""

LEDGER = """
INSERT INTO floor.ledger (portfolio_id, partner_id, days, amounts)
SELECT {portfolio}, customer, array_agg(day), array_agg(amount)
FROM (SELECT customer, day, amount::numeric FROM purchase ORDER BY customer, day) AS sorted
GROUP BY customer
"""

PERIODS = """
INSERT INTO floor.period (portfolio_id, company_id, partner_id, tier_id, previous_tier_id,
    date_from, date_to, amount, amount_12m)
SELECT {portfolio}, 1, customer, ('{tiers}'::int[])[tier], ('{tiers}'::int[])[old_tier], day,
    next_change - 1, amount, year
FROM (
    SELECT *, lead(day) OVER (PARTITION BY customer ORDER BY day) AS next_change
    FROM event WHERE tier IS DISTINCT FROM old_tier
) AS change
WHERE tier IS NOT NULL
"""

# What happened on a day between two tiers or within one. {sign}: -1 takes it out again.
FLOWS = """
SELECT day, old_tier, tier, {sign} * count(*) AS people, {sign} * sum(old_amount) AS old_amount,
    {sign} * sum(amount) AS amount, {sign} * sum(old_year) AS old_year, {sign} * sum(year) AS year
FROM event WHERE tier IS NOT NULL OR old_tier IS NOT NULL
GROUP BY day, old_tier, tier
"""

TIER_DAYS = """
INSERT INTO floor.day AS d (portfolio_id, date, tier_id, people_delta, amount_delta,
    amount_12m_delta)
SELECT {portfolio}, day, ('{tiers}'::int[])[tier], sum(people), sum(amount), sum(year)
FROM (
    SELECT day, tier, people, amount, year FROM flow WHERE tier IS NOT NULL
    UNION ALL
    SELECT day, old_tier, - people, - old_amount, - old_year FROM flow WHERE old_tier IS NOT NULL
) AS difference
GROUP BY day, tier
HAVING sum(people) <> 0 OR sum(amount) <> 0 OR sum(year) <> 0
"""

TIER_MOVES = """
INSERT INTO floor.move AS m (portfolio_id, date, from_tier_id, to_tier_id, people, amount,
    amount_12m)
SELECT {portfolio}, day, ('{tiers}'::int[])[old_tier], ('{tiers}'::int[])[tier], sum(people),
    sum(CASE WHEN tier IS NULL THEN old_amount ELSE amount END),
    sum(CASE WHEN tier IS NULL THEN old_year ELSE year END)
FROM flow WHERE tier IS DISTINCT FROM old_tier
GROUP BY day, old_tier, tier
HAVING sum(people) <> 0 OR sum(amount) <> 0
    OR sum(CASE WHEN tier IS NULL THEN old_year ELSE year END) <> 0
"""


def refresh_full(cr, portfolio, tiers, until):
    """Everything from nothing, in the running transaction.

    :param portfolio: id of the portfolio
    :param tiers: ids of the ten tiers, active in growth order, then lapsed
    :param until: base date
    """
    words = {"portfolio": portfolio, "tiers": _array(tiers), "until": until}
    cr.execute(SETTINGS)
    cr.execute(ADDRESSES)
    cr.execute("ANALYZE address")
    cr.execute(DAYS.format(restriction="", **words))
    cr.execute("ANALYZE purchase")
    cr.execute(EVENTS.format(purchase="purchase", **words))
    cr.execute(METRICS.format(**words))
    cr.execute(LEDGER.format(**words))
    cr.execute(PERIODS.format(**words))
    cr.execute(f"CREATE TEMPORARY TABLE flow ON COMMIT DROP AS {FLOWS.format(sign=1)}")
    cr.execute(TIER_DAYS.format(**words))
    cr.execute(TIER_MOVES.format(**words))


def _array(tiers):
    return "{" + ",".join(map(str, tiers)) + "}"


# ---- rank -----------------------------------------------------------------------------------

RANK = """
UPDATE floor.metrics t SET decile = r.decile, abc_class = r.abc, r_quintile = r.r,
    f_quintile = r.f, m_quintile = r.m, amount_12m = r.year, ranked_at = now()
FROM (
    SELECT m.id, ntile(10) OVER amounts AS decile, 6 - ntile(5) OVER amounts AS m,
        6 - ntile(5) OVER (ORDER BY last_date DESC, ref, partner_id) AS r,
        6 - ntile(5) OVER (ORDER BY purchase_days DESC, ref, partner_id) AS f,
        CASE WHEN sum(amount) OVER amounts - amount < 0.8 * total THEN 'a'
             WHEN sum(amount) OVER amounts - amount < 0.9 * total THEN 'b' ELSE 'c' END AS abc,
        COALESCE(y.year, 0) AS year
    FROM floor.metrics m
    JOIN res_partner p ON p.id = m.partner_id
    CROSS JOIN (SELECT sum(amount) AS total FROM floor.metrics WHERE tier_id IS NOT NULL) AS s
    LEFT JOIN (
        SELECT partner_id, sum(amount) AS year
        FROM floor.ledger, unnest(days, amounts) AS purchase (day, amount)
        WHERE day >= date '{until}' - 366 AND (day + interval '1 year')::date > '{until}'
        GROUP BY partner_id
    ) AS y USING (partner_id)
    WHERE m.tier_id IS NOT NULL
    WINDOW amounts AS (ORDER BY amount DESC, ref, partner_id ROWS UNBOUNDED PRECEDING)
) AS r
WHERE t.id = r.id AND (t.decile, t.abc_class, t.r_quintile, t.f_quintile, t.m_quintile,
        t.amount_12m) IS DISTINCT FROM (r.decile, r.abc, r.r, r.f, r.m, r.year)
"""


def rank(cr, until):
    """Deciles, ABC classes, quintiles and twelve months of everyone."""
    cr.execute(SETTINGS)
    cr.execute(RANK.format(until=until))


# ---- refresh_next_day -----------------------------------------------------------------------

COVERING_INDEX = """
SELECT COALESCE(person_id, partner_id), count(*), min(date_order), max(date_order)
FROM sale_order WHERE company_id = 1 AND state = 'sale'
GROUP BY COALESCE(person_id, partner_id)
"""


def next_day(cr):
    """Read count, first and last day per customer from the covering index."""
    cr.execute(SETTINGS)
    cr.execute(f"SELECT count(*), sum(count), min(min), max(max) FROM ({COVERING_INDEX}) AS c")
    return cr.fetchone()


# ---- refresh_changed ------------------------------------------------------------------------

FORMER_PURCHASES = """
CREATE TEMPORARY TABLE former ON COMMIT DROP AS
SELECT l.partner_id AS customer, p.day, p.amount::float8 AS amount, 0 AS orders
FROM floor.ledger l JOIN touched t ON t.customer = l.partner_id,
    unnest(l.days, l.amounts) AS p (day, amount)
"""

# The contacts whose orders are the touched customers': themselves, and their addresses.
TOUCHED_CONTACTS = """
CREATE TEMPORARY TABLE contact ON COMMIT DROP AS
SELECT customer AS id FROM touched
UNION SELECT a.id FROM address a JOIN touched t ON t.customer = a.contact
"""


def refresh_changed(cr, portfolio, tiers, until):
    """Bring the floor's tables up to date for the customers in the table ``touched``."""
    words = {"portfolio": portfolio, "tiers": _array(tiers), "until": until}
    cr.execute(SETTINGS)
    cr.execute(ADDRESSES)
    cr.execute(FORMER_PURCHASES)
    cr.execute("ANALYZE former")
    cr.execute(EVENTS.format(purchase="former", **words))
    cr.execute(f"CREATE TEMPORARY TABLE flow ON COMMIT DROP AS {FLOWS.format(sign=-1)}")
    cr.execute("DROP TABLE event")
    cr.execute(TOUCHED_CONTACTS)
    cr.execute("ANALYZE contact")
    restriction = "AND COALESCE(person_id, partner_id) IN (SELECT id FROM contact)"
    cr.execute(DAYS.format(restriction=restriction, **words))
    cr.execute("ANALYZE purchase")
    cr.execute(EVENTS.format(purchase="purchase", **words))
    for table in ("metrics", "ledger", "period"):
        cr.execute(
            f"""DELETE FROM floor.{table} WHERE portfolio_id = {portfolio}
            AND partner_id IN (SELECT customer FROM touched)"""
        )
    cr.execute(METRICS.format(**words))
    cr.execute(LEDGER.format(**words))
    cr.execute(PERIODS.format(**words))
    cr.execute(f"INSERT INTO flow {FLOWS.format(sign=1)}")
    cr.execute(TIER_DAYS.format(**words) + ADD_DAYS)
    cr.execute(TIER_MOVES.format(**words) + ADD_MOVES)
    cr.execute(
        """DELETE FROM floor.day
        WHERE people_delta = 0 AND amount_delta = 0 AND amount_12m_delta = 0"""
    )
    cr.execute("DELETE FROM floor.move WHERE people = 0")


ADD_DAYS = """
ON CONFLICT (portfolio_id, date, tier_id) DO UPDATE SET
    people_delta = d.people_delta + excluded.people_delta,
    amount_delta = d.amount_delta + excluded.amount_delta,
    amount_12m_delta = d.amount_12m_delta + excluded.amount_12m_delta
"""
ADD_MOVES = """
ON CONFLICT (portfolio_id, date, COALESCE(from_tier_id, 0), COALESCE(to_tier_id, 0))
DO UPDATE SET people = m.people + excluded.people, amount = m.amount + excluded.amount,
    amount_12m = m.amount_12m + excluded.amount_12m
"""


# ---- workbook -------------------------------------------------------------------------------


def workbook(path, sheets):
    """Write rows from memory, one sheet per tier.

    :param sheets: list of (name, rows of ten cells)
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    money = book.add_format({"num_format": "#,##0"})
    day = book.add_format({"num_format": "yyyy/m/d"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, [f"column {n}" for n in range(10)])
        for number, row in enumerate(rows, 1):
            code, person, email, phone, amount, first, last, tenure, lapse, tier = row
            sheet.write_string(number, 0, code)
            sheet.write_string(number, 1, person)
            sheet.write_string(number, 2, email)
            sheet.write_string(number, 3, phone)
            sheet.write_number(number, 4, amount, money)
            sheet.write_number(number, 5, first, day)
            sheet.write_number(number, 6, last, day)
            sheet.write_number(number, 7, tenure)
            sheet.write_number(number, 8, lapse)
            sheet.write_string(number, 9, tier)
    book.close()


# ---- labels ---------------------------------------------------------------------------------


def labels(pages, font):
    """Draw strings at fixed places; return the PDF.

    :param pages: per page a list of (x, y, size, text) in points
    :param font: a registered font of reportlab
    """
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1)
    for strings in pages:
        for x, y, size, text in strings:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


# ---- name_search ----------------------------------------------------------------------------

# What is searched of a person, folded by hand as far as the data needs it, and an index for each
# kind of question: pairs of characters for names, whole values for numbers, codes and mail.
NAME_KEYS = """
DROP TABLE IF EXISTS floor.name_key, floor.number_end;
CREATE TABLE floor.name_key AS
SELECT id, said, digits, code, email, ARRAY(
    SELECT substr(said, n, 2) FROM generate_series(1, length(said) - 1) AS n) AS pairs
FROM (
    SELECT p.id, translate(concat_ws(' ', p.name, p.kana, c.name, c.kana), ' ー', '/') AS said,
        translate(p.phone, '-', '') AS digits, lower(p.ref) AS code, p.email
    FROM res_partner p LEFT JOIN res_partner c ON c.id = p.parent_id
) AS folded;
ALTER TABLE floor.name_key ADD PRIMARY KEY (id);
CREATE INDEX ON floor.name_key USING gin (pairs);
CREATE INDEX ON floor.name_key (digits);
CREATE INDEX ON floor.name_key (code);
CREATE INDEX ON floor.name_key (email);
CREATE TABLE floor.number_end AS
SELECT p.id, four FROM res_partner p,
    LATERAL (VALUES (translate(p.phone, '-', '')), (p.ref), (translate(p.zip, '-', ''))) AS v (n),
    LATERAL (VALUES (left(n, 4)), (right(n, 4))) AS ends (four)
WHERE four ~ '^[0-9]{4}$';
CREATE INDEX ON floor.number_end (four);
CREATE INDEX ON floor.number_end (id);
"""


def create_name_keys(cr):
    cr.execute(NAME_KEYS)
    cr.execute("ANALYZE floor.name_key; ANALYZE floor.number_end")


NAME_SEARCHES = {
    "田中": "SELECT id FROM floor.name_key WHERE pairs @> '{田中}'",
    "たなか": "SELECT id FROM floor.name_key WHERE pairs @> '{タナ,ナカ}' AND said LIKE '%タナカ%'",
    "ﾀﾅｶ ﾐｻｷ": "SELECT id FROM floor.name_key WHERE pairs @> '{タナ,ナカ,ミサ,サキ}' "
    "AND said LIKE '%タナカ%' AND said LIKE '%ミサキ%'",
    "髙橋 眞理子": "SELECT id FROM floor.name_key WHERE pairs @> '{高橋,真理,理子}' "
    "AND said LIKE '%真理子%'",
    "伊藤 商事": "SELECT id FROM floor.name_key WHERE pairs @> '{伊藤,商事}'",
    "7013": "SELECT id FROM floor.number_end WHERE four = '7013'",
    "０３（１２３４）６０４２": "SELECT id FROM floor.name_key WHERE digits = '0312346042'",
    "Ｋ-00001234": "SELECT id FROM floor.name_key WHERE code = 'k00001234'",
    "K1234@example.com": "SELECT id FROM floor.name_key WHERE email = 'k1234@example.com'",
}
"""What is typed, and the bare query that finds the same people."""


# ---- selection sets -------------------------------------------------------------------------

FOREIGN_KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'f'
"""
SELECTION_TABLES = {
    "member": "kokyaku_selection_member",
    "change": "kokyaku_selection_change",
    "line": "kokyaku_execution_line",
}


def create_member_table(database):
    """The floor's tables of members and lines, with the product's indexes and keys."""
    import place

    with place.connect(database).cursor() as cr:
        cr.execute("CREATE SCHEMA IF NOT EXISTS floor")
        for name, table in SELECTION_TABLES.items():
            cr.execute(f"DROP TABLE IF EXISTS floor.{name}")
            cr.execute(f"CREATE TABLE floor.{name} (LIKE {table} INCLUDING ALL)")
            cr.execute(FOREIGN_KEYS, [table])
            for key, definition in cr.fetchall():
                cr.execute(f"ALTER TABLE floor.{name} ADD CONSTRAINT {key} {definition}")
        cr.execute("CREATE SEQUENCE IF NOT EXISTS floor.line_code")
        cr.execute(
            """CREATE TABLE IF NOT EXISTS bench_products AS
            SELECT product_id AS id FROM sale_order_line WHERE product_id IS NOT NULL
            GROUP BY 1 ORDER BY 1 LIMIT 100"""
        )


MEMBER = """
INSERT INTO floor.member (set_id, company_id, partner_id, origin, excluded,
    create_uid, create_date, write_uid, write_date)
SELECT %(chosen_set)s, 1, id, 'criteria', false, 1, now(), 1, now()
"""

BUILD = (
    MEMBER
    + """
FROM res_partner p
WHERE active AND type = 'contact' AND is_company IS NOT TRUE
    AND (company_id IS NULL OR company_id = 1)
"""
)

BUILD_BY_PURCHASES = (
    MEMBER
    + """
FROM (
    SELECT customer AS id FROM (
        SELECT CASE WHEN p.type IN ('invoice', 'delivery', 'other') AND p.parent_id IS NOT NULL
                    THEN p.parent_id ELSE p.id END AS customer,
            (o.date_order + interval '9 hours')::date AS day, sum(l.product_uom_qty) AS net
        FROM sale_order o
        JOIN sale_order_line l ON l.order_id = o.id
        JOIN res_partner p ON p.id = COALESCE(o.person_id, o.partner_id)
        WHERE o.company_id = 1 AND o.state = 'sale' AND l.display_type IS NULL
            AND l.product_id = ANY(%(products)s)
            AND o.date_order >= %(since)s::timestamp - interval '9 hours'
            AND o.date_order < %(until)s::timestamp - interval '9 hours'
        GROUP BY 1, 2
    ) AS days
    GROUP BY customer HAVING sum(net) > 0 AND count(*) FILTER (WHERE net > 0) >= 2
) AS found
JOIN res_partner USING (id)
WHERE active AND type = 'contact' AND (company_id IS NULL OR company_id = 1)
"""
)

SET_CHANGE = """
UPDATE res_partner SET is_company = NOT is_company
WHERE ref LIKE 'K%' AND hashint4(id) % 100 = 0
"""

# Who came in and who went out is kept, for it is what the office looks at after building a set
# anew: a list the product promises, so the bare statement writes it too.
REBUILD = """
WITH difference AS MATERIALIZED (
    SELECT m.id, chosen.id AS person
    FROM (SELECT id FROM res_partner WHERE active AND type = 'contact'
            AND is_company IS NOT TRUE AND (company_id IS NULL OR company_id = 1)) AS chosen
    FULL JOIN (SELECT id, partner_id FROM floor.member WHERE set_id = %(chosen_set)s) AS m
        ON m.partner_id = chosen.id
    WHERE m.id IS NULL OR chosen.id IS NULL
), gone AS (
    DELETE FROM floor.member m USING difference WHERE m.id = difference.id
    RETURNING m.partner_id AS id
), come AS (
    INSERT INTO floor.member (set_id, company_id, partner_id, origin, excluded,
        create_uid, create_date, write_uid, write_date)
    SELECT %(chosen_set)s, 1, person, 'criteria', false, 1, now(), 1, now()
    FROM difference WHERE id IS NULL
    RETURNING partner_id AS id
)
INSERT INTO floor.change (set_id, company_id, partner_id, came_in)
SELECT %(chosen_set)s, 1, id, false FROM gone
UNION ALL SELECT %(chosen_set)s, 1, id, true FROM come
"""


# ---- bulk_edit ------------------------------------------------------------------------------

BULK_EDIT = """
WITH come AS (
    INSERT INTO kokyaku_personal_type_res_partner_rel (res_partner_id, kokyaku_personal_type_id)
    SELECT id, {kind} FROM res_partner WHERE active AND NOT is_company AND ref LIKE 'K%'
    ON CONFLICT DO NOTHING RETURNING res_partner_id AS person
), log AS (
    INSERT INTO kokyaku_bulk_edit_change (edit_id, line_id, partner_id, new, undone)
    SELECT {edit}, {line}, person, '{{{kind}}}', FALSE FROM come
)
UPDATE res_partner SET write_uid = {uid}, write_date = now() AT TIME ZONE 'UTC'
FROM come WHERE id = person
"""

BULK_EDIT_WRITTEN = """
SELECT count(*), sum(hashtext(concat_ws('|', c.line_id, c.partner_id, c.old, c.new, c.undone))),
    count(t.res_partner_id), count(*) FILTER (WHERE p.write_uid = %(uid)s)
FROM kokyaku_bulk_edit_change c JOIN res_partner p ON p.id = c.partner_id
LEFT JOIN kokyaku_personal_type_res_partner_rel t ON t.res_partner_id = c.partner_id
    AND t.kokyaku_personal_type_id = %(kind)s
WHERE c.edit_id = %(edit)s
"""


def bulk_edit(cr, edit, line, kind, uid):
    """Add the type `kind` to every person, and log it."""
    cr.execute(BULK_EDIT.format(edit=edit, line=line, kind=kind, uid=uid))

FILL_SET = """
INSERT INTO kokyaku_selection_member (set_id, company_id, partner_id, origin, excluded)
SELECT %(chosen_set)s, 1, id, 'manual', false FROM res_partner
WHERE active AND type = 'contact' AND id %% 5 IN (%(rest)s)
"""

COMBINE = {
    how: MEMBER
    + f"""
FROM (SELECT partner_id FROM kokyaku_selection_member
      WHERE set_id = %(first)s AND excluded IS NOT TRUE
      {operator}
      SELECT partner_id FROM kokyaku_selection_member
      WHERE set_id = %(second)s AND excluded IS NOT TRUE) AS people (id)
JOIN res_partner USING (id) WHERE active
"""
    for how, operator in (("union", "UNION"), ("difference", "EXCEPT"))
}

COMPARE = """
SELECT count(*) FILTER (WHERE b.id IS NULL), count(*) FILTER (WHERE a.id IS NULL),
    count(*) FILTER (WHERE a.id = b.id), count(gone.id) FILTER (WHERE a.id = b.id)
FROM (SELECT partner_id AS id FROM kokyaku_selection_member
      WHERE set_id = %(first)s AND excluded IS NOT TRUE) AS a
FULL JOIN (SELECT partner_id AS id FROM kokyaku_selection_member
           WHERE set_id = %(second)s AND excluded IS NOT TRUE) AS b USING (id)
LEFT JOIN (SELECT id FROM res_partner WHERE deceased_on IS NOT NULL OR active IS NOT TRUE)
    AS gone USING (id)
"""

PREPARE = """
INSERT INTO floor.line (execution_id, set_id, company_id, partner_id, user_id, kind, zip_text,
    address_text, company_text, title_text, name_text, honorific_text, noshi, code,
    is_control, is_late, exclusion, create_uid, create_date, write_uid, write_date)
SELECT %(execution)s, %(chosen_set)s, 1, p.id, p.user_id,
    CASE WHEN c.id IS NULL AND COALESCE(a.street, a.city, '') <> '' THEN 'home'
         ELSE 'company' END,
    a.zip, NULLIF(concat(s.name, a.city, a.street)
                  || COALESCE(E'\n' || NULLIF(a.street2, ''), ''), ''),
    c.name, NULLIF(p.function, ''), p.name,
    '様', 'none', nextval('floor.line_code')::text, false, false,
    CASE WHEN p.deceased_on IS NOT NULL THEN 'deceased'
         WHEN p.returned_mail IS NOT NULL THEN 'returned'
         WHEN k.state = 'refused' THEN 'refused'
         WHEN COALESCE(a.street, a.city, '') = '' THEN 'no_address' END,
    1, now(), 1, now()
FROM kokyaku_selection_member m
JOIN res_partner p ON p.id = m.partner_id
LEFT JOIN res_partner c ON c.id = p.parent_id
JOIN res_partner a ON a.id = COALESCE(c.id, p.id)
LEFT JOIN res_country_state s ON s.id = a.state_id
LEFT JOIN kokyaku_consent k ON k.partner_id = p.id AND k.channel = 'post'
    AND k.purpose = 'greeting'
WHERE m.set_id = %(chosen_set)s AND m.excluded IS NOT TRUE
"""

EXECUTE = """
UPDATE floor.line SET sent_on = %(day)s, write_uid = 1, write_date = now()
WHERE execution_id = %(execution)s AND exclusion IS NULL AND is_control IS NOT TRUE
"""


# ---- import_sales ---------------------------------------------------------------------------

SALES_CONTENT = """
SELECT count(*), count(partner_id), count(product_id), sum(amount), sum(tax),
    sum(hashtextextended(concat_ws('|', external_key, slip, date, customer_code, buyer_phone,
        partner_id, product_id, trim_scale(quantity), trim_scale(amount), user_name, shop), 0))
FROM {table}
"""


def create_sales_table(cr):
    """The floor's table of sales lines, with the product's indexes and keys."""
    cr.execute("CREATE SCHEMA IF NOT EXISTS floor; DROP TABLE IF EXISTS floor.sales")
    cr.execute("CREATE TABLE floor.sales (LIKE kokyaku_sales_record INCLUDING ALL)")
    cr.execute(FOREIGN_KEYS, ["kokyaku_sales_record"])
    for key, definition in cr.fetchall():
        if "(import_id)" not in definition:  # the rows are of imports that are gone
            cr.execute(f"ALTER TABLE floor.sales ADD CONSTRAINT {key} {definition}")
        else:
            cr.execute("CREATE TABLE IF NOT EXISTS floor.import (id int PRIMARY KEY)")
            cr.execute(
                "INSERT INTO floor.import SELECT generate_series(1, 1000) ON CONFLICT DO NOTHING"
            )
            cr.execute(
                "ALTER TABLE floor.sales ADD FOREIGN KEY (import_id) REFERENCES floor.import"
            )


def keep_sales(cr, path):
    """Write the rows of the product's table to a file that COPY reads."""
    with open(path, "w") as file:
        cr.copy_expert("COPY kokyaku_sales_record TO STDOUT", file)


def import_sales(cr, path, rows):
    """Read the file by pandas; copy the rows that come of it."""
    import pandas as pd

    pd.read_csv(path, encoding="cp932", dtype=str)
    with open(rows) as file:
        cr.copy_expert("COPY floor.sales FROM STDIN", file)


# ---- link_sales -----------------------------------------------------------------------------

SALES_LINES = """
INSERT INTO kokyaku_sales_record (company_id, import_id, source, external_key, slip, date,
    link_state, quantity, unit_price, amount, customer_code, buyer_name, buyer_email,
    buyer_phone, buyer_zip)
SELECT 1, %(import)s, 'bench', n::text, (n / 3)::text, date '2025-01-01' + n %% 365, 'none', 1,
    1000 + n %% 900, 1000 + n %% 900,
    CASE WHEN way < 12 THEN ref END,
    CASE WHEN way = 19 THEN '見知らぬ 客' || k ELSE replace(name, ' ', '　') END,
    CASE WHEN way BETWEEN 12 AND 15 THEN upper(email) END,
    CASE WHEN way BETWEEN 16 AND 17 THEN replace(phone, '-', '') END,
    CASE WHEN way = 18 THEN replace(zip, '-', '') END
FROM (
    SELECT n, k, k / 20 %% 20 AS way, p.ref, p.name, p.email, p.phone, p.zip
    FROM generate_series(1, %(lines)s) n
    CROSS JOIN LATERAL (SELECT 1 + (n::bigint * 7919 %% c.number)::int AS k
                        FROM (SELECT count(*) AS number FROM res_partner
                              WHERE ref LIKE 'K________') AS c) AS drawn
    JOIN res_partner p ON p.ref = 'K' || lpad(k::text, 8, '0')
) AS line
"""

LINK_SALES = """
UPDATE kokyaku_sales_record r
SET partner_id = found.id, link_state = 'auto', linked_by = found.way
FROM (
    SELECT DISTINCT ON (line) line, id, way FROM (
        SELECT r.id AS line, p.id, 'code' AS way, 1 AS rank
        FROM kokyaku_sales_record r JOIN res_partner p ON p.ref = r.customer_code
        WHERE r.partner_id IS NULL AND p.active
        UNION ALL
        SELECT r.id, p.id, 'email', 2
        FROM kokyaku_sales_record r JOIN res_partner p
            ON lower(p.email) = lower(r.buyer_email)
        WHERE r.partner_id IS NULL AND p.active
        UNION ALL
        SELECT r.id, p.id, 'phone', 3
        FROM kokyaku_sales_record r JOIN res_partner p
            ON replace(p.phone, '-', '') = r.buyer_phone
            AND replace(p.name, ' ', '') = replace(r.buyer_name, '　', '')
        WHERE r.partner_id IS NULL AND p.active
        UNION ALL
        SELECT r.id, p.id, 'name_address', 4
        FROM kokyaku_sales_record r JOIN res_partner p
            ON replace(p.zip, '-', '') = r.buyer_zip
            AND replace(p.name, ' ', '') = replace(r.buyer_name, '　', '')
        WHERE r.partner_id IS NULL AND p.active
    ) AS hit ORDER BY line, rank, id
) AS found
WHERE r.id = found.line
"""

LINKED_SALES = """
SELECT count(partner_id), count(*) FILTER (WHERE link_state = 'auto'),
    sum(hashtextextended(concat(id, ' ', partner_id, ' ', linked_by), 0)::numeric)
FROM kokyaku_sales_record
"""


def link_sales(cr):
    cr.execute(SETTINGS)
    cr.execute(LINK_SALES)

"""The floors of the portfolio: its tables, the refresh and the ranks."""

from .tables import SETTINGS, create_like

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
        create_like(cr, name, table)


# ---- refresh_full ---------------------------------------------------------------------------

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

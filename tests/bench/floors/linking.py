"""The floor of finding the customers of imported sales."""

from .tables import SETTINGS

LINES = """
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

LINK = """
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

LINKED = """
SELECT count(partner_id), count(*) FILTER (WHERE link_state = 'auto'),
    sum(hashtextextended(concat(id, ' ', partner_id, ' ', linked_by), 0)::numeric)
FROM kokyaku_sales_record
"""


def link_sales(cr):
    cr.execute(SETTINGS)
    cr.execute(LINK)

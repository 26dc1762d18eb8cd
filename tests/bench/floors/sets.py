"""The floors of selection sets: building, combining, comparing and executing them."""

import place

from .tables import add_key, create_like

TABLES = {
    "member": "kokyaku_selection_member",
    "change": "kokyaku_selection_change",
    "line": "kokyaku_execution_line",
}


def create_tables(database):
    """The floor's tables of members, changes and lines, with the product's indexes and keys."""
    with place.connect(database).cursor() as cr:
        for name, table in TABLES.items():
            for key, definition in create_like(cr, name, table):
                add_key(cr, name, key, definition)
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

CHANGE = """
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

FILL = """
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

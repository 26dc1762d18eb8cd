from odoo import api, models
from odoo.tools import SQL

from ..naming.buyer import BLOCK

RARE = 20  # a name or number of more people than that tells nobody apart

# A value of a person's search key: the key holds one a line, and a line break at both ends.
HAS = r"strpos(n.doc, E'\n' || l.{key} || E'\n') > 0"
FLAGS = {
    "code": "l.code_key IS NOT NULL AND (p.ref = l.customer_code "
    "OR p.member_number = l.customer_code)",
    "name": r"split_part(n.doc, E'\n', 2) = l.name_key",
    "kana": HAS.format(key="kana_key"),
    # Folding leaves out dots and hyphens: what the key says is looked at once more.
    "email": f"{HAS.format(key='email_fold')} AND (p.email_normalized = l.email_key "
    "OR lower(p.email) = l.email_key OR EXISTS (SELECT FROM kokyaku_affiliation a "
    "WHERE a.partner_id = p.id AND lower(a.email) = l.email_key))",
    "phone": HAS.format(key="phone_key"),
    # Whose code it was, as far as the lines of this source tell (see ``_part_passed_on``).
    "former": "l.taken_off IS TRUE AND EXISTS (SELECT FROM kokyaku_sales_link m "
    "WHERE m.company_id = l.company_id AND m.source = l.source AND m.code_key = l.code_key "
    "AND m.partner_id = p.id AND m.key = l.key || '@' || m.id)",
    "zip": HAS.format(key="zip_key"),
    "company": "l.company_key <> l.name_key AND " + HAS.format(key="company_key"),
    # What is folded here is folded for each pair, so only where nothing cheaper has answered.
    "family": r"l.name_key IS NOT NULL AND split_part(n.doc, E'\n', 2) <> l.name_key "
    "AND p.family_name <> '' AND starts_with(l.name_key, kokyaku_fold_name(p.family_name))",
    "address": r"l.address_key IS NOT NULL AND split_part(n.doc, E'\n', 2) = l.name_key "
    f"AND NOT ({HAS.format(key='zip_key')}) IS TRUE AND p.street <> '' "
    "AND strpos(l.address_key, regexp_replace(kokyaku_fold_text("
    f"concat(p.city, p.street)), '{BLOCK}', '', 'g')) > 0",
}
# How many kinds of detail both have, and not the same.
CONTRARY = """
    (l.email_key IS NOT NULL AND COALESCE(p.email_normalized, p.email, '') <> ''
        AND NOT {email})::int
    + (l.phone_key IS NOT NULL AND COALESCE(p.phone, p.mobile_phone, '') <> ''
       AND NOT {phone})::int
    + (l.zip_key IS NOT NULL AND COALESCE(p.zip, '') <> '' AND NOT {zip})::int
    + (l.company_key <> l.name_key AND p.parent_id IS NOT NULL AND NOT {company})::int
""".format(
    email=HAS.format(key="email_fold"),
    **{key: HAS.format(key=f"{key}_key") for key in ("phone", "zip", "company")},
)

POINTS = {
    "remembered": 70, "code": 60, "email": 40, "former": 40, "phone": 35, "name": 30,
    "company": 20, "zip": 15, "address": 15, "kana": 15, "family": 10, "like_code": 10,
}  # fmt: skip
SCORE = " + ".join(f"h.{flag}::int * {points}" for flag, points in POINTS.items())

# Whether a person has the name the buyer has.
NAMED = "(h.name OR h.kana AND l.name_key IS NULL)"
UNNAMED = "(l.name_key IS NULL AND l.kana_key IS NULL)"
AGREES = f"({UNNAMED} OR {NAMED} OR h.kana)"

_NAMED = ", ".join(f"CASE WHEN h.{flag} THEN '{flag}' END" for flag in [*POINTS, "alone"])
REASONS = f"concat_ws(',', {_NAMED})"


class KokyakuSalesLink(models.Model):
    """Who the buyers are: by what was decided before, by code, by e-mail and phone, by name and
    place, by a name that only one has. Each way is tried for the buyers none before has found."""

    _inherit = "kokyaku.sales.link"

    @api.model
    def _match(self, company):
        """Find out who the open buyers of ``kokyaku_link_buyer`` are; write all of them, with
        candidates for those who stay open."""
        self._gather_open()
        people = SQL(
            "p.active AND p.type = 'contact' AND (p.company_id IS NULL OR p.company_id = %s)",
            company.id,
        )
        self._weigh_coded()
        ways = [self._by_memory, self._by_code]
        if self.env["kokyaku.partner.key"]._is_ready():
            ways += [self._by_email_and_phone, self._by_name_and_place, self._by_rare_name]
        for way in ways:
            if way(people):
                self._settle()
        self._gather_candidates()
        self._keep_buyers()
        self._keep_candidates()

    @api.model
    def _gather_open(self):
        """``kokyaku_link_open``: the buyers still looked for."""
        cr = self.env.cr
        cr.execute(
            """DROP TABLE IF EXISTS kokyaku_link_open, kokyaku_link_hit, kokyaku_link_key,
                                    kokyaku_link_candidate"""
        )
        cr.execute(
            """
            CREATE TEMPORARY TABLE kokyaku_link_open ON COMMIT DROP AS
            SELECT id, company_id, source, key, customer_code, code_key, name_key, kana_key,
                   email_key, phone_key, zip_key, address_key, company_key, coded, partner_id,
                   taken_off,
                   CASE WHEN email_key <> '' THEN kokyaku_fold_text(email_key) END AS email_fold
              FROM kokyaku_link_buyer
             WHERE state = 'open' OR coded
            """
        )
        cr.execute("CREATE INDEX ON kokyaku_link_open (id)")
        cr.execute("ANALYZE kokyaku_link_open")
        flags = ", ".join(f"{flag} bool" for flag in [*POINTS, "alone"])
        cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kokyaku_link_hit (link_id int, partner_id int,
                    contrary int, points int, %s) ON COMMIT DROP""",
                SQL(flags),
            )
        )

    @api.model
    def _weigh_coded(self):
        """What speaks for those whom the lines' code has linked already: on the list of what was
        linked automatically the doubtful ones stand first.

        A code that was another customer's before decides nothing where the sales name somebody
        else than the customer it is now, or are not all later than those of the one before: that
        is for a human to see."""
        coded = SQL(
            """SELECT id AS link_id, partner_id, FALSE AS remembered, FALSE AS like_code,
                      FALSE AS alone FROM kokyaku_link_open WHERE coded"""
        )
        if not self._pair(SQL("TRUE"), coded):
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_link_buyer b
                   SET linked_by = 'code', reasons = %s, points = h.points - 5 * h.contrary
                  FROM kokyaku_link_hit h WHERE h.link_id = b.id AND b.coded
                """,
                SQL(REASONS),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH doubtful AS (
                    UPDATE kokyaku_link_buyer b
                       SET state = 'open', partner_id = NULL, linked_by = NULL, reasons = NULL,
                           taken_off = TRUE
                      FROM kokyaku_link_former f, kokyaku_link_hit h, kokyaku_link_open l
                     WHERE b.source = f.source AND b.key = f.key AND b.coded
                       AND h.link_id = b.id AND l.id = b.id
                       AND (b.first_date <= f.last_date OR NOT (%s OR h.company))
                 RETURNING b.id
                )
                UPDATE kokyaku_link_open l SET coded = FALSE, partner_id = NULL, taken_off = TRUE
                  FROM doubtful WHERE l.id = doubtful.id
                """,
                SQL(AGREES),
            )
        )
        self.env.cr.execute("DELETE FROM kokyaku_link_open WHERE coded")

    @api.model
    def _pair(self, people, pairs):
        """Weigh pairs of a buyer and a person that one way has brought together.

        :param SQL pairs: SELECT of link_id, partner_id, remembered, like_code, alone
        :return: whether there are any
        """
        cr = self.env.cr
        flags = ", ".join(f"COALESCE({flag}, FALSE) AS {name}" for name, flag in FLAGS.items())
        names = ", ".join(FLAGS)
        cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_link_hit (link_id, partner_id, remembered, like_code, alone,
                            contrary, points, %(names)s)
                SELECT link_id, partner_id, remembered, like_code, alone, contrary,
                       %(score)s, %(names)s
                  FROM (SELECT pair.link_id, p.id AS partner_id, pair.remembered, pair.like_code,
                               pair.alone, COALESCE(%(contrary)s, 0) AS contrary, %(flags)s
                          FROM (SELECT link_id, partner_id, bool_or(remembered) AS remembered,
                                       bool_or(like_code) AS like_code, bool_or(alone) AS alone
                                  FROM (%(pairs)s) AS brought GROUP BY 1, 2) AS pair
                          JOIN kokyaku_link_open l ON l.id = pair.link_id
                          JOIN res_partner p ON p.id = pair.partner_id
                          LEFT JOIN kokyaku_partner_key n ON n.id = p.id
                         WHERE %(people)s) AS h
                """,
                names=SQL(names),
                score=SQL(SCORE),
                contrary=SQL(CONTRARY),
                flags=SQL(flags),
                pairs=pairs,
                people=people,
            )
        )
        return cr.rowcount

    @api.model
    def _by_memory(self, people):
        """What was decided for the same words in another source, and for the same code with
        another name."""
        return self._pair(
            people,
            SQL(
                """
                SELECT l.id AS link_id, m.partner_id, TRUE AS remembered, FALSE AS like_code,
                       FALSE AS alone
                  FROM kokyaku_link_open l
                  JOIN kokyaku_sales_link m
                    ON m.company_id = l.company_id AND m.key = l.key AND m.code_key IS NULL
                       AND m.id <> l.id
                 WHERE l.code_key IS NULL AND COALESCE(l.name_key, l.kana_key, l.email_key) <> ''
                   AND m.state IN ('linked', 'new')
                UNION ALL
                SELECT l.id, m.partner_id, TRUE, FALSE, FALSE
                  FROM kokyaku_link_open l
                  JOIN kokyaku_sales_link m
                    ON m.company_id = l.company_id AND m.source = l.source
                       AND m.code_key = l.code_key AND m.id <> l.id
                 WHERE m.state IN ('linked', 'new')
                """
            ),
        )

    @api.model
    def _by_code(self, people):
        """The customer code or member number; a code that lost its leading zeros needs the name
        besides. Where a code has passed to another customer, the one before."""
        return self._pair(
            people,
            SQL(
                """
                SELECT l.id AS link_id, p.id AS partner_id, FALSE AS remembered,
                       FALSE AS like_code, FALSE AS alone
                  FROM kokyaku_link_open l JOIN res_partner p ON p.ref = l.customer_code
                UNION ALL
                SELECT l.id, p.id, FALSE, FALSE, FALSE
                  FROM kokyaku_link_open l JOIN res_partner p ON p.member_number = l.customer_code
                UNION ALL
                SELECT l.id, p.id, FALSE, TRUE, FALSE
                  FROM kokyaku_link_open l
                  JOIN res_partner p ON ltrim(p.ref, '0') = ltrim(l.code_key, '0')
                       AND p.ref <> l.customer_code
                 WHERE l.code_key ~ '^[0-9]*[1-9][0-9]*$' AND p.ref ~ '^[0-9]+$'
                UNION ALL
                SELECT l.id, m.partner_id, FALSE, FALSE, FALSE
                  FROM kokyaku_link_open l
                  JOIN kokyaku_sales_link m
                    ON m.company_id = l.company_id AND m.source = l.source
                       AND m.code_key = l.code_key AND m.key = l.key || '@' || m.id
                 WHERE l.taken_off
                """
            ),
        )

    @api.model
    def _by_email_and_phone(self, people):
        """A number or address that few have: those of the house are known to the search."""
        self._find_keys(people)
        return self._pair(
            people,
            SQL(
                """
                SELECT l.id AS link_id, k.id AS partner_id, FALSE AS remembered,
                       FALSE AS like_code, FALSE AS alone
                  FROM kokyaku_link_open l
                 CROSS JOIN LATERAL unnest(ARRAY[l.phone_key, l.email_fold]) AS one(key)
                  JOIN kokyaku_link_key k ON k.key = one.key AND k.holders <= %s
                """,
                RARE,
            ),
        )

    @api.model
    def _by_name_and_place(self, people):
        """The name with the postal code, the company, or a number that many have; the home counts
        like the office."""
        return self._pair(
            people,
            SQL(
                """
                SELECT l.id AS link_id, k.id AS partner_id, FALSE AS remembered,
                       FALSE AS like_code, FALSE AS alone
                  FROM kokyaku_link_open l
                 CROSS JOIN LATERAL unnest(ARRAY[l.zip_key, l.company_key, l.phone_key,
                                                 l.email_fold]) AS one(place)
                  JOIN (SELECT k.id, k.key, place.key AS place
                          FROM kokyaku_link_key k
                          JOIN kokyaku_link_key place USING (id)
                         WHERE k.is_name AND place.is_place) AS k
                    ON k.key = l.name_key AND k.place = one.place
                """
            ),
        )

    @api.model
    def _by_rare_name(self, people):
        """A name or reading that one has, or few: who has it alone is it, unless something
        speaks against it. Besides, for a human to look at, the family at the postal code."""
        return self._pair(
            people,
            SQL(
                """
                SELECT l.id AS link_id, k.id AS partner_id, FALSE AS remembered,
                       FALSE AS like_code, k.is_name AND k.namesakes = 1 AS alone
                  FROM kokyaku_link_open l
                 CROSS JOIN LATERAL unnest(ARRAY[l.name_key, l.kana_key]) AS one(key)
                  JOIN kokyaku_link_key k ON k.key = one.key
                       AND CASE WHEN k.is_name THEN k.namesakes ELSE k.holders END <= %(rare)s
                UNION ALL
                SELECT l.id, k.id, FALSE, FALSE, FALSE
                  FROM kokyaku_link_open l
                  JOIN kokyaku_link_key k ON k.key = l.zip_key AND k.holders <= %(rare)s
                  JOIN kokyaku_partner_key n ON n.id = k.id
                       AND left(split_part(n.doc, E'\\n', 2), 1) = left(l.name_key, 1)
                """,
                rare=RARE,
            ),
        )

    @api.model
    def _find_keys(self, people):
        """``kokyaku_link_key``: who has which of the values the open buyers name, and how many
        have it. One pass over the search keys."""
        cr = self.env.cr
        cr.execute(
            SQL(
                r"""
                CREATE TEMPORARY TABLE kokyaku_link_key ON COMMIT DROP AS
                WITH wanted AS (
                    SELECT one.key, bool_or(sort = 1) AS may_be_name,
                           bool_or(sort > 2) AS is_place
                      FROM kokyaku_link_open
                     CROSS JOIN LATERAL unnest(ARRAY[name_key, kana_key, phone_key, email_fold,
                                                     zip_key, company_key], ARRAY[1, 2, 3, 3, 4, 5])
                            AS one(key, sort)
                     WHERE one.key IS NOT NULL GROUP BY one.key
                ), had AS (
                    SELECT DISTINCT k.id, w.key, w.is_place,
                           w.may_be_name AND split_part(k.doc, E'\n', 2) = w.key AS is_name
                      FROM kokyaku_partner_key k
                      JOIN res_partner p ON p.id = k.id
                     CROSS JOIN LATERAL unnest(string_to_array(k.doc, E'\n')) AS one(key)
                      JOIN wanted w ON w.key = one.key
                     WHERE %s
                )
                SELECT *, count(*) OVER (PARTITION BY key) AS holders,
                       count(*) FILTER (WHERE is_name) OVER (PARTITION BY key) AS namesakes
                  FROM had
                """,
                people,
            )
        )
        cr.execute("ANALYZE kokyaku_link_key")

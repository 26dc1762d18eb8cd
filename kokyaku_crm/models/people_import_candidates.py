from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

TEMPORARY = "kokyaku_import_wanted, kokyaku_import_found, kokyaku_import_named"
COMMON = 20  # a name, a number or an address that more people have says nothing alone

WANTED = """
    CREATE TEMPORARY TABLE kokyaku_import_wanted ON COMMIT DROP AS
    SELECT DISTINCT key
      FROM kokyaku_import_person l
     CROSS JOIN LATERAL unnest(ARRAY[phone_key, mobile_key, name_key, company_key]) AS key
     WHERE import_id = %s AND row BETWEEN %s AND %s AND key <> '' AND NOT COALESCE(applied, FALSE)
"""
# The values a person is found by, folded, one a row: what the search has already. One pass over
# the keys of everyone, however many lines there are. OFFSET keeps the planner from hashing what
# is wanted anew for each of them.
FOUND = """
    CREATE TEMPORARY TABLE kokyaku_import_found ON COMMIT DROP AS
    SELECT *, count(*) OVER (PARTITION BY key) AS bearers
      FROM (SELECT DISTINCT said.id, said.name, said.key
              FROM (SELECT k.id, split_part(k.doc, E'\\n', 2) AS name, one.key
                      FROM kokyaku_partner_key k
                     CROSS JOIN LATERAL unnest(string_to_array(k.doc, E'\\n')) AS one (key)
                    OFFSET 0) AS said
              JOIN kokyaku_import_wanted w ON w.key = said.key) AS found
"""
# Those found, with what else must agree for somebody of the same name to be worth a look.
NAMED = """
    CREATE TEMPORARY TABLE kokyaku_import_named ON COMMIT DROP AS
    SELECT f.id, f.key, p.birthdate, p.is_company IS TRUE AS is_company,
           regexp_replace(normalize(COALESCE(p.zip, ''), NFKC), '[^0-9]', '', 'g') AS zip_key,
           regexp_replace(normalize(COALESCE(h.zip, ''), NFKC), '[^0-9]', '', 'g') AS home_key,
           split_part(above.doc, E'\\n', 2) AS company_key,
           count(*) OVER (PARTITION BY f.key) AS bearers
      FROM kokyaku_import_found f
      JOIN res_partner p ON p.id = f.id
      LEFT JOIN kokyaku_home_address h ON h.partner_id = p.id
      LEFT JOIN kokyaku_partner_key above ON above.id = p.parent_id
     WHERE f.name = f.key
"""
NAME_FITS = f"""
    n.key = l.name_key AND n.is_company = l.is_company
    AND (n.bearers <= {COMMON}
         OR l.zip_key <> '' AND l.zip_key IN (n.zip_key, n.home_key)
         OR l.birthdate = n.birthdate
         OR l.company_key = n.company_key)
"""


# An address of e-mail that many have (of an office, or of nobody) needs the name as well.
MAILED = f"""
    JOIN (SELECT id, email_normalized, is_company,
                 count(*) OVER (PARTITION BY email_normalized) AS bearers
            FROM res_partner
           WHERE email_normalized IN (SELECT email_key FROM kokyaku_import_person
                                       WHERE import_id = %s AND row BETWEEN %s AND %s)) AS p
      ON p.email_normalized = l.email_key AND p.is_company IS NOT DISTINCT FROM l.is_company
     AND (p.bearers <= {COMMON}
          OR EXISTS (SELECT FROM kokyaku_partner_key k
                      WHERE k.id = p.id AND split_part(k.doc, E'\\n', 2) = l.name_key))
"""
PHONE_FITS = f"""
    f.key IN (l.phone_key, l.mobile_key) AND (f.bearers <= {COMMON} OR f.name = l.name_key)
"""


class KokyakuImportPerson(models.Model):
    """Whom the lines of a file may mean: a fixed number of statements for CHUNK lines.

    They bring lines and people together that share a code, an e-mail address, a number, or the
    name and one thing more; no loop over pairs that do not. Only those pairs are judged.
    """

    _inherit = "kokyaku.import.person"

    @api.model
    def _find_candidates(self, import_, first, last):
        """Note whom each line from row `first` to `last` may mean, without points yet, and which
        known company it names."""
        execute = self.env.cr.execute
        execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        execute(WANTED, [import_.id, first, last])
        execute("ANALYZE kokyaku_import_wanted")
        execute(FOUND)
        execute("CREATE INDEX ON kokyaku_import_found (key)")
        execute("ANALYZE kokyaku_import_found")
        execute(NAMED)
        execute("CREATE INDEX ON kokyaku_import_named (key)")
        execute("ANALYZE kokyaku_import_named")
        for condition in ("p.ref = l.code_key", "p.member_number = l.member_key"):
            self._pair(import_, first, last, SQL("JOIN res_partner p ON %s", SQL(condition)))
        self._pair(import_, first, last, SQL(MAILED, import_.id, first, last))
        found = SQL(
            """JOIN kokyaku_import_found f ON %s
               JOIN res_partner p ON p.id = f.id
                AND p.is_company IS NOT DISTINCT FROM l.is_company""",
            SQL(PHONE_FITS),
        )
        self._pair(import_, first, last, found, by_phone=True)
        named = SQL(
            "JOIN kokyaku_import_named n ON %s JOIN res_partner p ON p.id = n.id", SQL(NAME_FITS)
        )
        self._pair(import_, first, last, named)
        self._find_companies(import_, first, last)
        execute("ANALYZE kokyaku_import_candidate")
        execute(f"DROP TABLE {TEMPORARY}")

    @api.model
    def _pair(self, import_, first, last, join, by_phone=False):
        """Note whom a line may mean: whom the user may see, of the company, archived or not."""
        visible = self.env["res.partner"]._search(
            Domain("active", "in", (True, False))
            & Domain("company_id", "in", (False, import_.company_id.id))
            & Domain("type", "=", "contact")
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_import_candidate (line_id, partner_id, by_phone)
                SELECT DISTINCT l.id, p.id, %(by_phone)s
                  FROM kokyaku_import_person l
                  %(join)s
                 WHERE l.import_id = %(import)s AND l.row BETWEEN %(first)s AND %(last)s
                   AND l.decision IS NULL AND NOT COALESCE(l.applied, FALSE)
                   AND l.verdict <> 'twin' AND p.id IN (%(visible)s)
                """,
                by_phone=by_phone,
                join=join,
                visible=visible.select(),
                first=first,
                last=last,
                **{"import": import_.id},
            )
        )

    @api.model
    def _find_companies(self, import_, first, last):
        """Say which of the known companies the lines name: of several of one name the one at
        the same postal code, else the oldest."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_import_person l SET company_partner_id = found.id
                  FROM (SELECT DISTINCT ON (l.id) l.id AS line_id, n.id
                          FROM kokyaku_import_person l
                          JOIN kokyaku_import_named n ON n.key = l.company_key AND n.is_company
                          JOIN res_partner p ON p.id = n.id AND p.active
                           AND COALESCE(p.company_id, %(company)s) = %(company)s
                         WHERE l.import_id = %(import)s AND l.row BETWEEN %(first)s AND %(last)s
                           AND NOT COALESCE(l.applied, FALSE)
                         ORDER BY l.id, (n.zip_key = l.zip_key) IS TRUE DESC, n.id) AS found
                 WHERE found.line_id = l.id
                """,
                company=import_.company_id.id,
                first=first,
                last=last,
                **{"import": import_.id},
            )
        )

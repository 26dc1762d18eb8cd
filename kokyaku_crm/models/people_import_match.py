import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..matching import place_key
from ..naming import fold_name
from ..naming.postal import digits_of

PART = 5000  # lines that are judged at once
TURN = 10  # seconds of judging before the run lets go: it must stay inside a cron's limits
SHOWN_CANDIDATES = 5
COMMON = 20  # a name that more people have says nothing alone

# The values a person is found by, folded, one a row: what the search has already. One pass over
# the keys of everyone, however many lines there are.
FOUND = """
    CREATE TEMPORARY TABLE kokyaku_import_found ON COMMIT DROP AS
    WITH wanted AS (
        SELECT DISTINCT key
          FROM kokyaku_import_person l
         CROSS JOIN LATERAL unnest(ARRAY[phone_key, mobile_key, name_key, company_key]) AS key
         WHERE import_id = %s AND key <> '' AND NOT COALESCE(applied, FALSE))
    SELECT DISTINCT k.id, wanted.key, split_part(k.doc, E'\\n', 2) = wanted.key AS is_name
      FROM kokyaku_partner_key k
     CROSS JOIN LATERAL unnest(string_to_array(k.doc, E'\\n')) AS one(key)
      JOIN wanted ON wanted.key = one.key
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
     WHERE f.is_name
"""
NAME_FITS = f"""
    n.key = l.name_key AND n.is_company = l.is_company
    AND (n.bearers <= {COMMON}
         OR l.zip_key <> '' AND l.zip_key IN (n.zip_key, n.home_key)
         OR l.birthdate = n.birthdate
         OR l.company_key = n.company_key)
"""


class KokyakuImportPerson(models.Model):
    """Who the lines of a file are: candidates by statement, then points for each pair.

    A fixed number of statements brings lines and people together that share a code, an e-mail
    address, a number, or the name and one thing more; no loop over pairs that do not. Only
    those pairs are judged (``matching.score``), a part of the lines at a time.
    """

    _inherit = "kokyaku.import.person"

    @api.model
    def _match(self, import_):
        """Say of every line that is not written yet whether it is new, changes somebody,
        says nothing new, is an earlier line again, or must be decided. Writes nobody.

        :return: dict verdict → number of lines, or ``{"again": True}`` when there is more to do
            than fits into one turn of a cron
        """
        if not import_.is_compared:
            self._compare(import_)
            import_.sudo().is_compared = True
        begun, row = time.monotonic(), 0
        while part := self._next_lines(import_, row):
            lines, row = [line for line, _row in part], part[-1][1]
            self._judge_part(import_, lines)
            self._plan_part(import_, lines)
            if time.monotonic() - begun > TURN:
                self.invalidate_model()
                return {"again": True}
        self._mark_shared(import_)
        self._forget_pairs(import_)
        import_.sudo().is_compared = False
        self.invalidate_model()
        return self._counts(import_)

    @api.model
    def _compare(self, import_):
        """Bring the lines together with each other and with everybody, from the beginning."""
        keys = self.env["kokyaku.partner.key"].sudo()
        if not keys._is_ready():
            keys._fill()
        keys._flush_sources()
        self.env.flush_all()
        self._forget_matches(import_)
        self._mark_twins(import_)
        self._find_candidates(import_)
        self._find_companies(import_)

    @api.model
    def _next_lines(self, import_, after):
        """Return the next lines without a verdict behind the row `after`: (id, row) each."""
        return self.env.execute_query(
            SQL(
                """SELECT id, row FROM kokyaku_import_person
                    WHERE import_id = %s AND row > %s AND verdict IS NULL ORDER BY row LIMIT %s""",
                import_.id,
                after,
                PART,
            )
        )

    @api.model
    def _counts(self, import_):
        rows = self.env.execute_query(
            SQL(
                "SELECT verdict, count(*) FROM kokyaku_import_person"
                " WHERE import_id = %s GROUP BY verdict",
                import_.id,
            )
        )
        return dict.fromkeys(("new", "update", "same", "doubtful", "twin"), 0) | dict(rows)

    @api.model
    def _forget_matches(self, import_):
        """Begin anew: what was written, and what somebody decided, stays."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kokyaku_import_candidate c
                 USING kokyaku_import_person l
                 WHERE l.id = c.line_id AND l.import_id = %(import)s AND l.decision IS NULL
                   AND NOT COALESCE(l.applied, FALSE) AND l.verdict IS NOT NULL;
                UPDATE kokyaku_import_person
                   SET verdict = NULL, partner_id = NULL, twin_id = NULL, points = NULL,
                       reasons = NULL, why = NULL, changes = NULL, company_partner_id = NULL
                 WHERE import_id = %(import)s AND decision IS NULL AND NOT COALESCE(applied, FALSE)
                   AND (verdict, company_partner_id, why, twin_id) IS DISTINCT FROM
                       (NULL, NULL, NULL, NULL)
                """,
                **{"import": import_.id},
            )
        )
        self.env.cr.execute("ANALYZE kokyaku_import_person")

    @api.model
    def _mark_twins(self, import_):
        """Lines of one file that are one person: the later ones refer to the first.

        The same name, and a code, an address of e-mail, a number or a house in common. Two
        codes are two customers of the old program, and one code with two names is a mistake
        in it: both are doubtful.
        """
        same = SQL(", ").join(
            SQL(
                "CASE WHEN %(key)s <> '' THEN min(row) OVER (PARTITION BY name_key, %(key)s) END",
                key=SQL.identifier(key),
            )
            for key in (
                "code_key", "member_key", "email_key", "phone_key", "mobile_key", "place_key"
            )
        )  # fmt: skip
        self.env.cr.execute(
            SQL(
                """
                WITH line AS (
                    SELECT id, row, code_key, LEAST(%(same)s) AS first
                      FROM kokyaku_import_person
                     WHERE import_id = %(import)s AND name_key <> ''
                )
                UPDATE kokyaku_import_person l
                   SET twin_id = one.id,
                       verdict = CASE WHEN NOT two_codes THEN 'twin' END,
                       why = CASE WHEN two_codes THEN 'two_codes' END
                  FROM line
                  JOIN line one ON one.row = line.first
                 CROSS JOIN LATERAL (SELECT line.code_key <> one.code_key IS TRUE) AS c (two_codes)
                 WHERE line.first < line.row AND l.id = line.id AND l.decision IS NULL
                   AND NOT COALESCE(l.applied, FALSE)
                """,
                same=same,
                **{"import": import_.id},
            )
        )
        self._root_twins(import_)
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_import_person l
                   SET verdict = NULL, why = 'code_twice', twin_id = NULL
                 WHERE import_id = %(import)s AND decision IS NULL AND NOT COALESCE(applied, FALSE)
                   AND code_key IN (SELECT code_key FROM kokyaku_import_person
                                     WHERE import_id = %(import)s AND code_key <> ''
                                     GROUP BY code_key
                                    HAVING min(name_key) <> max(name_key))
                """,
                **{"import": import_.id},
            )
        )

    @api.model
    def _root_twins(self, import_):
        """Let a twin of a twin refer to the first of all."""
        while True:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE kokyaku_import_person l SET twin_id = one.twin_id
                      FROM kokyaku_import_person one
                     WHERE l.import_id = %s AND one.id = l.twin_id AND one.twin_id IS NOT NULL
                    """,
                    import_.id,
                )
            )
            if not self.env.cr.rowcount:
                break

    # ---- Candidates -----------------------------------------------------------------

    @api.model
    def _find_candidates(self, import_):
        """Note whom each line may mean: candidates without points yet."""
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kokyaku_import_found, kokyaku_import_named")
        execute(FOUND, [import_.id])
        execute("CREATE INDEX ON kokyaku_import_found (key)")
        execute("ANALYZE kokyaku_import_found")
        execute(NAMED)
        execute("CREATE INDEX ON kokyaku_import_named (key)")
        execute("ANALYZE kokyaku_import_named")
        for condition in (
            "p.ref = l.code_key",
            "p.member_number = l.member_key",
            "p.email_normalized = l.email_key AND p.is_company IS NOT DISTINCT FROM l.is_company",
        ):
            self._pair(import_, SQL("JOIN res_partner p ON %s", SQL(condition)))
        found = SQL(
            """JOIN kokyaku_import_found f ON f.key IN (l.phone_key, l.mobile_key)
               JOIN res_partner p ON p.id = f.id
                AND p.is_company IS NOT DISTINCT FROM l.is_company"""
        )
        self._pair(import_, found, by_phone=True)
        self._pair(
            import_,
            SQL(
                "JOIN kokyaku_import_named n ON %s JOIN res_partner p ON p.id = n.id",
                SQL(NAME_FITS),
            ),
        )
        execute("ANALYZE kokyaku_import_candidate")

    @api.model
    def _pair(self, import_, join, by_phone=False):
        """Note whom a line may mean: whom the user may see, of the company, not archived."""
        visible = self.env["res.partner"]._search(
            Domain("active", "=", True)
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
                 WHERE l.import_id = %(import)s AND l.decision IS NULL
                   AND NOT COALESCE(l.applied, FALSE) AND l.verdict IS NULL
                   AND p.id IN (%(visible)s)
                """,
                by_phone=by_phone,
                join=join,
                visible=visible.select(),
                **{"import": import_.id},
            )
        )

    @api.model
    def _find_companies(self, import_):
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
                         WHERE l.import_id = %(import)s AND NOT COALESCE(l.applied, FALSE)
                         ORDER BY l.id, (n.zip_key = l.zip_key) IS TRUE DESC, n.id) AS found
                 WHERE found.line_id = l.id
                """,
                company=import_.company_id.id,
                **{"import": import_.id},
            )
        )

    # ---- Judging ----------------------------------------------------------------------

    @api.model
    def _judge_part(self, import_, lines):
        """Give lines (ids) their verdict, and their candidates points and reasons."""
        found = []
        if pairs := self._pairs(lines):
            try:
                from ..matching.score import judge, score
            except ImportError as error:
                raise UserError(
                    self.env._(
                        "Customers cannot be compared, because the Python package “%s” is missing "
                        "on the server. The administrator installs it with: pip install pandas "
                        "rapidfuzz",
                        error.name,
                    )
                ) from error
            pairs = score(pairs)
            self._keep_best(lines, pairs)
            verdicts = judge(pairs)
            for line, one in verdicts.to_dict("index").items():
                row = (line, int(one["partner"]) or None, int(one["points"]), one["reasons"])
                found.append((*row, one["why"] or None))
        self.env.cr.execute(
            """
            UPDATE kokyaku_import_person l
               SET verdict = CASE WHEN l.why IS NOT NULL THEN 'doubtful'
                                  WHEN v.line IS NULL THEN 'new'
                                  WHEN v.partner IS NULL THEN 'doubtful' ELSE 'update' END,
                   partner_id = v.partner, points = v.points, reasons = v.reasons,
                   why = COALESCE(l.why, v.why)
              FROM unnest(%s::int[]) AS todo (id)
              LEFT JOIN unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[])
                   AS v (line, partner, points, reasons, why) ON v.line = todo.id
             WHERE l.id = todo.id
            """,
            [lines, *map(list, zip(*found, strict=True))] if found else [lines, *[[]] * 5],
        )

    @api.model
    def _keep_best(self, lines, pairs):
        """Of the candidates of lines keep the likeliest, with their points and reasons."""
        shown = pairs[pairs["points"] > 0].sort_values(
            ["line", "points", "partner"], ascending=[True, False, True]
        )
        shown = shown.groupby("line").head(SHOWN_CANDIDATES)
        self.env.cr.execute(
            "DELETE FROM kokyaku_import_candidate WHERE line_id = ANY(%s)", [lines]
        )
        names = ["line_id", "partner_id", "points", "reasons"]
        self._copy_in(
            "kokyaku_import_candidate",
            names,
            [
                dict(zip(names, row, strict=True))
                for row in shown[["line", "partner", "points", "reasons"]].itertuples(index=False)
            ],
        )

    @api.model
    def _forget_pairs(self, import_):
        """Who is new has nobody to choose from."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kokyaku_import_candidate c
                 USING kokyaku_import_person l
                 WHERE l.id = c.line_id AND l.import_id = %s AND l.verdict IN ('new', 'twin')
                """,
                import_.id,
            )
        )

    @api.model
    def _mark_shared(self, import_):
        """Two lines that seem to be one person, and were not alike enough to be twins."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_import_person l
                   SET verdict = 'doubtful', why = 'two_rows', partner_id = NULL
                  FROM (SELECT partner_id, min(row) AS first FROM kokyaku_import_person
                         WHERE import_id = %(import)s AND partner_id IS NOT NULL
                         GROUP BY partner_id HAVING count(*) > 1) AS shared
                 WHERE l.import_id = %(import)s AND l.partner_id = shared.partner_id
                   AND l.row > shared.first AND l.verdict = 'update' AND l.decision IS NULL
                """,
                **{"import": import_.id},
            )
        )

    @api.model
    def _pairs(self, lines):
        """The pairs of some lines (ids), with what is compared: rows of `matching.score.ROW`."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pair.line_id, p.id, pair.by_phone,
                       l.code_key, l.member_key, l.email_key, l.name_key, l.kana_key, l.zip_key,
                       l.place_key, l.company_key, l.birthdate::text,
                       p.ref, p.member_number, p.email_normalized,
                       split_part(k.doc, E'\\n', 2), p.kana, p.zip, p.city, p.street, p.street2,
                       COALESCE(p.commercial_company_name, p.company_name), p.birthdate::text,
                       h.zip, h.city, h.street, h.street2
                  FROM (SELECT line_id, partner_id, bool_or(by_phone) AS by_phone
                          FROM kokyaku_import_candidate WHERE line_id = ANY(%s)
                         GROUP BY line_id, partner_id) AS pair
                  JOIN kokyaku_import_person l ON l.id = pair.line_id
                  JOIN res_partner p ON p.id = pair.partner_id
                  LEFT JOIN kokyaku_partner_key k ON k.id = p.id
                  LEFT JOIN kokyaku_home_address h ON h.partner_id = p.id
                """,
                lines,
            )
        )
        folded = {}

        def fold(text):
            if text not in folded:
                folded[text] = fold_name(text)
            return folded[text]

        pairs = []
        for row in rows:
            ours, own, home = list(row[3:12]), row[12:23], row[23:27]
            zips = [digits_of(own[5]), digits_of(home[0])]
            places = [place_key(*own[5:9]), place_key(*home)]
            at_home = ours[6] and ours[6] == places[1] or ours[5] and ours[5] == zips[1]
            theirs = [  # in the order of `matching.score.COLUMNS`
                own[0], own[1], own[2], own[3], fold(own[4]), zips[1] if at_home else zips[0],
                places[1] if at_home else places[0], fold(own[9]), own[10],
            ]  # fmt: skip
            pairs.append((*row[:3], *(one or "" for one in [*ours, *theirs])))
        return pairs

import time

from odoo import api, fields, models
from odoo.tools import SQL

CHUNK = 100_000  # lines that are brought together with everybody in one turn
TURN = 10  # seconds of work before the run lets go: it must stay inside a cron's limits


class KokyakuImport(models.Model):
    """How far the lines of a file of customers are compared."""

    _inherit = "kokyaku.import"

    compared_row = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=False,
        help="Up to this row it has been looked up who the rows may be. 0: not begun.",
    )
    is_compared = fields.Boolean(
        readonly=True,
        copy=False,
        help="Who the rows may be has been looked up; they are being judged.",
    )
    is_matched = fields.Boolean(
        readonly=True, copy=False, help="Of every row it is said who it is, or that it is doubtful."
    )


class KokyakuImportPerson(models.Model):
    """Who the lines of a file are: first each other, then candidates by statement, then points.

    A line is somebody new unless something is found. It goes in turns, each a whole transaction
    (see ``kokyaku.run``): lines of one person are marked, then the lines are brought together with
    everybody, CHUNK at a time (``people_import_candidates``), then the pairs are judged
    (``people_import_judge``). What is done stands on the import: a killed server goes on there.
    """

    _inherit = "kokyaku.import.person"

    @api.model
    def _match(self, import_):
        """Say of every line that is not written yet whether it is new, changes somebody,
        says nothing new, is an earlier line again, or must be decided. Writes nobody.

        :return: dict verdict → number of lines, or ``{"again": True}`` when there is more to do
            than fits into one turn of a cron
        """
        begun = time.monotonic()
        if not self._have_keys(import_):
            return {"again": True}
        self.env.flush_all()
        if not import_.is_compared:
            self._compare(import_, begun)
            if not import_.is_compared or time.monotonic() - begun > TURN:
                return {"again": True}
        while self._judge_next(import_):
            if time.monotonic() - begun > TURN:
                self.invalidate_model()
                return {"again": True}
        self._mark_shared(import_)
        self._forget_pairs(import_)
        import_.sudo().write({"is_compared": False, "compared_row": 0, "is_matched": True})
        self.invalidate_model()
        return self._counts(import_)

    @api.model
    def _have_keys(self, import_):
        """Have the search keys of everybody, by which they are found; False when there are more
        to be made in the next turn."""
        keys = self.env["kokyaku.partner.key"].sudo()
        if not keys._is_ready():
            run = import_.run_id.sudo()
            if run and isinstance(run._run_partner_keys(run), dict):
                return False
            if not keys._is_ready():
                keys._fill()
        keys._flush_sources()
        return True

    @api.model
    def _compare(self, import_, begun):
        """Bring the lines together with each other and with everybody, as far as the time goes."""
        if not import_.compared_row:
            import_.sudo().is_matched = False
            self._remember_known(import_)
            self._forget_matches(import_)
            self._mark_twins(import_)
        while True:
            first = import_.compared_row + 1
            [[last]] = self.env.execute_query(
                SQL(
                    """SELECT max(row) FROM (SELECT row FROM kokyaku_import_person
                        WHERE import_id = %s AND row >= %s ORDER BY row LIMIT %s) AS next""",
                    import_.id,
                    first,
                    CHUNK,
                )
            )
            if last is None:
                import_.sudo().is_compared = True
                return
            self._find_candidates(import_, first, last)
            import_.sudo().compared_row = last
            if time.monotonic() - begun > TURN:
                return

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
        """Begin anew: what was written, and what somebody decided, stays. Who is an earlier row
        in spite of another code, somebody has said so (``action_decide_twin``)."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kokyaku_import_candidate c
                 USING kokyaku_import_person l
                 WHERE l.id = c.line_id AND l.import_id = %(import)s AND l.decision IS NULL
                   AND NOT COALESCE(l.applied, FALSE);
                UPDATE kokyaku_import_person l
                   SET verdict = 'new', partner_id = NULL, twin_id = NULL, points = NULL,
                       reasons = NULL, why = NULL, changes = NULL, company_partner_id = NULL
                 WHERE import_id = %(import)s AND decision IS NULL AND NOT COALESCE(applied, FALSE)
                   AND NOT (verdict = 'twin' AND EXISTS (
                       SELECT FROM kokyaku_import_person one
                        WHERE one.id = l.twin_id AND one.code_key <> l.code_key))
                   AND (verdict IS DISTINCT FROM 'new' OR company_partner_id IS NOT NULL
                        OR points IS NOT NULL)
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
                       verdict = CASE WHEN two_codes THEN 'doubtful' ELSE 'twin' END,
                       why = CASE WHEN two_codes THEN 'two_codes' END
                  FROM line
                  JOIN line one ON one.row = line.first
                 CROSS JOIN LATERAL (SELECT line.code_key <> one.code_key IS TRUE) AS c (two_codes)
                 WHERE line.first < line.row AND l.id = line.id AND l.decision IS NULL
                   AND NOT COALESCE(l.applied, FALSE) AND l.verdict <> 'twin'
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
                   SET verdict = 'doubtful', why = 'code_twice', twin_id = NULL
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

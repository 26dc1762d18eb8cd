from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

SHOWN_CANDIDATES = 20
# The folded name is the first line of a person's search key (see ``search_triggers``): reading it
# there is a hundred times cheaper than folding it again.
FOLDED_NAME = "split_part(n.doc, E'\\n', 2)"
# The values a person is found by, folded, one a row: what the search has already.
KEYS = """
    CREATE TEMPORARY TABLE kokyaku_paste_key ON COMMIT DROP AS
    WITH wanted AS (
        SELECT DISTINCT key
          FROM kokyaku_selection_paste_line l
         CROSS JOIN LATERAL unnest(ARRAY[code_key, phone_key, COALESCE(name_key, kana_key)]) key
         WHERE paste_id = %(paste)s AND key IS NOT NULL AND %(open)s)
    SELECT DISTINCT k.id, wanted.key
      FROM kokyaku_partner_key k
     CROSS JOIN LATERAL unnest(string_to_array(k.doc, E'\\n')) AS one(key)
      JOIN wanted ON wanted.key = one.key
"""


class SelectionPasteLine(models.TransientModel):
    """Who the lines of a list are: by customer code, then e-mail, then phone, then name and
    reading. Each way is one statement, for the lines that none before has found."""

    _inherit = "kokyaku.selection.paste.line"

    @api.model
    def _match(self, paste):
        """Find the people of all lines of `paste`; a fixed number of statements."""
        cr = self.env.cr
        self.env["kokyaku.partner.key"]._flush_sources()
        self.env["res.partner"].flush_model()
        cr.execute("DROP TABLE IF EXISTS kokyaku_paste_hit, kokyaku_paste_key")
        cr.execute(
            "CREATE TEMPORARY TABLE kokyaku_paste_hit"
            " (line_id int, partner_id int, found_by text) ON COMMIT DROP"
        )
        cr.execute("CREATE INDEX ON kokyaku_paste_hit (line_id)")
        cr.execute("ANALYZE kokyaku_selection_paste_line")
        self._hit(paste, "code", SQL("p.ref = l.code"))
        self._hit(paste, "email", SQL("p.email_normalized = l.email_key"))
        cr.execute(SQL(KEYS, paste=paste.id, open=self._open()))
        cr.execute("CREATE INDEX ON kokyaku_paste_key (key)")
        cr.execute("ANALYZE kokyaku_paste_key")
        keyed = """JOIN kokyaku_paste_key k ON k.key = %s
                   JOIN kokyaku_partner_key n ON n.id = k.id
                   JOIN res_partner p ON p.id = k.id"""
        for way, key, condition in (
            ("code", "code_key", "kokyaku_fold_text(p.ref) = l.code_key"),
            (
                "phone",
                "phone_key",
                """
                l.phone_key = ANY(string_to_array(
                    kokyaku_fold_phone(concat_ws(E'\\n', p.phone, p.mobile_phone)), E'\\n'))
                OR EXISTS (SELECT FROM kokyaku_home_address h WHERE h.partner_id = p.id
                                   AND kokyaku_fold_phone(h.phone) = l.phone_key)""",
            ),
            (
                "name",
                "name_key",
                f"""
                {FOLDED_NAME} = l.name_key AND (l.kana_key IS NULL
                    OR COALESCE(p.kana, '') = '' OR kokyaku_fold_name(p.kana) = l.kana_key)""",
            ),
            ("name", "kana_key", "l.name_key IS NULL AND kokyaku_fold_name(p.kana) = l.kana_key"),
        ):
            join = SQL(keyed, SQL.identifier("l", key))
            self._hit(paste, way, SQL(condition), join)
        self._narrow()
        self._settle(paste)

    @api.model
    def _open(self):
        return SQL("NOT EXISTS (SELECT FROM kokyaku_paste_hit h WHERE h.line_id = l.id)")

    @api.model
    def _hit(self, paste, way, condition, join=None):
        """Note who fits the lines that have nobody yet: whom the user may see, of the set's
        company, not archived."""
        company = paste.set_id.company_id.id
        visible = self.env["res.partner"]._search(
            Domain("active", "=", True) & Domain("company_id", "in", (False, company))
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_paste_hit (line_id, partner_id, found_by)
                SELECT DISTINCT l.id, p.id, %(way)s
                  FROM kokyaku_selection_paste_line l
                  %(join)s
                 WHERE l.paste_id = %(paste)s AND %(open)s AND (%(condition)s)
                   AND p.id IN (%(visible)s)
                """,
                way=way,
                join=join or SQL("JOIN res_partner p ON %s", condition),
                paste=paste.id,
                open=self._open(),
                condition=condition,
                visible=visible.select(),
            )
        )
        self.env.cr.execute("ANALYZE kokyaku_paste_hit")

    @api.model
    def _narrow(self):
        """Where several have the same e-mail or phone, the name decides if it can."""
        self.env.cr.execute(
            SQL(
                """
            WITH several AS (
                SELECT line_id FROM kokyaku_paste_hit GROUP BY line_id HAVING count(*) > 1
            ), fit AS (
                SELECT h.line_id, h.partner_id
                  FROM kokyaku_paste_hit h
                  JOIN several USING (line_id)
                  JOIN kokyaku_selection_paste_line l ON l.id = h.line_id
                  JOIN kokyaku_partner_key n ON n.id = h.partner_id
                 WHERE l.name_key = %s)
            DELETE FROM kokyaku_paste_hit h
             WHERE h.line_id IN (SELECT line_id FROM fit)
               AND NOT EXISTS (SELECT FROM fit
                                WHERE fit.line_id = h.line_id AND fit.partner_id = h.partner_id)
            """,
                SQL(FOLDED_NAME),
            )
        )

    @api.model
    def _settle(self, paste):
        """Write to each line who it is, or what the user has to look at."""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                UPDATE kokyaku_selection_paste_line l
                   SET candidates = hit.number,
                       found_by = hit.found_by,
                       partner_id = CASE WHEN hit.number = 1 THEN hit.first END
                  FROM (SELECT line_id, count(*) AS number, min(partner_id) AS first,
                               min(found_by) AS found_by
                          FROM kokyaku_paste_hit GROUP BY line_id) AS hit
                 WHERE hit.line_id = l.id AND l.paste_id = %s
                """,
                paste.id,
            )
        )
        cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_paste_candidate (line_id, partner_id)
                SELECT line_id, partner_id
                  FROM (SELECT h.line_id, h.partner_id,
                               row_number() OVER (PARTITION BY h.line_id ORDER BY h.partner_id)
                          FROM kokyaku_paste_hit h
                          JOIN kokyaku_selection_paste_line l
                            ON l.id = h.line_id AND l.candidates > 1) AS one
                 WHERE row_number <= %s
                """,
                SHOWN_CANDIDATES,
            )
        )
        cr.execute(
            SQL(
                """
                UPDATE kokyaku_selection_paste_line l
                   SET problem = CASE
                       WHEN l.candidates > 1 THEN 'several'
                       WHEN l.candidates = 0 AND COALESCE(
                           l.code_key, l.name_key, l.kana_key, l.email_key, l.phone_key)
                           IS NULL THEN 'blank'
                       WHEN l.candidates = 0 AND EXISTS (
                           SELECT FROM res_partner p WHERE p.ref = l.code AND NOT p.active
                              AND (p.company_id IS NULL OR p.company_id = %(company)s))
                           THEN 'archived'
                       WHEN l.candidates = 0 THEN 'unknown'
                       WHEN l.mark = 'unknown' THEN 'mark'
                       WHEN other.no AND other.yes THEN 'conflict'
                       WHEN l.code_key IS NOT NULL AND l.found_by <> 'code' THEN 'code'
                       WHEN l.name_key <> %(name)s THEN 'name'
                       WHEN other.first < l.line_no THEN 'twice' END
                  FROM kokyaku_selection_paste_line self
                  LEFT JOIN kokyaku_partner_key n ON n.id = self.partner_id
                  LEFT JOIN (SELECT partner_id, min(line_no) AS first,
                                    bool_or(mark = 'no') AS no, bool_or(mark = 'yes') AS yes
                               FROM kokyaku_selection_paste_line
                              WHERE paste_id = %(paste)s GROUP BY partner_id) AS other
                         ON other.partner_id = self.partner_id
                 WHERE self.id = l.id AND l.paste_id = %(paste)s
                """,
                paste=paste.id,
                company=paste.set_id.company_id.id,
                name=SQL(FOLDED_NAME),
            )
        )

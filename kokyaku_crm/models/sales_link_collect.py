import csv
import io
import logging

from odoo import api, models
from odoo.tools import SQL

from ..naming.buyer import Buyer, buyer

_logger = logging.getLogger(__name__)

LINES = 200_000  # looked at in one turn: inside the time limit of a cron on a busy machine too
WORDS = (
    "customer_code", "buyer_name", "buyer_kana", "buyer_email", "buyer_phone", "buyer_zip",
    "buyer_address", "buyer_company",
)  # fmt: skip
KEYS = Buyer._fields[1:]
# How the same line is found again among its buyers: NULL and '' are told apart, which is harmless.
DIGEST = f"md5(ROW({', '.join(f'r.{word}' for word in WORDS)})::text)::uuid"

BATCH = 20_000  # buyers folded at a time


class KokyakuSalesLink(models.Model):
    """Who the lines without a customer are: their buyers are put together, matched, and written
    back to the lines. A fixed number of statements for any number of lines."""

    _inherit = "kokyaku.sales.link"

    @api.model
    def _link_lines(self, company, import_=None, lines=LINES):
        """Link the next sales lines of a company that have not been looked at.

        In one transaction: all of these lines, or none. Called again until it returns 0 lines.

        :param import_: only the lines of this import
        :return: dict: ``lines`` looked at, ``linked`` of them, ``buyers`` they belong to,
            ``open`` buyers nobody was found for with certainty
        """
        self = self.sudo()
        cr = self.env.cr
        self.env["kokyaku.sales.record"].flush_model()
        self.env["res.partner"].flush_model()
        self.env["kokyaku.partner.key"]._flush_sources()
        cr.execute("SELECT pg_advisory_xact_lock(hashtext('kokyaku_sales_link'), %s)", [company.id])
        cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        which = self._next_lines(company, import_, lines)
        if which is None:
            return {"lines": 0, "linked": 0, "buyers": 0, "open": 0}
        self._put_together(which)
        self._know_buyers(company)
        found = self._match(company, SQL("id IN (SELECT link_id FROM kokyaku_link_buyer)"))
        counts = self._write_lines(which)
        self._write_earlier_lines(found)
        self.env["kokyaku.sales.record"].invalidate_model()
        self.invalidate_model()
        _logger.info("sales lines of %s: %s", company.name, counts)
        return counts

    @api.model
    def _next_lines(self, company, import_, lines):
        """Return the condition on the next lines (as ``r``), None when there are no more."""
        which = SQL(
            """r.company_id = %s AND r.link_id IS NULL AND r.partner_id IS NULL
               AND r.link_state = 'none'""",
            company.id,
        )
        if import_ is not None:
            which = SQL(
                """%s AND (r.import_id = %s OR r.id IN (
                    SELECT record_id FROM kokyaku_sales_record_before WHERE import_id = %s))""",
                which,
                import_.id,
                import_.id,
            )
        [[last]] = self.env.execute_query(
            SQL(
                """SELECT max(id) FROM (SELECT r.id FROM kokyaku_sales_record r
                    WHERE %s ORDER BY r.id LIMIT %s) AS next""",
                which,
                lines,
            )
        )
        return last and SQL("%s AND r.id <= %s", which, last)

    @api.model
    def _put_together(self, which):
        """``kokyaku_link_words``: each wording of a buyer once, with its lines; and
        ``kokyaku_link_buyer``: the same with the folded words and the key of the buyer."""
        cr = self.env.cr
        cr.execute("DROP TABLE IF EXISTS kokyaku_link_words, kokyaku_link_buyer, kokyaku_link_fold")
        cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_words ON COMMIT DROP AS
                SELECT row_number() OVER ()::int AS number, r.source, %(digest)s AS words,
                       %(columns)s, count(*) AS line_count,
                       sum(r.amount) AS amount, min(r.date) AS first_date, max(r.date) AS last_date
                  FROM kokyaku_sales_record r
                 WHERE %(which)s
                 GROUP BY 2, 3
                """,
                digest=SQL(DIGEST),
                columns=SQL(", ".join(f"min(r.{word}) AS {word}" for word in WORDS)),
                which=which,
            )
        )
        cr.execute("ANALYZE kokyaku_link_words")
        cr.execute("CREATE INDEX ON kokyaku_link_words (number)")
        self._fold_words()
        cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE kokyaku_link_buyer ON COMMIT DROP AS
                   SELECT NULL::int AS link_id, w.*, f.key, %s
                     FROM kokyaku_link_words w JOIN kokyaku_link_fold f USING (number)""",
                SQL(", ".join(f"f.{key}" for key in KEYS)),
            )
        )
        cr.execute("ANALYZE kokyaku_link_buyer")

    @api.model
    def _fold_words(self):
        """``kokyaku_link_fold``: the folded words. In Python, where it takes a fifth of the time
        the same rules take in the database."""
        cr = self.env.cr
        columns = ", ".join(f"{key} varchar" for key in Buyer._fields)
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE kokyaku_link_fold (number int, %s) ON COMMIT DROP",
                SQL(columns),
            )
        )
        after = 0
        while rows := self.env.execute_query(
            SQL(
                "SELECT number, %s FROM kokyaku_link_words WHERE number > %s AND number <= %s",
                SQL(", ".join(WORDS)),
                after,
                after + BATCH,
            )
        ):
            after += BATCH
            text = io.StringIO()
            csv.writer(text).writerows([number, *buyer(*words)] for number, *words in rows)
            text.seek(0)
            cr.copy_expert("COPY kokyaku_link_fold FROM STDIN (FORMAT csv)", text)
        cr.execute("ANALYZE kokyaku_link_fold")

    @api.model
    def _know_buyers(self, company):
        """Have a row for each buyer, and its id in ``kokyaku_link_buyer``.

        The words of a buyer are those of the latest purchase.
        """
        columns = ", ".join([*WORDS, *KEYS])
        latest = ", ".join(
            f"(array_agg({column} ORDER BY last_date DESC))[1]" for column in [*WORDS, *KEYS]
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_sales_link (company_id, source, key, %(columns)s, state,
                            points, line_count, amount, first_date, last_date)
                SELECT %(company)s, source, key, %(latest)s, 'open', 0, sum(line_count),
                       sum(amount), min(first_date), max(last_date)
                  FROM kokyaku_link_buyer
                 GROUP BY source, key
                    ON CONFLICT (company_id, source, key) DO UPDATE
                   SET line_count = kokyaku_sales_link.line_count + EXCLUDED.line_count,
                       amount = kokyaku_sales_link.amount + EXCLUDED.amount,
                       first_date = least(kokyaku_sales_link.first_date, EXCLUDED.first_date),
                       last_date = greatest(kokyaku_sales_link.last_date, EXCLUDED.last_date)
                """,
                columns=SQL(columns),
                latest=SQL(latest),
                company=company.id,
            )
        )
        self.env.cr.execute(
            """UPDATE kokyaku_link_buyer b SET link_id = l.id FROM kokyaku_sales_link l
                WHERE l.company_id = %s AND l.source = b.source AND l.key = b.key""",
            [company.id],
        )
        self.env.cr.execute("ANALYZE kokyaku_link_buyer; ANALYZE kokyaku_sales_link")

    @api.model
    def _write_lines(self, which):
        """Write to each line who its buyer is; return the counts."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH written AS (
                    UPDATE kokyaku_sales_record r
                       SET link_id = l.id,
                           partner_id = l.partner_id,
                           link_state = %(line_state)s,
                           linked_by = CASE WHEN l.state <> 'refused' THEN l.linked_by END
                      FROM kokyaku_link_buyer b
                      JOIN kokyaku_sales_link l ON l.id = b.link_id
                     WHERE %(which)s AND r.source = b.source AND %(digest)s = b.words
                 RETURNING r.partner_id IS NOT NULL AS linked
                )
                SELECT count(*), count(*) FILTER (WHERE linked) FROM written
                """,
                line_state=SQL(self._line_state_sql()),
                which=which,
                digest=SQL(DIGEST),
            )
        )
        [[buyers, still_open]] = self.env.execute_query(
            SQL(
                """SELECT count(*), count(*) FILTER (WHERE state = 'open')
                     FROM kokyaku_sales_link
                    WHERE id IN (SELECT link_id FROM kokyaku_link_buyer)"""
            )
        )
        [[lines, linked]] = rows
        return {"lines": lines, "linked": linked, "buyers": buyers, "open": still_open}

    @api.model
    def _write_earlier_lines(self, found):
        """What was found out about buyers counts for their lines of former imports too."""
        earlier = self.env.execute_query(
            SQL(
                """SELECT l.id FROM kokyaku_sales_link l
                     JOIN (SELECT link_id, sum(line_count) AS line_count
                             FROM kokyaku_link_buyer GROUP BY 1) AS b ON b.link_id = l.id
                    WHERE l.id = ANY(%s) AND l.line_count > b.line_count""",
                found,
            )
        )
        self._write_known_lines([id_ for [id_] in earlier])

    @api.model
    def _write_known_lines(self, links):
        """Write what is known of some buyers (ids) to their lines that still wait."""
        if not links:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record r
                   SET partner_id = l.partner_id, link_state = %(line_state)s,
                       linked_by = CASE WHEN l.state <> 'refused' THEN l.linked_by END
                  FROM kokyaku_sales_link l
                 WHERE l.id = ANY(%(links)s) AND r.link_id = l.id
                   AND r.partner_id IS NULL AND r.link_state = 'none'
                """,
                line_state=SQL(self._line_state_sql()),
                links=links,
            )
        )

    @api.model
    def _line_state_sql(self):
        """How a line was linked: by hand is only what somebody decided with the line in sight."""
        return (
            "CASE WHEN l.state = 'refused' THEN 'refused' "
            "WHEN l.partner_id IS NULL THEN 'none' ELSE 'auto' END"
        )

    # ---- Anew -------------------------------------------------------------------------------

    @api.model
    def _link_open(self, company):
        """Look again at the buyers nobody was found for: people have come in since.

        :return: how many were found now
        """
        self = self.sudo()
        self.env["res.partner"].flush_model()
        self.env["kokyaku.partner.key"]._flush_sources()
        self.env["kokyaku.sales.record"].flush_model()
        self.flush_model()
        cr = self.env.cr
        cr.execute("SELECT pg_advisory_xact_lock(hashtext('kokyaku_sales_link'), %s)", [company.id])
        cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        found = self._match(company, SQL("company_id = %s", company.id))
        self._write_known_lines(found)
        self.invalidate_model()
        self.env["kokyaku.sales.record"].invalidate_model()
        return len(found)

    @api.model
    def _recall(self, import_):
        """Before the lines of an import are linked: let what was decided by hand about a code
        count for more than our own codes, and let buyers go whose words the import corrected."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record r
                   SET partner_id = NULL, link_state = 'none', linked_by = NULL
                  FROM kokyaku_sales_link l
                 WHERE r.import_id = %s AND r.link_id IS NULL AND r.link_state = 'auto'
                   AND l.company_id = r.company_id AND l.source = r.source
                   AND l.customer_code = r.customer_code
                   AND l.state IN ('linked', 'new', 'refused')
                """,
                import_.id,
            )
        )
        changed = SQL(
            "(%s) IS DISTINCT FROM (%s)",
            SQL(", ").join(SQL.identifier("r", word) for word in WORDS),
            SQL(", ").join(SQL("b.values->>%s", word) for word in WORDS),
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH gone AS (
                    UPDATE kokyaku_sales_record r
                       SET link_id = NULL
                      FROM kokyaku_sales_record_before b
                     WHERE b.import_id = %s AND r.id = b.record_id AND r.link_id IS NOT NULL
                       AND r.partner_id IS NULL AND r.link_state = 'none' AND %s
                 RETURNING (b.values->>'link_id')::int AS link_id
                ) SELECT DISTINCT link_id FROM gone
                """,
                import_.id,
                changed,
            )
        )
        self.env["kokyaku.sales.record"].invalidate_model()
        self.sudo()._recount([id_ for [id_] in rows])

    @api.model
    def _recount(self, links):
        """Count the lines of some buyers (ids) anew. Who has none left and was not decided by
        hand is forgotten; a decision is remembered."""
        if not links:
            return
        self.env.cr.execute(
            """
            UPDATE kokyaku_sales_link l
               SET line_count = counted.line_count, amount = counted.amount,
                   first_date = COALESCE(counted.first_date, l.first_date),
                   last_date = COALESCE(counted.last_date, l.last_date)
              FROM (SELECT one.id, count(r.id) AS line_count, COALESCE(sum(r.amount), 0) AS amount,
                           min(r.date) AS first_date, max(r.date) AS last_date
                      FROM unnest(%s) AS one(id)
                      LEFT JOIN kokyaku_sales_record r ON r.link_id = one.id
                     GROUP BY one.id) AS counted
             WHERE l.id = counted.id
            """,
            [links],
        )
        self.env.cr.execute(
            """DELETE FROM kokyaku_sales_link
                WHERE id = ANY(%s) AND line_count = 0 AND state IN ('open', 'auto')""",
            [links],
        )
        self.invalidate_model()

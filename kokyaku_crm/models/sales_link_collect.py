import csv
import io
import logging

from odoo import api, models
from odoo.tools import SQL

from ..naming.buyer import Buyer, buyer
from .kokyaku_sales_link import DECIDED

_logger = logging.getLogger(__name__)

LINES = 200_000  # looked at in one turn: inside the time limit of a cron on a busy machine too
WORDS = (
    "customer_code", "buyer_name", "buyer_kana", "buyer_email", "buyer_phone", "buyer_zip",
    "buyer_address", "buyer_company",
)  # fmt: skip
KEYS = Buyer._fields[1:]
# One wording of a buyer, as a text that tells all of its words apart.
WORDING = f"ROW({', '.join(f'r.{word}' for word in WORDS)})::text"

BATCH = 20_000  # buyers folded at a time


class KokyakuSalesLink(models.Model):
    """Who the lines without a buyer are: their buyers are put together, matched, and written
    back to the lines. A fixed number of statements for any number of lines, and each buyer and
    each line is written once.

    Lines that found their customer by the customer code when they were loaded keep them; they
    get a buyer like the others, so that a wrong code can be corrected where all are.
    """

    _inherit = "kokyaku.sales.link"

    @api.model
    def _link_lines(self, company, import_=None, after=0, lines=LINES):
        """Link the next sales lines of a company that have not been looked at.

        In one transaction: all of these lines, or none. Called again, with ``after``, until it
        returns 0 lines; then ``_add_up`` until there is nothing to add. When these were the last
        lines, and not very many, that is done already.

        :param import_: only the lines of this import
        :param int after: only the lines past this id. What the turns before have written is not
            looked through again: there may be millions of them.
        :return: dict: ``lines`` looked at, ``linked`` of them, ``buyers`` they belong to,
            ``open`` buyers nobody was found for with certainty, ``last`` line looked at (its id)
        """
        self = self.sudo()
        self._begin_linking(company)
        last = self._last_line(company, import_, after, lines)
        if not last:
            return {"lines": 0, "linked": 0, "buyers": 0, "open": 0, "last": after}
        which = self._lines_between(company, import_, after, last)
        self._put_together(company, which)
        self._match(company)
        counts = self._write_lines(which) | {"last": last}
        self._write_known_lines(self._found_anew())
        if counts["lines"] < lines:
            self._add_up(company)
        self.env["kokyaku.sales.record"].invalidate_model()
        self.invalidate_model()
        _logger.info("sales lines of %s: %s", company.name, counts)
        return counts

    @api.model
    def _begin_linking(self, company):
        """Write what is pending, and let nobody else link sales of this company meanwhile."""
        cr = self.env.cr
        self.env["kokyaku.sales.record"].flush_model()
        self.env["res.partner"].flush_model()
        self.env["kokyaku.partner.key"]._flush_sources()
        self.flush_model()
        cr.execute("SELECT pg_advisory_xact_lock(hashtext('kokyaku_sales_link'), %s)", [company.id])
        cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        cr.execute(
            """DROP TABLE IF EXISTS kokyaku_link_words, kokyaku_link_fold, kokyaku_link_former,
                                    kokyaku_link_buyer"""
        )

    @api.model
    def _lines_between(self, company, import_, after, last):
        """Return the condition on the lines to be looked at (as ``r``).

        :param after: the id they come after
        :param last: the last id; None: there is no last one
        """
        which = SQL(
            """r.company_id = %s AND r.link_id IS NULL AND r.id > %s
               AND (r.partner_id IS NULL AND r.link_state = 'none'
                    OR r.linked_by = 'code' AND r.customer_code IS NOT NULL)""",
            company.id,
            after,
        )
        if last:
            which = SQL("%s AND r.id <= %s", which, last)
        if import_ is not None:
            which = SQL(
                """%s AND (r.import_id = %s OR r.id IN (
                    SELECT record_id FROM kokyaku_sales_record_before WHERE import_id = %s))""",
                which,
                import_.id,
                import_.id,
            )
        return which

    @api.model
    def _last_line(self, company, import_, after, lines):
        """Return the id of the last of so many lines, None when there are no more."""
        [[last]] = self.env.execute_query(
            SQL(
                """SELECT max(id) FROM (SELECT r.id FROM kokyaku_sales_record r
                    WHERE %s ORDER BY r.id LIMIT %s) AS next""",
                self._lines_between(company, import_, after, None),
                lines,
            )
        )
        return last

    # ---- Their buyers -------------------------------------------------------------------------

    @api.model
    def _put_together(self, company, which):
        """``kokyaku_link_words``: each wording of a buyer once, with its lines; and from it
        ``kokyaku_link_buyer``."""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_words ON COMMIT DROP AS
                SELECT row_number() OVER ()::int AS number, r.source, %(wording)s AS wording,
                       %(columns)s, count(*) AS line_count, sum(r.amount) AS amount,
                       min(r.date) AS first_date, max(r.date) AS last_date,
                       max(r.partner_id) AS partner_id
                  FROM kokyaku_sales_record r
                 WHERE %(which)s
                 GROUP BY r.source, %(columns)s
                """,
                wording=SQL(WORDING),
                columns=SQL(", ".join(f"r.{word}" for word in WORDS)),
                which=which,
            )
        )
        cr.execute("CREATE INDEX ON kokyaku_link_words (number)")
        self._fold_words()
        cr.execute("ANALYZE kokyaku_link_words (number), kokyaku_link_fold (number)")
        self._part_passed_on(company)
        self._know_buyers(company)

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

    @api.model
    def _part_passed_on(self, company):
        """A customer code may have passed to another customer since it linked a buyer. The
        buyer keeps the lines and the customer they have, under a key that no words have; the
        words begin a new buyer. ``kokyaku_link_former``: the last purchase of the former."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_former (source varchar, key varchar,
                    last_date date) ON COMMIT DROP;
                WITH passed_on AS (
                    UPDATE kokyaku_sales_link l SET key = l.key || '@' || l.id
                      FROM kokyaku_link_words w JOIN kokyaku_link_fold f USING (number)
                     WHERE l.company_id = %s AND l.source = w.source AND l.key = f.key
                       AND l.partner_id <> w.partner_id AND %s IS NOT TRUE
                 RETURNING l.source, f.key, l.last_date
                )
                INSERT INTO kokyaku_link_former SELECT source, key, last_date FROM passed_on
                """,
                company.id,
                SQL(DECIDED),
            )
        )

    @api.model
    def _know_buyers(self, company):
        """``kokyaku_link_buyer``: each buyer once, as known before or new with an id of its own.

        Here it is found out who they are; the rows are written when that is over. The words of
        a buyer are those of the latest purchase, ``partner_id`` whom the code has linked.
        """
        names = [*WORDS, *KEYS]
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_buyer ON COMMIT DROP AS
                SELECT COALESCE(l.id, nextval('kokyaku_sales_link_id_seq'))::int AS id,
                       %(company)s AS company_id, one.source, one.key, %(words)s,
                       l.state AS old_state, l.line_count AS old_lines, one.line_count,
                       one.amount, one.first_date, one.last_date,
                       one.coded_id IS NOT NULL AND %(decided)s IS NOT TRUE
                           AND l.partner_id IS DISTINCT FROM one.coded_id AS coded,
                       CASE WHEN %(decided)s THEN l.state
                            WHEN one.coded_id IS NOT NULL THEN 'auto'
                            ELSE COALESCE(l.state, 'open') END AS state,
                       CASE WHEN %(decided)s THEN l.partner_id
                            ELSE COALESCE(one.coded_id, l.partner_id) END AS partner_id,
                       l.linked_by, l.reasons, COALESCE(l.points, 0) AS points,
                       l.taken_off
                  FROM (SELECT DISTINCT ON (w.source, f.key) w.source, f.key, %(names)s,
                               sum(w.line_count) OVER same AS line_count,
                               sum(w.amount) OVER same AS amount,
                               min(w.first_date) OVER same AS first_date,
                               max(w.last_date) OVER same AS last_date,
                               max(w.partner_id) OVER same AS coded_id
                          FROM kokyaku_link_words w JOIN kokyaku_link_fold f USING (number)
                        WINDOW same AS (PARTITION BY w.source, f.key)
                         ORDER BY w.source, f.key, w.last_date DESC, w.number) AS one
                  LEFT JOIN kokyaku_sales_link l
                    ON l.company_id = %(company)s AND l.source = one.source AND l.key = one.key
                """,
                company=company.id,
                decided=SQL(DECIDED),
                names=SQL(", ".join(names)),
                words=SQL(
                    ", ".join(
                        f"COALESCE(one.{name}, l.{name})::varchar AS {name}" for name in names
                    )
                ),
            )
        )
        self.env.cr.execute("ANALYZE kokyaku_link_buyer (id, source, key, state)")

    @api.model
    def _keep_buyers(self):
        """Write the buyers as they are known now: new ones once, of known ones what changed; their
        lines are noted, see ``sales_link_totals``.

        What another transaction has entered meanwhile is a conflict, which the run repeats.
        """
        names = [*WORDS, *KEYS]
        found = ("state", "partner_id", "linked_by", "reasons", "points")
        columns = [
            "id", "company_id", "source", "key", *names, *found, "taken_off",
            "line_count", "amount", "first_date", "last_date",
        ]  # fmt: skip
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_sales_link (%(columns)s)
                   SELECT %(columns)s FROM kokyaku_link_buyer WHERE old_state IS NULL
                   ON CONFLICT (company_id, source, key) DO NOTHING""",
                columns=SQL(", ".join(columns)),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_link l SET %(found)s, %(words)s
                  FROM kokyaku_link_buyer b
                 WHERE l.id = b.id AND b.old_state IS NOT NULL
                   AND ((%(old)s) IS DISTINCT FROM (%(new)s) OR l.state = 'open'
                        AND (%(old_words)s) IS DISTINCT FROM (%(new_words)s))
                """,
                found=SQL(", ".join(f"{name} = b.{name}" for name in found)),
                words=SQL(
                    ", ".join(
                        f"{name} = CASE WHEN l.state = 'open' THEN b.{name} ELSE l.{name} END"
                        for name in names
                    )
                ),
                old=SQL(", ".join(f"l.{name}" for name in found)),
                new=SQL(", ".join(f"b.{name}" for name in found)),
                old_words=SQL(", ".join(f"l.{name}" for name in names)),
                new_words=SQL(", ".join(f"b.{name}" for name in names)),
            )
        )
        self._note_additions()

    @api.model
    def _found_anew(self):
        """Return the buyers (ids) with lines of former imports who were found only now."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM kokyaku_link_buyer
                    WHERE old_state = 'open' AND old_lines > 0 AND state <> 'open'"""
            )
        )
        return [id_ for [id_] in rows]

    # ---- Their lines --------------------------------------------------------------------------

    @api.model
    def _write_lines(self, which):
        """Write to each line who its buyer is; return the counts."""
        # Lines that came a moment ago are in no statistics: what is taken for a few of them would
        # be compared with each wording, one by one, which takes minutes instead of seconds. Nor
        # are they sorted by wording: written in their own order they take two thirds of the time.
        self.env.cr.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off")
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record r
                   SET link_id = b.id,
                       partner_id = CASE WHEN b.state = 'auto'
                           THEN COALESCE(r.partner_id, b.partner_id) ELSE b.partner_id END,
                       link_state = %(line_state)s,
                       linked_by = CASE WHEN b.state = 'auto'
                           THEN COALESCE(r.linked_by, b.linked_by)
                           WHEN b.state <> 'refused' THEN b.linked_by END
                  FROM kokyaku_link_words w
                  JOIN kokyaku_link_fold f USING (number)
                  JOIN kokyaku_link_buyer b ON b.source = w.source AND b.key = f.key
                 WHERE %(which)s AND r.source = w.source AND %(wording)s = w.wording
                """,
                line_state=SQL(self._line_state_sql("b")),
                which=which,
                wording=SQL(WORDING),
            )
        )
        self.env.cr.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on")
        rows = self.env.execute_query(
            SQL(
                """SELECT sum(line_count)::int,
                          COALESCE(sum(line_count) FILTER (WHERE partner_id IS NOT NULL), 0)::int,
                          count(*), count(*) FILTER (WHERE state = 'open')
                     FROM kokyaku_link_buyer"""
            )
        )
        return dict(zip(("lines", "linked", "buyers", "open"), rows[0], strict=True))

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
                line_state=SQL(self._line_state_sql("l")),
                links=links,
            )
        )

    @api.model
    def _line_state_sql(self, link):
        """How a line was linked: by hand is only what somebody decided with the line in sight."""
        return (
            f"CASE WHEN {link}.state = 'refused' THEN 'refused' "
            f"WHEN {link}.partner_id IS NULL THEN 'none' ELSE 'auto' END"
        )

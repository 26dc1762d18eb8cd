from odoo import api, models
from odoo.tools import SQL

from .kokyaku_sales_link import DECIDED
from .sales_link_collect import KEYS, WORDS


class KokyakuSalesLink(models.Model):
    """Looking again: at buyers nobody was found for, at lines a later file corrected."""

    _inherit = "kokyaku.sales.link"

    @api.model
    def _link_open(self, company):
        """Look again at the buyers nobody was found for: people have come in since.

        :return: how many were found now
        """
        self = self.sudo()
        self._begin_linking(company)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_buyer ON COMMIT DROP AS
                SELECT id, company_id, source, key, %s, state AS old_state,
                       line_count AS old_lines, 0 AS line_count, 0 AS amount, first_date,
                       last_date, FALSE AS coded, state, partner_id, linked_by, reasons, points,
                       taken_off
                  FROM kokyaku_sales_link WHERE company_id = %s AND state = 'open'
                """,
                SQL(", ".join([*WORDS, *KEYS])),
                company.id,
            )
        )
        self.env.cr.execute("ANALYZE kokyaku_link_buyer (id, source, key, state)")
        self._match(company)
        self._write_known_lines(self._found_anew())
        [[found]] = self.env.execute_query(
            SQL("SELECT count(*) FROM kokyaku_link_buyer WHERE state <> 'open'")
        )
        self.invalidate_model()
        self.env["kokyaku.sales.record"].invalidate_model()
        return found

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
                   AND %s
                """,
                import_.id,
                SQL(DECIDED),
            )
        )
        changed = SQL(
            "(%s) IS DISTINCT FROM (%s)",
            SQL(", ").join(SQL.identifier("r", word) for word in WORDS),
            SQL(", ").join(SQL("b.values->>%s", word) for word in WORDS),
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record r
                   SET link_id = NULL
                  FROM kokyaku_sales_record_before b
                 WHERE b.import_id = %s AND r.id = b.record_id AND r.link_id IS NOT NULL
                   AND r.partner_id IS NULL AND r.link_state = 'none'
                   AND r.is_cancelled IS NOT TRUE AND %s
                """,
                import_.id,
                changed,
            )
        )
        self.env["kokyaku.sales.record"].invalidate_model()
        self.sudo()._recount_former(import_, SQL("r.link_id IS NULL"))

    @api.model
    def _recount_former(self, import_, which):
        """Count the lines anew of the buyers that lines had before an import corrected them.

        :param SQL which: condition on the corrected lines (``r``, ``b.values`` before)
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT (b.values->>'link_id')::int
                     FROM kokyaku_sales_record_before b
                     JOIN kokyaku_sales_record r ON r.id = b.record_id
                    WHERE b.import_id = %s AND b.values->>'link_id' IS NOT NULL AND %s""",
                import_.id,
                which,
            )
        )
        self._recount([id_ for [id_] in rows])

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
                WHERE id = ANY(%s) AND line_count = 0 AND state IN ('open', 'auto')
                  AND taken_off IS NOT TRUE""",
            [links],
        )
        self.invalidate_model()

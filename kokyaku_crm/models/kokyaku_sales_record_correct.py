"""What a later file says about lines that are there already."""

from odoo import models
from odoo.tools import SQL

from .kokyaku_sales_record_load import BUYER, KNOWN, STAGE, STATED, columns_of
from .kokyaku_sales_record_lookup import FOUND

# Under the same code and names a buyer is the same, whatever else a file says of them.
NAMES = ("customer_code", "buyer_name", "buyer_kana", "buyer_company")


class KokyakuSalesRecord(models.Model):
    """Correcting lines, and taking back those whose sale was cancelled. What is replaced is kept
    (``kokyaku.sales.record.before``), so that the import can be undone."""

    _inherit = "kokyaku.sales.record"

    def _reject_contradicting(self, import_, rows, counts):
        """A line that an earlier part of the same file brought, and says something else."""
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET changed = FALSE WHERE changed AND in_file RETURNING row",
                SQL.identifier(KNOWN),
            )
        )
        refused = [row for (row,) in self.env.cr.fetchall()]
        self._give_back(import_, rows, refused, counts, "same_key_twice")

    def _give_back(self, import_, rows, refused, counts, code):
        """Reject rows that are in the stage already."""
        for table in (STAGE, KNOWN) if refused else ():
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE row = ANY(%s)", SQL.identifier(table), refused)
            )
        self._reject(import_, rows.loc[refused], counts, code)

    def _correct(self, import_):
        """Write what changed; return for how many lines.

        A human's decision on the person stays. Else the code decides anew when the file says
        something else about the buyer; without a new answer the linking will look at it again.
        A code that has passed to another customer since moves no line by itself: under the same
        name it stays, under another one the linking looks at it.
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_sales_record_before (import_id, record_id, values)
                SELECT %s, r.id, to_jsonb(r) FROM kokyaku_sales_record r
                  JOIN %s k ON k.id = r.id AND k.changed""",
                import_.id,
                SQL.identifier(KNOWN),
            )
        )
        if not self.env.cr.rowcount:
            return 0
        buyer_changed = SQL(
            "(%s) IS DISTINCT FROM (%s)",
            columns_of("r", BUYER),
            columns_of("s", BUYER),
        )
        decided = SQL(
            "(r.link_state IN ('manual', 'refused') OR r.buyer_erased IS TRUE OR NOT %s"
            " AND (r.link_state = 'auto' OR s.partner_id IS NULL)"
            " OR r.linked_by = 'code' AND (%s) IS NOT DISTINCT FROM (%s))",
            buyer_changed,
            columns_of("r", NAMES),
            columns_of("s", NAMES),
        )
        by_code = SQL(
            """(CASE WHEN (r.linked_by = 'code' AND r.customer_code = s.customer_code
                AND r.partner_id <> s.partner_id) IS NOT TRUE THEN s.partner_id END)"""
        )
        assignments = [
            SQL("%s = s.%s", SQL.identifier(name), SQL.identifier(name))
            for name in STATED
            if name != "external_key" and name not in BUYER
        ]
        assignments += [
            SQL(
                "%s = CASE WHEN r.buyer_erased IS TRUE THEN NULL ELSE s.%s END",
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in BUYER
        ]
        assignments += [
            SQL(
                """%(name)s = COALESCE(s.%(name)s,
                    CASE WHEN (%(old)s) IS NOT DISTINCT FROM (%(new)s) THEN r.%(name)s END)""",
                name=SQL.identifier(name),
                old=columns_of("r", words),
                new=columns_of("s", words),
            )
            for name, words in FOUND.items()
        ]
        assignments += [
            SQL("link_id = CASE WHEN %s THEN r.link_id END", decided),
            SQL("order_id = s.order_id, move_id = s.move_id, is_cancelled = NULL"),
            SQL("partner_id = CASE WHEN %s THEN r.partner_id ELSE %s END", decided, by_code),
            SQL(
                """link_state = CASE WHEN %s THEN r.link_state
                    WHEN %s IS NULL THEN 'none' ELSE 'auto' END""",
                decided,
                by_code,
            ),
            SQL(
                """linked_by = CASE WHEN %s THEN r.linked_by
                    WHEN %s IS NOT NULL THEN 'code' END""",
                decided,
                by_code,
            ),
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record r SET %s
                  FROM %s k JOIN %s s ON s.row = k.row
                 WHERE r.id = k.id AND k.changed""",
                SQL(", ").join(assignments),
                SQL.identifier(KNOWN),
                SQL.identifier(STAGE),
            )
        )
        return self.env.cr.rowcount

    def _take_back(self, import_, keys):
        """Let the lines with these keys count for nothing: their sale was cancelled since.

        :return: how many lines that was; those that never were imported are none
        """
        self.env.flush_all()
        known = SQL(
            """r.company_id = %s AND r.source = %s AND r.external_key = ANY(%s)
            AND r.is_cancelled IS NOT TRUE""",
            import_.company_id.id,
            import_.source,
            keys,
        )
        return self._cancel_where(import_, known)

    def _cancel_where(self, import_, condition):
        """Let the lines under a condition (over ``r``) count for nothing; return how many."""
        self.env.cr.execute(
            SQL(
                """WITH gone AS (
                    INSERT INTO kokyaku_sales_record_before (import_id, record_id, values)
                    SELECT %s, r.id, to_jsonb(r) FROM kokyaku_sales_record r WHERE %s
                    RETURNING record_id)
                UPDATE kokyaku_sales_record r
                   SET is_cancelled = TRUE, quantity = 0, amount = 0, tax = 0
                  FROM gone WHERE r.id = gone.record_id""",
                import_.id,
                condition,
            )
        )
        count = self.env.cr.rowcount
        if count:
            self.env.invalidate_all()
        return count

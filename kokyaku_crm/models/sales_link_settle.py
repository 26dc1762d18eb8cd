from odoo import api, models
from odoo.tools import SQL

from .sales_link_match import AGREES, NAMED, REASONS

KEPT = 5  # candidates kept for a buyer, for the keys 1 to 5
MARGIN = 10  # points by which the surest has to be ahead of another one who could be it

# What is sure enough to be linked without anybody looking.
SURE = f"""
    (h.remembered OR h.code) AND ({AGREES} OR h.family OR h.company)
    OR h.email AND {AGREES}
    OR h.phone AND {AGREES}
    OR {NAMED} AND (h.zip OR h.address OR h.company OR h.like_code)
    OR h.alone AND h.name AND h.contrary = 0 AND length(l.name_key) > 2
"""
LINKED_BY = """CASE WHEN h.remembered THEN 'manual' WHEN h.code OR h.like_code THEN 'code'
    WHEN h.email THEN 'email' WHEN h.phone THEN 'phone'
    WHEN h.zip OR h.address OR h.company THEN 'name_address' ELSE 'name' END"""


class KokyakuSalesLink(models.Model):
    """Of the people a buyer may be (``kokyaku_link_hit``): who it is, where that is sure, and who
    is offered where it is not."""

    _inherit = "kokyaku.sales.link"

    @api.model
    def _settle(self):
        """Link the buyers whose surest person is sure and ahead of anybody else. They are not
        looked at again."""
        self.env.cr.execute(
            SQL(
                """
                WITH sure AS (
                    SELECT h.*, row_number() OVER w AS place,
                           lead(h.points) OVER w AS next_points
                      FROM kokyaku_link_hit h
                      JOIN kokyaku_link_open l ON l.id = h.link_id
                     WHERE l.taken_off IS NOT TRUE AND (%(sure)s)
                    WINDOW w AS (PARTITION BY h.link_id ORDER BY h.points DESC, h.partner_id)
                ), linked AS (
                    UPDATE kokyaku_link_buyer b
                       SET state = 'auto', partner_id = h.partner_id, points = h.points,
                           linked_by = %(linked_by)s, reasons = %(reasons)s
                      FROM sure h
                     WHERE b.id = h.link_id AND h.place = 1
                       AND (h.next_points IS NULL OR h.points >= h.next_points + %(margin)s)
                 RETURNING b.id
                )
                DELETE FROM kokyaku_link_open l USING linked WHERE l.id = linked.id
                """,
                sure=SQL(SURE),
                linked_by=SQL(LINKED_BY),
                reasons=SQL(REASONS),
                margin=MARGIN,
            )
        )

    @api.model
    def _gather_candidates(self):
        """``kokyaku_link_candidate``: the likeliest people of the buyers that stay open; and how
        likely the first is."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_candidate ON COMMIT DROP AS
                SELECT link_id, partner_id, points, reasons
                  FROM (SELECT link_id, partner_id, points, reasons, row_number() OVER (
                                   PARTITION BY link_id ORDER BY points DESC, partner_id) AS place
                          FROM (SELECT DISTINCT ON (h.link_id, h.partner_id) h.link_id,
                                       h.partner_id, h.points - 5 * h.contrary AS points,
                                       %(reasons)s AS reasons
                                  FROM kokyaku_link_hit h
                                  JOIN kokyaku_link_open l ON l.id = h.link_id
                                 WHERE h.points > 15 + 5 * h.contrary
                                 ORDER BY h.link_id, h.partner_id, h.points DESC) AS best
                         ) AS ranked
                 WHERE place <= %(kept)s
                """,
                reasons=SQL(REASONS),
                kept=KEPT,
            )
        )
        self.env.cr.execute(
            """
            UPDATE kokyaku_link_buyer b SET points = best.points
              FROM (SELECT l.id, COALESCE(max(c.points), 0) AS points
                      FROM kokyaku_link_open l
                      LEFT JOIN kokyaku_link_candidate c ON c.link_id = l.id
                     GROUP BY l.id) AS best
             WHERE b.id = best.id AND b.points <> best.points
            """
        )

    @api.model
    def _keep_candidates(self):
        cr = self.env.cr
        cr.execute(
            """DELETE FROM kokyaku_sales_link_candidate c USING kokyaku_link_open l
                WHERE c.link_id = l.id"""
        )
        cr.execute(
            """INSERT INTO kokyaku_sales_link_candidate (link_id, partner_id, points, reasons)
               SELECT link_id, partner_id, points, reasons FROM kokyaku_link_candidate
                ORDER BY link_id, points DESC, partner_id"""
        )

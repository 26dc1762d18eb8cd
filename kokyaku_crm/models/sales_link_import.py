from odoo import fields, models
from odoo.tools import SQL

from .kokyaku_import_work import READING
from .kokyaku_sales_record_import import UNDO_TABLE

COUNT_PART = 50_000  # buyers counted anew in one transaction of a background run


class KokyakuImport(models.Model):
    """After the lines of a file are in, they are linked; what was linked by hand keeps the
    import from being undone."""

    _inherit = "kokyaku.import"

    is_recalled = fields.Boolean(
        readonly=True, copy=False, help="Buyers whose words it corrected were let go."
    )
    linked_to = fields.Integer(
        string="Last Line Looked Through", readonly=True, copy=False, aggregator=False,
        help="The last sales line (its id) whose customer was looked for.",
    )  # fmt: skip
    looked_through = fields.Integer(
        string="Lines Looked Through", readonly=True, copy=False, aggregator=False,
        help="Sales lines whose customer was looked for so far.",
    )  # fmt: skip

    def _after_reading(self, run):
        waiting = super()._after_reading(run)
        if waiting or self.kind != "sales":
            return waiting
        self._report_linking(run)
        links = self.env["kokyaku.sales.link"]
        if not self.is_recalled:  # once: what each turn lets go would be looked at for ever
            links._recall(self)
            self.sudo().is_recalled = True
        counts = links._link_lines(self.company_id, self, after=self.linked_to)
        if counts["lines"]:
            self.sudo().write(
                {
                    "linked_to": counts["last"],
                    "looked_through": self.looked_through + counts["lines"],
                }
            )
            self._report_linking(run)
            return {"again": True}  # as long as there are lines, each turn by itself
        if links.sudo()._add_up(self.company_id):
            return {"again": True}
        links.sudo()._recount_former(
            self,
            SQL(
                """r.link_id = (b.values->>'link_id')::int AND (r.amount, r.date)
                IS DISTINCT FROM ((b.values->>'amount')::numeric, (b.values->>'date')::date)"""
            ),
        )
        return None

    def _report_linking(self, run):
        lines = self.new_count + self.updated_count
        share = min(1, self.looked_through / (lines or 1))
        run._report(
            READING["sales"] + (95 - READING["sales"]) * share,
            self.env._("Looking for the customers of the sales…"),
        )

    def _undo_blockers(self):
        reasons = super()._undo_blockers()
        if self.kind == "sales":
            [[count]] = self.env.execute_query(
                SQL(
                    """SELECT count(DISTINCT link_id) FROM kokyaku_sales_record
                        WHERE import_id = %s AND linked_by = 'manual'
                          AND link_state IN ('manual', 'refused')""",
                    self.id,
                )
            )
            if count:
                reasons.append(
                    self.env._(
                        "The customers of %s of its buyers were decided by hand. Please undo "
                        "those decisions first (Link Sales).",
                        count,
                    )
                )
        return reasons

    def _undo_sales(self, turn=None):
        """Taken back in parts, a buyer is counted anew once, when all of their lines are gone:
        each has lines in many parts. Lines that have their former words back and no buyer of
        these words are linked anew."""
        result = super()._undo_sales(turn)
        if result["again"]:
            return result
        links = self.env["kokyaku.sales.link"].sudo()
        while numbers := links._to_be_counted(self.company_id, COUNT_PART if turn else None):
            links._recount(numbers)
            if turn and turn.ends_after(0):
                return {"again": True}
        counts = {"lines": True, "last": 0}
        while counts["lines"] or links._add_up(self.company_id):
            counts = links._link_lines(self.company_id, after=counts["last"])
            if counts["lines"] and turn and turn.ends_after(0):
                return {"again": True}
        return result

    def _undo_corrected(self):
        """Both the buyers that the lines have had and those they have again are counted anew."""
        self._count_buyers_later()
        result = super()._undo_corrected()
        self._follow_buyers()
        self._count_buyers_later()
        return result

    def _follow_buyers(self):
        """What was found out or decided about a buyer since their lines were corrected holds for
        the lines that are theirs again. A buyer without lines may be forgotten by now: such
        lines are looked at anew, but for whom a code or a human has linked."""
        self.env["kokyaku.sales.link"]._put_right(
            SQL("r.id IN (SELECT id FROM %s)", SQL.identifier(UNDO_TABLE))
        )
        found = SQL("r.link_state = 'auto' AND r.linked_by IS DISTINCT FROM 'code'")
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_sales_record r
                   SET link_id = NULL,
                       partner_id = CASE WHEN NOT (%(found)s) THEN r.partner_id END,
                       link_state = CASE WHEN %(found)s THEN 'none' ELSE r.link_state END,
                       linked_by = CASE WHEN NOT (%(found)s) THEN r.linked_by END
                  FROM %(noted)s n
                 WHERE n.id = r.id AND r.link_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM kokyaku_sales_link l WHERE l.id = r.link_id)
                """,
                found=found,
                noted=SQL.identifier(UNDO_TABLE),
            )
        )

    def _undo_brought(self):
        self._count_buyers_later()
        return super()._undo_brought()

    def _count_buyers_later(self):
        """Note that the buyers of the lines that are being taken back must be counted anew."""
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_link SET is_to_be_counted = TRUE
                    WHERE is_to_be_counted IS NOT TRUE
                      AND id IN (SELECT r.link_id FROM kokyaku_sales_record r
                                   JOIN %s n ON n.id = r.id)""",
                SQL.identifier(UNDO_TABLE),
            )
        )

    def _touched_links(self):
        """Return the ids of the buyers whose lines this import brought or corrected."""
        corrected = SQL(
            "SELECT record_id FROM kokyaku_sales_record_before WHERE import_id = %s", self.id
        )
        return sorted(self._links_of(SQL("import_id = %s OR id IN (%s)", self.id, corrected)))

    def _links_of(self, which):
        """Return the set of ids of the buyers of some lines.

        :param SQL which: condition on the lines
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT link_id FROM kokyaku_sales_record"
                " WHERE link_id IS NOT NULL AND (%s)",
                which,
            )
        )
        return {number for [number] in rows}

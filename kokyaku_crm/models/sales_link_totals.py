"""How many lines a buyer has, and what they come to."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

PART = 200_000  # notes added up in one transaction
LONGEST = timedelta(days=2)  # between the turns of a run, with a restart among them


class KokyakuSalesLinkAddition(models.Model):
    """A note of the lines one turn of the linking has found of a known buyer.

    The buyers of a large file come again turn after turn, and each of their rows is in many
    indexes: they are written once, when the lines are through. A note is written with its lines
    and goes with being added, each in one transaction, so that whatever is cut off, nothing is
    lost or counted twice. Plain numbers, as ``link_id`` of the lines is.
    """

    _name = "kokyaku.sales.link.addition"
    _description = "Lines to Be Added to a Buyer"
    _log_access = False

    company_id = fields.Integer(required=True)
    link_id = fields.Integer(string="Buyer No.", required=True)
    line_count = fields.Integer(string="Lines")
    amount = fields.Float(string="Amount (Tax Included)", digits=0)
    first_date = fields.Date(string="First Purchase")
    last_date = fields.Date(string="Last Purchase")

    @api.autovacuum
    def _gc_additions(self):
        """Add up what a run that was given up has left."""
        for [company_id] in self.env.execute_query(
            SQL("SELECT DISTINCT company_id FROM kokyaku_sales_link_addition")
        ):
            company = self.env["res.company"].browse(company_id)
            while self.env["kokyaku.sales.link"]._add_up(company):
                pass


class KokyakuSalesLink(models.Model):
    _inherit = "kokyaku.sales.link"

    @api.model
    def _note_additions(self):
        """Note the lines of the buyers in ``kokyaku_link_buyer`` that were known before."""
        self.env.cr.execute(
            """INSERT INTO kokyaku_sales_link_addition (company_id, link_id, line_count, amount,
                      first_date, last_date)
               SELECT company_id, id, line_count, amount, first_date, last_date
                 FROM kokyaku_link_buyer WHERE old_state IS NOT NULL AND line_count > 0"""
        )

    @api.model
    def _add_up(self, company, limit=PART):
        """Add the next lines that were noted to their buyers of a company.

        In one transaction: a buyer's notes all at once. Called again until it returns False.

        :return: whether there is more
        """
        self.flush_model()
        [[last]] = self.env.execute_query(
            SQL(
                """SELECT max(link_id) FROM (
                    SELECT link_id FROM kokyaku_sales_link_addition
                     WHERE company_id = %s ORDER BY link_id LIMIT %s) AS next""",
                company.id,
                limit,
            )
        )
        if last is None:
            return False
        self._put_right_decided(company, last)
        # No statistics know how many notes there are: no buyer must be looked for in all of them.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(
            SQL(
                """
                WITH noted AS (
                    DELETE FROM kokyaku_sales_link_addition
                     WHERE company_id = %s AND link_id <= %s
                 RETURNING link_id, line_count, amount, first_date, last_date
                )
                UPDATE kokyaku_sales_link l
                   SET line_count = l.line_count + more.line_count,
                       amount = l.amount + more.amount,
                       first_date = least(l.first_date, more.first_date),
                       last_date = greatest(l.last_date, more.last_date)
                  FROM (SELECT link_id, sum(line_count) AS line_count, sum(amount) AS amount,
                               min(first_date) AS first_date, max(last_date) AS last_date
                          FROM noted GROUP BY link_id) AS more
                 WHERE l.id = more.link_id
                """,
                company.id,
                last,
            )
        )
        self.env.cr.execute("SET LOCAL enable_nestloop = on")
        self.invalidate_model(["line_count", "amount", "first_date", "last_date"])
        [[more]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM kokyaku_sales_link_addition WHERE company_id = %s)",
                company.id,
            )
        )
        return more

    @api.model
    def _put_right_decided(self, company, last):
        """Somebody may have decided about a buyer while a turn that had not seen it wrote their
        lines: these follow the decision now. Only buyers up to an id, as they are added up."""
        decided = self.env.execute_query(
            SQL(
                """SELECT DISTINCT a.link_id FROM kokyaku_sales_link_addition a
                     JOIN kokyaku_sales_link_log g ON g.link_id = a.link_id
                    WHERE a.company_id = %s AND a.link_id <= %s
                      AND GREATEST(g.date, g.undone_at) > %s""",
                company.id,
                last,
                fields.Datetime.now() - LONGEST,
            )
        )
        if decided:
            self._put_right(SQL("r.link_id = ANY(%s)", [link for [link] in decided]))
            self.env["kokyaku.sales.record"].invalidate_model()

    @api.model
    def _to_be_counted(self, company, limit):
        """Return the ids of buyers some lines of whom were taken back since they were counted."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM kokyaku_sales_link WHERE company_id = %s AND is_to_be_counted"
                " ORDER BY id LIMIT %s",
                company.id,
                limit,
            )
        )
        return [number for [number] in rows]

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
                   is_to_be_counted = NULL,
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
        # The notes of these lines are counted with them.
        self.env.cr.execute(
            "DELETE FROM kokyaku_sales_link_addition WHERE link_id = ANY(%s)", [links]
        )
        self.env.cr.execute(
            """DELETE FROM kokyaku_sales_link
                WHERE id = ANY(%s) AND line_count = 0 AND state IN ('open', 'auto')
                  AND taken_off IS NOT TRUE""",
            [links],
        )
        self.invalidate_model()

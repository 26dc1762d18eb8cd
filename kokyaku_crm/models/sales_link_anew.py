import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .kokyaku_sales_link import DECIDED
from .sales_link_collect import KEYS, WORDS

FEW = 2_000  # buyers looked for within the click
PART = 50_000  # buyers looked for in one transaction of a run
SECONDS = 40  # of one turn of the run


class ResCompany(models.Model):
    _inherit = "res.company"

    def _run_look_again(self, run):
        """Run: look again for all buyers of this company nobody was found for, a part at a time;
        each part is whole, and the next turn goes on after it."""
        links = self.env["kokyaku.sales.link"]
        looking = self.env._("Looking for the customers of the sales…")
        done = run.params or {"after": 0, "found": 0, "all": links._count_open(self)}
        end = time.monotonic() + SECONDS
        while True:
            left = links._count_open(self, done["after"])
            run._report(100 * (1 - left / max(done["all"], left, 1)), looking)
            after, found = links._link_open(self, done["after"])
            if after is None:
                break
            done = {**done, "after": after, "found": done["found"] + found}
            run.sudo().params = done
            run._commit_step()
            if time.monotonic() > end:
                return {"again": True}
        if not done["found"]:
            return self.env._("Nobody new was found.")
        return self.env._("%s buyers were found.", f"{done['found']:,}")


class KokyakuSalesLink(models.Model):
    """Looking again: at buyers nobody was found for, at lines a later file corrected."""

    _inherit = "kokyaku.sales.link"

    @api.model
    def _link_open(self, company, after=0, limit=PART):
        """Look again at the next buyers nobody was found for: people have come in since.

        In one transaction: all of these buyers, or none.

        :param int after: the id the last part ended with
        :return: pair: the id this part ended with, None when there are no more buyers; and how
            many were found now
        """
        self = self.sudo()
        self._begin_linking(company)
        [[last]] = self.env.execute_query(
            SQL(
                """SELECT max(id) FROM (
                    SELECT id FROM kokyaku_sales_link
                     WHERE company_id = %s AND state = 'open' AND id > %s
                     ORDER BY id LIMIT %s) AS next""",
                company.id,
                after,
                limit,
            )
        )
        if not last:
            return None, 0
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kokyaku_link_buyer ON COMMIT DROP AS
                SELECT id, company_id, source, key, %s, state AS old_state,
                       line_count AS old_lines, 0 AS line_count, 0 AS amount, first_date,
                       last_date, FALSE AS coded, state, partner_id, linked_by, reasons, points,
                       taken_off
                  FROM kokyaku_sales_link
                 WHERE company_id = %s AND state = 'open' AND id > %s AND id <= %s
                """,
                SQL(", ".join([*WORDS, *KEYS])),
                company.id,
                after,
                last,
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
        return last, found

    @api.model
    def _count_open(self, company, after=0, most=None):
        """Return how many buyers, past an id, nobody was found for; at most so many."""
        waiting = Domain("company_id", "=", company.id) & Domain("state", "=", "open")
        return self.sudo().search_count(waiting & Domain("id", ">", after), limit=most)

    # ---- もう一度さがす, on the screen -----------------------------------------------------------

    @api.model
    def link_again(self):
        """もう一度さがす: look for the buyers nobody was found for, at once or, where there are
        many, by a run.

        :return: how many were found now; None when a run looks for them: ``link_screen`` names
            it, and the screen shows how far it is
        """
        if not self.env.user.has_group("kokyaku_crm.group_user"):
            raise UserError(self.env._("Only those who work with customers link sales."))
        company = self.env.company
        if self._count_open(company, most=FEW + 1) <= FEW:
            return self._link_open(company)[1]
        name = self.env._("Customers of Sales")
        self.env["kokyaku.run"]._enqueue("look_again", company, name)
        return None

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

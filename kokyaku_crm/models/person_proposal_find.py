import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KEPT = 5  # candidates kept for a document, for the keys 1 to 5
UNDECIDED_POINTS = 40  # where several are as likely
FEW = 2_000  # documents looked at within the click
PART = 20_000  # documents looked at by one statement
SECONDS = 40  # of one turn of the run

# What is told of an order and of an invoice, under the same names.
DOCUMENTS = {
    "order_id": SQL(
        """SELECT o.id AS document, o.partner_id, o.partner_shipping_id, o.partner_invoice_id,
                  o.client_order_ref AS reference, o.date_order::date AS date
             FROM sale_order o WHERE o.state <> 'cancel'"""
    ),
    # Those of orders have the person of their orders.
    "move_id": SQL(
        """SELECT o.id AS document, o.partner_id, o.partner_shipping_id,
                  NULL::int AS partner_invoice_id, o.ref AS reference,
                  COALESCE(o.invoice_date, o.date) AS date
             FROM account_move o
            WHERE o.state <> 'cancel' AND o.move_type IN ('out_invoice', 'out_refund')
              AND NOT EXISTS (
                  SELECT FROM account_move_line line
                    JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                   WHERE line.move_id = o.id)"""
    ),
}
TABLES = {"order_id": SQL("sale_order"), "move_id": SQL("account_move")}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _run_find_persons(self, run):
        """Run: propose persons for all orders and invoices of this company, a part at a time;
        each part is whole, and the next turn goes on after it."""
        proposals = self.env["kokyaku.person.proposal"]
        done = run.params or {}
        end = time.monotonic() + SECONDS
        for kind in DOCUMENTS:
            while (after := done.get(kind, 0)) is not None:
                [[last]] = self.env.execute_query(
                    SQL("SELECT COALESCE(max(id), 1) FROM %s", TABLES[kind])
                )
                share = 50 * (kind == "move_id") + 50 * min(after / last, 1)
                run._report(share, self.env._("Looking for persons behind orders…"))
                done = {**done, kind: proposals._find_part(self, kind, after)}
                run.sudo().params = done
                run._commit_step()
                if time.monotonic() > end:
                    return {"again": True}
        count = proposals.search_count([("company_id", "=", self.id), ("state", "=", "open")])
        return self.env._("%s orders and invoices have a proposal.", f"{count:,}")


class KokyakuPersonProposal(models.Model):
    """Finding who may be behind a company's orders: the contact it is delivered or invoiced to, a
    name in the customer's reference, a delivery address with a person's name, e-mail or phone."""

    _inherit = "kokyaku.person.proposal"

    @api.model
    def action_find(self):
        """個人をさがす: propose persons for the orders and invoices of this company that name
        none, at once or, where there are many, by a run; and open the list."""
        self._check_may_decide()
        if self._are_few(self.env.company):
            self._find(self.env.company)
        else:
            self._check_search()
            self.env["kokyaku.run"]._enqueue(
                "find_persons", self.env.company, self.env._("Persons behind Orders")
            )
        return self.env["ir.actions.actions"]._for_xml_id("kokyaku_crm.action_person_link")

    @api.model
    def _are_few(self, company):
        counts = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL(
                    """SELECT count(*) FROM (SELECT FROM %s o WHERE o.company_id = %s
                          AND o.person_id IS NULL LIMIT %s) AS few""",
                    table,
                    company.id,
                    FEW + 1,
                )
                for table in TABLES.values()
            )
        )
        return sum(count for [count] in counts) <= FEW

    @api.model
    def _check_search(self):
        if not self.env["kokyaku.partner.key"]._is_ready():
            raise UserError(
                self.env._("The search is still being prepared. Please try again in some minutes.")
            )

    @api.model
    def _find(self, company):
        """Propose anew what is not decided, in this transaction."""
        for kind in DOCUMENTS:
            after = 0
            while after is not None:
                after = self._find_part(company, kind, after)

    @api.model
    def _find_part(self, company, kind, after, limit=PART):
        """Propose anew for the next documents of a kind.

        :param str kind: "order_id" or "move_id"
        :param int after: the id the last part ended with
        :return: the id this part ended with, None when there are no more
        """
        self._check_search()
        self.env.flush_all()
        [[last]] = self.env.execute_query(
            SQL(
                """SELECT max(id) FROM (
                    SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s) AS next""",
                TABLES[kind],
                after,
                limit,
            )
        )
        if last is None:
            return None
        document = SQL.identifier(kind)
        self.env.cr.execute(
            SQL(
                """DELETE FROM kokyaku_person_proposal
                    WHERE company_id = %(company)s AND state = 'open' AND %(document)s > %(after)s
                      AND %(document)s <= %(last)s""",
                company=company.id,
                document=document,
                after=after,
                last=last,
            )
        )
        self._gather_hits(company, kind, after, last)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_person_proposal (company_id, %(document)s, partner_id,
                            person_id, reason, reference, date, points, state)
                SELECT %(company)s, document, house,
                       CASE WHEN points > COALESCE(next_points, 0) THEN person_id END,
                       CASE WHEN points > COALESCE(next_points, 0) THEN reason END,
                       reference, date,
                       CASE WHEN points > COALESCE(next_points, 0) THEN points ELSE %(draw)s END,
                       'open'
                  FROM kokyaku_person_hit WHERE place = 1
                """,
                company=company.id,
                document=document,
                draw=UNDECIDED_POINTS,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_person_candidate (proposal_id, person_id, points, reason)
                SELECT p.id, h.person_id, h.points, h.reason
                  FROM kokyaku_person_hit h
                  JOIN kokyaku_person_proposal p ON p.%(document)s = h.document
                 WHERE p.state = 'open' AND h.place <= %(kept)s
                 ORDER BY p.id, h.place
                """,
                document=document,
                kept=KEPT,
            )
        )
        self.invalidate_model()
        return last

    @api.model
    def _gather_hits(self, company, kind, after, last):
        """``kokyaku_person_hit``: who speaks for himself behind which document, the likeliest
        first (``place``)."""
        self.env.cr.execute("DROP TABLE IF EXISTS kokyaku_person_hit")
        self.env.cr.execute(
            SQL(
                r"""
                CREATE TEMPORARY TABLE kokyaku_person_hit ON COMMIT DROP AS
                WITH wanted AS MATERIALIZED (
                    SELECT o.*, p.commercial_partner_id AS house,
                           kokyaku_fold_name(o.reference) AS said
                      FROM (%(documents)s AND o.company_id = %(company)s AND o.person_id IS NULL
                              AND o.id > %(after)s AND o.id <= %(last)s) AS o
                      JOIN res_partner p ON p.id = o.partner_id
                      JOIN res_partner h ON h.id = p.commercial_partner_id
                     WHERE h.is_company AND (p.is_company OR p.type <> 'contact')
                       AND NOT EXISTS (SELECT FROM kokyaku_person_proposal known
                                        WHERE known.%(document)s = o.document)
                ), person AS MATERIALIZED (
                    SELECT p.id, p.commercial_partner_id AS house, p.email_normalized, n.doc,
                           split_part(n.doc, E'\n', 2) AS name,
                           kokyaku_fold_name(NULLIF(p.family_name, '')) AS family
                      FROM res_partner p
                      JOIN kokyaku_partner_key n ON n.id = p.id
                     WHERE p.commercial_partner_id IN (SELECT house FROM wanted)
                       AND p.active AND NOT p.is_company AND p.type = 'contact'
                       AND p.parent_id IS NOT NULL
                       AND NOT EXISTS (SELECT FROM res_partner below  -- a department
                                        WHERE below.parent_id = p.id AND below.type = 'contact')
                ), hit AS (
                    SELECT o.*, p.id AS person_id, 'contact' AS reason, 90 AS points
                      FROM wanted o JOIN person p
                        ON p.id IN (o.partner_shipping_id, o.partner_invoice_id)
                           AND p.house = o.house
                    UNION ALL
                    SELECT o.*, p.id, CASE WHEN strpos(o.said, p.name) > 0
                                           THEN 'name' ELSE 'family' END,
                           CASE WHEN strpos(o.said, p.name) > 0 THEN 80 ELSE 50 END
                      FROM wanted o JOIN person p ON p.house = o.house
                     WHERE o.said <> '' AND (length(p.name) > 2 AND strpos(o.said, p.name) > 0
                           OR length(p.family) > 1 AND strpos(o.said, p.family) > 0)
                    UNION ALL
                    SELECT o.*, p.id, 'address', 60
                      FROM wanted o
                      JOIN res_partner a ON a.id = o.partner_shipping_id AND a.type = 'delivery'
                      JOIN person p ON p.house = o.house
                     WHERE a.email_normalized = p.email_normalized
                        OR kokyaku_fold_name(a.name) = p.name AND p.name <> ''
                        OR kokyaku_fold_phone(a.phone) <> ''
                           AND strpos(p.doc, E'\n' || kokyaku_fold_phone(a.phone) || E'\n') > 0
                ), best AS (
                    SELECT DISTINCT ON (document, person_id) document, house, reference, date,
                           person_id, reason, points
                      FROM hit ORDER BY document, person_id, points DESC
                )
                SELECT *, row_number() OVER w AS place, lead(points) OVER w AS next_points
                  FROM best
                WINDOW w AS (PARTITION BY document ORDER BY points DESC, person_id)
                """,
                documents=DOCUMENTS[kind],
                document=SQL.identifier(kind),
                company=company.id,
                after=after,
                last=last,
            )
        )

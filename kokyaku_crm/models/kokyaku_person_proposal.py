from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

REASONS = [
    ("contact", "Delivery or Invoice Contact"),
    ("name", "Name in the Reference"),
    ("family", "Family Name in the Reference"),
    ("address", "Like the Delivery Address"),
]
STATES = [("open", "To Be Decided"), ("done", "Person Set"), ("refused", "Not This Person")]
# What is told of an order and of an invoice, under the same names.
ORDERS = """
    SELECT o.id AS order_id, NULL::int AS move_id, o.partner_id, o.partner_shipping_id,
           o.partner_invoice_id, o.client_order_ref AS reference, o.date_order::date AS date
      FROM sale_order o
     WHERE o.company_id = %s AND o.person_id IS NULL AND o.state <> 'cancel'
"""
INVOICES = """
    SELECT NULL::int AS order_id, o.id AS move_id, o.partner_id, o.partner_shipping_id,
           NULL::int AS partner_invoice_id, o.ref AS reference,
           COALESCE(o.invoice_date, o.date) AS date
      FROM account_move o
     WHERE o.company_id = %s AND o.person_id IS NULL AND o.state <> 'cancel'
       AND o.move_type IN ('out_invoice', 'out_refund')
"""


class KokyakuPersonProposal(models.Model):
    """個人の候補: the person who may be behind a company's order or invoice that names none.

    Found anew by ``action_find``, by statement: the contact it is delivered or invoiced to, a
    name in the customer's reference, a delivery address that has a person's name, e-mail or
    phone. Nothing is set without ``action_accept``; what was refused is not proposed again.
    """

    _name = "kokyaku.person.proposal"
    _description = "Person Proposed for an Order"
    _order = "points desc, partner_id, date desc, id"
    _rec_name = "person_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", ondelete="cascade", index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Ordering Company", ondelete="cascade", index=True
    )
    person_id = fields.Many2one(
        "res.partner", string="Person", required=True, ondelete="cascade", index=True
    )
    reason = fields.Selection(REASONS, required=True, string="Why")
    reference = fields.Char(string="Customer Reference")
    date = fields.Date()
    points = fields.Integer(string="Certainty", aggregator=False)
    state = fields.Selection(STATES, required=True, default="open")

    # ---- Finding ------------------------------------------------------------------------------

    @api.model
    def action_find(self):
        """個人をさがす: propose persons for the orders and invoices of this company that name
        none, and open the list."""
        self._check_user()
        self._find(self.env.company)
        return self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_person_proposal")

    @api.model
    def _find(self, company):
        """Propose anew what is not decided; return how many proposals there are."""
        self.env.flush_all()
        keys = self.env["kokyaku.partner.key"]
        if not keys._is_ready():
            raise UserError(
                self.env._("The search is still being prepared. Please try again in some minutes.")
            )
        self.env.cr.execute(
            "DELETE FROM kokyaku_person_proposal WHERE company_id = %s AND state = 'open'",
            [company.id],
        )
        count = sum(self._propose(company, SQL(which, company.id)) for which in (ORDERS, INVOICES))
        self.invalidate_model()
        return count

    @api.model
    def _propose(self, company, which):
        """Insert the proposals for orders or invoices. Where two persons are as likely, none."""
        self.env.cr.execute(
            SQL(
                r"""
                INSERT INTO kokyaku_person_proposal (company_id, order_id, move_id, partner_id,
                            person_id, reason, reference, date, points, state)
                WITH wanted AS MATERIALIZED (
                    SELECT o.*, p.commercial_partner_id AS house,
                           kokyaku_fold_name(o.reference) AS said
                      FROM (%(which)s) AS o
                      JOIN res_partner p ON p.id = o.partner_id
                      JOIN res_partner h ON h.id = p.commercial_partner_id
                     WHERE h.is_company AND (p.is_company OR p.type <> 'contact')
                       -- two questions: joined by OR, each order would read all decisions
                       AND NOT EXISTS (SELECT FROM kokyaku_person_proposal known
                                        WHERE known.order_id = o.order_id)
                       AND NOT EXISTS (SELECT FROM kokyaku_person_proposal known
                                        WHERE known.move_id = o.move_id)
                ), person AS MATERIALIZED (
                    SELECT p.id, p.commercial_partner_id AS house, p.email_normalized, n.doc,
                           split_part(n.doc, E'\n', 2) AS name,
                           kokyaku_fold_name(NULLIF(p.family_name, '')) AS family
                      FROM res_partner p
                      JOIN kokyaku_partner_key n ON n.id = p.id
                     WHERE p.commercial_partner_id IN (SELECT house FROM wanted)
                       AND p.active AND NOT p.is_company AND p.type = 'contact'
                       AND p.parent_id IS NOT NULL
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
                    SELECT DISTINCT ON (order_id, move_id, person_id) *
                      FROM hit ORDER BY order_id, move_id, person_id, points DESC
                ), ranked AS (
                    SELECT *, row_number() OVER w AS place, lead(points) OVER w AS next_points
                      FROM best
                    WINDOW w AS (PARTITION BY order_id, move_id ORDER BY points DESC, person_id)
                )
                SELECT %(company)s, order_id, move_id, house, person_id, reason, reference, date,
                       points, 'open'
                  FROM ranked
                 WHERE place = 1 AND points > COALESCE(next_points, 0)
                """,
                which=which,
                company=company.id,
            )
        )
        return self.env.cr.rowcount

    # ---- Deciding -----------------------------------------------------------------------------

    def action_accept(self):
        """この方に決める: write the person on the orders and invoices of these proposals."""
        self._check_user()
        chosen = self.filtered(lambda one: one.state == "open")
        chosen._write_persons(SQL("p.person_id"), SQL("o.person_id IS NULL"))
        chosen.sudo().state = "done"
        return chosen._after_change(self.env._("%s persons were set.", len(chosen)))

    def action_refuse(self):
        """別の方: not this person; it is not proposed again."""
        self._check_user()
        chosen = self.filtered(lambda one: one.state == "open")
        chosen.sudo().state = "refused"
        return True

    def action_undo(self):
        """元に戻す: take the person off the orders again, where nobody changed it since."""
        self._check_user()
        chosen = self.filtered(lambda one: one.state != "open")
        chosen._write_persons(SQL("NULL"), SQL("p.state = 'done' AND o.person_id = p.person_id"))
        chosen.sudo().state = "open"
        return chosen._after_change(self.env._("%s decisions were taken back.", len(chosen)))

    def _write_persons(self, person, condition):
        """Write the person of the orders and invoices of these proposals, as far as the user may.

        :param person: SQL of the new value; ``p`` is the proposal
        :param condition: SQL; ``o`` is the order or invoice
        """
        for records in filter(None, (self.order_id, self.move_id)):
            records.check_access("write")
        self.env.flush_all()
        for table, column in (("sale_order", "order_id"), ("account_move", "move_id")):
            self.env.cr.execute(
                SQL(
                    """UPDATE %s AS o SET person_id = %s, write_uid = %s,
                              write_date = now() AT TIME ZONE 'UTC'
                         FROM kokyaku_person_proposal p
                        WHERE p.%s = o.id AND p.id = ANY(%s) AND %s""",
                    SQL.identifier(table),
                    person,
                    self.env.uid,
                    SQL.identifier(column),
                    self.ids,
                    condition,
                )
            )

    def _after_change(self, message):
        """Let the invoices of the orders follow; reload the list with a message."""
        orders = self.order_id
        orders.invalidate_recordset(["person_id", "write_uid", "write_date"])
        self.move_id.invalidate_recordset(["person_id", "write_uid", "write_date"])
        orders._person_to_invoices()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_user(self):
        self.check_access("read")
        if not self.env.user.has_group("kokyaku_crm.group_user"):
            raise AccessError(self.env._("Only those who work with customers link sales."))

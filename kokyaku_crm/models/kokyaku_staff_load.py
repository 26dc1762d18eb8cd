from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

QUIET_MONTHS = 6


class KokyakuStaffLoad(models.Model):
    """担当者別の顧客数: how many customers each employee looks after, and how they are doing.

    One statement over all employees; who is archived is listed as long as there are customers
    left with them. The row without employee stands for the customers of nobody.
    """

    _name = "kokyaku.staff.load"
    _description = "Customers by Employee"
    _auto = False
    _order = "main_count desc, id"
    _rec_name = "user_id"
    _depends = {
        "res.partner": ["user_id", "active", "is_company", "type", "company_id", "staff_ids"],
        "mail.activity": ["user_id", "active"],
        "sale.order": ["user_id", "state", "company_id"],
        "kokyaku.contact.history": ["partner_id", "date"],
    }

    user_id = fields.Many2one("res.users", string="Employee", readonly=True)
    is_active = fields.Boolean(string="Still Here", readonly=True)
    main_count = fields.Integer(string="Customers", readonly=True)
    company_count = fields.Integer(string="Of Them Companies", readonly=True)
    person_count = fields.Integer(string="Of Them Persons", readonly=True)
    staff_count = fields.Integer(string="As Further Staff", readonly=True)
    quiet_count = fields.Integer(
        string="No Contact for 6 Months", readonly=True,
        help="Customers with whom nobody had a contact in the past six months.",
    )  # fmt: skip
    activity_count = fields.Integer(string="Open Activities", readonly=True)
    quotation_count = fields.Integer(string="Open Quotations", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH customer AS (
                SELECT p.id, p.user_id, p.is_company FROM res_partner p
                 WHERE p.active AND p.type = 'contact' AND p.partner_share
                   AND (p.company_id IS NULL OR p.company_id = ANY(%(companies)s))
            ), lately AS (
                SELECT DISTINCT partner_id FROM kokyaku_contact_history
                 WHERE date > now() AT TIME ZONE 'UTC' - make_interval(months => %(months)s)
            ), main AS (
                SELECT c.user_id, count(*) AS customers, count(*) FILTER (WHERE c.is_company)
                           AS companies,
                       count(*) FILTER (WHERE NOT EXISTS (
                           SELECT FROM lately WHERE lately.partner_id = c.id)) AS quiet
                  FROM customer c GROUP BY c.user_id
            ), further AS (
                SELECT rel.user_id, count(*) AS customers
                  FROM kokyaku_partner_staff_rel rel JOIN customer c ON c.id = rel.partner_id
                 GROUP BY rel.user_id
            ), activity AS (
                SELECT user_id, count(*) AS number FROM mail_activity
                 WHERE active GROUP BY user_id
            ), quotation AS (
                SELECT user_id, count(*) AS number FROM sale_order
                 WHERE state IN ('draft', 'sent') AND company_id = ANY(%(companies)s)
                 GROUP BY user_id
            )
            SELECT COALESCE(u.id, 0) AS id, u.id AS user_id, u.active AS is_active,
                   COALESCE(main.customers, 0) AS main_count,
                   COALESCE(main.companies, 0) AS company_count,
                   COALESCE(main.customers - main.companies, 0) AS person_count,
                   COALESCE(further.customers, 0) AS staff_count,
                   COALESCE(main.quiet, 0) AS quiet_count,
                   COALESCE(activity.number, 0) AS activity_count,
                   COALESCE(quotation.number, 0) AS quotation_count
              FROM (SELECT id, active FROM res_users WHERE NOT share
                    UNION ALL SELECT NULL, TRUE) AS u
              LEFT JOIN main ON main.user_id IS NOT DISTINCT FROM u.id
              LEFT JOIN further ON further.user_id = u.id
              LEFT JOIN activity ON activity.user_id = u.id
              LEFT JOIN quotation ON quotation.user_id IS NOT DISTINCT FROM u.id
             WHERE u.active OR main.customers > 0 OR further.customers > 0
            """,
            companies=self.env.companies.ids,
            months=QUIET_MONTHS,
        )

    def _open(self, model, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": f"{name}: {self.user_id.sudo().name or self.env._('Nobody')}",
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
        }

    def _customers(self):
        return (
            Domain("user_id", "=", self.user_id.id)
            & Domain("type", "=", "contact")
            & Domain("partner_share", "=", True)
        )

    def action_customers(self):
        return self._open("res.partner", self.env._("Customers"), self._customers())

    def action_staff(self):
        domain = Domain("staff_ids", "in", self.user_id.ids) & Domain("partner_share", "=", True)
        return self._open("res.partner", self.env._("As Further Staff"), domain)

    def action_quiet(self):
        since = Domain("date", ">", f"now -{QUIET_MONTHS}m")
        domain = self._customers() & ~Domain("contact_history_ids", "any", since)
        return self._open("res.partner", self.env._("No Contact for 6 Months"), domain)

    def action_activities(self):
        domain = Domain("user_id", "=", self.user_id.id)
        return self._open("mail.activity", self.env._("Open Activities"), domain)

    def action_quotations(self):
        domain = Domain("user_id", "=", self.user_id.id) & Domain("state", "in", ("draft", "sent"))
        return self._open("sale.order", self.env._("Open Quotations"), domain)

    def action_hand_over(self):
        """引継ぎ: begin a hand-over of this employee's customers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_handover")
        return {
            **action,
            "views": [(False, "form")],
            "context": {"default_from_user_id": self.user_id.id},
        }

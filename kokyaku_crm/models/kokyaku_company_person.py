from odoo import fields, models
from odoo.tools import SQL

from ..tools import office_today
from .kokyaku_affiliation import KINDS, STATES


class KokyakuCompanyPerson(models.Model):
    """所属者: the people of a company, now and before.

    A view computed when it is read: the affiliations, and (with the negative id of the
    person) who belongs by ``parent_id`` alone. Read for one company or one person, both
    halves are found by index.
    """

    _name = "kokyaku.company.person"
    _description = "Person of a Company"
    _auto = False
    _order = "department, kana, id"
    _rec_name = "name"
    _depends = {
        "kokyaku.affiliation": [
            "partner_id",
            "company_partner_id",
            "department",
            "function",
            "phone",
            "email",
            "date_from",
            "date_to",
            "is_main",
            "kind",
            "successor_id",
        ],
        "res.partner": [
            "name",
            "kana",
            "parent_id",
            "function",
            "phone",
            "email",
            "is_company",
            "type",
            "active",
            "honorific",
            "company_id",
        ],
    }

    partner_id = fields.Many2one("res.partner", string="Person", readonly=True)
    company_id = fields.Many2one("res.company", string="Own Company", readonly=True)
    company_partner_id = fields.Many2one("res.partner", string="Company", readonly=True)
    affiliation_id = fields.Many2one("kokyaku.affiliation", readonly=True)
    name = fields.Char(string="Full Name", readonly=True)
    kana = fields.Char(readonly=True)
    department = fields.Char(readonly=True)
    function = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    mobile_phone = fields.Char(related="partner_id.mobile_phone")
    date_from = fields.Date(string="First Day", readonly=True)
    date_to = fields.Date(string="Last Day", readonly=True)
    is_main = fields.Boolean(string="Main Affiliation", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    state = fields.Selection(STATES, string="Status", readonly=True)
    successor_id = fields.Many2one("res.partner", string="Successor", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id,
                   row.partner_id,
                   person.company_id,
                   row.company_partner_id,
                   row.id AS affiliation_id,
                   person.name,
                   person.kana,
                   NULLIF(CONCAT_WS(' ', CASE WHEN house.is_company IS NOT TRUE THEN house.name END,
                                    NULLIF(row.department, '')), '') AS department,
                   row.function,
                   CASE WHEN row.is_main AND row.date_to IS NULL
                        THEN COALESCE(row.phone, person.phone) ELSE row.phone END AS phone,
                   CASE WHEN row.is_main AND row.date_to IS NULL
                        THEN COALESCE(row.email, person.email) ELSE row.email END AS email,
                   row.date_from,
                   row.date_to,
                   row.is_main,
                   row.kind,
                   CASE WHEN row.date_to < %(today)s THEN 'past'
                        WHEN row.date_from > %(today)s THEN 'future'
                        ELSE 'current' END AS state,
                   row.successor_id
              FROM kokyaku_affiliation AS row
              JOIN res_partner AS person ON person.id = row.partner_id
              JOIN res_partner AS house ON house.id = row.company_partner_id
             WHERE person.active
             UNION ALL
            SELECT -person.id,
                   person.id,
                   person.company_id,
                   person.parent_id,
                   NULL,
                   person.name,
                   person.kana,
                   CASE WHEN house.is_company IS NOT TRUE THEN house.name END,
                   person.function,
                   person.phone,
                   person.email,
                   NULL,
                   NULL,
                   TRUE,
                   'regular',
                   'current',
                   NULL
              FROM res_partner AS person
              JOIN res_partner AS house ON house.id = person.parent_id
             WHERE person.active
               AND person.is_company IS NOT TRUE
               AND person.type = 'contact'
               AND person.honorific IS DISTINCT FROM 'onchu'
               AND NOT EXISTS (
                   SELECT FROM kokyaku_affiliation AS row WHERE row.partner_id = person.id)
            """,
            today=office_today(self),
        )

    def action_open_person(self):
        """Open the person of this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

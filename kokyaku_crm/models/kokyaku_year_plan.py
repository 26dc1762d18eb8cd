from odoo import fields, models
from odoo.tools import SQL


class KokyakuYearPlan(models.Model):
    """年間計画: what goes out this year, beside what went out a year ago.

    A row is a set, on the day it was posted, else on its deadline. A set of last year that
    nothing has followed stands a year later, to be copied (``is_open``; its id is negative).
    Computed when it is read; there are as many rows as sets, and their counts are stored.
    """

    _name = "kokyaku.year.plan"
    _description = "Year Plan"
    _auto = False
    _order = "date, id"
    _rec_name = "name"
    _depends = {
        "kokyaku.selection.set": [
            "name",
            "active",
            "state",
            "company_id",
            "owner_id",
            "department",
            "deadline",
            "selection_type_id",
            "previous_id",
            "copied_from_id",
            "member_count",
        ],
        "kokyaku.selection.execution": [
            "set_id",
            "state",
            "date",
            "cost",
            "unit_cost",
            "sent_count",
            "response_count",
        ],
    }

    name = fields.Char(readonly=True)
    date = fields.Date(string="Posting Date or Deadline", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    set_id = fields.Many2one("kokyaku.selection.set", string="Selection Set", readonly=True)
    selection_type_id = fields.Many2one("kokyaku.selection.type", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    department = fields.Char(readonly=True)
    state = fields.Selection(
        selection=lambda self: [
            ("open", self.env._("Not Planned Yet")),
            *self.env["kokyaku.selection.set"]._fields["state"]._description_selection(self.env),
        ],
        readonly=True,
    )
    is_open = fields.Boolean(string="Not Planned Yet", readonly=True)
    people = fields.Integer(string="Recipients", readonly=True)
    cost = fields.Monetary(string="Cost in All", readonly=True)
    responses = fields.Integer(readonly=True)
    last_set_id = fields.Many2one("kokyaku.selection.set", string="Set a Year Ago", readonly=True)
    last_date = fields.Date(string="Date a Year Ago", readonly=True)
    last_people = fields.Integer(string="Recipients a Year Ago", readonly=True)
    last_cost = fields.Monetary(string="Cost a Year Ago", readonly=True)
    last_responses = fields.Integer(string="Responses a Year Ago", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH posted AS (
                SELECT set_id, max(date) AS date, sum(sent_count) AS sent,
                       sum(COALESCE(cost, 0) + COALESCE(unit_cost, 0) * COALESCE(sent_count, 0))
                           AS cost,
                       sum(response_count) AS responses
                  FROM kokyaku_selection_execution
                 WHERE state <> 'cancelled'
                 GROUP BY set_id
            ), sets AS (
                SELECT s.*, COALESCE(s.previous_id, s.copied_from_id) AS before_id,
                       COALESCE(e.date, s.deadline) AS date,
                       COALESCE(NULLIF(e.sent, 0), s.member_count, 0)::int AS people,
                       COALESCE(e.cost, 0) AS cost, COALESCE(e.responses, 0)::int AS responses
                  FROM kokyaku_selection_set s
                  LEFT JOIN posted e ON e.set_id = s.id
            )
            SELECT t.id, t.name, t.date, t.company_id, t.id AS set_id, t.selection_type_id,
                   t.owner_id, t.department, t.state, FALSE AS is_open,
                   t.people, t.cost, t.responses, l.id AS last_set_id, l.date AS last_date,
                   l.people AS last_people, l.cost AS last_cost, l.responses AS last_responses
              FROM sets t
              LEFT JOIN sets l ON l.id = t.before_id
                              AND date_part('year', l.date) < date_part('year', t.date)
             WHERE t.date IS NOT NULL AND t.active
         UNION ALL
            SELECT -l.id, l.name, (l.date + interval '1 year')::date, l.company_id, NULL,
                   l.selection_type_id, l.owner_id, l.department, 'open', TRUE,
                   0, 0, 0, l.id, l.date, l.people, l.cost, l.responses
              FROM sets l
             WHERE l.date IS NOT NULL
               AND NOT EXISTS (SELECT FROM sets t WHERE t.before_id = l.id)
            """
        )

    def action_open_set(self):
        """Open the set, or the one of a year ago where nothing is planned yet."""
        self.ensure_one()
        return self._open(self.set_id or self.last_set_id)

    def action_choose_previous(self):
        """前回を選ぶ: ask which set this one follows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set of Last Time"),
            "res_model": "kokyaku.year.plan.previous",
            "view_mode": "form",
            "target": "new",
            "context": {"default_set_id": self.set_id.id, "default_date": self.date},
        }

    def action_copy_last(self):
        """Make this year's set out of that of a year ago, and open it."""
        self.ensure_one()
        last = self.last_set_id
        if hasattr(last, "action_copy"):
            return last.action_copy()
        copied = last.copy(
            {"copied_from_id": last.id, "previous_id": last.id, "deadline": self.date}
        )
        return self._open(copied)

    def _open(self, the_set):
        return {
            "type": "ir.actions.act_window",
            "res_model": the_set._name,
            "res_id": the_set.id,
            "views": [[False, "form"]],
        }

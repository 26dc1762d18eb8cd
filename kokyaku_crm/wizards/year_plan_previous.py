from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

YEAR = relativedelta(years=1)
AROUND = relativedelta(months=4)  # お歳暮 is no お中元, but may be posted in November or December


class YearPlanPrevious(models.TransientModel):
    """前回を選ぶ: which set a set of the year plan follows, as a rule one of the same selection
    type a year before it."""

    _name = "kokyaku.year.plan.previous"
    _description = "Set of Last Time"

    set_id = fields.Many2one("kokyaku.selection.set", required=True, readonly=True)
    date = fields.Date(readonly=True)
    show_all = fields.Boolean(string="Choose among All Sets")
    candidate_ids = fields.Many2many(
        "kokyaku.selection.set", compute="_compute_candidate_ids", string="Sets to Choose from"
    )
    previous_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Last Time",
        compute="_compute_previous_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
    )

    @api.depends("set_id", "show_all")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard._candidates()

    @api.depends("set_id", "show_all")
    def _compute_previous_id(self):
        for wizard in self:
            if not wizard.previous_id:
                known = wizard.set_id.selection_type_id and not wizard.show_all
                wizard.previous_id = wizard.candidate_ids[:1] if known else False

    def _candidates(self):
        """Return the sets that may be meant, the likeliest first; with ``show_all`` every set
        the user may read, the newest first."""
        sets = self.env["kokyaku.selection.set"].with_context(active_test=False)
        of_company = [
            ("company_id", "=", self.set_id.company_id.id),
            ("id", "!=", self.set_id.id),
        ]
        if self.show_all or not self.date:
            return sets.search(of_company)
        plan = self.env["kokyaku.year.plan"]
        plan.flush_model()
        for model, names in plan._depends.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(set_id, last_set_id) AS id
                  FROM (SELECT set_id, NULL::int AS last_set_id, date, selection_type_id
                          FROM (%(plan)s) AS t WHERE NOT is_open
                         UNION
                        SELECT NULL, last_set_id, last_date, selection_type_id
                          FROM (%(plan)s) AS o WHERE is_open) AS one
                 WHERE date BETWEEN %(first)s AND %(last)s
                   AND (%(type)s::int IS NULL OR selection_type_id = %(type)s::int)
                 ORDER BY abs(date - %(meant)s::date), id DESC
                """,
                plan=plan._table_query,
                first=self.date - YEAR - AROUND,
                last=self.date - YEAR + AROUND,
                meant=self.date - YEAR,
                type=self.set_id.selection_type_id.id or None,
            )
        )
        near = list(dict.fromkeys(row[0] for row in rows))
        readable = sets.search([*of_company, ("id", "in", near)])
        return readable.sorted(lambda one: near.index(one.id))

    def action_apply(self):
        """Note the set of last time, so that the plan shows both beside each other."""
        self.ensure_one()
        self.set_id.previous_id = self.previous_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

STATES = [
    ("draft", "In Preparation"),
    ("confirmed", "Settled"),
    ("executed", "Executed"),
    ("closed", "Completed"),
]


class KokyakuSelectionSet(models.Model):
    """選択セット: a named and numbered set of people.

    How to use: criteria build it (``_build``), people are added and removed by hand
    (``_add_people``, ``_remove_people``: both stick), it is confirmed, executed, answered.
    Other code reads its people by ``_members_sql``.

    How it works: the people are rows of ``kokyaku.selection.member``, written by one statement
    whatever their number; counts are stored. The parts stand in files of their own:
    ``selection_set_build.py`` (criteria), ``selection_set_people.py`` (by hand),
    ``selection_set_compare.py``, ``selection_set_combine.py``, ``selection_set_state.py``.
    """

    _name = "kokyaku.selection.set"
    _description = "Selection Set"
    _order = "id desc"
    _rec_names_search = ["name", "number"]

    number = fields.Char(readonly=True, copy=False, index=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="restrict",
        copy=False,
    )
    department = fields.Char(help="Whose set it is: 営業一課, 総務部 …")
    deadline = fields.Date(help="Until when the set has to be ready.", copy=False)
    selection_type_id = fields.Many2one(
        "kokyaku.selection.type",
        help="What it is for: says whether it goes to the company or home, and what consent "
        "it needs.",
        ondelete="restrict",
    )
    note = fields.Text()
    copied_from_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Copied from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    previous_id = fields.Many2one(
        "kokyaku.selection.set",
        string="Last Time",
        index="btree_not_null",
        ondelete="set null",
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
        help="The set it is compared with: last year's, the last newsletter's …",
    )
    member_ids = fields.One2many("kokyaku.selection.member", "set_id", string="Recipients")
    execution_ids = fields.One2many("kokyaku.selection.execution", "set_id", string="Executions")
    member_count = fields.Integer(string="Number of Recipients", readonly=True, copy=False)
    manual_count = fields.Integer(string="Added by Hand", readonly=True, copy=False)
    excluded_count = fields.Integer(string="Removed by Hand", readonly=True, copy=False)
    confirmed_by = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    executed_by = fields.Many2one("res.users", readonly=True, copy=False)
    executed_at = fields.Datetime(readonly=True, copy=False)
    closed_by = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)

    _number_uniq = models.UniqueIndex("(company_id, number) WHERE number IS NOT NULL")

    @api.depends("number", "name")
    def _compute_display_name(self):
        for one in self:
            one.display_name = " ".join(filter(None, (one.number, one.name)))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            if not vals.get("number"):
                sequence = self.env["ir.sequence"].sudo().with_company(company)
                vals["number"] = sequence.next_by_code("kokyaku.selection.set")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for one in self:
            if one.sudo().execution_ids:
                raise UserError(
                    self.env._(
                        "“%s” has executions, which stay in the history of its people. Archive "
                        "the set instead.",
                        one.display_name,
                    )
                )

    # ---- Its people ---------------------------------------------------------------

    def _members_sql(self):
        """Return a SELECT of the partner ids of these sets, each once; what it reads is
        flushed. The stored members: nothing is evaluated."""
        self.env["kokyaku.selection.member"].flush_model()
        if len(self) == 1:
            return SQL(
                """SELECT partner_id FROM kokyaku_selection_member
                    WHERE set_id = %s AND excluded IS NOT TRUE""",
                self.id,
            )
        return SQL(
            """SELECT DISTINCT partner_id FROM kokyaku_selection_member
                WHERE set_id = ANY(%s) AND excluded IS NOT TRUE""",
            self.ids,
        )

    def _count_members(self):
        """Store how many people the sets have (対象者数), after any change."""
        self.env["kokyaku.selection.member"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_selection_set s
                   SET member_count = COALESCE(m.members, 0),
                       manual_count = COALESCE(m.manual, 0),
                       excluded_count = COALESCE(m.excluded, 0)
                  FROM unnest(%(ids)s::int[]) AS wanted(id)
                  LEFT JOIN (SELECT set_id,
                                    count(*) FILTER (WHERE excluded IS NOT TRUE) AS members,
                                    count(*) FILTER (WHERE excluded IS NOT TRUE
                                                       AND origin = 'manual') AS manual,
                                    count(*) FILTER (WHERE excluded) AS excluded
                               FROM kokyaku_selection_member
                              WHERE set_id = ANY(%(ids)s)
                              GROUP BY set_id) AS m ON m.set_id = wanted.id
                 WHERE s.id = wanted.id
                """,
                ids=self.ids,
            )
        )
        self.invalidate_recordset(["member_count", "manual_count", "excluded_count"])

    def _check_editable(self):
        """Refuse to change the people of a set that is confirmed (確定)."""
        self.check_access("write")
        for one in self:
            if one.state != "draft" and not self.env.su:
                raise UserError(
                    self.env._(
                        "“%(name)s” is %(state)s, so its people are locked. Take one more in with "
                        "“Late Addition”, or take the confirmation back.",
                        name=one.display_name,
                        state=dict(self._fields["state"]._description_selection(self.env))[
                            one.state
                        ],
                    )
                )

    def action_members(self):
        """Open the people of the set."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kokyaku_crm.action_selection_member"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [("set_id", "=", self.id)],
            "context": {
                "search_default_members": 1,
                "default_set_id": self.id,
                "kokyaku_set_id": self.id,
            },
        }

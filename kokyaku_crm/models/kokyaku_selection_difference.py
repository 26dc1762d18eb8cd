from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import NOBODY_IN_CHARGE, selected_domain, told

SIDES = [("this", "This Time Only"), ("last", "Last Time Only"), ("both", "Both Times")]
READ = (
    "kokyaku.selection.set",
    "kokyaku.selection.member",
    "kokyaku.execution.line",
    "kokyaku.home.address",
    "res.partner",
)
GONE = SQL("p.deceased_on IS NOT NULL OR p.active IS NOT TRUE")
CHANGES = ("moved", "staff_changed", "work_changed", "is_gone")


class KokyakuSelectionDifference(models.Model):
    """比較: who is in a set and who in others, and what has changed about those in both.

    A view computed when it is read, a row for each person. Which sets: the context's
    ``kokyaku_compare``, a list of ids; the first one is "this time", the others "last time"
    (``set.action_compare`` opens it). What was then is what the last execution of the others
    has on paper; who was in none, of them nothing is known.
    """

    _name = "kokyaku.selection.difference"
    _description = "Difference of Selection Sets"
    _auto = False
    _order = "id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Recipient", readonly=True)
    side = fields.Selection(SIDES, string="Which Time", readonly=True)
    set_number = fields.Integer(string="In How Many Sets", readonly=True)
    set_names = fields.Char(string="Sets They Are in", readonly=True)
    removed = fields.Boolean(string="Removed by Hand This Time", readonly=True)
    moved = fields.Boolean(
        string="Address Changed",
        readonly=True,
        help="It would go elsewhere today: home or company as the address choice says.",
    )
    former_address = fields.Char(string="Address Last Time", readonly=True)
    present_address = fields.Char(string="Address Now", readonly=True)
    staff_changed = fields.Boolean(readonly=True)
    former_user_id = fields.Many2one("res.users", string="Staff Last Time", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Staff Now",
        readonly=True,
        falsy_value_label=NOBODY_IN_CHARGE,
    )
    work_changed = fields.Boolean(string="Company or Function Changed", readonly=True)
    former_work = fields.Char(string="Work Last Time", readonly=True)
    present_work = fields.Char(string="Work Now", readonly=True)
    is_gone = fields.Boolean(string="Deceased or Archived", readonly=True)
    partner_ref = fields.Char(related="partner_id.ref", string="Customer Code")
    partner_kana = fields.Char(related="partner_id.kana")
    partner_company_id = fields.Many2one(related="partner_id.parent_id", string="Works for")
    partner_state_id = fields.Many2one(related="partner_id.state_id", string="Prefecture")
    partner_state_name = fields.Char(related="partner_id.state_id.name", string="Prefecture Name")

    # ---- What is compared -----------------------------------------------------------

    @api.model
    def _compared(self):
        """Return the sets of the context that the user may read, this time's in front."""
        ids = [id_ for id_ in self.env.context.get("kokyaku_compare") or [] if isinstance(id_, int)]
        sets = self.env["kokyaku.selection.set"].with_context(active_test=False)
        readable = sets.search([("id", "in", ids)])
        return sets.browse([id_ for id_ in ids if id_ in readable.ids])

    @api.model
    def _sides_sql(self, sets):
        """Return a SELECT of (id, side, set_number, removed), a row for each person."""
        return SQL(
            """
            SELECT partner_id AS id,
                   CASE WHEN NOT bool_or(%(here)s) THEN 'last'
                        WHEN bool_or(set_id <> %(this)s AND excluded IS NOT TRUE) THEN 'both'
                        ELSE 'this' END AS side,
                   (count(*) FILTER (WHERE excluded IS NOT TRUE))::int AS set_number,
                   bool_or(set_id = %(this)s AND excluded IS TRUE) AS removed
              FROM kokyaku_selection_member
             WHERE set_id = ANY(%(sets)s)
             GROUP BY partner_id
            HAVING bool_or(excluded IS NOT TRUE)
            """,
            here=SQL("set_id = %s AND excluded IS NOT TRUE", sets[:1].id or 0),
            this=sets[:1].id or 0,
            sets=sets.ids,
        )

    @api.model
    def _sides_of_all_sql(self, sets):
        """Return a SELECT of (id, side): the same as ``_sides_sql`` for counting everybody.

        One set joined with the others takes half the time of grouping all of them; but single
        persons cannot be looked up in it."""
        return SQL(
            """
            SELECT COALESCE(this.partner_id, last.partner_id) AS id,
                   CASE WHEN this.partner_id IS NULL THEN 'last'
                        WHEN last.partner_id IS NULL THEN 'this'
                        ELSE 'both' END AS side
              FROM (%s) AS this
              FULL JOIN (%s) AS last ON last.partner_id = this.partner_id
            """,
            sets[:1]._members_sql(),
            sets[1:]._members_sql(),
        )

    @api.model
    def _last_execution(self, sets):
        """Return the execution that says what was last time."""
        return (
            self.env["kokyaku.selection.execution"]
            .sudo()
            .search(
                [("set_id", "in", sets[1:].ids), ("state", "!=", "cancelled")],
                order="date desc nulls last, id desc",
                limit=1,
            )
        )

    @property
    def _table_query(self):
        sets = self._compared()
        self._make_ready()
        return self._rows_sql(sets, self._last_execution(sets))

    def _make_ready(self):
        for model in READ:
            self.env[model].flush_model()
        # For the rest of the transaction: a million rows are grouped in memory, and compiling
        # the statement takes longer than running it.
        self.env.cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")

    @api.model
    def _rows_sql(self, sets, execution):
        """Return the SELECT of all rows: the sets compared, and what was sent last time."""
        sides = self._sides_sql(sets)
        if not execution:  # nothing is known of last time
            return SQL(
                """
                SELECT m.id, m.id AS partner_id, m.side, m.set_number, m.removed,
                       %(names)s AS set_names, FALSE AS moved, NULL AS former_address,
                       NULL AS present_address, FALSE AS staff_changed,
                       NULL::int AS former_user_id, p.user_id, FALSE AS work_changed,
                       NULL AS former_work, NULL AS present_work, %(gone)s AS is_gone
                  FROM (%(sides)s) AS m
                  LEFT JOIN res_partner p ON p.id = m.id
                """,
                names=self._set_names_sql(sets),
                gone=GONE,
                sides=sides,
            )
        return SQL(
            """
            SELECT m.id, m.id AS partner_id, m.side, m.set_number, m.removed,
                   %(names)s AS set_names,
                   l.address_text IS NOT NULL AND %(former)s <> %(present)s AS moved,
                   replace(l.address_text, E'\\n', ' ') AS former_address,
                   NULLIF(replace(%(address)s, E'\\n', ' '), '') AS present_address,
                   l.id IS NOT NULL AND l.user_id IS DISTINCT FROM p.user_id AS staff_changed,
                   l.user_id AS former_user_id, p.user_id,
                   l.id IS NOT NULL
                       AND (COALESCE(l.company_text, '') <> %(company)s
                            OR COALESCE(l.title_text, '') <> %(function)s)
                       AND (l.kind = 'company' OR l.company_text IS NOT NULL) AS work_changed,
                   NULLIF(concat_ws(' ', l.company_text, l.title_text), '') AS former_work,
                   NULLIF(concat_ws(' ', NULLIF(%(company)s, ''), NULLIF(%(function)s, '')), '')
                       AS present_work,
                   %(gone)s AS is_gone
              FROM (%(sides)s) AS m
              LEFT JOIN res_partner p ON p.id = m.id
              LEFT JOIN kokyaku_execution_line l
                     ON l.partner_id = m.id AND l.execution_id = %(execution)s
              -- each person once: PostgreSQL leaves this out where no address is asked for
              LEFT JOIN (SELECT DISTINCT ON (partner_id) * FROM (%(targets)s) AS one) AS t
                     ON t.partner_id = m.id
              LEFT JOIN res_country country ON country.id = t.country_id
            """,
            names=self._set_names_sql(sets),
            gone=GONE,
            sides=sides,
            execution=execution.id,
            targets=self.env["res.partner"]
            .sudo()
            ._postal_targets_sql(
                SQL(
                    "SELECT partner_id FROM kokyaku_execution_line WHERE execution_id = %s",
                    execution.id,
                ),
                execution.selection_type_id,
            ),
            address=execution._address_sql(),
            former=SQL("translate(l.address_text, E' \u3000\\n', '')"),
            present=SQL("translate(%s, E' \u3000\\n', '')", execution._address_sql()),
            company=self._work_sql(
                "company_name",
                SQL("CASE WHEN p.is_company IS NOT TRUE THEN p.commercial_company_name END"),
            ),
            function=self._work_sql("function", SQL("p.function")),
        )

    @api.model
    def _work_sql(self, column, own):
        """SQL: company or function as it would be printed today; where nothing goes to the
        company, what the person's own page says."""
        return SQL(
            """COALESCE(CASE WHEN t.kind = 'company' AND (t.city <> '' OR t.street <> '')
                             THEN %s ELSE %s END, '')""",
            SQL.identifier("t", column),
            own,
        )

    @api.model
    def _set_names_sql(self, sets):
        return SQL(
            """(SELECT string_agg(concat_ws(' ', s.number, s.name), '、' ORDER BY s.id DESC)
                  FROM kokyaku_selection_member one
                  JOIN kokyaku_selection_set s ON s.id = one.set_id
                 WHERE one.partner_id = m.id AND one.set_id = ANY(%s)
                   AND one.excluded IS NOT TRUE)""",
            sets.ids,
        )

    # ---- What the list shows above itself -----------------------------------------------

    @api.readonly
    @api.model
    def compared_numbers(self):
        """Return what stands above the list: the sets, and how many are where.

        :return: dict of ``sets`` (name, number, only: who is in no other), ``this``, ``last``,
            ``both``, and of those in both how many have which of ``CHANGES`` (or nothing, when
            nothing was sent last time)
        """
        self.check_access("read")
        sets = self._compared()
        self._make_ready()
        alone = {}
        if len(sets) > 2:
            alone = dict(
                self.env.execute_query(
                    SQL(
                        """SELECT set_id, count(*)
                             FROM (SELECT min(set_id) AS set_id FROM kokyaku_selection_member
                                    WHERE set_id = ANY(%s) AND excluded IS NOT TRUE
                                    GROUP BY partner_id HAVING count(*) = 1) AS one
                            GROUP BY set_id""",
                        sets.ids,
                    )
                )
            )
        if execution := self._last_execution(sets):
            table = self._rows_sql(sets, execution)
            counts = SQL(", ").join(
                SQL("count(*) FILTER (WHERE %s)", SQL.identifier(name)) for name in CHANGES
            )
        else:  # nothing is known of last time
            counts = SQL("0, 0, 0, count(d.id)")
            table = SQL(
                """SELECT m.side, p.id FROM (%s) AS m
                    LEFT JOIN (SELECT id FROM res_partner
                                WHERE deceased_on IS NOT NULL OR active IS NOT TRUE) AS p
                           ON p.id = m.id""",
                self._sides_of_all_sql(sets),
            )
        rows = self.env.execute_query(
            SQL("SELECT side, count(*), %s FROM (%s) AS d GROUP BY side", counts, table)
        )
        found = {side: counted for side, *counted in rows}
        nothing = [0] * (1 + len(CHANGES))
        numbers = {side: found.get(side, nothing)[0] for side, _label in SIDES}
        numbers["sets"] = [
            {"name": one.display_name, "number": one.member_count, "only": alone.get(one.id, 0)}
            for one in sets
        ]
        numbers["changes"] = dict(zip(CHANGES, found.get("both", nothing)[1:], strict=True))
        return numbers

    # ---- 取り込む -----------------------------------------------------------------------

    def action_take_in(self):
        """Put the selected people into this time's set, with the reason."""
        this, others = self._this_and_others()
        reason = self.env._("Taken over from %s", "、".join(others.mapped("display_name")))
        number = this._add_people(self._selected_sql(), reason=reason)
        return told(self.env._("%(number)s people were put in.", number=number))

    def action_take_out(self):
        """Take the selected people out of this time's set, with the reason."""
        this, others = self._this_and_others()
        reason = self.env._("Compared with %s", "、".join(others.mapped("display_name")))
        number = this._remove_people(self._selected_sql(), reason=reason)
        return told(self.env._("%(number)s people were taken out.", number=number))

    def _this_and_others(self):
        sets = self._compared()
        return sets[:1].with_context(kokyaku_compare=None), sets[1:]

    def _selected_sql(self):
        """A SELECT of the people chosen in the list: all that match, not only the page."""
        if self.env.context.get("active_model") == self._name:
            return self._search(selected_domain(self)).select()
        return SQL("SELECT unnest(%s::int[])", self.ids)

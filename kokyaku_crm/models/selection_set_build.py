import logging
import time

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import SQL, format_datetime

_logger = logging.getLogger(__name__)

WORK_MEM = "256MB"  # a hash over a million people instead of a walk over them


class KokyakuSelectionSet(models.Model):
    """抽出: a set is built from its criteria by one statement, and built anew by the difference.

    Who was added or removed by hand stays so. What the last building changed is kept in
    ``kokyaku.selection.change``. Sets that use others read their stored people.
    """

    _inherit = "kokyaku.selection.set"

    criterion_ids = fields.One2many(
        "kokyaku.selection.criterion", "set_id", string="Criteria", copy=True
    )
    criteria_text = fields.Text(string="In Words", compute="_compute_criteria_text")
    is_dynamic = fields.Boolean(
        string="Updated Every Night",
        help="Built anew every night as long as it is in preparation.",
    )
    criteria_changed = fields.Boolean(
        readonly=True, copy=False, help="The criteria were changed since the set was built."
    )
    built_at = fields.Datetime(readonly=True, copy=False)
    build_seconds = fields.Float(readonly=True, copy=False, digits=(8, 2))
    built_added = fields.Integer(string="Came In", readonly=True, copy=False)
    built_removed = fields.Integer(string="Went Out", readonly=True, copy=False)
    built_text = fields.Char(compute="_compute_built_text")
    build_error = fields.Char(string="Last Problem", readonly=True, copy=False)
    saved_criteria_id = fields.Many2one(
        "kokyaku.saved.criteria",
        string="Use Saved Criteria",
        store=False,
        domain="[('company_id', '=', company_id)]",
    )

    @api.depends("criterion_ids.summary", "criterion_ids.sequence")
    @api.depends_context("lang", "uid")
    def _compute_criteria_text(self):
        for one in self:
            one.criteria_text = one._criteria()._whole_text()

    @api.depends("built_at", "build_seconds", "built_added", "built_removed")
    @api.depends_context("lang", "tz")
    def _compute_built_text(self):
        for one in self:
            one.built_text = one.built_at and self.env._(
                "Built %(at)s in %(seconds)s s: %(added)s came in, %(removed)s went out",
                at=format_datetime(self.env, one.built_at, dt_format="short"),
                seconds=f"{one.build_seconds:.1f}",
                added=f"{one.built_added:,}",
                removed=f"{one.built_removed:,}",
            )

    @api.onchange("saved_criteria_id")
    def _onchange_saved_criteria(self):
        lines = self.saved_criteria_id.criterion_ids
        if lines:
            last = max(self.criterion_ids.mapped("sequence"), default=0)
            self.criterion_ids = [
                (0, 0, {**values, "saved_id": False, "sequence": last + number})
                for number, values in enumerate(lines.copy_data(), 1)
            ]
            self.saved_criteria_id = False

    def _criteria(self):
        return self.criterion_ids.sorted(lambda line: (line.sequence, line._origin.id or 1 << 40))

    def _criteria_changed(self):
        built = self.exists().filtered("built_at")
        if built:
            built.sudo().criteria_changed = True

    # ---- Looking -------------------------------------------------------------------------

    def _chosen_sql(self):
        """SELECT of the partner ids (``partner_id``) the criteria mean now."""
        self.ensure_one()
        lines = self._criteria()
        if not lines:
            raise UserError(
                self.env._("“%s” has no criteria yet. Please enter one.", self.name or "")
            )
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT set_config('work_mem', %s, true), set_config('jit', 'off', true)", WORK_MEM)
        )
        return lines._people_sql(self.company_id or self.env.company, self.owner_id)

    def action_preview(self):
        """Show who would be in the set, without building it."""
        self.ensure_one()
        self._criteria()._check_complete()
        people = self.env.ref("kokyaku_crm.view_selection_preview_list")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Would be in: %s", self.display_name),
            "res_model": "res.partner",
            "views": [(people.id, "list"), (False, "form")],
            "domain": [("matching_set_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_save_criteria(self):
        """Keep the criteria under a name of their own."""
        self.ensure_one()
        saved = self.env["kokyaku.saved.criteria"].create(
            {
                "name": self.name,
                "company_id": self.company_id.id,
                "criterion_ids": [
                    (0, 0, {**values, "set_id": False}) for values in self._criteria().copy_data()
                ],
            }
        )
        return saved.get_formview_action()

    # ---- Building -------------------------------------------------------------------------

    def action_build(self):
        """抽出・再抽出: build the sets from their criteria."""
        for one in self._in_order():
            one._build()
        return True

    def _build(self):
        """Bring the people into line with the criteria; by hand decided ones stay.

        :return: (number who came in, number who went out)
        :raises UserError: when it is confirmed, has no or wrong criteria, or is being built
        """
        self.ensure_one()
        self._check_editable()
        if self.state != "draft":
            raise UserError(self.env._("“%s” is confirmed and stays as it is.", self.display_name))
        started = time.monotonic()
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "“%s” is being built or edited by someone else. Please try again in a moment.",
                    self.display_name,
                )
            ) from error
        chosen = self._chosen_sql()
        added, removed = self._apply_chosen(chosen)
        self.env["kokyaku.selection.member"].invalidate_model()
        self.invalidate_recordset(["member_ids"])
        self.sudo().write(
            {
                # who was added or removed by hand is the same as before
                "member_count": self.member_count + added - removed,
                "built_at": fields.Datetime.now(),
                "build_seconds": time.monotonic() - started,
                "built_added": added,
                "built_removed": removed,
                "build_error": False,
                "criteria_changed": False,
            }
        )
        return added, removed

    def _apply_chosen(self, chosen):
        """Write the difference between the stored people and `chosen`, a SELECT."""
        values = {
            "set": self.id,
            "company": self.company_id.id,
            "uid": self.env.uid,
            "now": SQL("now() AT TIME ZONE 'UTC'"),
            "chosen": chosen,
            "insert": SQL(
                """INSERT INTO kokyaku_selection_member
                          (set_id, company_id, partner_id, origin, excluded,
                           create_uid, create_date, write_uid, write_date)"""
            ),
        }
        if not self.built_at:
            # the first time: nobody to compare with but those who were added by hand
            self.env.cr.execute(
                SQL(
                    """%(insert)s
                       SELECT %(set)s, %(company)s, partner_id, 'criteria', FALSE,
                              %(uid)s, %(now)s, %(uid)s, %(now)s
                         FROM (%(chosen)s) AS chosen
                    ON CONFLICT (set_id, partner_id) DO NOTHING""",
                    **values,
                )
            )
            return self.env.cr.rowcount, 0
        # One full join finds who is on one side only. It is always hashed or merged, whatever the
        # planner believes of a set that was built a moment ago and has no statistics yet: a walk
        # through all of it for each of its people cannot happen.
        rows = self.env.execute_query(
            SQL(
                """
                WITH difference AS MATERIALIZED (
                    SELECT m.id, m.origin = 'criteria' AND m.excluded IS NOT TRUE AS by_criteria,
                           chosen.partner_id
                      FROM (%(chosen)s) AS chosen
                      FULL JOIN (SELECT id, partner_id, origin, excluded
                                   FROM kokyaku_selection_member
                                  WHERE set_id = %(set)s) AS m
                             ON m.partner_id = chosen.partner_id
                     WHERE m.id IS NULL OR chosen.partner_id IS NULL
                ), gone AS (
                    DELETE FROM kokyaku_selection_member m
                     USING difference
                     WHERE m.id = difference.id AND difference.by_criteria
                    RETURNING m.partner_id
                ), come AS (
                    %(insert)s
                    SELECT %(set)s, %(company)s, partner_id, 'criteria', FALSE,
                           %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM difference
                     WHERE id IS NULL
                    ON CONFLICT (set_id, partner_id) DO NOTHING
                    RETURNING partner_id
                ), former AS (
                    DELETE FROM kokyaku_selection_change WHERE set_id = %(set)s
                ), change AS (
                    INSERT INTO kokyaku_selection_change (set_id, company_id, partner_id, came_in)
                    SELECT %(set)s, %(company)s, partner_id, FALSE FROM gone
                     UNION ALL
                    SELECT %(set)s, %(company)s, partner_id, TRUE FROM come
                    RETURNING came_in
                )
                SELECT count(*) FILTER (WHERE came_in), count(*) FILTER (WHERE NOT came_in)
                  FROM change
                """,
                **values,
            )
        )
        self.env["kokyaku.selection.change"].invalidate_model()
        return rows[0]

    def action_changes(self):
        """Who came in and who went out when the set was last built."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kokyaku_crm.action_selection_change"
        )
        return {**action, "domain": [("set_id", "=", self.id)]}

    # ---- Sets that use sets ---------------------------------------------------------------

    def _uses(self):
        """Return {set id: ids of the sets its criteria use} of all sets that use some."""
        self.env["kokyaku.selection.criterion"].flush_model()
        return {
            one: used
            for one, used in self.env.execute_query(
                SQL(
                    """SELECT line.set_id, array_agg(DISTINCT rel.kokyaku_selection_set_id)
                         FROM kokyaku_criterion_set_rel rel
                         JOIN kokyaku_selection_criterion line
                           ON line.id = rel.kokyaku_selection_criterion_id
                        WHERE line.set_id IS NOT NULL AND line.kind = 'set'
                        GROUP BY line.set_id"""
                )
            )
        }

    def _check_circle(self):
        uses = self._uses()
        for one in self:
            below, todo = set(), [one.id]
            while todo:
                for used in uses.get(todo.pop(), ()):
                    if used == one.id:
                        raise ValidationError(
                            self.env._(
                                "“%s” would be made from itself, by way of the sets in its "
                                "criteria. Please choose other sets there.",
                                one.display_name,
                            )
                        )
                    if used not in below:
                        below.add(used)
                        todo.append(used)

    def _in_order(self):
        """These sets, each after those of them that its criteria use."""
        uses, done = self._uses(), []

        def put(one):
            for used in uses.get(one, ()):
                put(used)
            if one in self.ids and one not in done:
                done.append(one)

        for one in self.ids:
            put(one)
        return self.browse(done)

    @api.model
    def _cron_build(self):
        """Every night: build the sets that are updated by themselves, each as its owner."""
        sets = self.search([("is_dynamic", "=", True), ("state", "=", "draft")])._in_order()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(sets))
        for one in sets:
            one._build_at_night()
            if not cron._commit_progress(1):
                break

    def _build_at_night(self):
        """Build as the owner; what goes wrong stands on the set, and the others go on."""
        owner = self.owner_id
        mine = (
            self.with_user(owner)
            .with_company(self.company_id)
            .with_context(lang=owner.lang, tz=owner.tz, allowed_company_ids=self.company_id.ids)
        )
        try:
            with self.env.cr.savepoint():
                if not owner.active:
                    raise UserError(
                        mine.env._("The owner is no longer active. Please choose another one.")
                    )
                mine._build()
        except UserError as error:
            self.build_error = str(error)
            _logger.info("selection set %s was not built: %s", self.id, error)

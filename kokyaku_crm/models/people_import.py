from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .people_import_apply import READY, UNDECIDED

# What becomes of a line that is ready, by what was found or decided.
PLANNED = SQL(
    "CASE WHEN decision = 'new' OR verdict = 'new' AND decision IS NULL THEN 'new'"
    " WHEN COALESCE(changes, 'null') IN ('null', '{}') THEN 'same' ELSE 'update' END"
)


class KokyakuImport(models.Model):
    """取込（個人）: from the staged lines of a file of customers to people.

    ``_run_match_people`` says who the lines are, ``_run_apply_people`` writes them; both are
    work for ``kokyaku.run``. What is undone stands in ``people_import_undo``.
    """

    _inherit = "kokyaku.import"

    doubtful_count = fields.Integer(string="To Be Decided", compute="_compute_line_counts")
    line_count = fields.Integer(string="Rows Compared", compute="_compute_line_counts")
    waiting_count = fields.Integer(
        string="Ready to Be Written", compute="_compute_line_counts"
    )
    planned_new_count = fields.Integer(string="Will Be New", compute="_compute_line_counts")
    planned_update_count = fields.Integer(
        string="Will Be Changed", compute="_compute_line_counts"
    )
    planned_same_count = fields.Integer(
        string="Will Stay the Same", compute="_compute_line_counts"
    )

    @api.depends("state", "kind", "is_matched")
    def _compute_line_counts(self):
        """How many lines there are, wait for a decision, and are ready; of customers only."""
        self.doubtful_count = self.line_count = self.waiting_count = 0
        self.planned_new_count = self.planned_update_count = self.planned_same_count = 0
        customers = self.filtered(lambda one: one.kind == "customers" and one.id)
        if not customers:
            return
        self.env["kokyaku.import.person"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT import_id, count(*), count(*) FILTER (WHERE %(undecided)s),
                       count(*) FILTER (WHERE %(ready)s),
                       count(*) FILTER (WHERE %(ready)s AND what = 'new'),
                       count(*) FILTER (WHERE %(ready)s AND what = 'update')
                  FROM kokyaku_import_person, LATERAL (SELECT %(what)s AS what) AS planned
                 WHERE import_id = ANY(%(imports)s) GROUP BY import_id
                """,
                undecided=UNDECIDED,
                ready=READY,
                what=PLANNED,
                imports=customers.ids,
            )
        )
        for import_id, count, undecided, waiting, new, update in rows:
            one = self.browse(import_id)
            one.line_count, one.doubtful_count = count, undecided
            if one.is_matched:
                one.waiting_count, one.planned_new_count = waiting, new
                one.planned_update_count = update
                one.planned_same_count = waiting - new - update

    def _list_rows(self, rows):
        """Add to the list of rows to look at, beside what the reading of the file has listed.

        :param rows: list of (row number, column, value, code, whether it is stored all the same)
        """
        if not rows:
            return
        self.env["kokyaku.import.person"]._copy_in(
            "kokyaku_import_reject",
            ["import_id", "part", "row", "column", "value", "code", "is_warning"],
            [
                {
                    "import_id": self.id,
                    "part": self.parts_done + 1,
                    "row": row,
                    "column": column,
                    "value": value,
                    "code": code,
                    "is_warning": warning,
                }
                for row, column, value, code, warning in rows
            ],
        )
        self.env["kokyaku.import.reject"].invalidate_model()

    # ---- Steps ------------------------------------------------------------------------

    def action_match_people(self):
        """照合: look again who the lines are, in the background."""
        self.ensure_one()
        self._check_people()
        name = self.env._("Compare %s with our customers", self.file_name)
        self.sudo().run_id = self.env["kokyaku.run"]._enqueue("match_people", self, name)
        return True

    def action_apply_people(self):
        """反映: write what is sure or decided, in the background."""
        self.ensure_one()
        self._check_people()
        name = self.env._("Write the customers of %s", self.file_name)
        self.sudo().run_id = self.env["kokyaku.run"]._enqueue("apply_people", self, name)
        return True

    def action_open_people(self):
        """取込内容を確認: the rows, those to be decided first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_import_person")
        which = "undecided" if self.doubtful_count else "all_rows"
        return {
            **action,
            "display_name": self.env._("Rows of %s", self.file_name),
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{which}": 1},
        }

    def _begin_work(self):
        """Let nobody take the import back while the run is at work; it may have been since."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_people()

    def action_open_persons(self):
        """取り込んだ個人: whom this import entered, changed or found as they are."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_persons")
        return {
            **action,
            "path": False,  # of the list of all of them
            "domain": [
                ("import_line_ids", "any", [("import_id", "=", self.id), ("applied", "=", True)])
            ],
            "display_name": self.env._("Imported People"),
            "context": {},
        }

    def _check_people(self):
        self.check_access("write")
        if self.kind != "customers" or self.state not in ("running", "staged", "done"):
            raise UserError(
                self.env._("“%s” has no customers that could be written.", self.file_name)
            )

    def _run_match_people(self, run):
        self._begin_work()
        counts = self.env["kokyaku.import.person"]._match(self)
        if counts.get("again"):
            return {"again": True}
        self.sudo().state = "staged"
        return run.env._(
            "%(new)s new, %(update)s with changes, %(same)s unchanged, %(doubtful)s to be decided.",
            **counts,
        )

    def _compares_anew(self, run):
        """Say whether the run that writes has to compare first, as others came in meanwhile, or
        is in the middle of it."""
        if not run.params:
            lines = self.env["kokyaku.import.person"]
            lines._check_apply(self)
            if not lines._is_outdated(self):
                return False
            run.sudo().params = {"compares": True}
            run._report(0, self.env._("Looking for people who are here already…"))
        return True

    def _run_apply_people(self, run):
        self._begin_work()
        lines = self.env["kokyaku.import.person"]
        if self._compares_anew(run) and lines._match(self).get("again"):
            return {"again": True}
        run.sudo().params = False
        counts = lines._apply(self, run)
        if counts["again"]:
            return {"again": True}
        self._begin_work()  # each part was a transaction
        self.sudo().state = "done"
        return run.env._(
            "%(new)s people entered, %(updated)s changed; %(doubtful)s are still to be decided.",
            **counts,
        )

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class KokyakuImport(models.Model):
    """取込（個人）: from the staged lines of a file of customers to people.

    ``_run_match_people`` says who the lines are, ``_run_apply_people`` writes them; both are
    work for ``kokyaku.run``. What is undone stands in ``people_import_undo``.
    """

    _inherit = "kokyaku.import"

    is_compared = fields.Boolean(
        readonly=True, help="Who the rows may be has been looked up; they are being judged."
    )
    person_counts = fields.Json(
        compute="_compute_person_counts", help="Lines by verdict: new, update, same, doubtful …"
    )

    def _compute_person_counts(self):
        for import_ in self:
            import_.person_counts = (
                self.env["kokyaku.import.person"]._counts(import_)
                if import_.kind == "customers" and import_.id
                else False
            )

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
        return self.env["kokyaku.run"]._enqueue("match_people", self, name)

    def action_apply_people(self):
        """反映: write what is sure or decided, in the background."""
        self.ensure_one()
        self._check_people()
        name = self.env._("Write the customers of %s", self.file_name)
        self.sudo().run_id = self.env["kokyaku.run"]._enqueue("apply_people", self, name)
        return True

    def _check_people(self):
        self.check_access("write")
        if self.kind != "customers" or self.state not in ("running", "staged", "done"):
            raise UserError(
                self.env._("“%s” has no customers that could be written.", self.file_name)
            )

    def _run_match_people(self, run):
        counts = self.env["kokyaku.import.person"]._match(self)
        if counts.get("again"):
            return {"again": True}
        self.sudo().state = "staged"
        return run.env._(
            "%(new)s new, %(update)s with changes, %(same)s unchanged, %(doubtful)s to be decided.",
            **counts,
        )

    def _run_apply_people(self, run):
        counts = self.env["kokyaku.import.person"]._apply(self, run)
        if counts["again"]:
            return {"again": True}
        self.sudo().state = "done"
        return run.env._(
            "%(new)s people entered, %(updated)s changed; %(doubtful)s are still to be decided.",
            **counts,
        )

    @api.model
    def _people_sql(self, import_):
        """SELECT of the ids of the people that an import entered."""
        return SQL(
            "SELECT partner_id FROM kokyaku_import_person"
            " WHERE import_id = %s AND applied AND verdict = 'new' AND partner_id IS NOT NULL",
            import_.id,
        )

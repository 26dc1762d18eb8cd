from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .kokyaku_import_profile import KINDS

STATES = [
    ("draft", "Being Set Up"),
    ("running", "Running"),
    ("staged", "To Be Looked at"),
    ("done", "Imported"),
    ("stopped", "Stopped"),
    ("failed", "Failed"),
    ("undone", "Undone"),
]
# What only the program writes.
RESULTS = {
    "state", "user_id", "attachment_id", "file_hash", "file_size", "run_id", "parts_done",
    "is_read", "row_count", "new_count", "updated_count", "same_count", "rejected_count",
    "left_out_count", "warning_count", "imported_at", "undone_at", "problem",
    "stale_count", "taken_out_count", "is_replaced", "is_recalled", "linked_to", "looked_through",
    "file_is_to_go", "compared_row", "is_compared", "is_matched", "known_up_to",
}  # fmt: skip
SET_UP = {"kind", "layout", "mapping", "company_id", "source", "file_name"}


class KokyakuImport(models.Model):
    """取込: one file of customers, sales or products, from reading to its last row.

    Worked off part by part by ``kokyaku.run`` (``_run_import`` in ``kokyaku_import_work.py``):
    each part is one transaction with its rows, its counts and ``parts_done``, so that after a
    kill the work goes on with the first part that is not done. Every row of the file ends up
    stored or in ``reject_ids``. How the file gets here stands in ``kokyaku_import_file.py``.
    """

    _name = "kokyaku.import"
    _description = "Import"
    _order = "id desc"
    _rec_name = "file_name"

    kind = fields.Selection(KINDS, required=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported by",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        ondelete="restrict",
    )
    profile_id = fields.Many2one(
        "kokyaku.import.profile", string="Import Profile", ondelete="set null"
    )
    source = fields.Char(string="Data Source", help="As on the profile, at the time.")
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        ondelete="set null",
        copy=False,
        groups="kokyaku_crm.group_user",  # whoever must not import does not read the file
    )
    file_name = fields.Char(required=True)
    file_hash = fields.Char(readonly=True, index=True, help="SHA-256 of the file's bytes.")
    file_size = fields.Integer(readonly=True, help="In bytes.", aggregator=False)
    layout = fields.Json()
    mapping = fields.Json()
    run_id = fields.Many2one("kokyaku.run", readonly=True, ondelete="set null", copy=False)
    parts_done = fields.Integer(readonly=True, aggregator=False, copy=False)
    is_read = fields.Boolean(readonly=True, copy=False, help="To its last row.")
    row_count = fields.Integer(string="Rows Read", readonly=True, copy=False)
    new_count = fields.Integer(string="New Records", readonly=True, copy=False)
    updated_count = fields.Integer(string="Updated", readonly=True, copy=False)
    same_count = fields.Integer(string="Unchanged", readonly=True, copy=False)
    rejected_count = fields.Integer(string="Rejected", readonly=True, copy=False)
    left_out_count = fields.Integer(
        string="Rows Left Out", readonly=True, copy=False,
        help="Rows the settings say are not to be imported: cancelled orders, totals that repeat.",
    )  # fmt: skip
    warning_count = fields.Integer(string="To Check", readonly=True, copy=False)
    imported_at = fields.Datetime(readonly=True, copy=False)
    undone_at = fields.Datetime(readonly=True, copy=False)
    problem = fields.Char(readonly=True, copy=False)
    reject_ids = fields.One2many(
        "kokyaku.import.reject",
        "import_id",
        string="Rejected Rows",
        groups="kokyaku_crm.group_user",
    )
    first_reject_ids = fields.Many2many(
        "kokyaku.import.reject",
        string="First Rejected Rows",
        compute="_compute_first_reject_ids",
        groups="kokyaku_crm.group_user",
    )
    run_state = fields.Selection(related="run_id.state", string="State of the Work")

    @api.depends("reject_ids")
    def _compute_first_reject_ids(self):
        """A few of them: there may be millions."""
        for one in self:
            one.first_reject_ids = self.env["kokyaku.import.reject"].search(
                [
                    ("import_id", "=", one.id),
                    ("is_warning", "=", False),
                    ("is_left_out", "!=", True),
                ],
                limit=20,
            )

    # ---- What users may change -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_results(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_results(vals)
        if not self.env.su and SET_UP & vals.keys():
            for one in self:
                if one.state != "draft":
                    raise UserError(
                        self.env._(
                            "“%s” was started already, so how it is read cannot be changed any "
                            "more. Please choose the file once more.",
                            one.file_name,
                        )
                    )
        return super().write(vals)

    def _refuse_results(self, vals):
        if RESULTS & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What an import did is written down by the program only."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_stored(self):
        """What brought rows stays, with its counts; drafts and undone ones may go."""
        for one in self:
            if one.state not in ("draft", "undone") and one.row_count:
                raise UserError(
                    self.env._(
                        "“%s” brought data in, so it stays in the list. Please undo it first.",
                        one.file_name,
                    )
                )

    def unlink(self):
        files = self.sudo().attachment_id
        result = super().unlink()
        files.exists().unlink()
        return result

    # ---- For others to extend --------------------------------------------------------

    def _undo_blockers(self):
        """Return why the import cannot be taken back any more: a list of sentences."""
        self.ensure_one()
        return []

from odoo import fields, models

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


class KokyakuImport(models.Model):
    """取込: one file of customers, sales or products, from reading to its last row.

    Worked off part by part by ``kokyaku.run`` (``_run_import``): each part is one transaction
    with its rows, its counts and ``parts_done``, so that after a kill the work goes on with the
    first part that is not done. Every row of the file ends up stored or in ``reject_ids``.
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
    profile_id = fields.Many2one("kokyaku.import.profile", ondelete="set null")
    source = fields.Char(string="Data Source", help="As on the profile, at the time.")
    attachment_id = fields.Many2one("ir.attachment", string="File", ondelete="set null")
    file_name = fields.Char(required=True)
    file_hash = fields.Char(readonly=True, index=True, help="SHA-256 of the file's bytes.")
    file_size = fields.Integer(readonly=True, help="In bytes.", aggregator=False)
    layout = fields.Json()
    mapping = fields.Json()
    run_id = fields.Many2one("kokyaku.run", readonly=True, ondelete="set null")
    parts_done = fields.Integer(readonly=True, aggregator=False)
    row_count = fields.Integer(string="Rows Read", readonly=True)
    new_count = fields.Integer(string="New Records", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True)
    same_count = fields.Integer(string="Unchanged", readonly=True)
    rejected_count = fields.Integer(string="Rejected", readonly=True)
    warning_count = fields.Integer(string="To Check", readonly=True)
    imported_at = fields.Datetime(readonly=True)
    undone_at = fields.Datetime(readonly=True)
    reject_ids = fields.One2many("kokyaku.import.reject", "import_id", string="Rejected Rows")

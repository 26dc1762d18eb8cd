from datetime import timedelta

from odoo import api, fields, models

KEPT_DAYS = 30  # lines of a file are copies of personal data
AT_ONCE = 100_000  # lines that are deleted
VERDICTS = [
    ("new", "New Customer"),
    ("update", "To Change"),
    ("same", "Nothing New"),
    ("doubtful", "To Be Decided"),
    ("twin", "Same as an Earlier Row"),
]
DECISIONS = [
    ("partner", "Is This Person"),
    ("new", "Enter as New"),
    ("skip", "Do Not Import"),
]
KEYS = ["code_key", "member_key", "email_key", "phone_key", "mobile_key", "name_key", "kana_key",
        "zip_key", "place_key", "company_key"]  # fmt: skip


class KokyakuImportPerson(models.Model):
    """取込データ（個人）: one line of a file of customers, waiting to be looked at and written.

    ``values`` holds what the line says, by the targets of ``reading``; beside it stands what is
    shown in the list, and the folded keys by which ``_match`` finds who it is. ``verdict`` is
    what happens on writing, what is doubtful waits for ``decision``. All is written by
    statements: ``_stage``, ``_match``, ``_apply``, each in a file of its own. Lines are personal
    data that nobody needs for long: see ``_gc_lines``.
    """

    _name = "kokyaku.import.person"
    _description = "Customer to Import"
    _order = "import_id desc, row"
    _rec_name = "name"
    _log_access = False

    import_id = fields.Many2one(
        "kokyaku.import", required=True, readonly=True, ondelete="cascade"
    )  # found by the constraint's index
    row = fields.Integer(string="Row No.", required=True, readonly=True, aggregator=False)
    verdict = fields.Selection(VERDICTS, string="Kind of Row", readonly=True)
    decision = fields.Selection(
        DECISIONS, help="What is doubtful is written only when somebody has decided it."
    )
    applied = fields.Boolean(string="Written", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Person", index="btree_not_null", ondelete="set null"
    )
    twin_id = fields.Many2one(
        "kokyaku.import.person",
        string="Earlier Row",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_partner_id = fields.Many2one(
        "res.partner",
        string="Company Found",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    points = fields.Integer(readonly=True, aggregator=False)
    reasons = fields.Char(string="Reason Codes", readonly=True)
    why = fields.Char(string="Doubt", readonly=True)
    changes = fields.Json(readonly=True)
    before = fields.Json(readonly=True)
    values = fields.Json(readonly=True)
    candidate_ids = fields.One2many(
        "kokyaku.import.candidate", "line_id", string="Who It May Be", readonly=True
    )

    ref = fields.Char(string="Customer Code", readonly=True)
    name = fields.Char(string="Full Name", readonly=True)
    kana = fields.Char(readonly=True)
    is_company = fields.Boolean(string="Is a Company", readonly=True)
    company_name = fields.Char(string="Company", readonly=True)
    address = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    birthdate = fields.Date(string="Date of Birth", readonly=True)

    code_key = fields.Char(readonly=True)
    member_key = fields.Char(readonly=True)
    email_key = fields.Char(readonly=True)
    phone_key = fields.Char(readonly=True)
    mobile_key = fields.Char(readonly=True)
    name_key = fields.Char(readonly=True)
    kana_key = fields.Char(readonly=True)
    zip_key = fields.Char(readonly=True)
    place_key = fields.Char(readonly=True)
    company_key = fields.Char(readonly=True)

    _row_uniq = models.Constraint("UNIQUE(import_id, row)", "This row is there already.")

    @api.autovacuum
    def _gc_lines(self):
        """Delete lines that were written, or never were, so many days ago.

        With them goes the possibility to undo the import.
        """
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.env.cr.execute(
            """
            DELETE FROM kokyaku_import_person
             WHERE id IN (SELECT p.id
                            FROM kokyaku_import_person p
                            JOIN kokyaku_import i ON i.id = p.import_id
                           WHERE COALESCE(i.imported_at, i.create_date) < %s
                           LIMIT %s)
            """,
            [limit, AT_ONCE],
        )
        done = self.env.cr.rowcount
        self.invalidate_model()
        return done, done == AT_ONCE

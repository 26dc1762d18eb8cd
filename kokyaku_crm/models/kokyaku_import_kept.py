from datetime import timedelta

from odoo import api, fields, models

# The file and its rejected rows are personal data: they do not stay for ever.
FILE_DAYS = 90
DRAFT_DAYS = 7
AT_ONCE = 100_000  # rejected rows
WORKING = ("draft", "running")


class KokyakuImport(models.Model):
    """How long the file of an import and its rejected rows are kept: counted from the day the
    file came in, whatever is done with it afterwards. The record with its counts stays."""

    _inherit = "kokyaku.import"

    kept_until = fields.Date(
        string="File Kept until",
        compute="_compute_kept_until",
        help="On this day the file and the rows that were not stored are deleted. The figures "
        "of the import stay.",
    )
    file_is_to_go = fields.Boolean(
        readonly=True, copy=False,
        help="Somebody in the file was erased: it is deleted as soon as it is not read any more.",
    )  # fmt: skip

    @api.depends("create_date", "state")
    def _compute_kept_until(self):
        for one in self:
            days = DRAFT_DAYS if one.state == "draft" else FILE_DAYS
            begun = one.create_date or fields.Datetime.now()
            one.kept_until = fields.Datetime.context_timestamp(self, begun + timedelta(days=days))

    def _delete_files(self):
        """Delete the files now; of those that are being read, as soon as they are not.

        :return: how many files that is
        """
        importing = self.sudo().filtered("attachment_id")
        busy = importing.filtered(lambda one: one.state in WORKING)
        busy.file_is_to_go = True
        (importing - busy).attachment_id.unlink()
        (importing - busy)._forget_marks()
        return len(importing)

    @api.autovacuum
    def _gc_import_files(self):
        """Delete the files of imports long past, and forgotten drafts."""
        now = fields.Datetime.now()
        drafts = self.search(
            [("state", "=", "draft"), ("create_date", "<", now - timedelta(days=DRAFT_DAYS))],
            limit=1000,
        )
        drafts.unlink()
        past = self.search(
            [
                ("state", "not in", WORKING),
                ("attachment_id", "!=", False),
                "|",
                ("file_is_to_go", "=", True),
                ("create_date", "<", now - timedelta(days=FILE_DAYS)),
            ],
            limit=100,
        )
        past.attachment_id.unlink()
        past._forget_marks()
        return len(drafts) + len(past), len(drafts) == 1000 or len(past) == 100

    @api.autovacuum
    def _gc_rejected_rows(self):
        """Delete the rejected rows of imports long past."""
        self.env.cr.execute(
            """DELETE FROM kokyaku_import_reject
                WHERE id IN (SELECT r.id FROM kokyaku_import_reject r
                               JOIN kokyaku_import i ON i.id = r.import_id
                              WHERE i.create_date < %s AND i.state <> ALL(%s) LIMIT %s)""",
            [fields.Datetime.now() - timedelta(days=FILE_DAYS), list(WORKING), AT_ONCE],
        )
        done = self.env.cr.rowcount
        self.env["kokyaku.import.reject"].invalidate_model()
        return done, done == AT_ONCE

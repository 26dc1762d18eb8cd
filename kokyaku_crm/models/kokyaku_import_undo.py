from odoo import fields, models
from odoo.exceptions import UserError

AT_ONCE = 20_000  # rows; more of them are taken back in the background


class KokyakuImport(models.Model):
    """Taking an import back, as long as nobody has built on it.

    Each kind takes its rows back by itself: ``_undo_sales``, ``_undo_people``,
    ``_undo_products``. What stands against it is said by ``_undo_blockers``.
    """

    _inherit = "kokyaku.import"

    def action_undo(self):
        """元に戻す: at once, or in the background when there are many rows."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_undo()
        if self.row_count > AT_ONCE:
            name = self.env._("Undo the Import: %s", self.file_name)
            self.sudo().run_id = self.env["kokyaku.run"]._enqueue("import_undo", self, name).id
        else:
            self._undo()
        return True

    def _run_import_undo(self, run):
        self.lock_for_update()
        self._check_undo()
        self._undo()
        return self.env._("“%s” was taken back.", self.file_name)

    def _check_undo(self):
        if self.state not in ("done", "staged", "stopped", "failed"):
            raise UserError(
                self.env._("There is nothing of “%s” to be taken back.", self.file_name)
            )
        blockers = self._undo_blockers()
        if blockers:
            raise UserError(
                self.env._(
                    "“%(file)s” cannot be taken back any more:\n%(reasons)s",
                    file=self.file_name,
                    reasons="\n".join(f"・{reason}" for reason in blockers),
                )
            )

    def _undo(self):
        {
            "sales": lambda: self._undo_sales(),
            "customers": lambda: self._undo_people(),
            "products": lambda: self._undo_products(),
        }[self.kind]()
        self._forget_marks()
        self.env.flush_all()
        self.sudo().write({"state": "undone", "undone_at": fields.Datetime.now()})

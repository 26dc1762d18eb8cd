import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

AT_ONCE = 5_000  # rows; more of them are taken back in the background
SECONDS = 20  # of a turn: then the run lets go, far from any time limit of a scheduled action


class Turn:
    """A turn of the run that takes an import back, part by part."""

    def __init__(self, run):
        self.run, self.until = run, time.monotonic() + SECONDS
        self.left = self.total = 0

    def begins_with(self, left, total):
        """Say how many rows are still there, and of how many."""
        self.left, self.total = left, max(left, total, 1)

    def ends_after(self, done):
        """Make the part permanent that was just taken back; say whether the turn is over.

        :param done: rows of the part
        """
        self.left = max(self.left - done, 0)
        self.run._commit_step()
        self.run._report(100.0 * (1 - self.left / self.total))
        return time.monotonic() > self.until


class KokyakuImport(models.Model):
    """Taking an import back, as long as nobody has built on it.

    Each kind takes its rows back by itself: ``_undo_sales``, ``_undo_people``,
    ``_undo_products``. What stands against it is said by ``_undo_blockers``. In the background
    it is done in parts, each whole or absent: what is left after a kill is taken back by the next
    run, or when somebody asks again.
    """

    _inherit = "kokyaku.import"

    may_undo = fields.Boolean(compute="_compute_may_undo")

    @api.depends("kind")
    @api.depends_context("uid")
    def _compute_may_undo(self):
        """Products are taken back by those only who may enter and delete them."""
        products = self.env["product.product"]
        allowed = products.has_access("create") and products.has_access("unlink")
        for one in self:
            one.may_undo = allowed or one.kind != "products"

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
        if not self._undo(Turn(run)):
            return {"again": True}
        return self.env._("“%s” was taken back.", self.file_name)

    def _check_undo(self):
        if self.state not in ("done", "staged", "stopped", "failed"):
            raise UserError(
                self.env._("There is nothing of “%s” to be taken back.", self.file_name)
            )
        run = self.run_id.sudo()
        if run.state in ("queued", "running") and run.kind in ("match_people", "apply_people"):
            raise UserError(
                self.env._(
                    "“%s” is being worked on. Please wait until that has ended, or stop it.",
                    self.file_name,
                )
            )
        if not self.may_undo:
            raise AccessError(
                self.env._(
                    "You may not delete products, so “%s” can only be taken back by somebody who "
                    "may. Please ask the administrator for the right to create products.",
                    self.file_name,
                )
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

    def _undo(self, turn=None):
        """Take the rows back: all of them, or as many as a `turn` has time for.

        :return: whether all is done
        """
        result = {
            "sales": lambda: self._undo_sales(turn),
            "customers": lambda: self._undo_people(turn),
            "products": lambda: self._undo_products(),
        }[self.kind]()
        if result and result.get("again"):
            return False
        self._forget_marks()
        self.env.flush_all()
        self.sudo().write(
            {"state": "undone", "undone_at": fields.Datetime.now(), "problem": False}
        )
        return True

import time

from odoo import fields, models
from odoo.exceptions import UserError

from .import_reader import Reader

# Percent of the work that reading is: what follows takes as long again (measured at a million sales
# lines, a hundred thousand customers).
READING = {"sales": 50, "customers": 60, "products": 95}
# Seconds of reading before the run lets go: ten such turns stay inside a cron's limits.
TURN = 8


class KokyakuImport(models.Model):
    """Working an import off in the background: reading part by part, stopping, going on.

    Where the rows go is decided by the kind: ``kokyaku.sales.record._load``,
    ``kokyaku.import.person._stage`` and ``product.product._load_products`` each take the import
    and the rows (a DataFrame, see ``kokyaku_crm.reading.convert``) and return their counts.
    """

    _inherit = "kokyaku.import"
    _stoppable_runs = ("import",)

    def _loader(self):
        """Return the method that takes the rows of this kind."""
        return {
            "sales": lambda rows: self.env["kokyaku.sales.record"]._load(self, rows),
            "customers": lambda rows: self.env["kokyaku.import.person"]._stage(self, rows),
            "products": lambda rows: self.env["product.product"]._load_products(self, rows),
        }[self.kind]

    # ---- The background run ----------------------------------------------------------

    def _run_import(self, run):
        """Read the parts that are not done yet, each in a transaction of its own, then do what
        follows (``_after_reading``). See ``kokyaku.run`` for what it returns."""
        self.ensure_one()
        self.lock_for_update()
        if self.state != "running":
            raise UserError(
                self.env._("“%s” is not waiting to be imported any more.", self.file_name)
            )
        if not self.is_read:
            ended = self._read_parts(run)
            if ended:
                return ended
        return self._after_reading(run) or self._end(run)

    def _read_parts(self, run):
        begun = time.monotonic()
        if run._is_stop_asked():
            return self._stop()
        reader = Reader.resume(self) or Reader(self)
        try:
            while rows := reader.next():
                self._take(rows)
                if reader.is_long:
                    self._mark(rows)
                share, done = reader.share, self._progress_text()
                run._commit_step()
                run._report(READING[self.kind] * share, done)
                if run._is_stop_asked():
                    reader.close()
                    return self._stop()
                if rows.number == 1 and self._is_all_rejected() and reader.has_more:
                    reader.close()
                    return self._stop_for_nothing()
                if time.monotonic() - begun > TURN:
                    reader.park()
                    return {"again": True}
        except BaseException:
            reader.close()
            raise
        reader.close()
        self.sudo().is_read = True
        self._forget_marks()
        run._commit_step()
        return None

    def _take(self, rows):
        """Store one part and what is known of it, all in one transaction.

        :param rows: ``RowsAtHand`` of the part
        """
        import_ = self.with_context(kokyaku_rows_at_hand=rows)
        import_._reject(rows.rejects)
        import_._warn(rows)
        counts = import_._loader()(rows.frame)
        import_._reject(rows.lost(import_._complete_rejects(rows)))
        self.env.flush_all()
        rejected, left_out, warned = self._count_rejects(rows.number)
        self.sudo().write(
            {
                "parts_done": rows.number,
                "row_count": self.row_count + rows.count,
                "new_count": self.new_count + counts.get("new", 0),
                "updated_count": self.updated_count + counts.get("updated", 0),
                "same_count": self.same_count + counts.get("same", 0),
                "rejected_count": self.rejected_count + rejected,
                "left_out_count": self.left_out_count + left_out,
                "warning_count": self.warning_count + warned,
            }
        )

    def _after_reading(self, run):
        """Do what follows when all rows are in (for other parts to extend).

        :return: None when everything is done; ``{"again": True}`` when the run has to come
            back here; a text when the import waits for somebody
        """
        if self.kind == "customers":
            compared = 30 if self.is_compared else 30 * self.compared_row / (self.row_count or 1)
            run._report(
                READING[self.kind] + min(compared, 30),
                self.env._("Looking for people who are here already…"),
            )
            found = self.env["kokyaku.import.person"]._match(self) or {}
            if found.get("again"):
                return {"again": True}
            self.sudo().state = "staged"
            return self.env._("Read. Please look through what was found, then apply it.")
        return None

    def _end(self, run):
        self.sudo().write({"state": "done", "imported_at": fields.Datetime.now()})
        return self._progress_text()

    def _stop(self):
        self.sudo().state = "stopped"
        return self.env._("Stopped. %s", self._progress_text())

    def _is_all_rejected(self):
        """Say whether nothing came in so far: a column is wrong, not one row or another."""
        stored = self.new_count + self.updated_count + self.same_count
        return not stored and self.rejected_count >= 0.9 * self.row_count > 0

    def _stop_for_nothing(self):
        """Stop before millions of rows come back for one wrong setting; it can be gone on with."""
        message = self._stop()
        self.sudo().problem = self.env._(
            "None of the first %(rows)s rows could be stored, so the import was stopped here. "
            "Please look at the reasons below. If a column is set wrongly, drop the file once more "
            "and correct it; if the rest of the file is right, press “Go On”.",
            rows=f"{self.row_count:,}",
        )
        return message

    def _progress_text(self):
        return self.env._(
            "%(read)s rows read, %(rejected)s not stored",
            read=f"{self.row_count:,}",
            rejected=f"{self.rejected_count:,}",
        )

    def _run_ended(self, run):
        """The run failed or was cancelled: the import says so too."""
        if run.kind == "import" and self.state == "running":
            failed = run.state == "failed"
            self.sudo().write(
                {
                    "state": "failed" if failed else "stopped",
                    "problem": run.result_message if failed else False,
                }
            )
        elif run.state == "failed":
            self.sudo().problem = run.result_message

    # ---- The buttons -----------------------------------------------------------------

    def action_start(self):
        """取込開始, or 続きから: queue the import, or what is left of it."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in ("draft", "stopped", "failed"):
            raise UserError(
                self.env._("“%s” was started already; see the list of imports.", self.file_name)
            )
        self._check_ready()
        importing = self.sudo()
        importing.write(
            {"state": "running", "problem": False, "user_id": self.env.uid}
        )
        run = self.env["kokyaku.run"]._enqueue("import", self, self._run_name())
        importing.run_id = run.id
        return run.id

    def _run_name(self):
        return self.env._("Import: %s", self.file_name)

    def _check_ready(self):
        if not self.mapping:
            raise UserError(
                self.env._(
                    "Please say first what the columns of “%s” hold.", self.file_name
                )
            )
        if not self.attachment_id:
            raise UserError(
                self.env._(
                    "The file “%s” is not kept any more. Please choose it once more.",
                    self.file_name,
                )
            )

    def action_stop(self):
        """中止: what is stored stays (and can be undone, or gone on with)."""
        for one in self:
            one.check_access("write")
            one.run_id.action_stop()
        return True

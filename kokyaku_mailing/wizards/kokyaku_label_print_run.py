from odoo import models
from odoo.exceptions import RedirectWarning, UserError

MAX_LABELS = 100_000  # more than eight thousand sheets: nobody prints that in one go
CHUNK = 2000  # labels between two reports of progress


class KokyakuLabelPrint(models.TransientModel):
    """A label print that is too large to wait for: queued, and worked off by ``kokyaku.run``."""

    _inherit = "kokyaku.label.print"

    def _enqueue_print(self, partner_ids):
        """Queue a large print; the dialog that shows its progress."""
        if len(partner_ids) > MAX_LABELS:
            raise UserError(
                self.env._(
                    "%(count)s labels are too many for one print; the limit is %(limit)s. Please "
                    "narrow the selection down, for example by prefecture, and print in parts.",
                    count=len(partner_ids),
                    limit=MAX_LABELS,
                )
            )
        run = self.env["kokyaku.run"]._enqueue(
            "labels",
            record=self,
            name=self.env._("Address labels: %s", len(partner_ids)),
            params={"partner_ids": partner_ids},
        )
        return {
            "type": "ir.actions.client",
            "tag": "kokyaku_mailing.label_progress",
            "name": self.env._("Print Address Labels"),
            "params": {"run_id": run.id},
            "target": "new",
        }

    def _run_labels(self, run):
        """Print what was queued; called by the cron as the user who asked.

        The people and their order are those of the moment of queueing; the addresses are
        those of now. Who has no address any more is counted in the message.
        """
        self.ensure_one()
        self = self.with_context(lang=self.env.user.lang)
        partner_ids = run.params["partner_ids"]
        try:
            painter = self._painter()
        except RedirectWarning as error:  # no font: a run can only show the text
            raise UserError(error.args[0]) from error
        for start in range(0, len(partner_ids), CHUNK):
            plan = self._plan(partner_ids[start : start + CHUNK], order="listed")
            for runs in plan.labels:
                painter.add(runs)
            done = min(start + CHUNK, len(partner_ids))
            run._report(
                95.0 * done / len(partner_ids),
                self.env._("%(done)s of %(count)s labels", done=done, count=len(partner_ids)),
            )
        attachment = run._attach(self._file_name(), painter.finish(), "application/pdf")
        message = self.env._(
            "%(labels)s labels on %(sheets)s sheets",
            labels=painter.count,
            sheets=self.format_id._geometry().sheets(painter.count, self.start_position),
        )
        if painter.count < len(partner_ids):
            message += self.env._(
                "; %s people were left out because their data changed meanwhile",
                len(partner_ids) - painter.count,
            )
        return {"message": message, "attachment": attachment}

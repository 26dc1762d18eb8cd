import os
import tempfile
import zipfile

from odoo import models
from odoo.fields import Domain

from .portfolio_workbook import XLSX

PART_ROWS = 250_000  # customers per turn of the cron: some 20 s, far from its limits
ZIP = "application/zip"


class KokyakuRun(models.Model):
    """Excel出力 in the background: how a workbook of very many customers is made.

    Up to ``PART_ROWS`` customers are one workbook, made in one turn. More are several, one per
    turn of the cron, in a zip file: so the work of each turn stays inside Odoo's time limits and
    a run that was cut off goes on after the last part that is complete.
    """

    _inherit = "kokyaku.run"

    def _enqueue_workbook(self, portfolio, domain):
        """Queue the workbook of ``domain``; return the run, the same one when its user has
        asked for just this already."""
        params = {"portfolio_id": portfolio.id, "domain": domain}
        waiting = self.search(
            [
                ("kind", "=", "workbook"), ("user_id", "=", self.env.uid),
                ("state", "in", ("queued", "running")),
            ]
        ).filtered(lambda run: params.items() <= run.params.items())
        return waiting[:1] or self._enqueue(
            "workbook", name=self.env._("Excel workbook: %s", portfolio.name), params=params
        )

    def _run_workbook(self, run):
        """Write the workbook, or its next part, and keep it with the run."""
        self.env.invalidate_all()  # a refresh may have passed since the turn before
        portfolio = self.env["kokyaku.portfolio"].browse(run.params["portfolio_id"])
        domain = Domain(run.params["domain"])
        portfolio.check_access("read")
        total = self.env["kokyaku.customer.metrics"].search_count(
            portfolio._workbook_domain(domain)
        )
        figures = str(portfolio.refreshed_at)
        # Figures that changed between two parts would put people on both, or on none.
        start = run.params.get("start", 0) if run.params.get("figures") == figures else 0
        stop = min(start + PART_ROWS, total)
        several = total > PART_ROWS
        content = run._workbook_part(portfolio, domain, start, stop, total, several)
        name = portfolio._workbook_name()
        if not several:
            attachment = run._attach(name, content, XLSX)
        else:
            run._keep_part(name.replace(".xlsx", f"_{start // PART_ROWS + 1}.xlsx"), content, start)
            if stop < total:
                run.sudo().params = {**run.params, "start": stop, "figures": figures}
                return {"again": True}
            attachment = run._zip_parts(name.replace(".xlsx", ".zip"))
        return {
            "message": self.env._("%s customers written.", f"{total:,}"),
            "attachment": attachment,
        }

    def _workbook_part(self, portfolio, domain, start, stop, total, several):
        """Return the bytes of a workbook, and report how far it is."""

        def report(written):
            done = start + written
            self._report(
                95 * done / max(total, 1),
                self.env._("%(written)s of %(total)s customers", written=f"{done:,}",
                           total=f"{total:,}"),
            )

        with tempfile.TemporaryDirectory(prefix="kokyaku_workbook_") as folder:
            path = os.path.join(folder, "workbook.xlsx")
            portfolio._workbook(path, domain, report, (start, stop) if several else None)
            with open(path, "rb") as file:
                return file.read()

    def _parts(self):
        """Return the parts that are kept so far, the first one first."""
        return self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("mimetype", "=", XLSX)],
            order="id",
        )

    def _keep_part(self, name, content, start):
        """Keep a part for the turns to come; the first one begins anew."""
        if not start:
            self._parts().unlink()
        self.env["ir.attachment"].sudo().create(
            {"name": name, "raw": content, "mimetype": XLSX, "res_model": self._name,
             "res_id": self.id}
        )

    def _zip_parts(self, name):
        """Return the result file with all parts, which are kept no longer."""
        with tempfile.TemporaryFile() as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for part in self._parts():
                    archive.writestr(part.name, part.raw)
            file.seek(0)
            content = file.read()
        self._parts().unlink()
        return self._attach(name, content, ZIP)

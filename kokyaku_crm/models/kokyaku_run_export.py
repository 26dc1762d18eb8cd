from odoo import models
from odoo.exceptions import UserError

from .selection_export_file import ExportFile, Unmappable


class KokyakuRun(models.Model):
    """Files of recipients that are written in the background."""

    _inherit = "kokyaku.run"

    def _run_selection_export(self, run):
        export = ExportFile(self.env, run.params)
        try:
            content = export.content()
        except Unmappable as error:
            text = self.env["kokyaku.selection.export"]._unmappable_text(error.rows)
            raise UserError(text) from error
        run._attach(export.file_name, content, export.mimetype)
        return self.env._("“%s” is ready.", export.file_name)

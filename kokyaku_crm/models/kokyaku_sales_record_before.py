from odoo import fields, models


class KokyakuSalesRecordBefore(models.Model):
    """What an import replaced: a line as it stood before a later file corrected it.

    Read by the undo only. Personal data: nobody else sees it, and erasing a person empties it.
    """

    _name = "kokyaku.sales.record.before"
    _description = "Sales Record before a Correction"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, ondelete="cascade")
    record_id = fields.Many2one("kokyaku.sales.record", required=True, ondelete="cascade")
    values = fields.Json()

    _import_idx = models.Index("(import_id, record_id)")
    _record_idx = models.Index("(record_id)")

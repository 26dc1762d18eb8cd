from odoo import fields, models


class KokyakuImportReject(models.Model):
    """取込エラー一覧: a row of a file that was not stored (or was, with a doubt), and why.

    Written by statements: there may be as many as the file has rows.
    """

    _name = "kokyaku.import.reject"
    _description = "Rejected Row"
    _order = "row, id"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, index=True, ondelete="cascade")
    part = fields.Integer(readonly=True, aggregator=False)
    row = fields.Integer(string="Row No.", readonly=True, aggregator=False)
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    code = fields.Char(string="Reason Code", readonly=True)
    is_warning = fields.Boolean(
        string="Stored All the Same", readonly=True, help="The row was stored; please check it."
    )
    raw = fields.Text(string="Whole Row", readonly=True)

from odoo import fields, models


class KokyakuImportCompany(models.Model):
    """A company that an import of people entered, or filled up (then with what was there
    ``before``), so that undoing the import finds it."""

    _name = "kokyaku.import.company"
    _description = "Company Entered by an Import"
    _log_access = False
    _rec_name = "partner_id"

    import_id = fields.Many2one(
        "kokyaku.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name_key = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    before = fields.Json(readonly=True)

from odoo import fields, models

KINDS = [("customers", "Customer Data"), ("sales", "Sales Data"), ("products", "Product Data")]


class KokyakuImportProfile(models.Model):
    """取込パターン: how a kind of file is read, so that next month it takes one click.

    Found again by ``signature``, a digest of the headings of the file. ``layout`` and
    ``mapping`` are what ``kokyaku_crm.reading`` takes (``SourceFile.layout``,
    ``Mapping.to_json()``).
    """

    _name = "kokyaku.import.profile"
    _description = "Import Profile"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True)
    source = fields.Char(
        string="Data Source",
        required=True,
        help="Where the files come from: the till, the web shop, the old program. Keys (customer "
        "codes, slip numbers) mean the same within one source only.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    signature = fields.Char(readonly=True, index="btree_not_null")
    layout = fields.Json()
    mapping = fields.Json()
    last_used_at = fields.Datetime(string="Last Used", readonly=True)

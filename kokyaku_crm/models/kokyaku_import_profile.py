import hashlib
import os
import re

from odoo import api, fields, models

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
    recognized_as = fields.Char(
        readonly=True, help="The signature such a file has before the office corrects its layout."
    )
    layout = fields.Json()
    mapping = fields.Json()
    last_used_at = fields.Datetime(string="Last Used", readonly=True)
    columns_text = fields.Text(string="Columns of the File", compute="_compute_columns_text")

    @api.depends("mapping", "kind")
    @api.depends_context("lang")
    def _compute_columns_text(self):
        targets = self.env["kokyaku.import"]._targets()
        for profile in self:
            labels = targets.get(profile.kind, {})
            profile.columns_text = "\n".join(
                f"{column['heading']} → {labels.get(column['target'], column['target'])}"
                for column in (profile.mapping or {}).get("columns", [])
                if column["target"]
            )

    @api.model
    def _signature_of(self, headings, file_name):
        """Return the digest by which a file is known again: of its headings, or, where it has
        none, of their number and its name without digits (売上202605.csv)."""
        words = list(headings)
        if not any(words):
            words.append(re.sub(r"[\d０-９]+", "", file_name))
        return hashlib.sha1("\x1f".join(words).encode(), usedforsecurity=False).hexdigest()

    @api.model
    def _find_for(self, signature):
        """Return the profile a file of this signature was read by last, or none."""
        return self.search(
            [
                "|", ("signature", "=", signature), ("recognized_as", "=", signature),
                ("company_id", "=", self.env.company.id),
            ],
            order="last_used_at DESC NULLS LAST, id DESC",
            limit=1,
        )  # fmt: skip

    @api.model
    def _remember(self, import_, signature, recognized_as):
        """Keep how an import is read; return the profile."""
        values = {
            "kind": import_.kind,
            "source": import_.source,
            "layout": import_.layout,
            "mapping": import_.mapping,
            "signature": signature,
            "recognized_as": recognized_as or signature,
            "last_used_at": fields.Datetime.now(),
        }
        profile = self._find_for(signature)
        if profile.kind == import_.kind and profile.source == import_.source:
            profile.write(values)
            return profile
        return self.create(
            {
                **values,
                "name": import_.source or os.path.splitext(import_.file_name)[0],
                "company_id": import_.company_id.id,
            }
        )

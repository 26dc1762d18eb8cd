from odoo import fields, models


class KokyakuImportProduct(models.Model):
    """A product that an import brought or changed, for the undo."""

    _name = "kokyaku.import.product"
    _description = "Product of an Import"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, index=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="cascade")
    before = fields.Json(help="The values that were replaced; empty: the product is new.")
    after = fields.Json(help="The values they were replaced by.")


class KokyakuImport(models.Model):
    """Undoing an import of products: new ones go as long as nobody uses them."""

    _inherit = "kokyaku.import"

    def _undo_blockers(self):
        reasons = super()._undo_blockers()
        used = self.kind == "products" and self._new_products()._used_products()
        if used:
            reasons.append(
                self.env._(
                    "%(count)s of its products are used in orders or sales (%(name)s …).",
                    count=len(used),
                    name=used[:1].display_name,
                )
            )
        return reasons

    def action_open_products(self):
        """Open the products this import brought or changed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("product.product_normal_action_sell")
        products = self._imported_products().product_id
        return action | {
            "domain": [("id", "in", products.ids)],
            "display_name": self.env._("Imported Products"),
            "context": {},
        }

    def _imported_products(self):
        return self.env["kokyaku.import.product"].sudo().search([("import_id", "=", self.id)])

    def _new_products(self):
        return self._imported_products().filtered(lambda row: not row.before).product_id

    def _undo_products(self):
        """Delete the products this import brought; give those it changed their values back,
        where nobody has changed them again."""
        self.ensure_one()
        for operation in ("write", "unlink"):
            self.env["product.product"].check_access(operation)
        rows = self._imported_products()
        for row in rows.filtered("before").sorted("id", reverse=True):
            product = row.product_id.sudo(False)
            now = product._values_now(row.before)
            product.write(
                {name: old for name, old in row.before.items() if now[name] == row.after[name]}
            )
        products = rows.filtered(lambda row: not row.before).product_id
        templates = products.product_tmpl_id
        rows.unlink()
        templates.sudo(False).unlink()

import hashlib

from odoo import models, tools


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Let the browser forget the views it keeps when a user-defined label has changed.

        The web client keeps views on disk under the registry's hash and shows them before
        it asks the server; so the labels take part in that hash.
        """
        info = super().session_info()
        if "registry_hash" in info:
            info["registry_hash"] = hashlib.sha256(
                f"{info['registry_hash']} {self._kokyaku_label_version()}".encode()
            ).hexdigest()
        return info

    @tools.ormcache(cache="templates")
    def _kokyaku_label_version(self):
        """Return a text that changes whenever any label in any language does."""
        rows = self.env.execute_query(
            tools.SQL(
                """
                SELECT model, slot, name::text, active, 'code' FROM kokyaku_user_code
                UNION ALL
                SELECT model, slot, name::text, active, 'name' FROM kokyaku_user_name
                ORDER BY 5, 1, 2
                """
            )
        )
        return hashlib.sha256(repr(rows).encode()).hexdigest()

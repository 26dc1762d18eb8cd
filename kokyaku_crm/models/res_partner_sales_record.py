from odoo import models
from odoo.tools import SQL

from .kokyaku_sales_record_load import BUYER


class ResPartner(models.Model):
    """Erasing a person: the buyer's words on their lines go, the figures stay."""

    _inherit = "res.partner"

    def _erase_related(self):
        result = super()._erase_related()
        emptied = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in BUYER)
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_sales_record_before b SET values = values - %s
                  FROM kokyaku_sales_record r
                 WHERE r.id = b.record_id AND r.partner_id = ANY(%s)""",
                list(BUYER),
                self.ids,
            )
        )
        self._erase_execute(
            SQL("UPDATE kokyaku_sales_record SET buyer_erased = TRUE, %s", emptied), "partner_id"
        )
        return result

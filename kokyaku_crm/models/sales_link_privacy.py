from odoo import models
from odoo.tools import SQL

from .record_text import record_table
from .sales_link_collect import KEYS, WORDS


class ResPartner(models.Model):
    """売上の紐付けと個人情報: as whom somebody bought is told and forgotten with the rest."""

    _inherit = "res.partner"

    def _disclosure_sections(self):
        sections = super()._disclosure_sections()
        links = self.env["kokyaku.sales.link"].search([("partner_id", "=", self.id)])
        if links:
            table = record_table(links, ["source", *WORDS, "line_count", "last_date"])
            sections.append((self.env._("Bought as"), table))
        return sections

    def _erase_related(self):
        """The figures stay; the words by which the buyer was known go, and nobody is offered
        for a buyer or an order because of them any more."""
        result = super()._erase_related()
        words = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in (*WORDS, *KEYS))
        self._erase_execute(
            SQL("UPDATE kokyaku_sales_link SET key = 'erased-' || id, %s", words), "partner_id"
        )
        self._erase_execute(SQL("DELETE FROM kokyaku_sales_link_candidate"), "partner_id")
        self._erase_execute(SQL("DELETE FROM kokyaku_person_candidate"), "person_id")
        self._erase_execute(SQL("DELETE FROM kokyaku_person_proposal"), "person_id")
        return result

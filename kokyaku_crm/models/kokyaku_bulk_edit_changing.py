from odoo import models
from odoo.tools import SQL

from .kokyaku_bulk_edit_line import CONSENT


class KokyakuBulkEdit(models.Model):
    """Whom an edit would change, before it is carried out."""

    _inherit = "kokyaku.bulk.edit"

    def _changing_query(self):
        """SELECT of the ids (``p.id``) of those who would really change."""
        self.env.flush_all()
        query = self._people()._search(self._hit())
        return SQL(
            "SELECT p.id FROM res_partner p WHERE p.id IN %s AND (%s)",
            query.subselect(),
            SQL(" OR ").join(self._differs(line) for line in self.line_ids),
        )

    def _differs(self, line):
        """Condition on ``p``: the line changes something."""
        if line.fname == CONSENT:
            values = self._consent_values(line)
            same = SQL(
                """k.state = %(state)s AND k.basis IS NOT DISTINCT FROM COALESCE(%(basis)s, k.basis)
                   AND k.source IS NOT DISTINCT FROM COALESCE(%(source)s, k.source)""",
                **values,
            )
            cell = self._cell_of(line, SQL("p.id"))
            if values["state"] == "unknown":
                other = SQL("%s AND NOT (%s)", cell, same)
                return SQL("EXISTS (SELECT FROM kokyaku_consent k WHERE %s)", other)
            return SQL("NOT EXISTS (SELECT FROM kokyaku_consent k WHERE %s AND %s)", cell, same)
        if not line.is_list:
            column, kind = self._column(line)
            return SQL("p.%s IS DISTINCT FROM %s::%s", column, line._value(), kind)
        table, person, value = self._links(line)
        ids = line._value()
        links = SQL("FROM %s WHERE %s = p.id", table, person)
        known = SQL("%s = ANY(%s::int[])", value, ids)
        lacks = SQL("(SELECT count(*) %s AND %s) < %s", links, known, len(ids))
        return {
            "add": lacks,
            "remove": SQL("EXISTS (SELECT %s AND %s)", links, known),
            "set": SQL("(%s OR EXISTS (SELECT %s AND NOT %s))", lacks, links, known),
            "clear": SQL("EXISTS (SELECT %s)", links),
        }[line.operation]

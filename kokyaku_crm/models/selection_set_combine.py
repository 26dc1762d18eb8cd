from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

COMBINATIONS = [
    ("union", "In Any of Them"),
    ("intersection", "In All of Them"),
    ("difference", "In the First but None of the Others"),
]


class KokyakuSelectionSet(models.Model):
    """結合・共通・差引: a new set out of the people of others, whatever their state."""

    _inherit = "kokyaku.selection.set"

    def _combined_sql(self, how):
        """Return a SELECT of the partner ids that these sets give together.

        Who was removed by hand is in none; archived people are left.

        :param str how: union, intersection or difference (the first set minus the others)
        """
        self.env["kokyaku.selection.member"].flush_model()
        self.env["res.partner"].flush_model(["active"])
        grouped = SQL(
            """SELECT partner_id FROM kokyaku_selection_member
                WHERE set_id = ANY(%s) AND excluded IS NOT TRUE
                GROUP BY partner_id""",
            self.ids,
        )
        if how == "intersection":
            grouped = SQL("%s HAVING count(*) = %s", grouped, len(self))
        elif how == "difference":
            grouped = SQL(
                """SELECT partner_id FROM kokyaku_selection_member m
                    WHERE set_id = %s AND excluded IS NOT TRUE
                      AND NOT EXISTS (SELECT FROM kokyaku_selection_member other
                                       WHERE other.set_id = ANY(%s)
                                         AND other.excluded IS NOT TRUE
                                         AND other.partner_id = m.partner_id)""",
                self[:1].id,
                self[1:].ids,
            )
        return SQL(
            "SELECT g.partner_id FROM (%s) AS g JOIN res_partner p ON p.id = g.partner_id "
            "WHERE p.active",
            grouped,
        )

    def _combined_count(self, how):
        """Return how many people these sets give together."""
        self.check_access("read")
        self.env.cr.execute(SQL("SELECT count(*) FROM (%s) AS found", self._combined_sql(how)))
        return self.env.cr.fetchone()[0]

    def _combine(self, how, values):
        """Make a new set out of these.

        :param str how: union, intersection or difference (the first set minus the others)
        :param dict values: of the new set; the name at least
        :return: the new set, whose note says where its people come from
        """
        self.check_access("read")
        if len(self) < 2:
            raise UserError(self.env._("Please choose two sets at least."))
        if len(self.company_id) > 1:
            raise UserError(
                self.env._(
                    "“%(one)s” and “%(other)s” belong to different companies. Please combine "
                    "sets of one company.",
                    one=self[0].display_name,
                    other=self.filtered(lambda s: s.company_id != self[0].company_id)[
                        0
                    ].display_name,
                )
            )
        new = self.create({"company_id": self.company_id.id, **values})
        new._add_people(self._combined_sql(how), origin="combined")
        origin = self._combination_text(how, new.member_count)
        new.note = "\n".join(filter(None, (new.note, origin)))
        return new

    def _combination_text(self, how, number):
        """Where the people of a combined set come from, in words."""
        kinds = {
            "union": self.env._("Everyone who is in one of these sets"),
            "intersection": self.env._("Who is in all of these sets"),
            "difference": self.env._("Who is in the first of these sets but not in the others"),
        }
        lines = [
            self.env._("%(set)s: %(number)s people", set=one.display_name, number=one.member_count)
            for one in self
        ]
        result = self.env._("Together: %s people", number)
        return "\n".join((kinds[how], *lines, result))

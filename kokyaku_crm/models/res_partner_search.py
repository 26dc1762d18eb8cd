from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
OURS = "kokyaku_crm.group_analyst"  # who may read all that the keys are made of
CONTAINS = ("ilike", "like")
CONTAINS_NOT = ("not ilike", "not like")


class ResPartner(models.Model):
    """Finding and sorting people the way a Japanese office expects.

    Whoever types a name into a search box or a drop-down finds it by kana of any width, in old
    or new kanji, with or without 法人格; by company, phone (or its last four digits), postal
    code, e-mail, and every code. How: see ``kokyaku.partner.key``.
    """

    _inherit = "res.partner"

    kana_sort = fields.Char(
        string="Order by Kana",
        readonly=True,
        copy=False,
        groups=OFFICE,
        help="What lists are sorted by: the kana, else the name, without 株式会社 and the like.",
    )

    # Who was there before the add-on and was never written since is sorted by the name itself.
    _kana_sort_idx = models.Index("(COALESCE(kana_sort, complete_name))")

    @api.model
    def _search_display_name(self, operator, value):
        """Search by everything a person is known by, when the keys can answer.

        Core's own way otherwise, and always for those outside our groups: nobody must find by
        what they may not see, such as the telephone at home.
        """
        if operator in CONTAINS + CONTAINS_NOT and isinstance(value, str):
            ours = self.env.su or self.env.user.has_group(OURS)
            found = self.env["kokyaku.partner.key"]._search_sql(value) if ours else None
            if found is not None:
                return Domain("id", "in" if operator in CONTAINS else "not in", found)
        return super()._search_display_name(operator, value)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "kana_sort":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        return SQL(
            "COALESCE(%s, %s) %s %s%s",
            self._field_to_sql(alias, "kana_sort", query),
            self._field_to_sql(alias, "complete_name", query),
            direction,
            nulls,
            # written by a trigger: what it is made of must be in the database
            SQL("%s%s", *(SQL("", to_flush=self._fields[name]) for name in ("name", "kana"))),
        )

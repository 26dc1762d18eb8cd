from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
OURS = "kokyaku_crm.group_analyst"  # who may read all that the keys are made of
CONTAINS = ("ilike", "like")
CONTAINS_NOT = ("not ilike", "not like")
FEW = 100  # ids that are asked for as they are


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

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Offer eight of sixty thousand 田中 as fast as eight of eighty.

        Up to MANY hits come in core's order. Of more, sorting them all takes seconds: first come
        those called exactly so, then those whose name begins so, then others. Who may be seen is
        up to the rules as ever; only when they leave too few, everyone is asked.
        """
        ours = self.env.su or self.env.user.has_group(OURS)
        parts = None
        if limit and ours and operator in CONTAINS and isinstance(name, str):
            if not self.env.context.get("kokyaku_people_of"):
                parts = self.env["kokyaku.partner.key"]._likeliest(name)
        if parts is None:
            return super().name_search(name, domain, operator, limit)
        domain = Domain(domain or Domain.TRUE)
        found = {}
        for ids in parts:
            among = domain & self._among([one for one in ids if one not in found])
            found.update(super().name_search("", among, operator, limit - len(found)))
            if len(found) == limit or len(parts) == 1:
                return list(found.items())
        others = domain & Domain("id", "not in", list(found))
        return [
            *found.items(), *super().name_search(name, others, operator, limit - len(found))
        ]

    @api.model
    def _among(self, ids):
        """Return the domain of the ids, for a search with a limit.

        Asked for the first eight of many ids, PostgreSQL may rather walk along everyone in the
        order of names, hoping to meet eight of them soon (4 s among a million). The range, which
        all are in, makes it expect few of them; then it looks them up and sorts them.
        """
        if len(ids) <= FEW:
            return Domain("id", "in", ids)
        few = SQL("(SELECT id FROM unnest(%s) AS id WHERE id > 0 AND id < %s)", ids, 2**31 - 1)
        return Domain("id", "in", few)

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

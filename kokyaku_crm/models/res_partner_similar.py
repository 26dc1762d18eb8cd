from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..naming import fold_name, fold_phone, fold_text, is_blanket_phone
from ..naming.query import whole

OFFICE = "base.group_user"  # portal users read the partners of their company, but not this
SHOWN = 5  # who wants to see more opens the list
WATCHED = ("name", "kana", "phone", "mobile_phone", "fax", "email", "zip", "is_company", "type")


class ResPartner(models.Model):
    """似た方がいます: a warning while somebody is entered who may be there already."""

    _inherit = "res.partner"

    similar_html = fields.Html(
        string="Similar People", compute="_compute_similar_html", sanitize=False, groups=OFFICE
    )

    @api.depends(*WATCHED)
    def _compute_similar_html(self):
        """Links to those the person on the screen may be; nothing for people as stored.

        So opening a person costs no query, and typing costs one, answered by an index.
        """
        for partner in self:
            similar = self.browse()
            if not partner.id and partner.type in (False, "contact"):
                similar = partner._similar_partners(SHOWN + 1)
            partner.similar_html = partner._similar_notice(similar)

    def _similar_notice(self, similar):
        if not similar:
            return False
        links = [
            Markup(
                '<a href="/odoo/{path}/{id}" target="_blank" rel="noopener" class="alert-link">'
                "{name}</a>{more}"
            ).format(
                path="kokyaku-companies" if one.is_company else "kokyaku-persons",
                id=one.id,
                name=one.display_name,
                more="".join(f" {text}" for text in (one.ref, one.phone, one.city) if text),
            )
            for one in similar[:SHOWN]
        ]
        more = Markup(" …") if len(similar) > SHOWN else ""
        title = self.env._("Is this one of these?")
        return Markup("<b>{}</b> {}{}").format(title, Markup("、").join(links), more)

    def _similar_partners(self, limit=None):
        """Return whom this person may be: the same name or reading, and one thing more.

        That is the reading beside the name, a phone number (but none that many share), the
        e-mail or the postal code. A company is known by its name alone.
        """
        self.ensure_one()
        keys = self.env["kokyaku.partner.key"]
        condition = self._similar_sql(keys) if keys._is_ready() else None
        if condition is None:
            return self.browse()
        keys._flush_sources()
        found = Domain("id", "in", SQL("(SELECT id FROM kokyaku_partner_key WHERE %s)", condition))
        others = found & Domain("id", "not in", self._origin.ids)
        others &= Domain("type", "=", "contact") & Domain("is_company", "=", self.is_company)
        return self.search(others, limit=limit, order="id")

    def _similar_sql(self, keys):
        def has(folded):
            pattern = whole(folded)
            return keys._has_sql(pattern) if pattern else None

        numbers = (self.phone, self.mobile_phone, self.fax)
        details = [has(fold_text(self.email)), has(fold_text(self.zip))]
        details += [has(fold_phone(one)) for one in numbers if not is_blanket_phone(one)]
        details = [one for one in details if one is not None]
        name, kana = has(fold_name(self.name)), has(fold_name(self.kana))
        ways = []
        if name is not None and kana is not None:
            ways.append(SQL("(%s AND %s)", name, kana))
        for known in (name, kana):
            if known is not None and self.is_company and known is name:
                ways.append(SQL("(%s)", known))
            elif known is not None and details:
                ways.append(SQL("(%s AND (%s))", known, SQL(" OR ").join(details)))
        return SQL(" OR ").join(ways) if ways else None

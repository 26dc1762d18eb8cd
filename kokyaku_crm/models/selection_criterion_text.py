from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from .domain_text import FEW, domain_text


class KokyakuSelectionCriterion(models.Model):
    """How a criterion reads, to the one who entered it and to the one who takes over."""

    _inherit = "kokyaku.selection.criterion"

    @api.depends(
        "kind", "partner_domain", "product_ids", "categ_ids", "attribute_value_ids",
        "code_value_ids", "seller", "seller_ids", "period", "period_number", "period_unit",
        "date_from", "date_to", "comparison", "measure", "threshold", "tax_included",
        "other_set_ids", "set_test", "response_type_ids",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        for line in self:
            line.summary = getattr(line, f"_{line.kind}_text")()

    def _person_text(self):
        try:
            domain = self._domain()
            domain.validate(self.env["res.partner"])
            return domain_text(self.env["res.partner"], Domain(domain))
        except (ValueError, SyntaxError, TypeError, KeyError, AttributeError, UserError):
            return self.env._("(cannot be read)")

    def _purchase_text(self):
        chosen = [
            self._names(name)
            for name in ("product_ids", "categ_ids", "attribute_value_ids", "code_value_ids")
            if self[name]
        ]
        what = self.env._(" · ").join(chosen) or self.env._("anything")
        who = ""
        if self.seller == "owner":
            who = self.env._(" from the owner of the set")
        elif self.seller == "chosen":
            who = self.env._(" from %s", self._names("seller_ids"))
        return self.env._(
            "%(period)s%(who)s bought %(what)s, %(much)s",
            period=self._period_text(),
            who=who,
            what=what,
            much=self._much_text(),
        )

    def _period_text(self):
        if self.period == "last":
            return self.env._(
                "in the past %(number)s %(unit)s",
                number=self.period_number,
                unit=self._word("period_unit"),
            )
        if self.period == "between":
            return self.env._(
                "from %(first)s to %(last)s",
                first=format_date(self.env, self.date_from) if self.date_from else "",
                last=format_date(self.env, self.date_to) if self.date_to else "",
            )
        return self._word("period")

    def _much_text(self):
        number = formatLang(
            self.env, self.threshold, digits=0 if self.threshold == int(self.threshold) else 2
        )
        text = {
            "times": self.env._("%s times", number),
            "quantity": self.env._("%s pieces", number),
            "amount": self.env._("for %s", number),
        }[self.measure or "times"]
        if self.comparison == "most":
            return self.env._("at most %s", text)
        return self.env._("at least %s", text)

    def _set_text(self):
        sets = self._names("other_set_ids") or self.env._("(no set)")
        test = self._word("set_test")
        if self.set_test == "types":
            test = self._names("response_type_ids") or test
        return self.env._("%(set)s: %(test)s", set=sets, test=test)

    def _names(self, name):
        names = self[name].mapped("display_name")
        if len(names) > FEW:
            names = [*names[:FEW], self.env._("and %s more", len(names) - FEW)]
        return self.env._(", ").join(names)

    def _word(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _whole_text(self):
        """All lines as one sentence, with their brackets."""
        text = ""
        for number, line in enumerate(self):
            if number or line.connector == "except":
                text += {
                    "and": self.env._(" and "),
                    "or": self.env._(" or "),
                    "except": self.env._(" except "),
                }[line.connector]
            text += "(" * int(line.opening) + "[" + (line.summary or "") + "]"
            text += ")" * int(line.closing)
        return text.strip()

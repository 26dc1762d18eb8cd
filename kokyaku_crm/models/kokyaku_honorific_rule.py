from odoo import api, fields, models

HONORIFICS = [
    ("sama", "様 (Mr, Ms)"),
    ("onchu", "御中 (company, department)"),
    ("sensei", "先生 (teacher, doctor, lawyer)"),
    ("dono", "殿 (formal)"),
    ("kakui", "各位 (all of you)"),
    ("none", "None"),
]
HONORIFIC_TEXTS = {
    "sama": "様",
    "onchu": "御中",
    "sensei": "先生",
    "dono": "殿",
    "kakui": "各位",
    "none": "",
}


class KokyakuHonorificRule(models.Model):
    """敬称の規則: whoever is 院長 or 弁護士 is addressed as 先生, unless the person has an
    honorific of their own. The first rule whose word occurs decides."""

    _name = "kokyaku.honorific.rule"
    _description = "Honorific Rule"
    _order = "sequence, id"
    _rec_name = "keyword"

    sequence = fields.Integer(default=10, aggregator=False)
    keyword = fields.Char(
        string="Word", required=True, help="A word of the function, e.g. 院長, 弁護士."
    )
    honorific = fields.Selection(HONORIFICS, required=True, default="sensei")
    exact = fields.Boolean(
        string="Whole Function",
        help="Only if the function is this word and nothing else: 教諭, but not 教諭補助.",
    )
    active = fields.Boolean(default=True)

    _keyword_uniq = models.Constraint("UNIQUE(keyword)", "There is a rule for this word already.")

    @api.model
    def _rules(self):
        """Return [(word, exact, honorific code)] in their order, for ``matching``."""
        rules = self.sudo().search_fetch([], ["keyword", "exact", "honorific"])
        return [(rule.keyword.strip(), rule.exact, rule.honorific) for rule in rules]

    @api.model
    def matching(self, function, rules=None):
        """Return the honorific code that the rules give to a function, or False.

        :param rules: what ``_rules`` returned, for many functions in a row
        """
        function = (function or "").strip()
        if function:
            for word, exact, honorific in self._rules() if rules is None else rules:
                if function == word if exact else word in function:
                    return honorific
        return False

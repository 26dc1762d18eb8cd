import re
from dataclasses import dataclass, field

from odoo import api, models

from ..naming import fold_text

LINKS = {
    "source": "kokyaku.source",
    "personal_type": "kokyaku.personal.type",
    "selection_type": "kokyaku.selection.type",
}
SEVERAL = ("personal_type", "selection_type")  # a cell may name several
CODES = {f"user_code_{slot}": str(slot) for slot in range(1, 11)}
NAMES = [f"user_name_{slot}" for slot in range(1, 6)]
_BETWEEN = re.compile(r"[、，,;；/／|\n]+")
RULES = ("fill", "overwrite", "keep")


def words_of(target, text):
    """The names a cell holds."""
    if target not in SEVERAL:
        return [text] if text else []
    return [word.strip() for word in _BETWEEN.split(text or "") if word.strip()]


@dataclass
class Masters:
    """What the words of a file mean in this database, and by which rules they are written.

    ``ids``: target → {folded word: id}; ``states``: prefecture → id; ``staff``: folded name or
    login → user id; ``rules``: target → one of RULES.
    """

    ids: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    staff: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    rule: str = "fill"
    country_id: int = 0
    address_of: str = ""
    basis: str = ""
    evidence: str = ""
    source_id: int = 0
    labels: dict = field(default_factory=dict)

    folded: dict = field(default_factory=dict)

    def get(self, target, word):
        known = self.ids.get(target)
        return known.get(self.fold(word)) if known and word else None

    def fold(self, word):
        if word not in self.folded:
            self.folded[word] = fold_text(word)
        return self.folded[word]

    def may(self, target, current):
        """Say whether a target may be written over what is there."""
        rule = self.rules.get(target, self.rule)
        return rule == "overwrite" or (rule == "fill" and not current)


class KokyakuImportPerson(models.Model):
    """The masters that lines refer to by their names: sources, types, codes, staff."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _masters(self, import_, lines, create=False):
        """Return the ``Masters`` for some lines.

        :param lines: list of dicts with ``values``
        :param create: whether to enter what is missing (unless the import's options say
            ``"masters": "list"``); what stays unknown is listed by ``_unknown_words``
        """
        mapping = import_.mapping or {}
        options = mapping.get("options") or {}
        columns = mapping.get("columns") or []
        japan = self.env.ref("base.jp")
        masters = Masters(
            rule=options.get("rule") if options.get("rule") in RULES else "fill",
            country_id=(import_.company_id.country_id or japan).id,
            address_of=options.get("address_of") or "",
            basis=options.get("consent_basis") or "",
            evidence=import_.file_name or "",
        )
        masters.rules = {
            **{column["target"]: (column.get("options") or {}).get("rule") for column in columns},
            **(options.get("rules") or {}),
        }
        masters.rules = {name: rule for name, rule in masters.rules.items() if rule in RULES}
        masters.labels = {column["target"]: column.get("heading") for column in columns}
        masters.states = {
            state.name: state.id
            for state in self.env["res.country.state"].search([("country_id", "=", japan.id)])
        }
        create = create and options.get("masters") != "list"
        words = self._words(lines)
        if options.get("source"):
            words.setdefault("source", set()).add(options["source"])
        for target in words:
            if target in LINKS:
                masters.ids[target] = self._master_ids(LINKS[target], words[target], create)
            elif target in CODES:
                label = masters.labels.get(target)
                masters.ids[target] = self._code_ids(target, words[target], create, label)
        if "staff" in words:
            masters.staff = self._staff_ids(import_.company_id)
        masters.source_id = masters.get("source", options.get("source")) or 0
        return masters

    @api.model
    def _words(self, lines):
        """Return target → set of the words that stand under it."""
        words = {}
        told = set().union(*(line["values"] for line in lines))
        for target in told & {*LINKS, *CODES, "staff"}:
            texts = {line["values"].get(target) for line in lines}
            if found := {word for text in texts for word in words_of(target, text)}:
                words[target] = found
        return words

    @api.model
    def _master_ids(self, model, words, create):
        """Return {folded word: id} of a master, found by name or code, archived ones too."""
        records = self.env[model].sudo().with_context(active_test=False)
        known = {}
        for record in records.search([], order="active, id desc"):
            for text in (record.code, record.name):
                known[fold_text(text)] = record.id
        missing = sorted(word for word in words if fold_text(word) not in known)
        if create and missing:
            codes = set(records.search([]).mapped("code"))
            values = []
            for word in {fold_text(word): word for word in missing}.values():
                code = word if word not in codes else f"{word} ({len(codes)})"
                codes.add(code)
                values.append({"code": code, "name": word})
            for record in records.create(values):
                known[fold_text(record.name)] = record.id
        return known

    @api.model
    def _code_ids(self, target, words, create, label):
        """Return {folded word: id} of the values of one user-defined code."""
        codes = self.env["kokyaku.user.code"].sudo().with_context(active_test=False)
        domain = [("model", "=", "res.partner"), ("slot", "=", CODES[target])]
        code = codes.search(domain, limit=1)
        if not code:
            if not (create and words):
                return {}
            code = codes.create({"model": "res.partner", "slot": CODES[target],
                                 "name": label or target})  # fmt: skip
        values = self.env["kokyaku.user.code.value"].sudo().with_context(active_test=False)
        known = {}
        for value in values.search([("code_id", "=", code.id)], order="active, id desc"):
            known[fold_text(value.name)] = known[fold_text(value.code)] = value.id
        missing = {fold_text(word): word for word in words if fold_text(word) not in known}
        if create and missing:
            new = values.create(
                [
                    {"code_id": code.id, "code": word, "name": word}
                    for _key, word in sorted(missing.items())
                ]
            )
            known.update({fold_text(value.name): value.id for value in new})
        return known

    @api.model
    def _staff_ids(self, company):
        """Return {folded name or login: id} of a company's own people; a name of two is
        nobody's."""
        known, twice = {}, set()
        ours = [("share", "=", False), ("company_ids", "in", company.ids)]
        for user in self.env["res.users"].sudo().search(ours):
            for text in {fold_text(user.name), fold_text(user.login)}:
                if text in known:
                    twice.add(text)
                known[text] = user.id
        return {text: number for text, number in known.items() if text not in twice}

    @api.model
    def _unknown_words(self, line, masters):
        """Return [(column, value, code)] of the words of a line that mean nothing here."""
        unknown = []
        values = line["values"]
        for target in masters.ids:
            for word in words_of(target, values.get(target)):
                if not masters.get(target, word):
                    unknown.append((target, word, "unknown_word"))
        if values.get("staff") and fold_text(values["staff"]) not in masters.staff:
            unknown.append(("staff", values["staff"], "unknown_staff"))
        return unknown

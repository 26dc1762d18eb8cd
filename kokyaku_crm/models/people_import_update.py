import json

from odoo import api, models
from odoo.tools import SQL

from ..matching import place_key
from ..naming import fold_name, fold_phone, fold_text, same_name
from ..naming.postal import digits_of
from .people_import_wanted import KANA, PERSON_NAME

ADDRESS = ("zip", "state_id", "city", "street", "street2")
NUMBERS = ("phone", "mobile_phone", "fax")
# The target whose rule counts for what stands in several fields.
UNITS = {
    **dict.fromkeys((*PERSON_NAME, "name_split_unsure"), "name"),
    **dict.fromkeys(KANA, "kana"),
    "mobile_phone": "mobile",
    "comment": "note",
    "user_id": "staff",
    "source_id": "source",
    **{f"user_code_{slot}_id": f"user_code_{slot}" for slot in range(1, 11)},
}
CODE_NOTE = "顧客コード: "  # of a second code: a note in the office's own language
NEVER = {"is_company", "honorific", "name_split_unsure"}


class KokyakuImportPerson(models.Model):
    """What a line changes on somebody known, by the rules: fill, overwrite, keep."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _plan_part(self, import_, ids):
        """Write to lines that are somebody known what each would change, and whether that is
        anything at all."""
        self._plan_lines(import_, ids, SQL("verdict = 'update'"))
        self.env.cr.execute(
            """UPDATE kokyaku_import_person SET verdict = 'same'
                WHERE id = ANY(%s) AND verdict = 'update' AND changes IS NULL""",
            [ids],
        )

    @api.model
    def _plan_lines(self, import_, ids, condition=None):
        """Write to lines what each would change on its person."""
        lines = self._lines(import_, SQL("id = ANY(%s) AND %s", ids, condition or SQL("TRUE")))
        self._plan(import_, lines, self._masters(import_, lines))
        self.env.cr.execute(
            """
            UPDATE kokyaku_import_person l SET changes = p.changes
              FROM unnest(%s::int[], %s::jsonb[]) AS p (id, changes)
             WHERE l.id = p.id
            """,
            [
                [line["id"] for line in lines],
                [as_json(line["changes"]) for line in lines],
            ],
        )

    @api.model
    def _lines(self, import_, condition):
        """Return lines as dicts, the later lines of the same person folded into them; those that
        name another company stand in ``elsewhere`` too."""
        self.env.cr.execute(
            SQL(
                """
                SELECT l.id, l.row, l.verdict, l.decision, l.partner_id, l.company_partner_id,
                       l.company_key, l.values,
                       (SELECT jsonb_agg(jsonb_build_object('row', t.row, 'values', t.values,
                                 'company_partner_id', t.company_partner_id,
                                 'company_key', t.company_key) ORDER BY t.row)
                          FROM kokyaku_import_person t
                         WHERE t.twin_id = l.id AND t.verdict = 'twin') AS twins
                  FROM kokyaku_import_person l
                 WHERE l.import_id = %s AND %s ORDER BY l.row
                """,
                import_.id,
                condition,
            )
        )
        lines = self.env.cr.dictfetchall()
        for line in lines:
            twins = line.pop("twins") or ()
            line["elsewhere"] = _elsewhere(line, twins)
            for twin in twins:
                values = twin["values"]
                if twin in line["elsewhere"]:
                    values = {name: values[name] for name in values if not _is_office(name)}
                _fold_in(line["values"], values)
        return lines

    @api.model
    def _plan(self, import_, lines, masters):
        """Add to each line what it wants, and what of it changes its partner.

        ``wanted``; ``changes``: {field: [old, new]} in words; ``writes``: what is written, as
        a dict with person, home, company, department, links, consents.
        """
        known = self._known([line["partner_id"] for line in lines if line["partner_id"]])
        for line in lines:
            line["wanted"] = self._wanted(line, masters)
            line["changes"], line["writes"], line["warnings"] = {}, {}, []
            for other in line["elsewhere"]:
                other["wanted"] = self._wanted(other, masters)
            if current := known.get(line["partner_id"]):
                self._plan_person(line, current, masters)
                self._plan_place(line, current, masters)
                self._plan_company(line, current, masters)
                self._plan_elsewhere(line, current)
                self._plan_links(line, current, masters)

    @api.model
    def _known(self, ids):
        """Return the stored values of partners by id, with home, types and consents."""
        self.env.cr.execute(
            """
            SELECT p.*, h.id AS home_id, h.zip AS home_zip, h.state_id AS home_state_id,
                   h.city AS home_city, h.street AS home_street, h.street2 AS home_street2,
                   h.phone AS home_phone, s.name AS state, above.name AS above_name,
                   ARRAY(SELECT kokyaku_personal_type_id
                           FROM kokyaku_personal_type_res_partner_rel
                          WHERE res_partner_id = p.id) AS personal_type_ids,
                   ARRAY(SELECT kokyaku_selection_type_id
                           FROM kokyaku_selection_type_res_partner_rel
                          WHERE res_partner_id = p.id) AS selection_type_ids,
                   (SELECT jsonb_object_agg(channel, state) FROM kokyaku_consent
                     WHERE partner_id = p.id AND purpose = 'promotion') AS consents,
                   EXISTS (SELECT FROM kokyaku_affiliation a
                            WHERE a.partner_id = p.id AND a.date_to IS NULL
                              AND a.department <> '') AS has_department
              FROM res_partner p
              LEFT JOIN kokyaku_home_address h ON h.partner_id = p.id
              LEFT JOIN res_country_state s ON s.id = p.state_id
              LEFT JOIN res_partner above ON above.id = p.parent_id
             WHERE p.id = ANY(%s)
            """,
            [ids],
        )
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _plan_person(self, line, current, masters):
        writes = {}
        person = line["wanted"].person
        for fname, value in person.items():
            if fname in NEVER or fname in KANA[1:] or fname in PERSON_NAME[1:]:
                continue
            old = current.get(fname)
            if _same(fname, old, value):
                continue
            if fname == "comment":
                if fold_text(line["values"]["note"]) in fold_text(old):
                    continue
                value = f"{old or ''}{value}"
            elif not masters.may(UNITS.get(fname, fname), old):
                continue
            writes[fname] = value
            line["changes"][fname] = [_text(old), _text(value)]
        for whole, parts in (("name", PERSON_NAME), ("kana", KANA)):
            if whole in writes:
                writes.update({part: person[part] for part in parts if person.get(part)})
        if writes:
            line["writes"]["person"] = writes

    @api.model
    def _plan_place(self, line, current, masters):
        """An address is written as a whole or not at all: halves of two would be nowhere."""
        wanted = line["wanted"]
        if wanted.place and current["parent_id"]:
            wanted.home = {**wanted.place, **wanted.home}  # their own, beside the company's
            wanted.place = {}
        for kind, prefix in (("place", ""), ("home", "home_")):
            place = getattr(wanted, kind)
            old = {fname: current.get(prefix + fname) for fname in ADDRESS}
            given = {fname: place[fname] for fname in ADDRESS if place.get(fname)}
            if given and not same_place(old, given):
                has = any(old[fname] for fname in ("city", "street"))
                if masters.may(self._place_target(masters), has):
                    values = {fname: given.get(fname) or False for fname in ADDRESS}
                    values["country_id"] = place.get("country_id")
                    line["writes"].setdefault("home" if prefix else "person", {}).update(values)
                    line["changes"][f"{prefix}street"] = [_one(old), _one(given)]
        phone = wanted.home.get("phone")
        if phone and fold_phone(phone) != fold_phone(current["home_phone"]):
            if masters.may("phone", current["home_phone"]):
                line["writes"].setdefault("home", {})["phone"] = phone
                line["changes"]["home_phone"] = [current["home_phone"] or "", phone]

    @api.model
    def _place_target(self, masters):
        """The target whose rule is the address's: of its columns the first that has one."""
        names = ("address", "street", "city", "zip", "address_1", "zip_1")
        return next((name for name in names if name in masters.rules), "address")

    @api.model
    def _plan_company(self, line, current, masters):
        wanted = line["wanted"]
        if not wanted.company or current["is_company"]:
            return
        if current["parent_id"]:
            theirs = {fold_name(current[f]) for f in ("above_name", "commercial_company_name")}
            if fold_name(wanted.company["name"]) in theirs:
                line["company_partner_id"] = line["company_partner_id"] or current["parent_id"]
                if wanted.department and not current["has_department"]:
                    line["writes"]["department"] = wanted.department
                    line["changes"]["department"] = ["", wanted.department]
                return
        if masters.may("company_name", current["parent_id"]):
            line["writes"]["company"] = True
            line["changes"]["parent_id"] = [current["above_name"] or "", wanted.company["name"]]
        elif masters.rules.get("company_name", masters.rule) != "keep":
            line["warnings"].append(("company_name", wanted.company["name"], "other_company"))

    @api.model
    def _plan_elsewhere(self, line, current):
        """Of who is known we cannot tell whether they have moved: each other company is listed."""
        theirs = {fold_name(current[f]) for f in ("above_name", "commercial_company_name")}
        for other in line["elsewhere"]:
            name = other["wanted"].company.get("name")
            if name and fold_name(name) not in theirs:
                line["warnings"].append(("company_name", name, "other_company"))

    @api.model
    def _plan_links(self, line, current, masters):
        for fname, ids in line["wanted"].links.items():
            new = [one for one in ids if one not in current[fname]]
            if new and masters.rules.get(fname.removesuffix("_ids")) != "keep":
                line["writes"].setdefault("links", {})[fname] = new
                line["changes"][fname] = ["", line["values"][fname.removesuffix("_ids")]]
        for channel, state in line["wanted"].consents.items():
            old = (current["consents"] or {}).get(channel, "unknown")
            target = f"consent_{channel}"
            # a refusal always counts; a yes over a no only where the user said so
            told = state == "refused" or masters.may(target, old != "unknown")
            if old != state and told and masters.rules.get(target) != "keep":
                line["writes"].setdefault("consents", {})[channel] = state
                line["changes"][target] = [old, state]


def _elsewhere(line, twins):
    """The later lines that name another company than those before them."""
    known, others = {fold_name(line["values"].get("company_name"))}, []
    for twin in twins:
        key = fold_name(twin["values"].get("company_name"))
        if key and known - {""} and key not in known:
            others.append(twin)
        known.add(key)
    return others


def _is_office(target):
    """Say whether a target is of the company that a line names."""
    places = ("zip", "state", "city", "street", "street2")
    return target in ("department", "function", *places) or target.startswith("company_")


def _fold_in(values, twin):
    """Let a later line of the same person fill what the first leaves open.

    Types come together; of two answers about one channel the refusal counts.
    """
    for target, value in twin.items():
        old = values.get(target)
        if target in ("personal_type", "selection_type") and old and old != value:
            values[target] = f"{old}、{value}"
        elif target == "note" and old and value not in old:
            values[target] = f"{old}\n{value}"
        elif target == "ref" and old and old != value and value not in values.get("note", ""):
            values["note"] = f"{values.get('note', '')}\n{CODE_NOTE}{value}".strip()
        elif target.startswith("consent_") and value == "no":
            values[target] = value
        elif old in ("", None):
            values[target] = value


def _same(fname, old, value):
    if fname in NUMBERS:
        return bool(old) and fold_phone(old) == fold_phone(value)
    if fname == "name":
        return same_name(old, value)
    if fname == "email":
        return (old or "").strip().lower() == str(value).lower()
    if fname in ("birthdate", "acquired_on"):
        return str(old or "") == str(value)
    return (old or "") == value


def same_place(old, given):
    """Say whether two addresses, as dicts of columns, are one."""
    one, other = (
        place_key(p.get("zip"), p.get("city"), p.get("street"), p.get("street2"))
        for p in (old, given)
    )
    if one or other:
        return one == other
    keys = ("zip", "city", "street")
    return all(fold_text(old.get(k)) == fold_text(given.get(k)) for k in keys) or (
        digits_of(old.get("zip")) == digits_of(given.get("zip")) and not given.get("city")
    )


def _one(place):
    return " ".join(str(place[f]) for f in ("zip", "city", "street", "street2") if place.get(f))


def _text(value):
    return "" if value in (None, False) else str(value)


def as_json(value):
    """A dict as the database takes it, None for an empty one."""
    return json.dumps(value, ensure_ascii=False) if value else None

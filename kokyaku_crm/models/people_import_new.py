from concurrent.futures import ThreadPoolExecutor

from odoo import api, fields, models
from odoo.tools import SQL

from ..naming import sort_key
from ..naming.fold import fold_each
from ..naming.key import make_keys
from ..tools import office_today
from .people_import_copy import BREAK, as_csv
from .people_import_masters import NAMES
from .people_import_numbers import Numbers, normalized_email
from .search_triggers import CODES

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
}
ADDRESS = ("zip", "state_id", "city", "street", "street2", "country_id")
# What is a person's own, or follows from their values: never taken from the pattern.
OWN = {"id", "complete_name", "kana_sort", "commercial_partner_id", "commercial_company_name",
       "email_normalized", "phone_sanitized", "create_date", "write_date"}  # fmt: skip
HOME = ["partner_id", "country_id", "zip", "state_id", "city", "street", "street2", "phone",
        "create_uid", "write_uid", "create_date", "write_date"]  # fmt: skip
AFFILIATION = ["partner_id", "company_partner_id", "department", "function", "is_main", "kind",
               "create_uid", "write_uid", "create_date", "write_date"]  # fmt: skip
KEY = ["id", "doc", "words", "grams"]
# What ``_tables`` and ``_complete`` work out.
WORKED_OUT = {"id", "kana_sort", "complete_name", "parent_id",
              "commercial_partner_id", "commercial_company_name", "lang", "user_id", "vat",
              "company_registry", "company_id", "email_normalized", "phone_sanitized",
              *ADDRESS}  # fmt: skip
AT_ONCE = 1000  # rows that are made ready while the database stores those before
TEXTS = ["ref", "member_number", "email", "zip", "vat", "company_registry"]
NUMBERS = ("mobile_phone", "phone")  # the first that is one is the number to send to
PHONES = ["phone", "mobile_phone", "fax"]


class KokyakuImportPerson(models.Model):
    """Entering new people and companies: by COPY, into rows as the ORM would have written them.

    What core and other add-ons put into a new row (defaults, computed columns) is read from a
    pattern: one partner made by the ORM and taken back; so is what people take over from a company
    with a tax number, terms of payment and the like. What depends on the values is worked
    out here: full name, commercial entity, normalized e-mail and number, what comes from the
    company. A test compares the rows with the ORM's, column by column.
    """

    _inherit = "kokyaku.import.person"

    @api.model
    def _enter(self, wanted, import_, patterns):
        """Enter new partners.

        :param wanted: list of (``Wanted``, id of the company or None)
        :param patterns: dict that keeps the patterns of those below no company from part to part
        :return: list of ids, in the order of `wanted`
        """
        if not wanted:
            return []
        ids = self._new_ids(len(wanted))
        above = self._above({company for _one, company in wanted if company})
        kinds = [
            (bool(one.person.get("is_company")), above.get(company, {}).get("pattern_id"))
            for one, company in wanted
        ]
        for kind in dict.fromkeys(kinds):
            if kind not in patterns:
                patterns[kind] = self._pattern(*kind, import_.company_id.country_id)
        stamp = self._stamp()
        origin = {
            "acquired_on": fields.Date.to_string(office_today(self)),
            "acquired_note": import_.file_name,
        }
        given = {fname for one, _company in wanted for fname in (*one.person, *one.place)}
        form = _Form(given, {kind: {**origin, **patterns[kind], **stamp} for kind in set(kinds)})
        told = [one.person for one, _company in wanted]
        codes = self._code_words(
            int(row[name])  # of a pattern it is a text
            for row in [*told, *form.patterns.values()]
            for name in CODES
            if row.get(name)
        )
        phones = Numbers(self.env, import_.company_id.country_id)
        for row in told:
            for fname in NUMBERS:
                phones[row.get(fname)]  # an odd one may ask the database
        people = list(zip(ids, wanted, kinds, strict=True))
        keys = self.env["kokyaku.partner.key"].sudo()
        keys._wait(True)
        with ThreadPoolExecutor(1) as other:  # the database stores while the next are made ready
            stored = []
            for start in range(0, len(people), AT_ONCE):
                for table in self._tables(
                    people[start : start + AT_ONCE], form, above, phones, codes, stamp
                ):
                    stored.append(other.submit(self._copy_text, *table))
            for one in stored:
                one.result()
        self._enter_links(ids, wanted)
        keys._wait(False)
        for kind in [kind for kind in patterns if kind[1]]:
            del patterns[kind]  # what a company hands down may change
        return ids

    @api.model
    def _tables(self, people, form, above, phones, codes, stamp):
        """Yield what is written of new partners: (table, columns, text of ``as_csv``), referred
        to before referring. Asks the database nothing: it is at work meanwhile.

        :param people: list of (id, (``Wanted``, id of the company or None), kind)
        """
        rows, homes, affiliations = [], [], []
        for number, (one, company), kind in people:
            row = {**form.patterns[kind], **one.person, **one.place, "id": number}
            self._complete(row, above.get(company), phones)
            rows.append(row)
            if company and _is_place(one.home):
                homes.append({**one.home, **stamp, "partner_id": number})
            if company and one.department:
                affiliations.append(
                    {
                        "partner_id": number,
                        "company_partner_id": company,
                        "department": one.department,
                        "function": one.person.get("function"),
                        "is_main": True,
                        "kind": "regular",
                        **stamp,
                    }
                )
        orders = fold_each(sort_key, (row.get("kana") or row["name"] for row in rows))
        for row, order in zip(rows, orders, strict=True):
            row["kana_sort"] = order
        yield "res_partner", form.columns, form.text(rows, people)
        if homes:
            yield "kokyaku_home_address", HOME, as_csv(HOME, homes)
        if affiliations:
            yield "kokyaku_affiliation", AFFILIATION, as_csv(AFFILIATION, affiliations)
        keys = _keys(rows, homes, affiliations, above, codes)
        yield "kokyaku_partner_key", KEY, as_csv(KEY, keys)

    @api.model
    def _new_ids(self, count):
        self.env.cr.execute(
            "SELECT nextval('res_partner_id_seq') FROM generate_series(1, %s)", [count]
        )
        return [number for [number] in self.env.cr.fetchall()]

    @api.model
    def _stamp(self):
        now = self.env.cr.now().isoformat()  # of the transaction, as the database's own now()
        return {"create_uid": self.env.uid, "write_uid": self.env.uid,
                "create_date": now, "write_date": now}  # fmt: skip

    @api.model
    def _pattern(self, is_company, company, country):
        """The columns of a new partner that has nothing but a name, as texts.

        :param company: id of the company it belongs to, where that has anything to take over
        """
        cr = self.env.cr
        cr.execute("SAVEPOINT kokyaku_pattern")
        partner = (
            self.env["res.partner"]
            .with_context(**QUIET)
            .create(
                {
                    "name": "見本",
                    "is_company": is_company,
                    "parent_id": company,
                    "country_id": country.id,
                }
            )
        )
        self.env.flush_all()
        cr.execute(
            """SELECT key, value
                 FROM jsonb_each_text((SELECT to_jsonb(p) FROM res_partner p WHERE id = %s))
                WHERE value IS NOT NULL""",
            [partner.id],
        )
        pattern = dict(cr.fetchall())
        cr.execute("ROLLBACK TO SAVEPOINT kokyaku_pattern; RELEASE SAVEPOINT kokyaku_pattern")
        self.env.invalidate_all(flush=False)
        names = {"name", "family_name", "given_name", "name_split_unsure"}
        return {key: value for key, value in pattern.items() if key not in OWN | names}

    @api.model
    def _above(self, companies):
        """What people take over from the company or department they belong to, by its id."""
        self.env["res.partner"].flush_model()
        fields_ = self.env["res.partner"]._fields
        commercial = SQL(", ").join(
            SQL("c.%s::text", SQL.identifier(fname))
            for fname in self.env["res.partner"]._commercial_fields()
            if fields_[fname].store and fields_[fname].column_type
        )
        self.env.cr.execute(
            SQL(
                """
            SELECT p.id, p.name, p.kana, p.lang, p.user_id,
                   p.commercial_partner_id AS commercial_id,
                   CASE WHEN c.is_company THEN c.name ELSE p.company_name END AS commercial_name,
                   p.zip, p.state_id, p.city, p.street, p.street2, p.country_id, p.company_id,
                   c.vat, c.company_registry,
                   CASE WHEN COALESCE(%s) IS NOT NULL THEN p.id END AS pattern_id
              FROM res_partner p
              JOIN res_partner c ON c.id = p.commercial_partner_id
             WHERE p.id = ANY(%s)
                """,
                commercial,
                list(companies),
            )
        )
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _complete(self, row, above, phones):
        """Fill what core computes from the values of a row and of the company above it."""
        name = row["name"]
        row["complete_name"] = name.strip()
        row["commercial_partner_id"] = row["id"]
        if row.get("is_company") in (True, "true"):
            row["commercial_company_name"] = name
        elif above:
            row["parent_id"] = above["id"]
            row["commercial_partner_id"] = above["commercial_id"]
            row["commercial_company_name"] = above["commercial_name"]
            row["complete_name"] = f"{above['commercial_name'] or above['name']}, {name}".strip()
            row["lang"] = above["lang"] or row.get("lang")
            row["user_id"] = row.get("user_id") or above["user_id"]
            row.update({fname: above[fname] for fname in ("vat", "company_registry")})
            if above["company_id"]:
                row["company_id"] = above["company_id"]
            if any(above[fname] for fname in ADDRESS):
                row.update({fname: above[fname] for fname in ADDRESS})
        if row.get("email"):
            row["email_normalized"] = normalized_email(row["email"])
        row["phone_sanitized"] = next(
            filter(None, (phones[row.get(f)] for f in NUMBERS)), None
        )

    @api.model
    def _code_words(self, values):
        """By the id of a value of a user-defined code: its code and its names."""
        self.env["kokyaku.user.code.value"].flush_model()
        self.env.cr.execute(
            """SELECT id, concat_ws(E'\n', code, (SELECT string_agg(value, E'\n')
                                                    FROM jsonb_each_text(name)))
                 FROM kokyaku_user_code_value WHERE id = ANY(%s)""",
            [list(set(values))],
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _enter_links(self, ids, wanted):
        """Write types: the two-column tables of many2many fields."""
        for fname in ("personal_type_ids", "selection_type_ids"):
            rel = self.env["res.partner"]._fields[fname]
            rows = [
                {rel.column1: number, rel.column2: value}
                for number, (one, _company) in zip(ids, wanted, strict=True)
                for value in dict.fromkeys(one.links.get(fname, ()))
            ]
            self._copy_in(rel.relation, [rel.column1, rel.column2], rows)


class _Form:
    """How rows of new partners are written: what no row has of its own is the same text at the
    end of each of its kind."""

    def __init__(self, given, patterns):
        """
        :param given: names of the columns that the file fills
        :param patterns: dict kind → {column: value}
        """
        self.patterns = patterns
        self._own = sorted(given | WORKED_OUT)
        same = sorted(set().union(*patterns.values()) - set(self._own))
        self.columns = [*self._own, *same]
        self._ends = {kind: as_csv(same, [row])[: -len(BREAK)] for kind, row in patterns.items()}

    def text(self, rows, people):
        """What COPY reads of rows; `people` as ``_rows`` takes them."""
        return as_csv(self._own, rows, [self._ends[kind] for _id, _one, kind in people])


def _keys(rows, homes, affiliations, above, codes):
    """The search keys of new partners, as their triggers would have written them: dicts of KEY.

    Asks the database nothing: it is at work meanwhile.
    """
    homes = {home["partner_id"]: home for home in homes}
    places = {row["partner_id"]: row for row in affiliations}
    people = []
    for row in rows:
        company = above.get(row.get("parent_id"), {})
        house = (company.get("name"), company.get("kana"))
        home = homes.get(row["id"], {})
        place = places.get(row["id"])
        names = [row["name"], row.get("kana"), *house]
        if place:
            names += [*house, place["department"]]
        names += map(row.get, NAMES)
        texts = [*map(row.get, TEXTS), home.get("zip")]
        texts += [codes[int(row[name])] for name in CODES if row.get(name)]
        phones = [*map(row.get, PHONES), home.get("phone")]
        people.append([list(filter(None, some)) for some in (names, texts, phones)])
    return [
        dict(zip(KEY, (row["id"], *key), strict=True))
        for row, key in zip(rows, make_keys(people), strict=True)
    ]


def _is_place(home):
    return any(home.get(fname) for fname in ("zip", "city", "street", "street2", "phone"))

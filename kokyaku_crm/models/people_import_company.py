from odoo import api, models
from odoo.tools import SQL

from ..naming import fold_name
from .people_import_new import ADDRESS
from .people_import_update import as_json
from .people_import_wanted import Wanted

FILLED = ("kana", "phone", "fax")


class KokyakuImportPerson(models.Model):
    """The companies that the people of a file belong to: found, filled up, or entered."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _companies(self, import_, lines, patterns):
        """Return the id of each line's company, None for none; enter those that are missing.

        :param lines: list of dicts with ``wanted``, ``company_partner_id``, ``company_key``
        :param patterns: see ``_enter``
        """
        self._find_entered(import_, lines)
        missing = {}
        for line in lines:
            company = line["wanted"].company
            if not company or line["company_partner_id"]:
                continue
            key = line["company_key"] or fold_name(company["name"]) or company["name"]
            first = missing.setdefault(key, {})
            for fname, value in company.items():
                first.setdefault(fname, value)
        new = {}
        if missing:
            entered = [Wanted(person=_person(one), place=_place(one)) for one in missing.values()]
            ids = self._enter([(one, None) for one in entered], import_, patterns)
            new = dict(zip(missing, ids, strict=True))
            self._note_companies(import_, new)
        self._fill_companies(import_, lines)
        found = []
        for line in lines:
            company = line["wanted"].company
            key = line["company_key"] or (company and fold_name(company["name"]))
            found.append(
                (line["company_partner_id"] or new.get(key or company["name"])) if company else None
            )
        return found

    @api.model
    def _note_companies(self, import_, new):
        """Let the lines behind this part find the companies it entered."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_import_company (import_id, name_key, partner_id)
                SELECT %s, key, id FROM unnest(%s::text[], %s::int[]) AS c (key, id)
                """,
                import_.id,
                list(new),
                list(new.values()),
            )
        )

    @api.model
    def _find_entered(self, import_, lines):
        """Give the lines whose company an earlier part of the import entered that company."""
        wanted = {line["company_key"] for line in lines if not line["company_partner_id"]}
        known = dict(
            self.env.execute_query(
                SQL(
                    """SELECT name_key, max(partner_id) FROM kokyaku_import_company
                        WHERE import_id = %s AND name_key = ANY(%s) GROUP BY name_key""",
                    import_.id,
                    list(filter(None, wanted)),
                )
            )
        )
        for line in lines:
            line["company_partner_id"] = line["company_partner_id"] or known.get(
                line["company_key"]
            )

    @api.model
    def _fill_companies(self, import_, lines):
        """Write on known companies what they lack: the address as a whole, numbers, kana."""
        told = {}
        for line in lines:
            if line["company_partner_id"] and line["wanted"].company:
                known = told.setdefault(line["company_partner_id"], {})
                for fname, value in line["wanted"].company.items():
                    known.setdefault(fname, value)
        now = self._images("res_partner", dict.fromkeys(told, (*FILLED, *ADDRESS)))
        writes = {}
        for company, values in told.items():
            if company not in now:
                continue  # deleted meanwhile
            has = now[company]
            lacking = [fname for fname in FILLED if not has[fname]]
            if not (has["street"] or has["city"] or has["zip"]):
                lacking += ADDRESS
            if filled := {fname: values[fname] for fname in lacking if values.get(fname)}:
                writes[company] = filled
        if writes:
            self._fill_each(import_, writes)

    @api.model
    def _fill_each(self, import_, writes):
        """Fill companies up, so that it can be taken back, and is nobody's own doing: who was
        entered by this import still is as it was entered."""
        names = {company: list(values) for company, values in writes.items()}
        before = self._images("res_partner", names)
        entered = SQL(
            """(EXISTS (SELECT FROM kokyaku_import_person l
                         WHERE l.import_id = %(import)s AND l.partner_id = p.id
                           AND l.applied AND l.verdict = 'new')
                OR EXISTS (SELECT FROM kokyaku_import_company c
                            WHERE c.import_id = %(import)s AND c.partner_id = p.id
                              AND c.before IS NULL))""",
            **{"import": import_.id},
        )
        companies = list(writes)
        untouched = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner p WHERE (id = ANY(%s) OR parent_id = ANY(%s))"
                " AND write_date = create_date AND %s",
                companies,
                companies,
                entered,
            )
        )
        self._write_people(writes)
        after = self._images("res_partner", names)
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = create_date WHERE id = ANY(%s)",
            [[number for [number] in untouched]],
        )
        self.env.invalidate_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kokyaku_import_company (import_id, partner_id, before)
                SELECT %s, p.id, f.before
                  FROM unnest(%s::int[], %s::jsonb[]) AS f (id, before)
                  JOIN res_partner p ON p.id = f.id AND NOT %s
                """,
                import_.id,
                companies,
                [as_json({"person": before[one], "after": after[one]}) for one in companies],
                entered,
            )
        )


def _person(company):
    return {"is_company": True, **{f: company[f] for f in ("name", *FILLED) if company.get(f)}}


def _place(company):
    return {fname: company[fname] for fname in ADDRESS if company.get(fname)}

from collections import defaultdict
from operator import attrgetter

from odoo import api, fields, models
from odoo.tools import SQL

from ..naming import is_blanket_phone, is_mobile
from ..naming.same_person import joined, without_colleagues
from ..tools import office_today
from .kokyaku_selection_duplicate import REASONS

COLUMNS = (
    "set_id company_id group_name kind reason reason_text partner_id keeper_id action decided "
    "last_seen"
).split()
# The same letters, without what people write differently: first a cheap key, so that only who
# shares it is folded exactly (folding takes 0.2 ms a text).
ADDRESS = "concat({0}.city, {0}.street, {0}.street2)"
DIGITS = r"regexp_replace(normalize(concat({0}.street, {0}.street2), NFKC), '\D', '', 'g')"


class KokyakuSelectionSet(models.Model):
    """名寄せ: who is in a set twice, and who shares a home with somebody in it.

    How it works: three statements find what recipients have in common (an e-mail address or a
    telephone number, a name with an address, a home), read with hash tables and without pairs;
    plain Python puts together who hangs together (``naming.same_person``), one statement writes
    the hits.
    """

    _inherit = "kokyaku.selection.set"

    duplicate_count = fields.Integer(string="Hits", compute="_compute_duplicate_count")

    def _compute_duplicate_count(self):
        counts = dict(
            self.env["kokyaku.selection.duplicate"]._read_group(
                [("set_id", "in", self.ids), ("applied", "=", False)],
                ["set_id"],
                ["group_name:count_distinct"],
            )
        )
        for one in self:
            one.duplicate_count = counts.get(one, 0)

    def action_find_duplicates(self):
        """Look for duplicates and households, and show them (名寄せ)."""
        self.ensure_one()
        self._find_duplicates()
        return self.action_duplicates()

    def action_duplicates(self):
        """Show the duplicates and households found last."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kokyaku_crm.action_selection_duplicate"
        )
        return {
            **action,
            "display_name": self.env._("Duplicates in %s", self.display_name),
            "domain": [("set_id", "=", self.id)],
            "context": {"kokyaku_set_id": self.id, "search_default_open": 1},
        }

    # ---- Finding --------------------------------------------------------------------------

    def _find_duplicates(self):
        """Look for duplicates and households among the recipients, whatever their number.

        What was decided by hand before, here or in the set this one was copied from, stands.

        :return: the number of hits
        """
        self.ensure_one()
        self._check_editable()
        for model in ("res.partner", "kokyaku.home.address", "kokyaku.selection.member"):
            self.env[model].flush_model()
        remembered = self._remembered_decisions()
        shared = [*self._same_numbers(), *self._same_name_and_address()]
        homes = self._same_homes()
        people = self._hit_people({id_ for _r, _t, ids in [*shared, *homes] for id_ in ids})
        hits = self._duplicate_hits(shared, people, homes)
        removed = {
            row["partner_id"] for hit in hits for row in hit["rows"] if row["action"] == "remove"
        }
        hits += self._household_hits(homes, people, removed)
        rows, width = [], len(str(len(hits)))
        for number, hit in enumerate(hits, 1):
            names = "・".join(people[row["partner_id"]].name or "" for row in hit["rows"][:3])
            for row in self._with_decisions(hit, remembered):
                rows.append({**row, "group_name": f"{number:0{width}d} {names}"})
        self._write_duplicates(rows)
        return len(hits)

    def _member_people_sql(self):
        """SQL: the partners `p` of this set, each with what is known of the home."""
        return SQL(
            """kokyaku_selection_member m
               JOIN res_partner p ON p.id = m.partner_id AND p.active
               LEFT JOIN kokyaku_home_address h ON h.partner_id = p.id
              WHERE m.set_id = %s AND m.excluded IS NOT TRUE""",
            self.id,
        )

    def _folded_name_sql(self):
        """SQL: the folded name of `p`; the search key `k` has it in its first line."""
        return SQL("COALESCE(NULLIF(split_part(k.doc, E'\\n', 2), ''), kokyaku_fold_name(p.name))")

    def _same_numbers(self):
        """Return (reason, what, ids) of who has an e-mail address or a number in common."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH person AS MATERIALIZED (
                    SELECT p.id, p.email_normalized, p.commercial_partner_id, p.is_company,
                           p.phone, p.mobile_phone, h.phone AS home_phone
                      FROM %(people)s
                ), known AS (
                    SELECT 'email' AS reason, id, email_normalized AS what FROM person
                     WHERE email_normalized <> ''
                     UNION
                    SELECT 'phone', id, number
                      FROM person, LATERAL unnest(string_to_array(kokyaku_fold_phone(
                               concat_ws(E'\\n', phone, mobile_phone, home_phone)), E'\\n'))
                           AS number
                     WHERE length(number) >= 9
                ), shared AS MATERIALIZED (
                    SELECT reason, what, array_agg(id ORDER BY id) AS ids
                      FROM known
                     GROUP BY reason, what
                    HAVING count(*) > 1
                )
                SELECT reason, what, p.id, %(name)s,
                       CASE WHEN house.is_company THEN house.id END
                  FROM shared
                  CROSS JOIN LATERAL unnest(ids) AS hit(id)
                  JOIN res_partner p ON p.id = hit.id
                  LEFT JOIN res_partner house ON house.id = p.commercial_partner_id
                   AND house.id <> p.id
                  LEFT JOIN kokyaku_partner_key k ON k.id = p.id
                 ORDER BY reason, what, p.id
                """,
                people=self._member_people_sql(),
                name=self._folded_name_sql(),
            )
        )
        sharing = defaultdict(list)
        for reason, what, *person in rows:
            sharing[reason, what].append(person)
        found = []
        for (reason, what), group in sharing.items():
            if reason == "phone" and is_blanket_phone(what):
                continue
            if reason == "phone" and is_mobile(what):
                found.append((reason, what, [person[0] for person in group]))
                continue
            found += [(reason, what, ids) for ids in without_colleagues(group)]
        return found

    def _same_name_and_address(self):
        """Return (reason, what, ids) of who has the name and an address in common."""
        return self.env.execute_query(
            SQL(
                r"""
                WITH person AS MATERIALIZED (
                    SELECT p.id, %(name)s AS name, %(own)s AS own, %(own_key)s AS own_key,
                           %(home)s AS home, %(home_key)s AS home_key
                      FROM kokyaku_selection_member m
                      JOIN res_partner p ON p.id = m.partner_id AND p.active
                      LEFT JOIN kokyaku_home_address h ON h.partner_id = p.id
                      LEFT JOIN kokyaku_partner_key k ON k.id = p.id
                     WHERE m.set_id = %(set)s AND m.excluded IS NOT TRUE
                ), known AS (
                    SELECT id, name, own AS address, own_key AS key FROM person WHERE own <> ''
                     UNION
                    SELECT id, name, home, home_key FROM person WHERE home <> ''
                ), likely AS (
                    SELECT *, count(*) OVER (PARTITION BY name, key) AS number FROM known
                )
                SELECT 'name_address', min(address), array_agg(DISTINCT id ORDER BY id)
                  FROM likely
                 WHERE number > 1 AND name <> ''
                 GROUP BY name, kokyaku_fold_text(address)
                HAVING count(DISTINCT id) > 1
                """,
                set=self.id,
                name=self._folded_name_sql(),
                own=SQL(ADDRESS.format("p")),
                own_key=SQL(DIGITS.format("p")),
                home=SQL(ADDRESS.format("h")),
                home_key=SQL(DIGITS.format("h")),
            )
        )

    def _same_homes(self):
        """Return (reason, what, ids) of who lives together: the same home and family name, or
        entered as family. Never an office: somebody's own address counts as a home only when
        they belong to no company."""
        return self.env.execute_query(
            SQL(
                r"""
                WITH person AS MATERIALIZED (
                    SELECT p.id, %(family)s AS family,
                           CASE WHEN h.id IS NULL THEN %(own)s ELSE %(home)s END AS address,
                           CASE WHEN h.id IS NULL THEN %(own_key)s ELSE %(home_key)s END AS key
                      FROM %(people)s
                       AND p.is_company IS NOT TRUE
                       AND (h.id IS NOT NULL
                            OR (p.parent_id IS NULL AND COALESCE(p.company_name, '') = ''
                                AND NOT EXISTS (SELECT FROM kokyaku_affiliation a
                                                 WHERE a.partner_id = p.id
                                                   AND COALESCE(a.date_to >= %(today)s, TRUE))))
                ), likely AS MATERIALIZED (
                    SELECT id, family, address, kokyaku_fold_text(address) AS folded
                      FROM (SELECT *, count(*) OVER (PARTITION BY key, family) AS number
                              FROM person WHERE address <> '') AS counted
                     WHERE number > 1
                        OR id IN (SELECT unnest(ARRAY[partner_id, member_partner_id])
                                    FROM kokyaku_family_member
                                   WHERE member_partner_id IS NOT NULL)
                ), known AS (
                    SELECT id, address, folded, family FROM likely WHERE family <> ''
                     UNION
                    SELECT one.id, one.address, one.folded, f.id::text
                      FROM kokyaku_family_member f
                      JOIN likely a ON a.id = f.partner_id
                      JOIN likely b ON b.id = f.member_partner_id AND b.folded = a.folded
                      JOIN likely one ON one.id IN (a.id, b.id)
                )
                SELECT 'household', min(address), array_agg(id ORDER BY id)
                  FROM known
                 GROUP BY folded, family
                HAVING count(*) > 1
                """,
                people=self._member_people_sql(),
                family=SQL(
                    r"""normalize(COALESCE(NULLIF(btrim(p.family_name), ''),
                        NULLIF(split_part(translate(btrim(p.name), U&'\3000', ' '), ' ', 1),
                               p.name), ''), NFKC)"""
                ),
                today=SQL("%s::date", office_today(self)),
                own=SQL(ADDRESS.format("p")),
                own_key=SQL(DIGITS.format("p")),
                home=SQL(ADDRESS.format("h")),
                home_key=SQL(DIGITS.format("h")),
            )
        )

    def _hit_people(self, ids):
        """Return {id: _Person} of who was hit."""
        ids = sorted(ids)
        seen = self._last_seen(ids)
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, p.name, %s, kokyaku_fold_text(p.kana),
                          EXISTS (SELECT FROM kokyaku_selection_member m
                                   WHERE m.set_id = %s AND m.joint_with_id = p.id)
                     FROM res_partner p
                     LEFT JOIN kokyaku_partner_key k ON k.id = p.id
                    WHERE p.id = ANY(%s)""",
                self._folded_name_sql(),
                self.id,
                ids,
            )
        )
        return {row[0]: _Person(*row, seen.get(row[0])) for row in rows}

    @api.model
    def _last_seen(self, ids):
        """Return {partner id: day of the last purchase or contact} (hook)."""
        seen = {}
        purchases = self.env["kokyaku.purchase"].sudo()
        history = self.env["kokyaku.contact.history"].sudo()
        of_hit = [("partner_id", "in", ids)]
        company = [("company_id", "in", (self.company_id or self.env.company).ids)]
        found = purchases._read_group([*of_hit, *company], ["partner_id"], ["date:max"])
        found += history._read_group(of_hit, ["partner_id"], ["date:max"])
        for partner, day in found:
            day = fields.Date.to_date(day)
            if day:
                seen[partner.id] = max(seen.get(partner.id, day), day)
        return seen

    # ---- Proposing ------------------------------------------------------------------------

    def _duplicate_hits(self, shared, people, homes):
        """Return the hits of who may be one person: of the same name the best known stays, the
        others go; who has another name is shown, and stays."""
        why = self._reasons_of(shared)
        at_home = [set(ids) for _reason, _what, ids in homes]
        household_of = defaultdict(list)
        for household in at_home:
            for id_ in household:
                household_of[id_].append(household)
        hits = []
        for ids in joined([ids for _reason, _what, ids in shared]):
            best = {}
            order = sorted((people[id_] for id_ in ids), key=attrgetter("rank"))
            rows = []
            for person in order:
                keeper = next((best[name] for name in person.names if name in best), person.id)
                best.update((name, keeper) for name in person.names)
                action = "keep" if keeper == person.id else "remove"
                rows.append(self._duplicate_row(person, keeper, action, "duplicate", why))
            certain = any(row["action"] == "remove" for row in rows)
            if not certain and any(set(ids) <= home for home in household_of[ids[0]]):
                continue  # a family, which is shown as such
            hits.append({"kind": "duplicate", "rows": rows})
        # Who can be told for sure comes first.
        return sorted(hits, key=lambda hit: all(row["action"] == "keep" for row in hit["rows"]))

    def _household_hits(self, homes, people, removed):
        """Return the hits of who shares a home: nobody goes, all stand on one piece."""
        why = self._reasons_of(homes)
        hits = []
        for ids in joined([ids for _reason, _what, ids in homes]):
            family = sorted(
                (people[id_] for id_ in ids if id_ not in removed),
                key=lambda person: (not person.is_head, person.rank),
            )
            if len(family) > 1:
                head = family[0].id
                rows = [
                    self._duplicate_row(
                        one, head, "keep" if one.id == head else "joint", "household", why
                    )
                    for one in family
                ]
                hits.append({"kind": "household", "rows": rows})
        return hits

    def _reasons_of(self, shared):
        """Return {id: [(reason, what)]}."""
        why = defaultdict(list)
        for reason, what, ids in shared:
            for id_ in ids:
                why[id_].append((reason, what))
        return why

    def _duplicate_row(self, person, keeper, action, kind, why):
        order = [reason for reason, _label in REASONS]
        known = sorted(set(why[person.id]), key=lambda one: (order.index(one[0]), one[1]))
        return {
            "set_id": self.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "reason": known[0][0],
            "reason_text": " / ".join(what for _reason, what in known),
            "partner_id": person.id,
            "keeper_id": keeper,
            "action": action,
            "decided": False,
            "last_seen": person.last_seen,
        }

    # ---- Remembering ------------------------------------------------------------------------

    def _remembered_decisions(self):
        """Return {(kind, partner id): [{partner id: (action, keeper id)}]}, a dict for each hit
        decided by hand in this set or the ones it comes from; the newest in front."""
        sets = self | self.previous_id | self.copied_from_id
        rows = self.env["kokyaku.selection.duplicate"].search(
            [("set_id", "in", sets.ids), ("decided", "=", True)], order="set_id desc, id"
        )
        remembered = defaultdict(list)
        for (_set, _name, kind), group in rows.grouped(
            lambda row: (row.set_id, row.group_name, row.kind)
        ).items():
            decision = {row.partner_id.id: (row.action, row.keeper_id.id) for row in group}
            for id_ in decision:
                remembered[kind, id_].append(decision)
        return remembered

    def _with_decisions(self, hit, remembered):
        """The rows of a hit, as was decided when the same people were a hit before."""
        rows = hit["rows"]
        ids = {row["partner_id"] for row in rows}
        for decision in remembered.get((hit["kind"], rows[0]["partner_id"]), ()):
            decided = {id_: decision.get(id_) for id_ in ids}
            if None in decided.values() or not any(a == "keep" for a, _k in decided.values()):
                continue
            if any(keeper not in ids for _action, keeper in decided.values()):
                continue
            return [
                {
                    **row,
                    "action": decided[row["partner_id"]][0],
                    "keeper_id": decided[row["partner_id"]][1],
                    "decided": True,
                }
                for row in rows
            ]
        return rows

    def _write_duplicates(self, rows):
        """Put the hits in the place of those found before."""
        hits = self.env["kokyaku.selection.duplicate"]
        hits.flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM kokyaku_selection_duplicate WHERE set_id = %s", self.id)
        )
        if rows:
            types = {"Char": "text", "Boolean": "boolean", "Date": "date", "Selection": "text"}
            arrays = [
                SQL(
                    "%s::" + types.get(type(hits._fields[name]).__name__, "int") + "[]",
                    [row[name] for row in rows],
                )
                for name in COLUMNS
            ]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO kokyaku_selection_duplicate (%s) SELECT * FROM unnest(%s)",
                    SQL(", ").join(map(SQL.identifier, COLUMNS)),
                    SQL(", ").join(arrays),
                )
            )
        hits.invalidate_model()
        self.invalidate_recordset(["duplicate_count"])


class _Person:
    """Somebody who was hit; the one with the lowest rank is the one to keep."""

    def __init__(self, id_, name, folded, kana, is_head, last_seen):
        self.id = id_
        self.name = name
        self.names = [one for one in ((folded, "name"), (kana, "kana")) if one[0]]
        self.is_head = is_head
        self.last_seen = last_seen
        self.rank = (-(last_seen.toordinal() if last_seen else 0), id_)

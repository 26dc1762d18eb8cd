from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..naming.postal_address import one_line
from ..tools import office_today
from .people_import_update import as_json, same_place

CONSENT = ["partner_id", "channel", "purpose", "state", "basis", "source", "date",
           "create_uid", "write_uid", "create_date", "write_date"]  # fmt: skip
PART = 5000  # lines written in one transaction
# What is written: what is sure, and what somebody has decided.
READY = SQL(
    "NOT COALESCE(applied, FALSE) AND decision IS DISTINCT FROM 'skip'"
    " AND (verdict IN ('new', 'update', 'same') OR verdict = 'doubtful'"
    " AND (decision = 'new' OR decision = 'partner' AND partner_id IS NOT NULL))"
)
UNDECIDED = SQL(
    "NOT COALESCE(applied, FALSE) AND verdict = 'doubtful' AND (decision IS NULL"
    " OR decision = 'partner' AND partner_id IS NULL)"
)


class KokyakuImportPerson(models.Model):
    """Writing what was matched: part by part, each whole or absent."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _apply(self, import_, run=None):
        """Write all lines that are sure or decided; what was written before stays as it is.

        With a `run` every part is a transaction of its own, and when the time of the cron is
        up the rest is left to the next turn.

        :return: dict of counts new, updated, same, doubtful (left), and ``again``: whether
            there is more to do
        """
        self._check_apply(import_)
        self._doubt_gone(import_)
        todo = self.env.execute_query(
            SQL(
                "SELECT row FROM kokyaku_import_person WHERE import_id = %s AND %s ORDER BY row",
                import_.id,
                READY,
            )
        )
        rows = [row for [row] in todo]
        again, patterns = False, {}
        for start in range(0, len(rows), PART):
            part = rows[start : start + PART]
            self._apply_part(import_, part[0], part[-1], patterns)
            if run:
                run._report(100.0 * (start + len(part)) / len(rows))
                left = self.env["kokyaku.run"]._commit(processed=1)
                again = not left and start + PART < len(rows)
                if again:
                    break
        return {**self._written(import_), "again": again}

    @api.model
    def _check_apply(self, import_):
        import_.check_access("write")
        if not import_.is_matched:
            raise UserError(
                self.env._(
                    "The rows of “%s” have not all been compared with our customers yet. Please "
                    "wait until that has ended, or start it again.",
                    import_.file_name,
                )
            )
        self.env["res.partner"].check_access("create")
        self.env["res.partner"].check_access("write")

    @api.model
    def _apply_part(self, import_, first, last, patterns):
        """Write the lines from row `first` to `last` that are ready; they and their counts
        belong to one transaction.

        :param patterns: see ``_enter``
        """
        self.env.flush_all()
        lines = self._lines(import_, SQL("%s AND row BETWEEN %s AND %s", READY, first, last))
        if not lines:
            return
        self.env["kokyaku.consent.log"]._tell("import")
        for line in lines:
            new_by_itself = line["verdict"] == "new" and line["decision"] != "partner"
            if new_by_itself or line["decision"] == "new":
                line["partner_id"] = None
        masters = self._masters(import_, lines, create=True)
        self._plan(import_, lines, masters)
        new = [line for line in lines if not line["partner_id"]]
        known = [line for line in lines if line["partner_id"]]
        joining = [line for line in known if line["writes"].get("company")]
        elsewhere = [other for line in new for other in line["elsewhere"]]
        companies = self._companies(import_, new + joining + elsewhere, patterns)
        ids = self._enter(
            [(line["wanted"], one) for line, one in zip(new, companies, strict=False)],
            import_,
            patterns,
        )
        for line, number in zip(new, ids, strict=True):
            line["partner_id"] = number
        for line, company in zip(new + joining + elsewhere, companies, strict=True):
            line["company_partner_id"] = company
        self._write_elsewhere(new)
        self._warn_of_addresses(lines)
        for line, company in zip(joining, companies[len(new) :], strict=False):
            line["writes"]["company"] = company
        self._change([line for line in known if line["writes"]])
        self._write_consents(new, known, masters)
        self._list_doubts(import_, lines, new, masters)
        twins = self._note_written(lines, {line["id"] for line in new})
        changed = sum(bool(line["writes"]) for line in known)
        import_.sudo().write(
            {
                "new_count": import_.new_count + len(new),
                "updated_count": import_.updated_count + changed,
                "same_count": import_.same_count + len(known) - changed + twins,
                "imported_at": fields.Datetime.now(),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    @api.model
    def _write_elsewhere(self, new):
        """Who stands in the file with several companies belongs to all of them (兼務): the first
        is the main one."""
        rows = []
        for line in new:
            for other in line["elsewhere"]:
                wanted, own = other["wanted"], line["wanted"].person
                if other["company_partner_id"] in (None, line["company_partner_id"]):
                    continue
                there = {
                    fname: wanted.person.get(fname)
                    for fname in ("phone", "email")
                    if wanted.person.get(fname) != own.get(fname)
                }
                rows.append(
                    {
                        **there,
                        "partner_id": line["partner_id"],
                        "company_partner_id": other["company_partner_id"],
                        "department": wanted.department,
                        "function": wanted.person.get("function"),
                        "kind": "concurrent",
                    }
                )
        if rows:
            self.env.invalidate_all()
            self.env["kokyaku.affiliation"].create(rows)

    @api.model
    def _warn_of_addresses(self, lines):
        """A company has one address: list those of lines that say another one."""
        told = [line for line in lines if line["wanted"].company and line["company_partner_id"]]
        known = self._above({line["company_partner_id"] for line in told})
        for line in told:
            place, company = line["wanted"].company, known.get(line["company_partner_id"])
            if company and place.get("street") and not same_place(company, place):
                text = one_line(place.get("zip"), "", place.get("city"), place["street"])
                line["warnings"].append(("address", text, "company_address_differs"))

    @api.model
    def _change(self, lines):
        """Write what lines change on people we know; note on each what was there before.

        Of two lines of one person the later one finds what the earlier one has written.
        """
        while lines:
            now, later = {}, []
            for line in lines:
                if now.setdefault(line["partner_id"], line) is not line:
                    later.append(line)
            self._change_each(now)
            lines = later

    @api.model
    def _change_each(self, lines):
        """The same for lines of different people: dict id of the person → line."""
        values, homes, links, departments = {}, {}, [], {}
        for one, line in lines.items():
            writes, wanted = line["writes"], line["wanted"]
            values[one] = dict(writes.get("person", {}))
            if writes.get("company"):
                values[one]["parent_id"] = writes["company"]
                if wanted.person.get("function"):
                    values[one]["function"] = wanted.person["function"]
            if writes.get("home"):
                homes[one] = writes["home"]
            links += [(one, fname, ids) for fname, ids in writes.get("links", {}).items()]
            if department := writes.get("department") or (
                writes.get("company") and wanted.department
            ):
                departments[one] = department
        self.env["res.partner"].browse(lines).check_access("write")
        names = {one: list(written) for one, written in values.items()}
        images = self._images("res_partner", names)
        before = {one: {"person": image} for one, image in images.items()}
        self._write_people(values)
        for one, image in self._images("res_partner", names).items():
            before[one]["after"] = image
        self._change_links(links)
        for one, fname, ids in links:
            before[one].setdefault("links", {})[fname] = ids
        for one, row in self._write_departments(departments).items():
            before[one]["affiliation"] = row
        self._change_homes(homes, before)
        for one, line in lines.items():
            if consents := line["writes"].get("consents"):
                before[one]["consents"] = {
                    channel: line["changes"][f"consent_{channel}"] for channel in consents
                }
            line["before"] = before[one]

    @api.model
    def _change_homes(self, homes, before):
        """Write homes; note what was there before."""
        known = self._homes(list(homes))
        names = {number: list(homes[one]) for one, number in known.items()}
        old = self._images("kokyaku_home_address", names)
        written = self._write_homes(homes)
        new = self._images("kokyaku_home_address", names)
        for one, (number, is_new) in written.items():
            if is_new:
                before[one]["home_new"] = number
            else:
                before[one] |= {"home": old[number], "home_after": new[number]}

    @api.model
    def _write_consents(self, new, known, masters):
        """Record what the file says of promotion: a statement for each channel and answer of who
        is known; who is new has said nothing before."""
        basis = masters.basis or self.env._("As stated in the imported list")
        told = {
            "purpose": "promotion",
            "basis": basis,
            "source": masters.evidence,
            "date": fields.Date.to_string(office_today(self)),
            **self._stamp(),
        }
        rows = [
            {**told, "partner_id": line["partner_id"], "channel": channel, "state": state}
            for line in new
            for channel, state in line["wanted"].consents.items()
        ]
        self._copy_in("kokyaku_consent", CONSENT, rows)
        people = {}
        for line in known:
            for channel, state in line["writes"].get("consents", {}).items():
                people.setdefault((channel, state), []).append(line["partner_id"])
        for (channel, state), ids in sorted(people.items()):
            self.env["kokyaku.consent"]._set_many(
                ids, channel, "promotion", state, basis, masters.evidence, screen="import"
            )

    @api.model
    def _note_written(self, lines, new):
        """Mark the lines, and the later lines of the same people, as written; return the
        number of the latter."""
        self.env.cr.execute(
            """
            UPDATE kokyaku_import_person l
               SET applied = TRUE, partner_id = w.partner_id, before = w.before,
                   changes = w.changes, verdict = w.verdict
              FROM unnest(%s::int[], %s::int[], %s::jsonb[], %s::jsonb[], %s::text[])
                   AS w (id, partner_id, before, changes, verdict)
             WHERE l.id = w.id
            """,
            [
                [line["id"] for line in lines],
                [line["partner_id"] for line in lines],
                [as_json(line.get("before")) for line in lines],
                [as_json(line["changes"]) for line in lines],
                [
                    "new" if line["id"] in new else "update" if line["writes"] else "same"
                    for line in lines
                ],
            ],
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_import_person t SET applied = TRUE, partner_id = l.partner_id
                  FROM kokyaku_import_person l
                 WHERE l.id = ANY(%s) AND t.twin_id = l.id AND t.verdict = 'twin'
                """,
                [line["id"] for line in lines],
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _written(self, import_):
        [[new, updated, same, doubtful]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE applied AND verdict = 'new'),
                       count(*) FILTER (WHERE applied AND verdict = 'update'),
                       count(*) FILTER (WHERE applied AND verdict IN ('same', 'twin')),
                       count(*) FILTER (WHERE %s)
                  FROM kokyaku_import_person WHERE import_id = %s
                """,
                UNDECIDED,
                import_.id,
            )
        )
        return {"new": new, "updated": updated, "same": same, "doubtful": doubtful}

    @api.model
    def _list_doubts(self, import_, lines, new, masters):
        """List what was written and should be looked at: words unknown, another company or
        address, postal codes that are none or another place's."""
        doubts = []
        for line in lines:
            for column, value, code in line["warnings"] + self._unknown_words(line, masters):
                label = masters.labels.get(column) or column
                doubts.append((line["row"], label, value, code, True))
        import_._list_rows(doubts)
        if doubts:
            warned = len({row for row, *_rest in doubts})
            import_.sudo().warning_count += warned

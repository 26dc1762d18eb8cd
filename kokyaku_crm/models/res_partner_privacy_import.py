import json

from odoo import models
from odoo.tools import SQL, format_date

from ..matching.file_row import Traces, cells_of, is_row_of
from .kokyaku_import_kept import FILE_DAYS
from .kokyaku_import_reject import ERASED


class ResPartner(models.Model):
    """取込と個人情報: rows that were not stored, and files that are still kept.

    A row nobody stored has no link to anybody: who it speaks of is told by what stands in it
    (``matching.file_row``). One statement picks out by the pieces of its text what may be theirs,
    the rest is judged row by row.
    """

    _inherit = "res.partner"

    def _import_traces(self):
        """Return by what these people are known in files, as ``matching.file_row.Traces``."""
        home, belongs = self.home_address_ids, self.affiliation_ids
        places = [(one.zip, one.city, one.street) for one in (*self, *home)]
        return Traces.of(
            names=[
                *self.mapped("name"),
                *self.mapped("kana"),
                *(f"{one.family_name or ''}{one.given_name or ''}" for one in self),
            ],
            codes=[*self.mapped("ref"), *self.mapped("member_number")],
            emails=[*self.mapped("email"), *belongs.mapped("email")],
            phones=[
                *self.mapped("phone"), *self.mapped("mobile_phone"), *self.mapped("fax"),
                *home.mapped("phone"), *belongs.mapped("phone"),
            ],
            zips=[zip_code for zip_code, _city, _street in places],
            streets=[f"{city or ''}{street}" for _zip, city, street in places if street],
        )  # fmt: skip

    def _rejected_rows(self):
        """Return the rows of kept files that speak of these people and were not stored, or
        stored with a doubt: a list of (import, row number)."""
        self.env.flush_all()
        traces = self._import_traces()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT import_id, row, raw FROM kokyaku_import_reject WHERE %s",
                self._may_be_theirs(traces),
            )
        )
        imports = self.env["kokyaku.import"].sudo().browse({row[0] for row in rows})
        mappings = {one.id: (one.mapping or {}).get("columns", []) for one in imports}
        found = {
            (import_id, row)
            for import_id, row, raw in rows
            if is_row_of(traces, *_cells(raw, mappings[import_id]))
        }
        found.update(
            self.env.execute_query(
                SQL(
                    """SELECT r.import_id, r.row FROM kokyaku_import_person p
                         JOIN kokyaku_import_reject r
                           ON r.import_id = p.import_id AND r.row = p.row
                        WHERE p.partner_id = ANY(%s)""",
                    self.ids,
                )
            )
        )
        return sorted(found)

    def _may_be_theirs(self, traces):
        """SQL: a rejected row may speak of these people. Asked of the index of their pieces; what
        is too short for it, and rows from before there was one, are read one by one."""
        pieces, short = traces.pieces()
        conditions = [
            SQL(
                "grams IS NULL AND raw IS NOT NULL AND kokyaku_fold_text(raw) LIKE ANY(%s)",
                traces.patterns(),
            ),
            *(SQL("grams @> %s::int[]", numbers) for numbers in pieces),
        ]
        if short:
            conditions.append(SQL("kokyaku_fold_text(raw) LIKE ANY(%s)", traces.patterns(short)))
        return SQL(" OR ").join(SQL("(%s)", one) for one in conditions)

    def _waiting_rows(self):
        """Return the ids of staged rows that speak of these people and are nobody's yet."""
        traces = self._import_traces()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, values FROM kokyaku_import_person
                    WHERE partner_id IS NULL AND kokyaku_fold_text(values::text) LIKE ANY(%s)""",
                traces.patterns(),
            )
        )
        found = []
        for line, values in rows:
            values = json.loads(values) if isinstance(values, str) else values
            texts = {target: str(value) for target, value in values.items() if value}
            if is_row_of(traces, list(texts.values()), texts):
                found.append(line)
        return found

    def _imports_of(self, rejected):
        """Return the imports whose kept files speak of these people, as far as we know."""
        ids = SQL("ANY(%s)", self.ids)
        found = self.env.execute_query(
            SQL(
                """SELECT import_id FROM kokyaku_import_person WHERE partner_id = %(ids)s
                   UNION SELECT import_id FROM kokyaku_import_company WHERE partner_id = %(ids)s
                   UNION SELECT import_id FROM kokyaku_sales_record WHERE partner_id = %(ids)s""",
                ids=ids,
            )
        )
        ids = {import_id for (import_id,) in found} | {import_id for import_id, _row in rejected}
        imports = self.env["kokyaku.import"].sudo().browse(sorted(ids))
        return imports.filtered("attachment_id")

    # ---- Disclosure -------------------------------------------------------------------

    def _disclosure_sections(self):
        """Rows that were not stored are data we hold, and so are the files."""
        env = self.env
        sections = super()._disclosure_sections()
        everyone = self._with_addresses()
        rejected = everyone._rejected_rows()
        if rejected:
            rejects = env["kokyaku.import.reject"].sudo()
            rejects = rejects.search([("import_id", "in", [one for one, _row in rejected])])
            rejects = rejects.filtered(
                lambda one, rows=set(rejected): (one.import_id.id, one.row) in rows
            )
            table = [(env._("File"), env._("Row No."), env._("Whole Row"), env._("Reason"))]
            table += [
                (one.import_id.file_name, str(one.row), one.raw or "", one._in_words())
                for one in rejects
            ]
            sections.append((env._("Rows of Files with a Remark"), table))
        imports = everyone._imports_of(rejected)
        if imports:
            table = [(env._("File"), env._("Data Source"), env._("File Kept until"))]
            table += [
                (one.file_name, one.source or "", format_date(env, one.kept_until))
                for one in imports
            ]
            sections.append((env._("Imported Files that Are Still Kept"), table))
        return sections

    # ---- Erasing ----------------------------------------------------------------------

    def _erase_summary(self):
        goes, stays = super()._erase_summary()
        everyone = self.sudo().with_context(active_test=False)._with_addresses()
        rejected = everyone._rejected_rows()
        imports = everyone._imports_of(rejected)
        if rejected:
            goes.append(
                self.env._("%s rows of imported files, listed as not stored or to be checked",
                           len(rejected))
            )  # fmt: skip
        if imports:
            goes.append(
                self.env._(
                    "The imported files in which the person stands, as far as we know: %s",
                    ", ".join(imports.mapped("file_name")),
                )
            )
        stays.append(
            self.env._(
                "Other imported files until they are deleted, %s days after they came in: the "
                "program does not read them again",
                FILE_DAYS,
            )
        )
        return goes, stays

    def _erase_related(self):
        """The number and the reason of a row stay in the list, what stood in it goes."""
        rejected = self._rejected_rows()
        imports = self._imports_of(rejected)
        waiting = self._waiting_rows()
        result = super()._erase_related()
        self.env.cr.execute(
            """UPDATE kokyaku_import_reject r
                  SET value = NULL, raw = NULL, grams = NULL, "column" = NULL, code = %s
                 FROM unnest(%s::int[], %s::int[]) AS gone (import_id, row)
                WHERE r.import_id = gone.import_id AND r.row = gone.row""",
            [ERASED, [one for one, _row in rejected], [row for _one, row in rejected]],
        )
        self.env.cr.execute("DELETE FROM kokyaku_import_person WHERE id = ANY(%s)", [waiting])
        imports._delete_files()
        return result


def _cells(raw, columns):
    """The cells of a rejected row, and {target: cell}; None when the row has more cells than
    the file has columns, or less.

    >>> _cells('A1,"白洲, 次郎"', [{"position": 0, "target": "ref"}, {"position": 1, "target": ""}])
    (['A1', '白洲, 次郎'], {'ref': 'A1'})
    """
    cells = cells_of(raw)
    if len(cells) != len(columns):
        return cells, None
    return cells, {
        column["target"]: cells[column["position"]] for column in columns if column["target"]
    }

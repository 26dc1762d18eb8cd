"""Writes the recipients of a set or an execution as Excel, CSV or paper."""

import csv
import io

from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..reports import selection_checklist
from ..sheets import cells, workbook
from ..tools import office_today
from .selection_rows import people_rows

CHECKLIST = (
    "code",
    "name",
    "honorific",
    "kana",
    "company",
    "department",
    "function",
    "zip",
    "address",
    "staff",
    "last_item",
)
MOST_ON_PAPER = 10_000  # people; seven hundred pages
WIDTHS = {
    "name": 20,
    "kana": 22,
    "company": 30,
    "department": 20,
    "address": 50,
    "email": 28,
    "street": 30,
    "note": 30,
    "reason": 24,
    "honorific": 6,
    "zip": 10,
    "code": 14,
}


class Unmappable(Exception):
    """``rows``: (row in the file, customer code, column, character) of all that CP932 lacks."""

    def __init__(self, rows):
        super().__init__(f"{len(rows)} characters")
        self.rows = rows


class ExportFile:
    """One file of recipients.

    :param env: of the user who asked
    :param dict params: ``model`` and ``id`` of the set or execution; ``kind`` (pdf, checklist,
        xlsx, csv_utf8, csv_cp932); ``columns``; ``by_staff``; ``replace`` (〓 for what the
        encoding does not have)
    """

    def __init__(self, env, params):
        self.env, self.params = env, params
        self.source = env[params["model"]].browse(params["id"]).exists()
        if not self.source:
            raise UserError(env._("The selection set has been deleted meanwhile."))
        self.source.check_access("read")
        self.kind = params["kind"]
        self.title = self.source.display_name
        fields = env["kokyaku.selection.profile.line"]._fields
        self.labels = dict(fields["column"]._description_selection(env))

    @property
    def file_name(self):
        name = "".join("_" if char in '\\/:*?"<>|%#' else char for char in self.title)
        ending = {"pdf": "pdf", "csv_utf8": "csv", "csv_cp932": "csv"}.get(self.kind, "xlsx")
        return f"{name}.{ending}"

    @property
    def mimetype(self):
        return {
            "pdf": "application/pdf",
            "csv_utf8": "text/csv",
            "csv_cp932": "text/csv",
        }.get(self.kind, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

    def count(self):
        """How many people are meant, at most."""
        if self.source._name == "kokyaku.selection.set":
            return self.source.member_count
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM kokyaku_execution_line WHERE execution_id = %s",
                self.source.id,
            )
        )[0][0]

    def content(self):
        """Return the file as bytes.

        :raise Unmappable: a CSV in CP932 with characters it has no place for, unless they are
            to be replaced
        """
        if self.kind == "pdf":
            return self._paper()
        if self.kind == "checklist":
            return self._checklist()
        columns = self.params["columns"]
        rows = people_rows(self.source, columns, self.params["by_staff"])
        headings = [self.labels[column] for column in columns]
        if self.kind == "xlsx":
            values = ([row[column] for column in columns] for row in rows)
            return workbook.write(self.title, headings, values, self._widths(columns))
        return self._csv(columns, headings, rows)

    def _widths(self, columns):
        return [WIDTHS.get(column, 14) for column in columns]

    def _checklist(self):
        """The list to be marked: ○ stays, × goes; read in again by the customer code."""
        headings = [
            self.env._("Keep"),
            self.env._("Remarks"),
            *(self.labels[column] for column in CHECKLIST),
        ]
        rows = people_rows(self.source, CHECKLIST, by_staff=True)
        values = (["○", "", *(row[column] for column in CHECKLIST)] for row in rows)
        return workbook.write(
            self.title, headings, values, [6, 24, *self._widths(CHECKLIST)], marks=0
        )

    def _csv(self, columns, headings, rows):
        cp932 = self.kind == "csv_cp932"
        result, problems = io.StringIO(newline=""), []
        writer = csv.writer(result, lineterminator="\r\n")
        writer.writerow(headings)
        for number, row in enumerate(rows, 2):
            values = [cells.guarded(str(row[column])) for column in columns]
            if cp932:
                values = self._cp932(number, row, values, headings, problems)
            writer.writerow(values)
        if problems:
            raise Unmappable(problems)
        return result.getvalue().encode("cp932" if cp932 else "utf-8-sig")

    def _cp932(self, number, row, values, headings, problems):
        """The values as CP932 has them; what it has not is noted, or replaced if wanted."""
        if self.params["replace"]:
            return [cells.with_geta(value) for value in values]
        fit = []
        for value, heading in zip(values, headings, strict=True):
            text, missing = cells.for_cp932(value)
            problems += [
                (number, row.get("code") or row.get("name") or "", heading, char)
                for char in missing
            ]
            fit.append(text)
        return fit

    def _paper(self):
        if self.count() > MOST_ON_PAPER:
            raise UserError(
                self.env._(
                    "“%(name)s” has more than %(most)s people, too many for paper. Please use the "
                    "checklist in Excel.",
                    name=self.title,
                    most=MOST_ON_PAPER,
                )
            )
        one = self.source if self.source._name == "kokyaku.selection.set" else self.source.set_id
        subtitle = [self.env._("%s people", self.count())]
        if one.deadline:
            subtitle.append(self.env._("Deadline: %s", format_date(self.env, one.deadline)))
        subtitle += [
            self.env._("Owner: %s", one.owner_id.name),
            self.env._("Printed on: %s", format_date(self.env, office_today(self.source))),
        ]
        headings = {
            "box": "",
            "remarks": self.env._("Remarks"),
            "name": self.env._("Name and Reading"),
            "company": self.env._("Company, Department, Function"),
            "address": self.env._("Address"),
            **{column: self.labels[column] for column in ("code", "last_item")},
        }
        texts = {
            "page": self.env._("Page %s"),
            "people": self.env._("%s people"),
            "goes_on": self.env._("(continued)"),
            "nobody": self.env._("Nobody in Charge"),
        }
        return selection_checklist.draw(
            self.env._("Recipients to Check: %s", self.title),
            "\u3000\u3000".join(subtitle),
            headings,
            texts,
            people_rows(self.source, CHECKLIST, by_staff=True),
        )

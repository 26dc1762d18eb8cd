import csv
import io

from odoo import api, models
from odoo.tools import SQL

BREAK = "\r\n"
AT_A_TIME = 1 << 18  # characters on their way to the database


class KokyakuImportPerson(models.Model):
    """Writing many rows at once, by COPY."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _copy_in(self, table, columns, rows):
        """Write dicts of values into a table.

        None and "" become NULL, as the ORM has it; True and False are what they are.
        """
        if rows:
            self._copy_text(table, columns, as_csv(columns, rows))

    @api.model
    def _copy_text(self, table, columns, text):
        """Write what ``as_csv`` has made into a table. Python waits for the database here and
        nowhere else: another thread may call it, as long as nobody uses the cursor meanwhile."""
        names = SQL(", ").join(SQL.identifier(column) for column in columns)
        statement = SQL("COPY %s (%s) FROM STDIN (FORMAT csv)", SQL.identifier(table), names)
        self.env.cr.copy_expert(statement.code, io.StringIO(text), size=AT_A_TIME)


class _Lines(list):
    """A file for ``csv``: a text for each row."""

    write = list.append


def as_csv(columns, rows, ends=None):
    """The text that COPY reads.

    :param rows: dicts of values
    :param ends: for each row the text of what stands behind these columns
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator=BREAK)  # only breaks it knows of are put in quotes
    writer.writerows(list(map(row.get, columns)) for row in rows)
    if ends is None:
        return "".join(lines)
    return "".join(
        f"{line[: -len(BREAK)]},{end}{BREAK}" for line, end in zip(lines, ends, strict=True)
    )

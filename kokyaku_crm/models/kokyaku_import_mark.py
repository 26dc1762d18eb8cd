import json

from psycopg2 import Binary

from odoo import fields, models
from odoo.tools import SQL


class KokyakuImportMark(models.Model):
    """しおり: where the reading of a large file stands, written with each part.

    A turn in another process, or after a kill, begins there instead of reading all that is done
    once more, which at ten million lines takes longer than a turn may. ``seen`` holds the
    hashes of keys by which lines that stand twice are told.
    """

    _name = "kokyaku.import.mark"
    _description = "Place in a File"
    _log_access = False

    import_id = fields.Many2one("kokyaku.import", required=True, ondelete="cascade")
    part = fields.Integer(required=True)
    place = fields.Json()
    purpose = fields.Char(help="Of the hashes; empty on the row that holds the place.")
    seen = fields.Binary(attachment=False)

    _part_idx = models.Index("(import_id, part)")

    def init(self):
        """Hashes cannot be compressed: do not try."""
        self.env.cr.execute(
            "ALTER TABLE kokyaku_import_mark ALTER COLUMN seen SET STORAGE EXTERNAL"
        )


class KokyakuImport(models.Model):
    """Marking how far a large file is read."""

    _inherit = "kokyaku.import"

    def _mark(self, rows):
        """Write down where the part behind these rows begins, in their transaction.

        :param rows: ``RowsAtHand``
        """
        if rows.place:
            self.env.cr.execute(
                "INSERT INTO kokyaku_import_mark (import_id, part, place) VALUES (%s, %s, %s)",
                [self.id, rows.number, json.dumps(rows.place)],
            )
        for purpose, numbers in rows.seen.items():
            self.env.cr.execute(
                """INSERT INTO kokyaku_import_mark (import_id, part, purpose, seen)
                   VALUES (%s, %s, %s, %s)""",
                [self.id, rows.number, purpose, Binary(numbers)],
            )

    def _marked(self):
        """Return the place behind the last part that is done, and what each part has seen, for
        ``SourceFile.parts``; (None, ()) when reading begins at the beginning."""
        places = self.env.execute_query(
            SQL(
                """SELECT place FROM kokyaku_import_mark
                    WHERE import_id = %s AND part = %s AND purpose IS NULL""",
                self.id,
                self.parts_done,
            )
        )
        if not places:
            return None, ()
        seen = {part: {} for part in range(1, self.parts_done + 1)}
        rows = self.env.execute_query(
            SQL(
                """SELECT part, purpose, seen FROM kokyaku_import_mark
                    WHERE import_id = %s AND purpose IS NOT NULL ORDER BY part""",
                self.id,
            )
        )
        for part, purpose, numbers in rows:
            seen[part][purpose] = bytes(numbers)
        return places[0][0], list(seen.values())

    def _forget_marks(self):
        self.env.cr.execute("DELETE FROM kokyaku_import_mark WHERE import_id = ANY(%s)", [self.ids])

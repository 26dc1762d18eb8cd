"""A part of a file of sales becomes records: a few statements, whatever the number of rows."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .kokyaku_sales_record_lookup import FOUND

# Column of the record: target of the file (see ``kokyaku_crm.reading.TARGETS``).
BUYER = {
    "customer_code": "customer_code",
    "buyer_name": "name",
    "buyer_kana": "kana",
    "buyer_email": "email",
    "buyer_phone": "phone",
    "buyer_zip": "zip",
    "buyer_address": "address",
    "buyer_company": "company_name",
}
TEXTS = {
    "slip": "slip",
    **BUYER,
    "product_code": "product_code",
    "product_name": "product_name",
    "category_name": "category",
    "attribute_text": "attribute_text",
    "user_name": "user",
    "shop": "shop",
    "medium": "medium",
}
NUMBERS = {"quantity": "quantity", "unit_price": "unit_price", "tax": "tax", "amount": "amount"}
STATED = {
    "external_key": ("external_key", "varchar"),
    "date": ("date", "date"),
    **{name: (target, "varchar") for name, target in TEXTS.items()},
    **{name: (target, "numeric") for name, target in NUMBERS.items()},
    "is_subscription": ("is_subscription", "boolean"),
}
"""What a file states: {column: (target, type)}."""
STAGE = "kokyaku_sales_stage"
KNOWN = "kokyaku_sales_known"
FEW_LINES = 10_000


class Contradicting(NamedTuple):
    """A row of the file that says something else than another line with the same key; shaped
    like ``reading.Reject``."""

    row: int
    value: str
    column: str = ""
    code: str = "same_key_twice"
    raw: str = ""


class KokyakuSalesRecord(models.Model):
    """Loading: idempotent by company, source and key.

    A line that is there already and says the same is left alone; one that says something else
    is corrected and keeps its link to the person, if a human decided on it. What a correction
    replaces is kept (``kokyaku.sales.record.before``), so that the import can be undone.
    """

    _inherit = "kokyaku.sales.record"

    @api.model
    def _load(self, import_, rows):
        """Store one part of a file of sales, in the present transaction.

        :param import_: the ``kokyaku.import``, which says company and source
        :param rows: DataFrame as of ``kokyaku_crm.reading.convert``, indexed by row number
        :return: dict of counts: ``new``, ``updated``, ``same`` and ``rejected`` rows, and
            ``cancelled``: lines known before that the file says were cancelled since
        """
        import_.ensure_one()
        counts = {"new": 0, "updated": 0, "same": 0, "rejected": 0, "cancelled": 0}
        if excluded := rows.attrs.get("excluded"):
            counts["cancelled"] = self._take_back(import_, excluded)
        twice = rows["external_key"].duplicated()
        if twice.any():
            rows = self._without_repeated(import_, rows, twice, counts)
        if rows.empty:
            return counts
        self.env.flush_all()
        self._copy_to_stage(import_, rows)
        if self._compare_with_known(import_):
            self._reject_contradicting(import_, rows, counts)
            if import_._replaces():
                self._note_seen(import_)
            elif not import_._tells_lines():
                self._reject_unclear(import_, rows, counts)
            counts["updated"] += self._correct(import_)
            [(known,)] = self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(KNOWN))
            )
            counts["same"] += known - counts["updated"]
        counts["new"] = self._insert_new(import_)
        self.env.invalidate_all()
        return counts

    def _without_repeated(self, import_, rows, twice, counts):
        """Return the rows without those whose key a row above has: one that says the same is
        none of its own, one that says something else is rejected."""
        stated = [target for target, _kind in STATED.values() if target in rows]
        same = rows[stated].astype(str).duplicated() & twice
        counts["same"] += int(same.sum())
        self._reject(import_, rows[twice & ~same], counts)
        return rows[~twice]

    def _reject(self, import_, rows, counts, code="same_key_twice"):
        """Give rows back that contradict another row with the same key."""
        if rows.empty:
            return
        counts["rejected"] += len(rows)
        import_._reject(
            [
                Contradicting(int(row), str(key), code=code)
                for row, key in rows["external_key"].items()
            ]
        )

    # ---- Into the stage -----------------------------------------------------------------

    def _copy_to_stage(self, import_, rows):
        """Fill the temporary table of this part: what the file states, and what of our own
        records it means."""
        import pandas as pd  # noqa: PLC0415 - reading files is the only feature that needs it

        from ..sheets.copying import copy_text, texts  # noqa: PLC0415

        count = len(rows)
        columns = {"row": ("integer", rows.index.map(str))}
        for name, (target, kind) in STATED.items():
            default = "1" if name == "quantity" else ""
            column = texts(rows[target], kind, default) if target in rows else [default] * count
            columns[name] = (kind, column)
        if "tax" in rows:  # the file's amount is without it, ours with it
            amount = pd.to_numeric(rows["amount"]) + pd.to_numeric(rows["tax"]).fillna(0)
            columns["amount"] = ("numeric", texts(amount, "numeric"))
        text = {name: column for name, (_kind, column) in columns.items()}
        for name, column in self._found(import_, text).items():
            columns[name] = ("integer", column)
        self.env.cr.execute(
            SQL(
                "DROP TABLE IF EXISTS %s; CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP",
                SQL.identifier(STAGE),
                SQL.identifier(STAGE),
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(kind))
                    for name, (kind, _column) in columns.items()
                ),
            )
        )
        self.env.cr.copy_expert(
            f"COPY {STAGE} ({', '.join(columns)}) FROM STDIN (NULL '')",
            copy_text([column for _kind, column in columns.values()]),
        )
        self._round_stage(import_.company_id)

    def _round_stage(self, company):
        """Round as the fields do, so that a line compares equal with what was stored of it."""
        currency = company.currency_id.decimal_places
        digits = {"tax": currency, "amount": currency}
        for name in ("quantity", "unit_price"):
            precision = self._fields[name].get_digits(self.env)
            digits[name] = precision[1] if precision else 6
        broken = SQL(" OR ").join(
            SQL("scale(%s) > %s", SQL.identifier(name), most) for name, most in digits.items()
        )
        rounded = SQL(", ").join(
            SQL("%(name)s = round(%(name)s, %(most)s)", name=SQL.identifier(name), most=most)
            for name, most in digits.items()
        )
        self.env.cr.execute(
            SQL("UPDATE %s SET %s WHERE %s", SQL.identifier(STAGE), rounded, broken)
        )

    # ---- Into the table -----------------------------------------------------------------

    def _compare_with_known(self, import_):
        """Find the lines that were imported before.

        :return: whether there are any; the table ``KNOWN`` has ``row``, ``id``, ``changed`` and
            ``in_file`` (this very import made or changed the record)
        """
        [(any_known,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM kokyaku_sales_record"
                " WHERE company_id = %s AND source = %s)",
                import_.company_id.id,
                import_.source,
            )
        )
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(KNOWN)))
        if not any_known:
            return False
        self._have_statistics()
        # One look-up in the index of the keys per row: at ten million lines the planner would
        # rather read all of them, part after part.
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE %(known)s ON COMMIT DROP AS
                SELECT s.row, s.external_key, r.id,
                       r.is_cancelled OR (%(old)s) IS DISTINCT FROM (%(new)s)
                       OR (NOT r.buyer_erased IS TRUE
                           AND (%(old_buyer)s) IS DISTINCT FROM (%(new_buyer)s)) AS changed,
                       r.import_id = %(import)s OR EXISTS (
                           SELECT FROM kokyaku_sales_record_before b
                            WHERE b.record_id = r.id AND b.import_id = %(import)s) AS in_file
                  FROM %(stage)s s
                  JOIN LATERAL (
                      SELECT * FROM kokyaku_sales_record one
                       WHERE one.company_id = %(company)s AND one.source = %(source)s
                         AND one.external_key = s.external_key LIMIT 1) AS r ON TRUE""",
                known=SQL.identifier(KNOWN),
                stage=SQL.identifier(STAGE),
                old=columns_of("r", [name for name in _COMPARED if name not in BUYER]),
                new=columns_of("s", [name for name in _COMPARED if name not in BUYER]),
                old_buyer=columns_of("r", BUYER),
                new_buyer=columns_of("s", BUYER),
                company=import_.company_id.id,
                source=import_.source,
                **{"import": import_.id},
            )
        )
        return bool(self.env.cr.rowcount)

    def _have_statistics(self):
        """Let PostgreSQL know a young table: as long as it takes it for empty, every index looks
        as good as that of the keys, and a part of a first import would take minutes."""
        self.env.cr.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'kokyaku_sales_record'::regclass"
        )
        if self.env.cr.fetchone()[0] < FEW_LINES:
            self.env.cr.execute("ANALYZE kokyaku_sales_record")

    def _insert_new(self, import_):
        """Insert the lines that are not known; return how many."""
        names = [*STATED, *FOUND, "order_id", "move_id", "partner_id"]
        unknown = SQL("TRUE")
        self.env.cr.execute("SELECT to_regclass(%s)", [f"pg_temp.{KNOWN}"])
        if self.env.cr.fetchone()[0]:
            unknown = SQL(
                "NOT EXISTS (SELECT FROM %s k WHERE k.row = s.row)", SQL.identifier(KNOWN)
            )
        self.env.cr.execute(
            SQL(
                """INSERT INTO kokyaku_sales_record
                    (company_id, source, import_id, link_state, linked_by, %(names)s)
                SELECT %(company)s, %(source)s, %(import)s,
                       CASE WHEN s.partner_id IS NULL THEN 'none' ELSE 'auto' END,
                       CASE WHEN s.partner_id IS NOT NULL THEN 'code' END,
                       %(values)s
                  FROM %(stage)s s WHERE %(unknown)s""",
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=columns_of("s", names),
                stage=SQL.identifier(STAGE),
                unknown=unknown,
                company=import_.company_id.id,
                source=import_.source,
                **{"import": import_.id},
            )
        )
        return self.env.cr.rowcount


_COMPARED = [name for name in STATED if name != "external_key"]


def columns_of(table, names):
    """Return the columns of a table, separated by commas."""
    return SQL(", ").join(SQL.identifier(table, name) for name in names)


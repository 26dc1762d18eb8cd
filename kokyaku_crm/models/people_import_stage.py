import csv
import io
import json

from odoo import api, models
from odoo.tools import SQL

from ..matching import place_key
from ..naming import (
    fold_kana,
    fold_name,
    fold_phone,
    fold_text,
    is_blanket_phone,
    join_name,
    split_kana,
    split_name,
)
from ..naming.postal import digits_of
from ..naming.postal_address import one_line
from .kokyaku_import_person import KEYS
from .people_import_numbers import normalized_email

SHOWN = ["ref", "name", "kana", "is_company", "company_name", "address", "phone", "email",
         "birthdate"]  # fmt: skip
COLUMNS = ["import_id", "row", "values", *SHOWN, *KEYS]
BLANK = ("", None, False)
_as_json = json.JSONEncoder(ensure_ascii=False).encode


class KokyakuImportPerson(models.Model):
    """Taking the lines of a part of the file down, with their keys."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _stage(self, import_, rows):
        """Take the rows of one part down; nothing else is written.

        :param import_: the ``kokyaku.import``
        :param rows: DataFrame of ``reading.convert``, index = row number
        :return: dict of counts: "rejected" are the rows that name nobody
        """
        lines, nameless = [], []
        for row, values in _as_dicts(rows):
            line = _line(values)
            if line is None:
                nameless.append(row)
            else:
                lines.append({**line, "import_id": import_.id, "row": row})
        import_._list_rows([(row, "", "", "no_name", False) for row in nameless])
        self._copy_in("kokyaku_import_person", COLUMNS, lines)
        return {"new": 0, "updated": 0, "same": 0, "rejected": len(nameless)}

    @api.model
    def _copy_in(self, table, columns, lines):
        """Write dicts of values into a table, by COPY.

        None and "" become NULL, as the ORM has it; True and False are what they are.
        """
        if not lines:
            return
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for line in lines:
            writer.writerow([_cell(line.get(column)) for column in columns])
        text.seek(0)
        names = SQL(", ").join(SQL.identifier(column) for column in columns)
        statement = SQL("COPY %s (%s) FROM STDIN (FORMAT csv)", SQL.identifier(table), names)
        self.env.cr.copy_expert(statement.code, text)


def _cell(value):
    if value is None or value == "":
        return None
    if isinstance(value, (dict, list)):
        return _as_json(value)
    return value


def _as_dicts(rows):
    """Yield (row number, dict of what is not empty) of a DataFrame of ``reading.convert``."""
    names = [name for name in rows.columns if name != "warnings"]
    texts = {}
    for name in names:
        column = rows[name]
        if column.dtype.kind == "M":
            column = column.dt.strftime("%Y-%m-%d")
        texts[name] = column.where(column.notna(), "").tolist()
    for number, cells in zip(rows.index, zip(*texts.values(), strict=True), strict=True):
        yield int(number), {
            name: cell if isinstance(cell, bool) else str(cell).strip()
            for name, cell in zip(names, cells, strict=True)
            if cell not in BLANK
        }


def _line(values):
    """Bring what a line says into the form in which it is stored; None when it names nobody."""
    _name(values)
    name = values.get("name")
    if not name:
        return None
    is_company = values["is_company"]
    numbers = [
        "" if is_blanket_phone(values.get(fname)) else fold_phone(values.get(fname)).split("\n")[0]
        for fname in ("phone", "mobile")
    ]
    place = _place(values)
    return {
        "values": values,
        "ref": values.get("ref"),
        "name": name,
        "kana": values.get("kana"),
        "is_company": is_company,
        "company_name": None if is_company else values.get("company_name"),
        "address": one_line(*(place.get(part) for part in PLACE)),
        "phone": values.get("phone") or values.get("mobile"),
        "email": values.get("email"),
        "birthdate": values.get("birthdate"),
        "code_key": values.get("ref"),
        "member_key": values.get("member_number"),
        "email_key": normalized_email(values.get("email")),
        "phone_key": numbers[0],
        "mobile_key": numbers[1],
        "name_key": fold_name(name) or fold_text(name),
        "kana_key": fold_name(values.get("kana")),
        "zip_key": digits_of(place.get("zip")),
        "place_key": place_key(
            place.get("zip"), place.get("city"), place.get("street"), place.get("street2")
        ),
        "company_key": None if is_company else fold_name(values.get("company_name")),
    }


PLACE = ("zip", "state", "city", "street", "street2")


def _place(values):
    """The address of a line by which its person is known: the only one, or the home, or the
    office's."""
    for prefix in ("", "home_", "company_"):
        place = {part: values[prefix + part] for part in PLACE if values.get(prefix + part)}
        if place.get("street") or place.get("city") or place.get("zip"):
            return place
    return {}


def _name(values):
    """Fill name, its parts and readings; a line without a person is its department or company."""
    parts = values.get("family_name"), values.get("given_name")
    if not values.get("name") and any(parts):
        values["name"] = join_name(*parts)
    if not values.get("name") and values.get("company_name"):
        if values.get("department"):
            values.update(name=values["department"], is_department=True)
            values.pop("department")
        else:
            values.update(name=values.pop("company_name"), is_company=True)
            values["kana"] = values.pop("company_kana", None) or values.get("kana")
    values["is_company"] = values.get("is_company") in (True, "True", "true", "1", "yes")
    if not values.get("name"):
        return
    if values["is_company"] or values.get("is_department"):
        if values.get("kana"):
            values["kana"] = fold_kana(values["kana"])
        return
    if not any(parts):
        split = split_name(values["name"])
        values.update(family_name=split.family, given_name=split.given)
        values["name_unsure"] = split.unsure
    _kana(values)
    for fname in ("kana", "given_name", "name_unsure"):
        if values.get(fname) in BLANK or values.get(fname) == "False":
            values.pop(fname, None)


def _kana(values):
    family, given = (fold_kana(values.get(part)) for part in ("family_kana", "given_kana"))
    if family or given:
        values["kana"] = join_name(family, given)
    elif values.get("kana"):
        values["kana"] = fold_kana(values["kana"])
        family, given = split_kana(values["kana"])
    for fname, part in (("family_kana", family), ("given_kana", given)):
        if part:
            values[fname] = part
        else:
            values.pop(fname, None)

import json
from concurrent.futures import ThreadPoolExecutor

from odoo import api, models

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
from ..naming.fold import fold_each
from ..naming.postal import digits_of
from ..naming.postal_address import one_line
from .kokyaku_import_person import KEYS
from .people_import_numbers import normalized_email

SHOWN = ["ref", "name", "kana", "is_company", "company_name", "address", "phone", "email",
         "birthdate"]  # fmt: skip
COLUMNS = ["import_id", "row", "verdict", "values", *SHOWN, *KEYS]
BLANK = ("", None, False)
AT_ONCE = 5000  # rows that stand in memory as lines
_as_json = json.JSONEncoder(ensure_ascii=False).encode


class KokyakuImportPerson(models.Model):
    """Taking the lines of a part of the file down, with their keys."""

    _inherit = "kokyaku.import.person"

    @api.model
    def _stage(self, import_, rows):
        """Take the rows of one part down; nothing else is written. A line is somebody new until
        ``_match`` finds otherwise.

        :param import_: the ``kokyaku.import``
        :param rows: DataFrame of ``reading.convert``, index = row number
        :return: dict of counts: "rejected" are the rows that name nobody
        """
        nameless, stored = [], None
        with ThreadPoolExecutor(1) as other:  # the database stores while the next are made ready
            for start in range(0, len(rows), AT_ONCE):
                lines, without = _lines(import_.id, rows.iloc[start : start + AT_ONCE])
                nameless += without
                if stored:
                    stored.result()
                stored = other.submit(self._copy_in, "kokyaku_import_person", COLUMNS, lines)
            if stored:
                stored.result()
        import_._list_rows([(row, "", "", "no_name", False) for row in nameless])
        return {"new": 0, "updated": 0, "same": 0, "rejected": len(nameless)}


def _lines(import_id, rows):
    """The lines of some rows, and the numbers of those without a name."""
    lines, nameless = [], []
    for row, values in _as_dicts(rows):
        _name(values)
        if values.get("name"):
            line = {"import_id": import_id, "row": row, "verdict": "new"}
            lines.append({**line, **_line(values)})
        else:
            nameless.append(row)
    _fold_names(lines)
    return lines, nameless


def _as_dicts(rows):
    """Yield (row number, dict of what is not empty) of a DataFrame of ``reading.convert``."""
    texts = {}
    for name in rows.columns:
        if name == "warnings":
            continue
        column = rows[name]
        if column.dtype.kind == "M":
            column = column.dt.strftime("%Y-%m-%d")
        if any(column.tolist()):  # a file has a few of all the columns there are
            cells = column.where(column.notna(), "").tolist()
            texts[name] = [
                cell if cell is True else str(cell).strip() if cell else "" for cell in cells
            ]
    names, numbers = list(texts), rows.index.tolist()
    table = zip(*texts.values(), strict=True) if texts else [()] * len(numbers)
    for number, cells in zip(numbers, table, strict=True):
        yield number, {name: cell for name, cell in zip(names, cells, strict=True) if cell}


def _line(values):
    """What is stored of a line that has its name; the keys that are folded names stand aside
    as texts until all lines have come (``_fold_names``)."""
    is_company = values["is_company"]
    place = _place(values)
    company = None if is_company else values.get("company_name")
    return {
        "values": _as_json(values),
        "ref": values.get("ref"),
        "name": values["name"],
        "kana": values.get("kana"),
        "is_company": is_company,
        "company_name": company,
        "address": one_line(*map(place.get, PLACE)),
        "phone": values.get("phone") or values.get("mobile"),
        "email": values.get("email"),
        "birthdate": values.get("birthdate"),
        "code_key": values.get("ref"),
        "member_key": values.get("member_number"),
        "email_key": normalized_email(values.get("email")),
        "phone_key": _number(values.get("phone")),
        "mobile_key": _number(values.get("mobile")),
        "zip_key": digits_of(place.get("zip")),
        "place_key": place_key(
            place.get("zip"), place.get("city"), place.get("street"), place.get("street2")
        ),
    }


def _number(text):
    """The key of a telephone number, "" for one that says nothing."""
    return "" if not text or is_blanket_phone(text) else fold_phone(text).split("\n")[0]


def _fold_names(lines):
    """Add the keys that are folded names."""
    for key, fname in (
        ("name_key", "name"), ("kana_key", "kana"), ("company_key", "company_name"),
    ):  # fmt: skip
        for line, folded in zip(
            lines, fold_each(fold_name, (line[fname] or "" for line in lines)), strict=True
        ):
            line[key] = folded
    for line in lines:
        line["name_key"] = line["name_key"] or fold_text(line["name"])


PLACE = ("zip", "state", "city", "street", "street2")


def _place(values):
    """The address of a line by which its person is known: their own, or the office's."""
    for prefix in ("", "company_"):
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

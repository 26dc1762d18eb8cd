"""What kind of file it is, and which column is what."""

import re

from ..naming import fold_phone, is_kana
from . import vcard
from .headings import BY_KIND, meaning, part_of
from .mapping import HELPERS, OUT_ONLY, TARGETS, Column, Mapping
from .profiles import PROFILES, fitting, name_of
from .values import pattern_of, plain, read_date, read_email, read_number

_SALES_ONLY = ("date", "amount", "unit_price", "quantity", "order_total", "slip", "product_name")
_PEOPLE_ONLY = ("name", "family_name", "company_name", "address", "address_1", "email", "kana")
_PIECES = ("company_state", "company_city", "company_street", "company_street2")


def recognise(headings, samples, kind=None):
    """Propose a mapping for a file: see ``reading.recognise``."""
    code = fitting(headings)
    if code and kind in (None, PROFILES[code].kind):
        return from_profile(code, headings, samples)
    kind = kind or kind_of(headings, samples)
    if headings == vcard.HEADINGS:
        return Mapping("customers", [
            Column(at, heading, vcard.TARGETS[at]) for at, heading in enumerate(headings)
        ])
    columns = [
        Column(at, heading, _target(heading, kind)) for at, heading in enumerate(headings)
    ]
    _tell_apart(columns, kind, samples)
    _by_content(columns, kind, samples)
    for column in columns:
        if TARGETS[kind].get(column.target) == "date":
            pattern = pattern_of(_cells(column, samples))
            column.options = {"format": pattern} if pattern else {}
        elif column.target == "gender" and set(_cells(column, samples)) <= {"", "1", "2"}:
            column.options = {"codes": {"1": "male", "2": "female"}}  # shown, to be corrected
    return Mapping(kind, columns, _options(columns, kind))


def from_profile(code, headings, samples):
    """Return the mapping of a ready profile for a file with these headings."""
    profile = PROFILES[code]
    if not profile.columns:
        mapping = recognise(headings, samples, profile.kind or None)
        mapping.profile = mapping.profile or code
        return mapping
    left = [(plain(heading), target) for heading, target in profile.columns]
    columns = []
    for at, heading in enumerate(headings):
        found = next((one for one in left if one[0] == name_of(heading)), None)
        if found:
            left.remove(found)
        columns.append(Column(at, heading, found[1] if found else ""))
    if code == "seed_001":
        _look_again(columns, samples)
    _whole_address(columns)
    for column in columns:
        known = profile.column_options
        column.options = dict(known.get(column.heading) or known.get(column.target, {}))
    return Mapping(profile.kind, columns, dict(profile.options), code)


def from_mapping(known, headings):
    """Return the mapping of a file with these headings, as a known one reads its columns.

    A column is found by its heading, whatever its place; one without a heading by its place.

    >>> known = Mapping("sales", [Column(0, "日付", "date"), Column(1, "", "amount")])
    >>> found = from_mapping(known, ["店", "", "日付"])
    >>> [column.target for column in found.columns]
    ['', 'amount', 'date']
    """
    left, columns = list(known.columns), []
    for at, heading in enumerate(headings):
        name = plain(heading)
        found = next(
            (
                one
                for one in left
                if plain(one.heading) == name and (name or one.position == at)
            ),
            None,
        )
        if found:
            left.remove(found)
            columns.append(Column(at, heading, found.target, dict(found.options)))
        else:
            columns.append(Column(at, heading))
    return Mapping(known.kind, columns, dict(known.options), known.profile)


def _look_again(columns, samples):
    """氏名 and 会社名 that stand twice: the reading may as well be the first of them."""
    for name, kana in (("name", "kana"), ("company_name", "company_kana")):
        pair = [column for column in columns if column.target in (name, kana)]
        if len(pair) == 2 and _is_kana_column(pair[0], samples):
            if not _is_kana_column(pair[1], samples) and _cells(pair[1], samples):
                pair[0].target, pair[1].target = kana, name


def _whole_address(columns):
    """The address of a company that stands in one column, and in pieces too: the one tells."""
    if any(column.target == "company_address" for column in columns):
        for column in columns:
            if column.target in _PIECES:
                column.target = ""


def kind_of(headings, samples):
    """Return the kind of file its headings (or, without any, its contents) speak of."""
    found = {
        kind: {meaning(heading, kind) for heading in headings} - {""} for kind in BY_KIND
    }
    sales = found["sales"]
    if "date" in sales or "date_year" in sales:
        if sales & {"amount", "unit_price", "order_total", "quantity"}:
            return "sales"
    people = len(found["customers"] & set(_PEOPLE_ONLY))
    if people >= 1 and people >= len(sales & set(_SALES_ONLY)):
        return "customers"
    if found["products"] & {"product_code", "product_name"}:
        return "products"
    if not any(headings):
        kinds = [_kind_of_cells(cells) for cells in zip(*samples, strict=True)]
        return "sales" if "date" in kinds and "number" in kinds else "customers"
    return "sales" if len(sales & set(_SALES_ONLY)) > people else "customers"


def _target(heading, kind):
    part = part_of(heading)
    if part:
        target = f"{part[0]}_{part[1]}"
        if target in ("zip_1", "zip_2") or part[0] != "zip":
            return target
    return meaning(heading, kind)


# ---- headings that stand twice


def _tell_apart(columns, kind, samples):
    """Give each target to one column, and what a heading means a second time to the next.

    氏名, 氏名 is a name and its reading; 会社名 the same. 電話番号1 to 3 are the parts of one
    number only where they hold parts; else a first, a second, a third number.
    """
    by_target = {}
    for column in columns:
        if column.target:
            by_target.setdefault(column.target, []).append(column)
    for target, kana in (("name", "kana"), ("company_name", "company_kana")):
        same = by_target.get(target, [])
        if len(same) > 1:
            _name_or_kana(same, target, kana, by_target, kind, samples)
    _parts_or_wholes(columns, kind, samples)
    taken = set()
    for column in columns:
        if column.target and column.target in taken:
            column.target = ""
        taken.add(column.target)


def _name_or_kana(same, target, kana, by_target, kind, samples):
    if kind == "sales" and kana == "company_kana":
        return
    readings = [column for column in same if _is_kana_column(column, samples)]
    names = [column for column in same if column not in readings]
    if not readings and kana not in by_target and len(names) > 1:
        readings, names = names[1:2], [names[0], *names[2:]]  # empty so far: in the usual order
    if not names:
        names, readings = readings[:1], readings[1:]
    for column in [*names[1:], *readings[1:]]:
        column.target = ""
    if readings and kana not in by_target:
        readings[0].target = kana


def _cells(column, samples):
    found = (row[column.position].strip() for row in samples if column.position < len(row))
    return [cell for cell in found if cell]


def _is_kana_column(column, samples):
    cells = _cells(column, samples)
    kana = sum(is_kana(re.sub(r"[=0-9A-Za-z()（）株有]", "", cell)) for cell in cells)
    return bool(cells) and kana * 2 > len(cells)


def _parts_or_wholes(columns, kind, samples):
    for name in ("phone", "mobile", "fax", "zip"):
        parts = [one for one in columns if re.fullmatch(f"{name}_[1-3]", one.target)]
        if not parts:
            continue
        whole = [cell for one in parts for cell in _cells(one, samples)]
        long = sum(len(re.sub(r"\D", "", cell)) > 6 for cell in whole)
        if len(parts) == 1 or long * 2 > len(whole):
            for one, target in zip(parts, (name, "mobile", "fax"), strict=False):
                known = target in BY_KIND[kind] and name != "zip" or target == name
                one.target = target if known else ""
            for one in parts[3:]:
                one.target = ""


# ---- columns without a heading, or with one nobody knows

_TESTS = (
    ("email", lambda cell: "@" in cell and not read_email(cell)[1]),
    ("zip", lambda cell: bool(re.fullmatch(r"〒?\s*\d{3}-\d{4}", cell))),
    ("date", lambda cell: len(cell) > 5 and bool(read_date(cell)[0]) and not cell.isdecimal()),
    ("phone", lambda cell: bool(re.fullmatch(r"0[\d\-()]{9,13}", cell))
     and 10 <= len(fold_phone(cell)) <= 11),
    ("number", lambda cell: read_number(cell)[1] == ""),
    ("kana", is_kana),
    ("address", lambda cell: bool(re.match(r"\S{2,3}[都道府県]\S+[市区町村郡]", cell))),
    # after all others: nothing but letters, as people and companies are called
    ("name", lambda cell: bool(re.fullmatch(r"[^\W\d_][^\d_<>=]{0,39}", cell))),
)


def _kind_of_cells(cells):
    cells = [cell for cell in cells if cell.strip()]
    for name, test in _TESTS:
        if cells and sum(map(test, cells)) > 0.8 * len(cells):
            return name
    return "text" if cells else ""


def _by_content(columns, kind, samples):
    """Say what columns without a heading hold, where that is plain to see."""
    taken = {column.target for column in columns}
    for column in columns:
        if column.target or column.heading:
            continue
        found = _kind_of_cells(_cells(column, samples))
        if kind == "customers":
            target = {"date": "", "number": "", "text": ""}.get(found, found)
        else:
            target = {"number": "amount", "text": ""}.get(found, found)
        if target == "name" and taken & {"name", "family_name"}:
            target = ""
        if target and target not in taken and read_target(kind, target):
            column.target = target
            taken.add(target)


def read_target(kind, target):
    """Say whether columns of a kind of file may be mapped to a target."""
    return target in TARGETS[kind] | HELPERS[kind] and target not in OUT_ONLY[kind]


def _options(columns, kind):
    if kind != "sales":
        return {}
    headings = {column.target: column.heading for column in columns if column.target}
    source = headings.get("amount") or headings.get("unit_price") or headings.get("order_total")
    options = {"tax_included": "税込" in (source or ""), "shipping_included": False}
    options["totals_once"] = "order_total" in headings and "slip" in headings
    if "status" in headings:
        options["excluded_status"] = ["キャンセル", "取消", "取消し", "注文取消し", "削除", "無効"]
    return options


"""Customers: rows of a file made into people and the companies they work for."""

import re

import numpy as np

from ..naming import fold_kana, fold_name, fold_text, is_kana, split_kana, split_name
from . import addresses, values

_TEXTS = (
    "ref", "company_name", "department", "function", "member_number", "source", "note",
    "personal_type", "selection_type", "staff",
    *(f"user_code_{number}" for number in range(1, 11)),
    *(f"user_name_{number}" for number in range(1, 6)),
)
_CONSENTS = ("consent_email", "consent_post", "consent_phone", "consent_fax")
_MAYBE_LEGAL = re.compile(r"会社|法人|組合|[(（)）㈱㈲]|inc|ltd|llc|co\.|k\.k", re.IGNORECASE)
_TOTALS = ["合計", "小計", "総計", "総合計", "合 計", "小 計", "総 計"]
_KATAKANA = re.compile("[ァ-ヴー]+(?: [ァ-ヴー]+)*")


def convert(columns):
    """Return (rows, rejects)."""
    out = {target: columns.text(target) for target in _TEXTS}
    out |= _names(columns)
    for target in ("phone", "mobile", "fax"):
        out[target] = _phone(columns, target)
    for target in ("company_phone", "company_fax"):
        out[target] = columns.each(target, values.read_phone)
    out["email"] = columns.each("email", values.read_email)
    out["gender"] = columns.coded("gender", values.read_gender)
    for target in _CONSENTS:
        out[target] = columns.coded(target, values.read_consent)
    for target in ("birthdate", "acquired_on"):
        out[target] = columns.dates(target, read=values.read_past_date)
    out |= addresses.home(columns)
    out |= addresses.company(columns)
    out["is_company"] = _companies(columns, out)
    # Under the list of a spreadsheet stands how many they are.
    for target in ("ref", "member_number", "name"):
        columns.reject(np.isin(out[target], _TOTALS).nonzero()[0], target, "total_row")
    nobody = (out["name"] == "") & (out["company_name"] == "")
    named = next(
        (one for one in ("name", "family_name", "company_name") if one in columns), "name"
    )
    columns.reject(np.asarray(nobody, dtype=bool).nonzero()[0], named, "missing")
    return columns.finished(out)


def _phone(columns, target):
    parts = [part for part in (f"{target}_{at}" for at in (1, 2, 3)) if part in columns]
    if parts and target not in columns:
        return columns.pieces(parts, values.join_phone)
    return columns.each(target, values.read_phone)


def _names(columns):
    """The name and its reading, whole and taken apart."""
    out = {"company_kana": columns.each("company_kana", _kana)}
    if "name" in columns and "family_name" not in columns:
        codes, names = columns.unique("name")
        split = [split_name(name) for name in names]
        whole = _taken([_spaced(name) for name in names], codes)
        family = _taken([one.family for one in split], codes)
        given = _taken([one.given for one in split], codes)
        unsure = np.array([one.unsure for one in split] or [False], dtype=bool)[codes]
        unsure &= whole != ""
    else:
        family = columns.text("family_name")
        given = columns.text("given_name")
        whole = columns.joined(("family_name", "given_name"), " ")
        if "name" in columns:
            name = columns.text("name")
            whole = np.where(whole == "", name, whole)
        unsure = np.zeros(columns.size, dtype=bool)
    out |= {"name": whole, "family_name": family, "given_name": given, "name_unsure": unsure}
    family_kana = columns.each("family_kana", _kana)
    given_kana = columns.each("given_kana", _kana)
    kana = columns.each("kana", _kana)
    if "kana" in columns and "family_kana" not in columns:
        codes, readings = columns.unique("kana")
        parts = [split_kana(reading) for reading in readings]
        family_kana = _taken([part[0] for part in parts], codes)
        given_kana = _taken([part[1] for part in parts], codes)
    elif "family_kana" in columns or "given_kana" in columns:
        gap = np.where((family_kana != "") & (given_kana != ""), " ", "")
        kana = np.where(kana == "", family_kana + gap + given_kana, kana)
    return out | {"kana": kana, "family_kana": family_kana, "given_kana": given_kana}


def _companies(columns, out):
    """Tell which rows are companies themselves, and move their names where companies' stand.

    A row is one by its column, by 株式会社 in the name, or when it names no person.
    """
    said = columns.coded("is_company", values.read_boolean, False).astype(bool)
    legal = _each(out["name"], is_legal)
    second = columns.text("name_2")
    if "name_2" in columns:  # two lines of a name: a company and its person, or the other way
        one, two = legal & (second != ""), ~legal & _each(second, is_legal)
        company = np.where(one, out["name"], np.where(two, second, ""))
        out["company_name"] = np.where(out["company_name"] == "", company, out["company_name"])
        rest = (second != "") & ~one & ~two & (out["department"] == "")
        out["department"] = np.where(rest, second, out["department"])
        for at in one.nonzero()[0]:
            split = split_name(second[at])
            out["name"][at] = _spaced(second[at])
            out["family_name"][at], out["given_name"][at] = split.family, split.given
            out["name_unsure"][at] = split.unsure
        legal = legal & ~one
    moved = (said | legal) & (out["name"] != "")
    moved &= (out["company_name"] == "") | (out["company_name"] == out["name"])
    if moved.any():
        out["company_name"] = np.where(moved, out["name"], out["company_name"])
        out["company_kana"] = np.where(
            moved & (out["company_kana"] == ""), out["kana"], out["company_kana"]
        )
        for target in ("name", "family_name", "given_name", "kana", "family_kana", "given_kana"):
            out[target] = np.where(moved, "", out[target])
        out["name_unsure"] = out["name_unsure"] & ~moved
    if "name" in columns:
        columns.warn(out["name_unsure"].nonzero()[0], "name", "unsure_name")
    return (out["name"] == "") & (out["company_name"] != "")


def _each(texts, test):
    return np.fromiter(map(test, texts), dtype=bool, count=len(texts))


def is_legal(name):
    """Say whether a name has a 法人格 in it.

    >>> is_legal("鈴木建設(株)"), is_legal("鈴木 三郎"), is_legal("鈴木(三郎)")
    (True, False, False)
    """
    return bool(_MAYBE_LEGAL.search(name)) and fold_text(name) != fold_name(name)


def _taken(found, codes):
    """What stands for each different text, for every row."""
    result = np.empty(len(found), dtype=object)
    result[:] = found
    return result[codes] if len(found) else np.empty(len(codes), dtype=object)


def _spaced(name):
    return " ".join(name.split())


def _kana(text):
    """A reading; what is none is kept and listed: a clerk's remark, or the wrong column."""
    if _KATAKANA.fullmatch(text):
        return text, ""
    kana = fold_kana(text)
    return kana, "" if not kana or is_kana(kana) else "not_kana"

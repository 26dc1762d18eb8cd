"""Single values as Japanese offices write them: dates, amounts, codes.

Each function takes the text of a cell and returns the value and a code: "" when all is well,
else why there is no value, or what is to be looked at. They are called once for every different
text of a column.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018, "明": 1867, "大": 1911}
_ERAS |= {"昭": 1925, "平": 1988, "令": 2018}
_USUAL = re.compile("([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_TIME = r"(?:[T ]*(?:\d{1,2}[:時]\d{1,2}.*)?)"
_PARTED = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?{_TIME}")
_SHORT = re.compile(rf"(\d{{1,2}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?{_TIME}")
_SOLID = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6}|[T ]+\d\d:?\d\d.*)?")
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHR])\s*\.?\s*(元|\d{1,3})\s*[-/.年]\s*"
    rf"(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?{_TIME}",
    re.IGNORECASE,
)
_ERA_SOLID = re.compile(r"([MTSHR])(\d\d)(\d\d)(\d\d)", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_WEEKDAY = re.compile(r"\s*\(?[月火水木金土日](?:曜日?)?\)|\s*[月火水木金土日]曜日?")
_ZONE = re.compile(r":\d\d(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)$")
_NO_DATE = re.compile(
    r"[-/0 :.年月日]*|9{4}[-/.]?\d\d[-/.]?\d\d(?:[ T].*)?|1900[-/.]0?1[-/.]00?|不明|なし|未定"
)
_JAPAN = timezone(timedelta(hours=9))
_FIRST_YEAR, _LAST_YEAR = 1868, 2199
_SERIAL_DAY_0 = date(1899, 12, 30)  # Excel's day 0, its leap day of 1900 taken off
_SERIALS = range(10_000, 73_051)  # 1927 to 2099


def read_date(text, pattern=None):
    """Read a date in any of the usual forms.

    :param pattern: the only form, as for strptime; for what is read two ways (05/03/2026)

    >>> [read_date(text)[0].isoformat() for text in (
    ...     "2026/5/3", "20260503", "令和8年5月3日", "R.08/5/3", "平成元年1月8日", "S60.1.2")]
    ['2026-05-03', '2026-05-03', '2026-05-03', '2026-05-03', '1989-01-08', '1985-01-02']
    >>> read_date("2026/2/30"), read_date("26/5/3"), read_date("0000-00-00")
    ((None, 'no_such_day'), (None, 'ambiguous_date'), (None, ''))
    """
    if not pattern and (match := _USUAL.fullmatch(text)):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        if day[0]:
            return day
    text = unicodedata.normalize("NFKC", text).strip()
    if _NO_DATE.fullmatch(text):
        return None, ""
    if pattern:
        try:
            return datetime.strptime(text, pattern).date(), ""
        except ValueError:
            return None, "not_a_date"
    if _ZONE.search(text) and (day := _in_japan(text)):
        return day, ""
    text = _WEEKDAY.sub("", text)
    if match := _PARTED.fullmatch(text) or _SOLID.fullmatch(text):
        return _day(*map(int, match.groups()))
    if match := _ERA.fullmatch(text) or _ERA_SOLID.fullmatch(text):
        era, year, month, day = match.groups()
        year = 1 if year == "元" else int(year)
        return _day(_ERAS[era.upper()] + year, int(month), int(day)) if year else (
            None, "not_a_date",
        )
    if match := _SERIAL.fullmatch(text):
        number = int(match[1])
        if number in _SERIALS:
            return _SERIAL_DAY_0 + timedelta(days=number), "date_by_number"
    return None, "ambiguous_date" if _SHORT.fullmatch(text) else "not_a_date"


def read_past_date(text, pattern=None):
    """As ``read_date``, of what has happened: a day to come, seen from Japan, is refused.

    >>> read_past_date("1980/2/3")[0].year, read_past_date("2980/2/3"), read_past_date("2100/1/1")
    (1980, (None, 'not_a_date'), (None, 'future_day'))
    """
    day, code = read_date(text, pattern)
    if day and day > datetime.now(_JAPAN).date():
        return None, "future_day"
    return day, code


def _day(year, month, day):
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None, "not_a_date"
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, "no_such_day"


def _in_japan(text):
    try:
        return datetime.fromisoformat(text).astimezone(_JAPAN).date()
    except (ValueError, OverflowError):
        return None


_OTHER_WAYS = ("%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y", "%d.%m.%Y")


def pattern_of(texts):
    """Return the one form in which all these texts are dates, for ``read_date``, where the
    usual forms are not it; None when there is none or more than one.

    >>> pattern_of(["05/03/2026", "05/30/2026"]), pattern_of(["05/03/2026"])
    ('%m/%d/%Y', None)
    """
    texts = [text for text in texts if text.strip()]
    if not texts or any(read_date(text)[0] for text in texts):
        return None
    fitting = [
        way for way in _OTHER_WAYS if all(read_date(text, way)[0] for text in texts)
    ]
    return fitting[0] if len(fitting) == 1 else None


_MINUS = str.maketrans("△▲−‐‑‒–—ー", "---------", " \t,'円也¥\\")
_GROUPED = re.compile(r"[^,]*\d{1,3}(?:,\d{3})+(?!\d)[^,]*|[^,]*")
_TWO = re.compile(r"\d\s+\d")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?")
_UNIT = re.compile(r"(?<=\d)(?:個|点|本|枚|冊|箱|袋|式|台|名|人|回|着|足|セット|ケース|kg|g|%)$")
_LARGEST = 1e13


def read_number(text):
    """Read an amount or a quantity.

    >>> [read_number(text)[0] for text in ("¥1,234", "△1,234", "(1,234)", "１２,３４０円", "3個")]
    [1234.0, -1234.0, -1234.0, 12340.0, 3.0]
    >>> read_number("無料"), read_number("1,23"), read_number("")
    ((nan, 'not_a_number'), (nan, 'not_a_number'), (nan, ''))
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not _GROUPED.fullmatch(text) or _TWO.search(text):
        return float("nan"), "not_a_number"
    text = text.translate(_MINUS)
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    text = _UNIT.sub("", text)
    if text.endswith("-") and text[:1] != "-":
        text = "-" + text[:-1]
    if text in ("", "-"):
        return float("nan"), ""
    if _NUMBER.fullmatch(text) and abs(number := float(text)) < _LARGEST:
        return number, ""
    return float("nan"), "not_a_number"


def plain(text):
    """Return a word of a code in the one form in which the tables below have it."""
    return unicodedata.normalize("NFKC", text).strip().strip("()").lower()


_GENDERS = {
    **dict.fromkeys("1 男 男性 m male man 男子 オトコ おとこ".split(), "male"),
    **dict.fromkeys("2 女 女性 f female woman 女子 オンナ おんな".split(), "female"),
    **dict.fromkeys("3 9 その他 other x".split(), "other"),
    **dict.fromkeys(["", "0", "不明", "-", "無回答", "未回答", "回答しない", "未設定"], ""),
}
_YES = frozenset(
    "1 ○ 〇 ◯ ◎ ● ✓ ✔ レ はい 可 有 あり 有り 要 希望 希望する 許可 許可する 受け取る "
    "受信する 受信 配信"
    " 配信する 同意 同意する 同意済 同意済み 送付する y yes true t on ok する".split()
)
_NO = frozenset(
    "0 × ✕ ✖ ╳ x いいえ 不可 無 なし 無し 不要 否 希望しない 拒否 拒否する 受け取らない "
    "受信しない 停止 配信停止"
    " 配信しない 非同意 同意しない 送付しない 送付不可 n no false f off ng しない".split()
)
_RETURNS = frozenset("返品 返品伝票 赤 赤伝 赤伝票 返金 return returned refund マイナス".split())
_SUBSCRIPTIONS = frozenset("定期 定期購入 定期便 頒布会 subscription".split())
_COMPANIES = frozenset("法人 会社 企業 団体 company".split())
_CONSENT_WORDS = {True: "yes", False: "no"}


def read_code(text, codes, default=None):
    """Translate a coded value.

    :param codes: dict of the user's, what stands in the file to what it means
    :param default: dict of the usual words

    >>> read_code("２", {"1": "male", "2": "female"}), read_code("x", {})
    (('female', ''), ('', 'unknown_code'))
    """
    word = plain(text)
    for table in (codes, default or {}):
        for key in (text, word):
            if key in table:
                return table[key], ""
    return "", "unknown_code" if word else ""


def read_gender(text, codes=None):
    """
    >>> read_gender("女性"), read_gender("1")
    (('female', ''), ('male', ''))
    """
    return read_code(text, codes or {}, _GENDERS)


def read_boolean(text, codes=None):
    """Say whether something is so; any other word (通常, 売上) says that it is not.

    >>> read_boolean("○"), read_boolean("定期"), read_boolean("通常"), read_boolean("法人")
    ((True, ''), (True, ''), (False, ''), (True, ''))
    """
    word = plain(text)
    for key in (text, word):
        if codes and key in codes:
            return bool(codes[key]), ""
    return any(word in words for words in (_YES, _RETURNS, _SUBSCRIPTIONS, _COMPANIES)), ""


def is_return(text):
    """Say whether a word of a state or a kind of slip means goods that came back."""
    return plain(text) in _RETURNS


def read_consent(text, codes=None):
    """
    >>> read_consent("希望しない"), read_consent("1"), read_consent("2")
    (('no', ''), ('yes', ''), ('', 'unknown_code'))
    """
    word = plain(text)
    for key in (text, word):
        if codes and key in codes:
            meant = codes[key]
            return _CONSENT_WORDS.get(meant, meant) or "", ""
    if word in _YES:
        return "yes", ""
    return ("no", "") if word in _NO else ("", "unknown_code" if word else "")


_DASHES = str.maketrans("‐‑‒–—―−─ー～~", "-----------")
_PHONE = re.compile(r"\+?[0-9][0-9\-(). ]*[0-9]")
_USUAL_PHONE = re.compile("0[0-9]{1,4}-?[0-9]{1,4}-?[0-9]{3,4}")
_LOST_ZERO = re.compile(r"[789]0[0-9]{8}|[1-9][0-9]{8}")


def read_phone(text):
    """Read a telephone number as it is written; a 0 that Excel took away comes back.

    >>> read_phone("０３－１２３４－５６７８"), read_phone("9012345678"), read_phone("不明")
    (('03-1234-5678', ''), ('09012345678', 'leading_zero'), ('不明', 'not_a_phone'))
    """
    if not text or _USUAL_PHONE.fullmatch(text):
        return text, ""
    text = unicodedata.normalize("NFKC", text).strip().translate(_DASHES)
    digits = text.replace("-", "")
    if _LOST_ZERO.fullmatch(digits):
        return "0" + text, "leading_zero"
    return text, "" if _PHONE.fullmatch(text) and len(digits) > 5 else "not_a_phone"


def join_phone(parts):
    """Join a number that stands in several columns (電話番号1/2/3).

    >>> join_phone(["3", "1234", "5678"]), join_phone(["", "", ""])
    (('03-1234-5678', 'leading_zero'), ('', ''))
    """
    parts = [unicodedata.normalize("NFKC", part).strip() for part in parts]
    if not any(parts):
        return "", ""
    whole = all(part.isdecimal() for part in parts if part)
    lost = whole and parts[0] and parts[0][0] != "0"
    text = "-".join(part for part in parts if part)
    if lost and len("".join(parts)) in (9, 10):
        return "0" + text, "leading_zero"
    return text, "" if whole else "not_a_phone"


_USUAL_POSTAL = re.compile("[0-9]{3}-[0-9]{4}")
_MARKS = re.compile(r"[\s〒\-‐‑‒–—―−─ーｰ]")


def read_postal(text):
    """Read a postal code; one that is none stays as it is, to be looked at.

    >>> read_postal("１０００００１"), read_postal("600001"), read_postal("100-001")
    (('100-0001', ''), ('060-0001', 'leading_zero'), ('100-001', 'bad_postal_code'))
    """
    if not text or _USUAL_POSTAL.fullmatch(text):
        return text, ""
    text = unicodedata.normalize("NFKC", text).strip()
    digits = _MARKS.sub("", text)
    if digits.isdecimal() and digits.isascii():
        if len(digits) == 7:
            return f"{digits[:3]}-{digits[3:]}", ""
        # With a hyphen in it Excel took nothing away: such a code was typed wrong.
        if len(digits) == 6 and digits == text:
            return f"0{digits[:2]}-{digits[2:]}", "leading_zero"
    return text, "bad_postal_code"


def join_postal(parts):
    """Join a postal code that stands in two columns.

    >>> join_postal(["100", "1"]), join_postal(["100", "0001"])
    (('100-0001', 'leading_zero'), ('100-0001', ''))
    """
    first, second = (unicodedata.normalize("NFKC", part).strip() for part in parts)
    if not first and not second:
        return "", ""
    if not (first.isdecimal() and second.isdecimal() and len(first) < 4 and len(second) < 5):
        return read_postal(first + second)
    lost = len(first) < 3 or len(second) < 4
    return f"{first:>03}-{second:>04}", "leading_zero" if lost else ""


_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s.,;<>()\"]+")


def read_email(text):
    """
    >>> read_email(" Ａ@Example.jp"), read_email("tanaka")
    (('A@Example.jp', ''), ('tanaka', 'bad_email'))
    """
    if not text.isascii() or text.startswith("mailto:"):
        text = unicodedata.normalize("NFKC", text).strip().removeprefix("mailto:")
    text = text.strip()
    return text, "" if not text or _EMAIL.fullmatch(text) else "bad_email"

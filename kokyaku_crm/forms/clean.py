"""Cleaning of typed texts: every kind of field has one function from text to (value, mistake)."""

import re
import unicodedata
from datetime import date

from ..naming import fold_kana, is_kana

OLDEST = date(1900, 1, 1)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_HYPHENS = re.compile("[‐‑‒–—―−－ーｰ]")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]*")
_EMAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]+@[^\s@<>\"',;:()\[\]\\]+\.[A-Za-z0-9\-]{2,}")


def _text(text, _today):
    return text, None


def _kana(text, _today):
    kana = fold_kana(text)
    return (kana, None) if is_kana(kana) else (text, "kana")


def _phone(text, _today):
    phone = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"\D", "", phone)
    if not _PHONE.fullmatch(phone) or not 9 <= len(digits) <= 15 or not digits.strip("0"):
        return text, "phone"
    return phone, None


def _zip(text, _today):
    digits = re.sub(r"[-\s〒]", "", _HYPHENS.sub("-", unicodedata.normalize("NFKC", text)))
    if not re.fullmatch("[0-9]{7}", digits):
        return text, "zip"
    return f"{digits[:3]}-{digits[3:]}", None


def _email(text, _today):
    email = unicodedata.normalize("NFKC", text).lower()
    return (email, None) if _EMAIL.fullmatch(email) else (text, "email")


def _date(text, today):
    try:
        day = date.fromisoformat(unicodedata.normalize("NFKC", text).replace("/", "-"))
    except ValueError:
        return text, "date"
    return (day, None) if OLDEST <= day <= today else (text, "date_range")


CLEANERS = {
    "text": _text,
    "kana": _kana,
    "phone": _phone,
    "zip": _zip,
    "email": _email,
    "date": _date,
}


def clean_value(kind, typed, limit, today):
    """Return ``(value, mistake)`` of one typed text.

    :param kind: one of ``CLEANERS``
    :param typed: what came from the browser, of whatever type
    :param limit: the most letters it may have
    :param today: the day up to which a birthday may lie
    :return: the value to store, False for an empty one, and None; or what was typed and a
        code: ``long``, or the kind of the field, or ``date_range``

    >>> clean_value("zip", "〒１５０－０００１", 10, date(2026, 1, 1))
    ('150-0001', None)
    >>> clean_value("phone", "０３ー１２３４ー５６７８", 20, date(2026, 1, 1))
    ('03-1234-5678', None)
    >>> clean_value("kana", "山田", 20, date(2026, 1, 1))
    ('山田', 'kana')
    """
    text = _SPACES.sub(" ", _CONTROL.sub(" ", typed if isinstance(typed, str) else "")).strip()
    if not text:
        return False, None
    if len(text) > limit:
        return text[:limit], "long"
    return CLEANERS[kind](text, today)


def clean_form(form, spec, required, today):
    """Clean the fields of a form that are in `spec`; whatever else was sent is not looked at.

    :param form: what came from the browser, ``{name: text}``
    :param spec: ``{name: (kind, limit)}``
    :param required: names that may not be empty
    :param today: the day up to which a birthday may lie
    :return: ``(values, mistakes)``: of the fields that were sent or are required, the values,
        and ``{name: code}``, in the order of `spec`
    """
    values, mistakes = {}, {}
    for name, (kind, limit) in spec.items():
        if name not in form and name not in required:
            continue
        values[name], mistake = clean_value(kind, form.get(name), limit, today)
        if mistake is None and not values[name] and name in required:
            mistake = "required"
        if mistake:
            mistakes[name] = mistake
    return values, mistakes


def mask_email(email):
    """Return an e-mail address by which its owner knows it, and nobody else.

    >>> mask_email("hanako@example.com"), mask_email("ab@example.com"), mask_email("")
    ('h*****@e******.com', 'a*****@e******.com', '')
    """
    user, at, domain = (email or "").rpartition("@")
    if not at or not user or not domain:
        return ""
    return f"{user[0]}*****@{domain[0]}******.{domain.rpartition('.')[2]}"

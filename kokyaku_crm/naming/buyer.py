"""Who is meant on a sales line: the words of its buyer, folded, and what tells buyers apart."""

import hashlib
import re
from typing import NamedTuple

from .fold import fold_name, fold_text
from .phone import fold_phone, is_blanket_phone

_HONORIFIC = re.compile("[ \u3000]*(?:様|さま|殿|御中)[ \u3000]*$")
BLOCK = "丁目|番地|番|号|の"  # 1丁目2番3号 is 1-2-3
_BLOCK = re.compile(BLOCK)


class Buyer(NamedTuple):
    """The words of a buyer, folded as the search keys of the people are; None where there is
    nothing. ``key`` is the same for two lines of one buyer."""

    key: str
    code_key: str | None
    name_key: str | None
    kana_key: str | None
    email_key: str | None
    phone_key: str | None
    zip_key: str | None
    address_key: str | None
    company_key: str | None


def buyer(code, name, kana, email, phone, zip_code, address, company):
    """Fold the words of a buyer (texts or None).

    One customer code with one name is one buyer. Without a code it is the name (and company)
    with the e-mail, else the phone, else the address. A company without a person is a name.

    >>> one = buyer(None, "田中　一郎 様", None, None, "０３－１２３４５６７８", None, None, None)
    >>> two = buyer(None, "田中一郎", None, "", "0312345678", "1010051", "神田１丁目", None)
    >>> one.name_key, one.phone_key, one.key == two.key, two.address_key
    ('田中一郎', '0312345678', True, '神田1')
    """
    code_key = _fold_code(code)
    name_key = fold_name(_HONORIFIC.sub("", name.strip())) if name and name.strip() else None
    company_key = fold_name(company) if company else None
    name_key = name_key or company_key
    kana_key = fold_name(kana) if kana else None
    email_key = email.strip().lower() if email else None
    phone_key = _fold_number(phone)
    zip_key = _fold_code(zip_code)
    address_key = _BLOCK.sub("", fold_text(address)) if address else None
    if code_key:
        words = ("c", code_key, name_key)
    elif name_key or kana_key or email_key or phone_key:
        place = email_key or phone_key or f"{zip_key or ''}\t{address_key or ''}"
        words = ("w", name_key or kana_key, company_key, place)
    else:
        words = ()
    key = hashlib.md5("\t".join(word or "" for word in words).encode(), usedforsecurity=False)
    return Buyer(
        key.hexdigest(),
        code_key or None,
        name_key or None,
        kana_key or None,
        email_key or None,
        phone_key or None,
        zip_key or None,
        address_key or None,
        company_key or None,
    )


def _fold_code(text):
    if text and text.isascii() and text.isalnum():
        return text.lower()  # as most are: a tenth of the time
    return fold_text(text) if text else None


def _fold_number(text):
    """The first number, unless it is many people's."""
    if not text or is_blanket_phone(text):
        return None
    return fold_phone(text).partition("\n")[0]

"""Lines of sales: rows of a file made into what ``kokyaku.sales.record`` stores."""

import hashlib
from datetime import date

import numpy as np
import pandas as pd

from . import values

# 消費税 from the day on, in percent: for amounts with tax of which the file does not tell it.
_TAX = [
    (date(2019, 10, 1), 10), (date(2014, 4, 1), 8), (date(1997, 4, 1), 5), (date(1989, 4, 1), 3),
]
_TEXTS = ("company_name", "category", "user", "shop", "medium", "product_code", "product_name")


def convert(columns):
    """Return (rows, rejects).

    Left out by the mapping (see ``LEFT_OUT``) are lines of excluded states, lines that are no
    goods, and further lines of a slip when only its total is known. What shipping and discount
    add to a slip, where the mapping wants them in the amount, goes to the slip's first line.
    ``rows.attrs["excluded"]`` has the keys of the lines of excluded states, so that a sale that
    was cancelled since the last import can be taken back.
    """
    out = {target: columns.text(target) for target in ("slip", "line_no", *_TEXTS)}
    out["date"] = columns.dates("date")
    columns.reject(_where(out["date"] == None), "date", "missing")  # noqa: E711 - an array
    out |= _buyer(columns)
    out["attribute_text"] = columns.joined(("attribute_text", "attribute_1", "attribute_2"), " ")
    out["is_subscription"] = columns.coded("is_subscription", values.read_boolean, False).astype(
        bool
    )
    out["status"] = columns.text("status")
    out["is_return"] = _returns(columns, out["status"])
    out |= _amounts(columns, out)
    _leave_out(columns, out)
    out["external_key"] = _keys(columns, out)
    _totals(columns, out)
    rows, rejects = columns.finished(out)
    excluded = [row for row, (_h, _v, code) in columns.wrong.items() if code == "excluded_status"]
    rows.attrs["excluded"] = out["external_key"][excluded].tolist()
    return rows, rejects


def _where(mask):
    return np.asarray(mask, dtype=bool).nonzero()[0]


def _buyer(columns):
    """The buyer's words, for linking: nothing is split or checked that is not needed for it."""
    out = {"customer_code": columns.text("customer_code")}
    for whole, family, given in (
        ("name", "family_name", "given_name"), ("kana", "family_kana", "given_kana"),
    ):
        parts = (family, given) if whole not in columns else (whole,)
        out[whole] = columns.joined(parts, " ")
    out["email"] = columns.each("email", values.read_email)
    if "phone_1" in columns and "phone" not in columns:
        parts = [part for part in ("phone_1", "phone_2", "phone_3") if part in columns]
        out["phone"] = columns.pieces(parts, values.join_phone)
    else:
        out["phone"] = columns.each("phone", values.read_phone)
    if "zip_1" in columns and "zip_2" in columns and "zip" not in columns:
        out["zip"] = columns.pieces(["zip_1", "zip_2"], values.join_postal)
    else:
        out["zip"] = columns.each("zip", values.read_postal)
    out["address"] = columns.joined(
        ("state", "city", "address", "address_1", "address_2", "address_3")
    )
    return out


def _returns(columns, status):
    result = columns.coded("is_return", values.read_boolean, False).astype(bool)
    words = {values.plain(word) for word in columns.mapping.options.get("return_status") or ()}
    if "status" in columns:
        codes, texts = columns.unique("status")
        meant = np.array(
            [values.is_return(text) or values.plain(text) in words for text in texts], dtype=bool
        )
        result = result | meant[codes] if len(texts) else result
    return result


def _amounts(columns, out):
    options = columns.mapping.options
    numbers = {target: columns.numbers(target) for target in (
        "quantity", "unit_price", "tax", "amount", "order_total", "shipping", "discount",
    )}
    quantity = np.where(np.isnan(numbers["quantity"]), 1.0, numbers["quantity"])
    price, amount = numbers["unit_price"], numbers["amount"]
    counted = price * quantity
    if not options.get("totals_once"):
        counted = counted - np.nan_to_num(np.abs(numbers["discount"]))
    amount = np.where(np.isnan(amount), counted, amount)
    total = numbers["order_total"]
    whole = "amount" not in columns and "unit_price" not in columns
    if whole or not options.get("totals_once"):
        amount = np.where(np.isnan(amount), total, amount)
    source = next(
        (one for one in ("amount", "unit_price", "order_total") if one in columns), "amount"
    )
    columns.reject(_where(np.isnan(amount)), source, "missing")
    back = out["is_return"]
    amount = np.where((back | (quantity < 0)) & (amount > 0), -amount, amount)
    quantity = np.where((back | (amount < 0)) & (quantity > 0) & ~(price < 0), -quantity, quantity)
    price = np.where(np.isnan(price) & (quantity != 0), amount / np.where(quantity, quantity, 1),
                     price)
    tax = np.where((amount < 0) & (numbers["tax"] > 0), -numbers["tax"], numbers["tax"])
    if options.get("tax_included"):
        if "tax" not in columns:
            tax = _tax_within(columns, amount, out["date"])
        amount = amount - np.nan_to_num(tax)
    elif "tax" not in columns:
        rate, usual = _rate(columns), options.get("tax_rate")
        rate = np.where(np.isnan(rate), np.nan if usual is None else usual, rate)
        tax = _cut(amount * rate / 100, options)
    return numbers | {
        "quantity": quantity, "unit_price": price, "tax": tax, "amount": amount,
    }


def _rate(columns):
    rate = columns.numbers("tax_rate")
    return np.where(rate < 1, rate * 100, rate)


def _tax_within(columns, amount, days):
    """The tax in amounts with tax: by the line's rate, the mapping's, or the law's of the day."""
    rate = _rate(columns)
    usual = columns.mapping.options.get("tax_rate")
    if usual is None:
        codes, texts = pd.factorize(days)
        by_day = [next((rate for first, rate in _TAX if day >= first), 0) for day in texts]
        usual = np.append(np.array(by_day, dtype=float), 0.0)[codes]
    rate = np.where(np.isnan(rate), usual, rate)
    return _cut(amount * rate / (100 + rate), columns.mapping.options)


def _cut(tax, options):
    """Cut off what is less than the smallest unit of the currency, as is the custom."""
    unit = 10 ** options.get("decimals", 0)
    return np.trunc(tax * unit + 1e-9 * np.sign(tax)) / unit


def _leave_out(columns, out):
    options = columns.mapping.options
    for target, option, code, wanted in (
        ("line_kind", "line_filter", "excluded_line", False),
        ("status", "excluded_status", "excluded_status", True),
    ):
        words = {values.plain(str(word)) for word in options.get(option) or ()}
        if not words or target not in columns:
            continue
        codes, texts = columns.unique(target)
        hit = np.array([(values.plain(text) in words) is wanted for text in texts], dtype=bool)
        for row in _where(hit[codes]) if len(texts) else ():
            columns.wrong[int(row)] = (columns.heading(target), columns.text(target)[row], code)


# ---- keys


def _keys(columns, out):
    """What tells a line from all others of its source, the same in every import of the file."""
    own = columns.text("external_key").copy()
    slip, line = out["slip"], out["line_no"]
    if "external_key" in columns:
        keys = own
    elif "line_no" in columns:
        keys = np.where((slip != "") & (line != ""), slip + "/" + line, "")
    else:
        keys = columns.empty()
    counted = keys == ""
    if counted.any() and "slip" in columns:
        what = np.where(out["product_code"] == "", out["product_name"], out["product_code"])
        keys = np.where(counted & (slip != ""), slip + "/" + what, keys)
    bare = _where(keys == "")
    if len(bare):
        keys[bare] = _digests(columns, bare)
    return _numbered(columns, out, keys, counted)


def _digests(columns, rows):
    positions = sorted({
        column.position for some in columns.by_target.values() for column in some
    })
    cells = [columns.frame[position].to_numpy()[rows] for position in positions]
    return [
        hashlib.blake2b("\x1f".join(row).encode("utf-8", "replace"), digest_size=10).hexdigest()
        for row in zip(*cells, strict=True)
    ]


def _hashes(texts):
    # The same in every process, unlike ``hash``: what was seen outlives a restart.
    return pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False).view(np.int64)


def _numbered(columns, out, keys, counted):
    """The keys, a number behind those that occur again.

    A key of the file's own that occurs again with the same day, quantity and amount is the same
    line twice: it is left out. With others it is stored and listed.
    """
    hashes = _hashes(keys)
    before = columns.memory.of("keys").count(hashes)
    again = before > 0
    if not counted.all():
        copies = columns.memory.of("contents").count(_contents(hashes, out))
        own = again & ~counted
        target = "external_key" if "external_key" in columns else "line_no"
        columns.reject(_where(own & (copies > 0)), target, "repeated_row")
        columns.warn(_where(own & (copies == 0)), target, "repeated_key")
    for row in _where(again):
        keys[row] = f"{keys[row]}#{before[row] + 1}"
    return keys


def _contents(hashes, out):
    """The keys' hashes with day, quantity and amount mixed in."""
    result = hashes.copy()
    for part in (out["amount"], out["quantity"]):
        result = result * 1_000_003 ^ np.ascontiguousarray(part).view(np.int64)
    codes, days = pd.factorize(out["date"])
    ordinals = np.array([*(day.toordinal() for day in days), 0], dtype=np.int64)
    return result * 1_000_003 ^ ordinals[codes]


def _totals(columns, out):
    """Amounts of a whole slip that stand on each of its lines count once, with the first one."""
    options = columns.mapping.options
    if not options.get("totals_once") or "slip" not in columns:
        return
    only_total = "amount" not in columns and "unit_price" not in columns
    used = np.ones(columns.size, dtype=bool)
    used[list(columns.wrong)] = False
    rows = _where(used & (out["slip"] != ""))
    later = columns.memory.of("slips").count(_hashes(out["slip"][rows])) > 0
    if only_total:
        columns.reject(rows[later], "slip", "repeated_total")
    elif options.get("shipping_included"):
        first = rows[~later]
        extra = np.nan_to_num(out["shipping"]) - np.abs(np.nan_to_num(out["discount"]))
        out["amount"] = out["amount"].copy()
        out["amount"][first] += extra[first]
    for target in ("order_total", "shipping", "discount"):
        out[target] = out[target].copy()
        out[target][rows[later]] = np.nan

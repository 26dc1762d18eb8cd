"""Text of addresses: cleaning, postal codes, and where a line may break."""

import re
import unicodedata

# Kana typed as base + combining (semi-)voiced mark, as macOS files carry it. Only these are
# composed: NFC as a whole would turn 﨑-like compatibility kanji of names into other characters.
_VOICED = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_SPACES = re.compile(r"[\s\u3000]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_CHARS = "[!-~\u3041-\u3096\u30a1-\u30fc\u3400-\u9fff\uff01-\uff9f々〇]+"
_PLAIN = re.compile(f"{_CHARS}(?:[ \u3000]{_CHARS})*")

_NOT_AT_START = set(
    "、。，．・：；！？）］｝〉》」』】ー－-‐―〜～々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;!?)]}階号室丁目番地"
)
_NOT_AT_END = set("（［｛〈《「『【([{〒")
_RUN = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ\\-‐－−]")


def clean(value):
    """One line of an address without control characters, line breaks and doubled spaces.

    The characters of names stay as they were typed (髙, 﨑, 外字, full width and half width).
    A full-width space stays full width.

    :param value: text or a false value
    :return: text, possibly empty
    """
    if not value:
        return ""
    if _PLAIN.fullmatch(value):  # nearly all; the rest of this function costs ten times as much
        return value
    value = _VOICED.sub(lambda found: unicodedata.normalize("NFC", found.group()), value)
    value = _SPACES.sub(lambda found: "\u3000" if "\u3000" in found.group() else " ", value)
    kept = [char for char in value if unicodedata.category(char) not in ("Cc", "Cf", "Cs")]
    return "".join(kept).strip(" \u3000")


def is_japanese(value):
    """Whether a text has kana or kanji in it."""
    return any("\u3041" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" for char in value)


def without_selectors(value):
    """Text without variation selectors (異体字セレクタ), and whether there were any."""
    plain = _SELECTORS.sub("", value)
    return plain, plain != value


def postal_code(value):
    """郵便番号 as printed.

    :param value: as typed: ``1000013``, ``〒100-0013``, ``１００－００１３``
    :return: (text, known): ``("100-0013", True)`` for seven digits; anything else is handed
        back as it was typed, with False, or ``("", False)`` when there is nothing
    """
    value = clean(value).replace("〒", "").strip(" \u3000")
    if len(value) == 8 and value[3] == "-" and value.isascii():
        digits = value[:3] + value[4:]
    else:
        digits = re.sub(r"[\s\-‐‑–—―−ーｰ]", "", unicodedata.normalize("NFKC", value))
    if len(digits) == 7 and digits.isascii() and digits.isdigit():
        return f"{digits[:3]}-{digits[3:]}", True
    return value, False


def postal_digits(value):
    """The digits of a postal code, to sort by; empty when it is none."""
    text, known = postal_code(value)
    return text.replace("-", "") if known else ""


def _may_break(text, at):
    """Whether a line may end before the character at this place (禁則, numbers kept whole)."""
    before, after = text[at - 1], text[at]
    if after in _NOT_AT_START or before in _NOT_AT_END:
        return False
    return not (_RUN.match(before) and _RUN.match(after))


def wrap(text, widths, limit):
    """Break a text into lines no wider than a limit; nothing is ever cut.

    A break at a space or ・ is preferred when it leaves the line at least half full, then one
    between katakana and kanji, then any that 禁則 allows; numbers and Latin words stay whole
    while they fit on a line.

    :param text: cleaned text
    :param widths: character → width, any unit
    :param limit: width of a line, same unit
    :return: list of lines
    """
    lines = []
    while text:
        total, fits = 0.0, 0
        for char in text:
            total += widths[char]
            if total > limit + 1e-9:
                break
            fits += 1
        if fits == len(text):
            lines.append(text)
            break
        fits = max(fits, 1)
        at = _break_before(text, fits)
        lines.append(text[:at].rstrip(" \u3000"))
        text = text[at:].lstrip(" \u3000")
    return [line for line in lines if line]


def wrap_evenly(text, widths, limit):
    """As `wrap`, in no more lines, but without a last line of one or two characters."""
    lines = wrap(text, widths, limit)
    if len(lines) > 1:
        even = sum(widths[char] for char in text) / len(lines)
        for share in (1.05, 1.15, 1.3):
            narrower = wrap(text, widths, min(limit, even * share))
            if len(narrower) == len(lines):
                return narrower
    return lines


def _is_katakana(char):
    return "\u30a1" <= char <= "\u30fe"


def _break_before(text, fits):
    for at in range(fits, fits // 2, -1):
        if text[at] in " \u3000" or text[at - 1] in " \u3000・":
            return at
    for at in range(fits, fits * 3 // 5, -1):
        if _is_katakana(text[at]) != _is_katakana(text[at - 1]) and _may_break(text, at):
            return at
    for at in range(fits, 0, -1):
        if _may_break(text, at):
            return at
    return fits

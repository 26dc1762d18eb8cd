"""Japanese TrueType fonts of this machine: where systems keep them.

reportlab embeds fonts with TrueType outlines only; those with PostScript outlines (most
Noto CJK, Hiragino) cannot be loaded. IPAex, BIZ UD, Meiryo, MS Gothic and Yu Gothic can.
"""

import os
import sys

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

GOTHIC, MINCHO = "gothic", "mincho"

# File name (lower case) → style and number within a collection, best first.
KNOWN = {
    "ipaexg.ttf": (GOTHIC, 0),
    "ipaexm.ttf": (MINCHO, 0),
    "ipag.ttf": (GOTHIC, 0),
    "ipag.ttc": (GOTHIC, 0),
    "ipam.ttf": (MINCHO, 0),
    "ipam.ttc": (MINCHO, 0),
    "ipamjm.ttf": (MINCHO, 0),
    "bizudgothic-regular.ttf": (GOTHIC, 0),
    "biz-udgothicr.ttc": (GOTHIC, 0),
    "bizudmincho-regular.ttf": (MINCHO, 0),
    "biz-udminchom.ttc": (MINCHO, 0),
    "takaogothic.ttf": (GOTHIC, 0),
    "takaomincho.ttf": (MINCHO, 0),
    "notosansjp-regular.ttf": (GOTHIC, 0),
    "notoserifjp-regular.ttf": (MINCHO, 0),
    "yugothm.ttc": (GOTHIC, 0),
    "yugothr.ttc": (GOTHIC, 0),
    "yumin.ttf": (MINCHO, 0),
    "meiryo.ttc": (GOTHIC, 0),
    "msgothic.ttc": (GOTHIC, 0),
    "msmincho.ttc": (MINCHO, 0),
    "vl-gothic-regular.ttf": (GOTHIC, 0),
    "fonts-japanese-gothic.ttf": (GOTHIC, 0),
    "fonts-japanese-mincho.ttf": (MINCHO, 0),
    "arial unicode.ttf": (GOTHIC, 0),
}
NAME = "kokyaku-gothic"
CID_FONT = "HeiseiKakuGo-W5"  # not embedded: every viewer for Japanese has its own for it


def folders(platform=None):
    """The folders where this system keeps its fonts."""
    platform = platform or sys.platform
    home = os.path.expanduser("~")
    if platform.startswith("win"):
        return [
            os.path.join(os.environ.get("SYSTEMROOT", "C:\\Windows"), "Fonts"),
            os.path.join(home, "AppData", "Local", "Microsoft", "Windows", "Fonts"),
        ]
    if platform == "darwin":
        return [os.path.join(home, "Library/Fonts"), "/Library/Fonts", "/System/Library/Fonts"]
    data_home = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local/share")
    data_dirs = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    roots = [data_home, *data_dirs.split(":")]
    return [os.path.join(root, "fonts") for root in roots] + [os.path.join(home, ".fonts")]


def find(paths=None):
    """Known Japanese fonts on this machine, best first.

    :param paths: folders to look through; by default those of the system
    :return: list of (path, style, number within a collection)
    """
    seen = {}
    for root in folders() if paths is None else paths:
        for folder, _subfolders, names in os.walk(root):
            for name in names:
                if name.lower() in KNOWN:
                    seen.setdefault(name.lower(), os.path.join(folder, name))
    return [(seen[name], *KNOWN[name]) for name in KNOWN if name in seen]


def gothic(paths=None):
    """Return the name under which reportlab knows a Japanese Gothic.

    The machine's own, embedded, so that the page looks the same everywhere; where there is
    none, a font that the viewer has to bring.

    :param paths: as of :func:`find`
    """
    registered = pdfmetrics.getRegisteredFontNames()
    if NAME in registered:
        return NAME
    for path, style, number in find(paths):
        if style == GOTHIC:
            try:
                pdfmetrics.registerFont(TTFont(NAME, path, subfontIndex=number, shapable=False))
            except (TTFError, OSError):
                continue
            return NAME
    if CID_FONT not in registered:
        pdfmetrics.registerFont(UnicodeCIDFont(CID_FONT))
    return CID_FONT

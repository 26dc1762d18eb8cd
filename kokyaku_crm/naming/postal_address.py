"""A Japanese address in one line, as it stands in a note."""


def one_line(postal_code="", state="", city="", street="", building=""):
    """Return the address in its Japanese order, "" when there is nothing.

    >>> one_line("150-0001", "東京都", "渋谷区", "神宮前1-2-3", "原宿ビル2階")
    '〒150-0001 東京都渋谷区神宮前1-2-3 原宿ビル2階'
    >>> one_line(city="渋谷区")
    '渋谷区'
    """
    postal = (postal_code or "").strip()
    place = "".join((part or "").strip() for part in (state, city, street))
    parts = [postal and f"〒{postal.removeprefix('〒')}", place, (building or "").strip()]
    return " ".join(part for part in parts if part)

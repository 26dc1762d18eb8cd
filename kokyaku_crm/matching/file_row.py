"""Does a row of somebody's file speak of a certain person? (消去・開示)

For a row nobody stored: there is no link, only what stands in its cells. A number alone may be
shared (one telephone of a family, of a company), a name alone may be a namesake's.
"""

import csv
import re
from dataclasses import dataclass, field

from ..naming import fold_phone, fold_text, is_blanket_phone
from ..naming.grams import numbers
from ..naming.postal import digits_of

_EMAIL = re.compile(r"[^\s<>,;:\"'()]+@[^\s<>,;:\"'()]+")
_CODES = ("ref", "customer_code", "member_number")
_NAMES = ("name", "family_name", "given_name", "kana", "family_kana", "given_kana")
_SPLIT = 3  # cells a number may stand in


@dataclass
class Traces:
    """By what somebody is known, folded: sets of texts."""

    names: set = field(default_factory=set)
    codes: set = field(default_factory=set)
    emails: set = field(default_factory=set)
    phones: set = field(default_factory=set)
    zips: set = field(default_factory=set)
    streets: set = field(default_factory=set)

    @classmethod
    def of(cls, names=(), codes=(), emails=(), phones=(), zips=(), streets=()):
        """Fold what a person is known by; what is empty or says nothing is passed over.

        >>> traces = Traces.of(names=["林", "白洲 次郎"], phones=["０９０-5555-7777", "0120-444"])
        >>> traces.names, traces.phones
        ({'白洲次郎'}, {'09055557777'})
        """
        return cls(
            names={text for text in map(fold_text, names) if len(text) > 1},
            codes={text for text in map(fold_text, codes) if text},
            emails={(text or "").strip().lower() for text in emails} - {""},
            phones={
                digits
                for text in phones
                for digits in fold_phone(text).split("\n")
                if not is_blanket_phone(digits)
            },
            zips={text for text in map(digits_of, zips) if len(text) == 7},
            streets={
                text for text in map(fold_text, streets) if len(text) > 4 and not text.isdecimal()
            },
        )

    def texts(self):
        """Return a set of texts one of which is in every row (folded by ``fold_text``) that may
        be theirs."""
        texts = {*self.names, *self.codes, *map(fold_text, self.emails)}
        return texts | {digits[1:] for digits in self.phones}  # abroad without the 0

    def patterns(self, texts=None):
        """Return the same for LIKE; of a row whose cells are divided by line breaks, too.

        :param texts: those only; default: all
        """
        texts = {*self.texts(), *self.zips} if texts is None else texts
        return sorted("%" + re.sub(r"([\\%_])", r"\\\1", text) + "%" for text in texts)

    def pieces(self):
        """Return the same for an index of ``row_numbers``.

        :return: (list of lists of numbers, all of one of which every such row has; set of the
            texts that are too short to have any)

        >>> Traces.of(names=["白洲 次郎"], codes=["A1"]).pieces()
        ([[1797361870, 1832020769, 1987931442]], {'a1'})
        """
        found = {text: numbers(text) for text in self.texts()}
        return (
            [found[text] for text in sorted(found) if found[text]],
            {text for text in found if not found[text]},
        )


def cells_of(raw):
    """Return the cells of a row that was kept as a line of CSV; of a broken one, too.

    >>> cells_of('A1,"白洲, 次郎"'), cells_of(None)
    (['A1', '白洲, 次郎'], [])
    >>> cells_of('A1,白洲"\\n次郎')  # whose quotation mark never closes
    ['A1', '白洲"', '次郎']
    """
    # line by line: a break outside of quotes is an error to ``csv``
    rows = csv.reader((raw or "").splitlines(keepends=True))
    return [cell for cells in rows for cell in cells]


def row_numbers(raw):
    """Return the pieces of a row, a line of CSV, as the index of rejected rows holds them: a text
    for PostgreSQL. What stands in two cells side by side is one text, as for ``is_row_of``.

    >>> row_numbers('白洲,"次郎"')
    '{1797361870,1832020769,1987931442}'
    >>> row_numbers("")
    '{}'
    """
    row = fold_text("".join(cells_of(raw))).replace("\n", "")
    return "{" + ",".join(map(str, numbers(row))) + "}"


def is_row_of(traces, cells, mapped):
    """Say whether a row is a person's.

    :param Traces traces: of the person
    :param cells: the texts of the row, in the order of the file
    :param dict mapped: {target: text} of the cells whose meaning is known; None when the row
        does not fit its headings

    >>> traces = Traces.of(names=["白洲 次郎"], phones=["03-5555-7777"], zips=["195-0053"])
    >>> is_row_of(traces, ["白洲", "次郎", "〒195-0053"], None)
    True
    >>> is_row_of(traces, ["白洲 正子", "03-5555-7777"], {"name": "白洲 正子"})
    False
    >>> is_row_of(traces, ["緑茶", "03-5555-7777"], {"phone": "03-5555-7777"})
    True
    """
    row = fold_text("".join(cells)).replace("\n", "")
    named = any(name in row for name in traces.names)
    if named and (
        _numbers(cells, digits_of) & traces.zips or any(one in row for one in traces.streets)
    ):
        return True
    somebody = mapped is None or any((mapped.get(target) or "").strip() for target in _NAMES)
    if somebody and not named:
        return False
    codes = cells if mapped is None else [mapped.get(target) or "" for target in _CODES]
    return bool(
        traces.codes & set(map(fold_text, codes))
        or traces.emails & {one.lower() for cell in cells for one in _EMAIL.findall(cell)}
        or traces.phones & _numbers(cells, fold_phone)
    )


def _numbers(cells, fold):
    """The numbers in cells, also those that stand in two or three cells side by side.

    >>> sorted(_numbers(["090", "5555", "7777"], fold_phone))
    ['090', '0905555', '09055557777', '5555', '55557777', '7777']
    """
    found = set()
    for begin in range(len(cells)):
        for end in range(begin + 1, begin + _SPLIT + 1):
            found.update(fold("".join(cells[begin:end])).split("\n"))
    return found - {""}

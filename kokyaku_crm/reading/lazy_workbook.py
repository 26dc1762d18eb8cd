"""A workbook of any size, read only as far as somebody asks for it."""

from array import array

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_ITEM, _RUN, _TEXT = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t"))


class SharedTexts:
    """What the cells of a workbook refer to by number.

    They stand in the file in the order of their first cell: the first rows of a large workbook
    need the first of them. Kept as bytes with their ends, they take a third of what a list of
    ``str`` takes.
    """

    def __init__(self, file):
        """:param file: the XML, open for reading; it is read from now on"""
        self._items = _items(file)
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __getitem__(self, number):
        """Return a text; raise IndexError for one that is not there."""
        if number < 0:
            raise IndexError(number)
        ends = self._ends
        while number >= len(ends) - 1:
            text = next(self._items, None)
            if text is None:
                raise IndexError(number)
            self._bytes += text.encode("utf-8", "surrogatepass")
            ends.append(len(self._bytes))
        return self._bytes[ends[number] : ends[number + 1]].decode("utf-8", "surrogatepass")


def _items(file):
    root = None
    for event, node in iterparse(file, events=("start", "end")):
        if root is None:
            root = node
        elif event == "end" and node.tag == _ITEM:
            yield _text(node).replace("x005F_", "")  # as openpyxl does
            root.clear()


def _text(item):
    """The text of an item without formats, and without the readings Excel keeps with it."""
    parts = []
    for part in item:
        if part.tag == _RUN:
            part = part.find(_TEXT)
        if part is not None and part.tag == _TEXT and part.text:
            parts.append(part.text)
    return "".join(parts)


class _Sheet(ReadOnlyWorksheet):
    """A sheet that is not asked how large it is: what the file says need not be true, and where
    it says nothing openpyxl reads all of it."""

    def _get_size(self):
        pass


class LazyReader(ExcelReader):
    """openpyxl's reader of what somebody asks for: after ``read``, ``wb`` is what
    ``load_workbook`` returns."""

    def read_strings(self):
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            self.shared_strings = SharedTexts(self.archive.open(part.PartName[1:]))

    def read_worksheets(self):
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                one = _Sheet(self.wb, sheet.name, relation.target, self.shared_strings)
                one.sheet_state = sheet.state
                self.wb._sheets.append(one)

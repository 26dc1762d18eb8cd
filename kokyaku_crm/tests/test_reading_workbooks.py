import io
import re
import tracemalloc
import zipfile

import xlsxwriter

from odoo.tests import tagged

from ..reading import SourceFile, UnreadableFile
from .reading_common import Reading

TEXTS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"


@tagged("post_install", "-at_install")
class TestReadingWorkbooks(Reading):
    """Workbooks as Excel writes them: the texts of all cells stand in one table."""

    def workbook(self, rows, **changed):
        """A workbook of these rows; `changed`: function of the XML, by "texts" or "sheet"."""
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, {"in_memory": True})
        sheet = book.add_worksheet("名簿")
        bold = book.add_format({"bold": True})
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_rich_string(at, column, bold, cell[0], cell[1])
                else:
                    sheet.write(at, column, cell)
        book.close()
        change = {{"texts": TEXTS, "sheet": SHEET}[name]: how for name, how in changed.items()}
        result = io.BytesIO()
        with zipfile.ZipFile(content) as old, zipfile.ZipFile(result, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                if name in change:
                    text = change[name](text.decode()).encode()
                new.writestr(name, text)
        return result.getvalue()

    def cells(self, content):
        source = self.open(content, "a.xlsx")
        return [row for part in source.parts() for row in part.frame.values.tolist()]

    def test_texts_that_stand_once_for_many_cells(self):
        rows = [["氏名", "備考"], ["森", "同じ"], ["林", "同じ"], ["森", ""], ["𠮷田", "a<b>&c"]]
        self.assertEqual(self.cells(self.workbook(rows)), rows[1:])

    def test_formats_within_a_cell_are_passed_over(self):
        rows = [["氏名", "備考"], ["森", ("太い", "細い")], ["林", " 前の空白"]]
        found = self.cells(self.workbook(rows))
        self.assertEqual([cells[1].strip() for cells in found], ["太い細い", "前の空白"])

    def test_the_reading_excel_keeps_with_a_name_is_not_part_of_it(self):
        content = self.workbook(
            [["氏名", "備考"], ["森", "一"]],
            texts=lambda xml: xml.replace(
                "<t>森</t>", '<t>森</t><rPh sb="0" eb="1"><t>モリ</t></rPh><phoneticPr fontId="1"/>'
            ),
        )
        self.assertEqual(self.cells(content), [["森", "一"]])

    def test_a_sheet_that_does_not_say_how_large_it_is(self):
        rows = [["氏名", "備考"], ["森", "一"], ["林", "二"]]
        content = self.workbook(rows, sheet=lambda xml: re.sub("<dimension [^>]*>", "", xml))
        self.assertEqual(self.cells(content), rows[1:])
        content = self.workbook(
            rows, sheet=lambda xml: re.sub("<dimension [^>]*>", '<dimension ref="A1"/>', xml)
        )
        self.assertEqual(self.cells(content), rows[1:])

    def test_only_what_is_looked_at_is_read(self):
        """The first rows of a workbook are shown before it has been read; that it is broken
        further down is said when that is reached."""
        rows = [["氏名", "備考"], *([f"森 {at}", f"備考 {at}"] for at in range(20_000))]
        content = self.workbook(rows, texts=lambda xml: xml[: xml.index("備考 19000")])
        source = self.open(content, "a.xlsx")
        self.assertEqual(source.headings, ["氏名", "備考"])
        with self.assertRaises(UnreadableFile) as caught:
            list(source.parts(1_000))
        self.assertEqual(caught.exception.code, "broken")

    def test_a_cell_that_refers_to_no_text(self):
        content = self.workbook(
            [["氏名", "備考"], ["森", "一"]], sheet=lambda xml: xml.replace("<v>3</v>", "<v>99</v>")
        )
        self.assertEqual(self.unreadable(content), "broken")
        content = self.workbook(
            [["氏名", "備考"], ["森", "一"]], sheet=lambda xml: xml.replace("<v>3</v>", "<v>-1</v>")
        )
        self.assertEqual(self.unreadable(content), "broken")

    def test_a_row_beyond_all_spreadsheets(self):
        content = self.workbook(
            [["氏名", "備考"], ["森", "一"], ["林", "二"]],
            sheet=lambda xml: xml.replace('<row r="3"', '<row r="999999999999"'),
        )
        self.assertEqual(self.unreadable(content), "broken")

    def unreadable(self, content):
        with self.assertRaises(UnreadableFile) as caught:
            self.cells(content)
        return caught.exception.code

    def test_memory_stays_small(self):
        """Of a text its letters and eight bytes are kept."""
        count = 40_000
        rows = [["氏名", "備考"], *([f"森 {at}", f"K{at:07}"] for at in range(count))]
        path = self.file(self.workbook(rows), "a.xlsx")
        source = SourceFile.open(path)
        tracemalloc.start()
        total = sum(len(part.frame) for part in source.parts(1_000))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertEqual(total, count)
        self.assertLess(peak, 10 << 20)  # as a list of texts with their XML: 12.5 MB

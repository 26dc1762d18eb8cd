import datetime
import io
import random
import tracemalloc
import zipfile
from unittest.mock import patch

import openpyxl
import xlwt

from odoo.tests import tagged

from ..reading import SourceFile, UnreadableFile, convert, recognise, text_file
from .reading_common import Reading

HEAD = "売上日,顧客コード,金額\n"


@tagged("standard", "at_install")
class TestReadingFiles(Reading):
    """Files as they come out of tills, shops and Excel."""

    def unreadable(self, content, name="a.csv", **wanted):
        with self.assertRaises(UnreadableFile) as caught:
            self.open(content, name)
        return caught.exception.code

    # ---- encodings

    def test_every_encoding_of_japanese_offices(self):
        text = "氏名,フリガナ,備考\r\n髙﨑 ㈱,タカサキ ㈱,①～－ﾊﾞ\r\n"
        for encoding, name in {
            "cp932": "cp932", "utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16",
            "utf-16-le": "utf-16", "utf-16-be": "utf-16",
        }.items():
            source = self.open(text + "森 一,モリ イチ,\r\n" * 9, encoding=encoding)
            self.assertEqual(source.layout["encoding"], name, encoding)
            self.assertEqual(source.headings, ["氏名", "フリガナ", "備考"], encoding)
            self.assertEqual(source.samples[0][2], "①～－ﾊﾞ", encoding)

    def test_a_byte_order_mark_of_utf_16_big_endian(self):
        content = b"\xfe\xff" + (HEAD + "2026/5/1,髙,5\n").encode("utf-16-be")
        rows, rejects = self.rows_of(content)
        self.assertFalse(rejects)
        self.assertEqual(rows["customer_code"].tolist(), ["髙"])

    def test_the_first_japanese_letter_far_down_the_file(self):
        plain = "date,customer code,amount\n" + "2026/5/1,K1,5\n" * 400_000
        source = self.open(plain + "2026/5/1,髙,5\n")
        self.assertEqual(source.layout["encoding"], "cp932")

    def test_an_undecodable_byte_far_down_the_file_costs_its_row_only(self):
        lines = [f"2026/5/1,髙{number},5\n".encode("cp932") for number in range(1, 3001)]
        lines[2000] = b"2026/5/1,\x81\xff,5\n"
        rows, rejects = self.rows_of(HEAD.encode("cp932") + b"".join(lines), size=700)
        self.assertEqual(len(rows), 2999)
        (reject,) = rejects
        self.assertEqual((reject.row, reject.code), (2002, "undecodable"))
        self.assertIn("2026/5/1", reject.raw)
        self.assertEqual(rows.loc[2003, "customer_code"], "髙2002")

    def test_utf_8_with_one_line_of_another_encoding(self):
        content = (HEAD + "2026/5/1,髙橋,5\n" * 5).encode() + "2026/5/1,田中,5\n".encode("cp932")
        rows, rejects = self.rows_of(content)
        self.assertEqual(len(rows), 5)
        self.assertEqual([(one.row, one.code) for one in rejects], [(7, "undecodable")])

    def test_a_layout_that_the_user_overrules(self):
        content = "氏名;備考\n漢字 一;あ\n".encode("euc_jp")
        self.assertEqual(
            self.open(content, layout={"encoding": "euc_jp"}).samples, [["漢字 一", "あ"]]
        )
        source = self.open("a,b\n氏名,備考\n森,1\n", layout={"header_row": 2})
        self.assertEqual((source.headings, source.samples), (["氏名", "備考"], [["森", "1"]]))
        source = self.open("森,1\n林,2\n", layout={"header_row": 0})
        self.assertEqual(source.headings, ["", ""])
        self.assertEqual(len(source.samples), 2)
        with self.assertRaises(UnreadableFile):
            self.open("森,1\n", layout={"encoding": "klingon"})

    # ---- rows

    def test_separators_and_line_ends(self):
        for separator in ",\t;|":
            for end in ("\n", "\r\n", "\r"):
                text = (HEAD + "2026/5/1,K1,5\n2026/5/2,K2,6\n").replace(",", separator)
                rows, rejects = self.rows_of(text.replace("\n", end))
                self.assertEqual(rows["amount"].tolist(), [5, 6], (separator, end))
                self.assertEqual(rows.index.tolist(), [2, 3])
                self.assertFalse(rejects)

    def test_fixed_widths_counted_in_bytes(self):
        lines = [
            "売上日     顧客コード 金額  ",
            "2026/05/01 山田       1,000 ",
            "2026/05/02 森         20    ",
        ]
        rows, rejects = self.rows_of("\r\n".join(lines) + "\r\n", "a.txt")
        self.assertFalse(rejects)
        self.assertEqual(rows["customer_code"].tolist(), ["山田", "森"])
        self.assertEqual(rows["amount"].tolist(), [1000, 20])
        source = self.open("0001山田  1234\n0002森    5678\n", layout={"widths": [4, 6, 4]})
        self.assertEqual(source.samples, [["0001", "山田", "1234"], ["0002", "森", "5678"]])

    def test_names_of_columns_of_fixed_width_are_told_by_hand(self):
        text = "0001山田  2026050112345\n0002森    202605025\n"
        layout = {"format": "fixed", "widths": [4, 6, 8, 1], "names": ["顧客コード", "", "売上日"]}
        source = self.open(text, layout=layout)
        self.assertEqual(source.headings, ["顧客コード", "", "売上日", ""])
        # The last column has what stands beyond the widths.
        self.assertEqual([row[3] for row in source.samples], ["12345", "5"])
        self.assertEqual([sum(one[1] for one in line) for line in source.ruled()], [23, 19])

    def test_quotes_commas_and_line_breaks_in_cells(self):
        rows, rejects = self.rows_of(
            '氏名,備考,顧客コード\n"森, 一","二\n行",1\n林 二,12" のピザ,2\n"原 三","""甲""",3\n'
        )
        self.assertFalse(rejects)
        self.assertEqual(rows["name"].tolist(), ["森, 一", "林 二", "原 三"])
        self.assertEqual(rows["note"].tolist(), ["二\n行", '12" のピザ', '"甲"'])
        self.assertEqual(rows.index.tolist(), [2, 4, 5])

    def test_rows_that_are_too_long_or_too_short(self):
        rows, rejects = self.rows_of(
            HEAD + "2026/5/1,1,1,000\n2026/5/2,2,5,,\n2026/5/3\n\n,,\n2026/5/5,5,5\n"
        )
        self.assertEqual(rows["amount"].tolist(), [5, 5])
        self.assertEqual([(one.row, one.code) for one in rejects],
                         [(2, "too_many_columns"), (4, "missing")])
        rows, _rejects = self.rows_of("氏名,顧客コード,備考\n森 一,1\n")
        self.assertEqual(rows["warnings"].tolist(), [[("", "too_few_columns")]])

    def test_a_quote_that_is_never_closed_costs_its_row_only(self):
        lines = [f"2026/5/1,K{number},5\n" for number in range(200)]
        lines[50] = '2026/5/1,"K50,5\n'
        for size in (50_000, 7):
            rows, rejects = self.rows_of(HEAD + "".join(lines), size=size)
            self.assertEqual(len(rows), 199)
            self.assertEqual([(one.row, one.code) for one in rejects], [(52, "unclosed_quote")])

    def test_headings_below_a_title_and_no_headings_at_all(self):
        rows, rejects = self.rows_of("売上一覧\n2026年5月分,,\n\n" + HEAD + "2026/5/1,K1,5\n")
        self.assertFalse(rejects)
        self.assertEqual(rows.index.tolist(), [5])
        source = self.open("森 一,03-1234-5678,a@b.jp\n林 二,03-1234-5679,c@d.jp\n")
        self.assertEqual(source.layout["header_row"], 0)
        self.assertEqual(self.targets(source), ["name", "phone", "email"])

    def test_three_hundred_columns(self):
        source = self.open(",".join(f"列{at}" for at in range(300)) + "\n" + ",".join("9" * 300))
        self.assertEqual((len(source.headings), len(source.samples[0])), (300, 300))
        self.assertEqual(self.unreadable(",".join(map(str, range(2000))) + "\n" + "," * 1999),
                         "too_many_columns")

    def test_blocks_cut_anywhere_give_the_same_rows(self):
        lines = [f'"2026/5/1","K{at}\n2","{at}"\n' if at % 3 else f"2026/5/1,髙{at},{at}\n"
                 for at in range(60)]
        for encoding in ("cp932", "utf-8", "utf-16"):
            whole, _rejects = self.rows_of(HEAD + "".join(lines), encoding=encoding)
            self.assertEqual(len(whole), 60)
            for block in (40, 41, 333):
                with patch.object(text_file, "BLOCK", block):
                    cut, rejects = self.rows_of(HEAD + "".join(lines), encoding=encoding)
                self.assertFalse(rejects)
                self.assertEqual(cut["customer_code"].tolist(), whole["customer_code"].tolist())
                self.assertEqual(cut.index.tolist(), whole.index.tolist())

    # ---- workbooks

    def workbook(self, *rows):
        book = openpyxl.Workbook()
        book.active.title = "表紙"
        sheet = book.create_sheet("顧客")
        for row in rows:
            sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def test_neither_a_cover_nor_notes_in_front_are_taken_for_the_list(self):
        book = openpyxl.load_workbook(
            io.BytesIO(self.workbook(["売上日", "商品名", "金額"], ["2026/5/1", "煎茶", 1000]))
        )
        book["表紙"].append(["売上報告書"])
        notes = book.create_sheet("注意", 1)
        for words in (["作成", "総務部"], ["確認", "部長"]):
            notes.append(words)
        content = io.BytesIO()
        book.save(content)
        source = self.open(content.getvalue(), "月報.xlsx")
        self.assertEqual(source.layout["sheet"], "顧客")
        self.assertEqual(source.headings, ["売上日", "商品名", "金額"])
        chosen = self.open(content.getvalue(), "月報.xlsx", layout={"sheet": "注意"})
        self.assertEqual(chosen.layout["sheet"], "注意")

    def test_a_workbook(self):
        content = self.workbook(
            ["顧客名簿"], [], ["顧客コード", "氏名", "生年月日", "備考", "郵便番号"],
            ["001", "森 一", datetime.datetime(1985, 1, 2), 1.5, 600001],
            [2, "林 二", "S60.1.2", "=1+1", "100-0001"],
        )
        source = self.open(content, "名簿.xlsx")
        self.assertEqual(source.layout["sheet"], "顧客")
        self.assertEqual(source.layout["header_row"], 3)
        rows, rejects = self.converted(source, recognise(source.headings, source.samples))
        self.assertFalse(rejects)
        self.assertEqual(rows.index.tolist(), [4, 5])
        self.assertEqual(rows["ref"].tolist(), ["001", "2"])
        self.assertEqual(rows["birthdate"].tolist(), [datetime.date(1985, 1, 2)] * 2)
        self.assertEqual(rows["note"].tolist(), ["1.5", ""])  # a formula is never worked out
        self.assertEqual(rows["zip"].tolist(), ["060-0001", "100-0001"])

    def test_an_old_workbook(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("売上")
        day = xlwt.easyxf(num_format_str="yyyy/mm/dd")
        for at, heading in enumerate(["売上日", "顧客コード", "金額"]):
            sheet.write(0, at, heading)
        sheet.write(1, 0, datetime.date(2026, 5, 1), day)
        sheet.write(1, 1, "001")
        sheet.write(1, 2, 1000)
        content = io.BytesIO()
        book.save(content)
        rows, rejects = self.rows_of(content.getvalue(), "a.xls")
        self.assertFalse(rejects)
        self.assertEqual(rows["date"].tolist(), [datetime.date(2026, 5, 1)])
        self.assertEqual(rows["amount"].tolist(), [1000])

    # ---- what is no file of ours

    def test_files_that_cannot_be_read_say_why(self):
        noise = random.Random(5).randbytes(5000)
        self.assertEqual(self.unreadable(b""), "empty")
        self.assertEqual(self.unreadable(b"\r\n \r\n"), "empty")
        self.assertEqual(self.unreadable(HEAD), "no_rows")
        self.assertIn(self.unreadable(noise), ("binary", "encoding"))
        self.assertEqual(self.unreadable(b"%PDF-1.7\n" + noise), "foreign")
        self.assertEqual(self.unreadable("한국어,한국어\n".encode("euc_kr") * 9), "encoding")
        self.assertEqual(self.unreadable(b"PK\x03\x04" + noise, "a.xlsx"), "broken")
        self.assertEqual(self.unreadable(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise, "a.xls"),
                         "broken")
        protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
        self.assertEqual(self.unreadable(protected, "a.xlsx"), "password")
        with self.assertRaises(UnreadableFile) as caught:
            SourceFile.open("/nowhere/a.csv")
        self.assertEqual(caught.exception.code, "missing")

    def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(self):
        content = io.BytesIO(self.workbook(["氏名"], ["森"]))
        with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("xl/worksheets/sheet9.xml", "w") as member:
                for _megabyte in range(100):
                    member.write(b"\0" * (1 << 20))
        self.assertEqual(self.unreadable(content.getvalue(), "a.xlsx"), "zip_bomb")

    def test_a_workbook_cut_off_in_the_middle(self):
        content = self.workbook(["氏名", "備考"], *(["森", "x" * 50] for _row in range(500)))
        self.assertEqual(self.unreadable(content[:-200], "a.xlsx"), "broken")

    def test_a_missing_package_is_named(self):
        with patch.dict("sys.modules", {"pandas": None}):
            with self.assertRaises(UnreadableFile) as caught:
                self.open(HEAD + "2026/5/1,1,5\n")
        self.assertEqual(caught.exception.code, "package")
        self.assertEqual(caught.exception.values, {"package": "pandas"})

    # ---- large ones

    def test_memory_does_not_grow_with_the_file(self):
        line = "2026/5/1,K{0},髙橋 花子,P{1},緑茶,{1},500\r\n"
        head = "売上日,顧客コード,顧客名,商品コード,商品名,数量,金額\r\n"
        peaks = []
        for count in (20_000, 20_000, 80_000):  # the first one fills what is kept for all files
            path = self.file(head + "".join(line.format(at % 997, at % 7) for at in range(count)))
            source = SourceFile.open(path)
            mapping = recognise(source.headings, source.samples)
            tracemalloc.start()
            with patch.object(text_file, "BLOCK", 100_000):
                total = sum(
                    len(convert(part.frame, mapping, source.headings)[0])
                    for part in source.parts(2_000)
                )
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            self.assertEqual(total, count)
        # of a row 16 bytes are remembered; twice that while they are sorted
        self.assertLess(peaks[2] - peaks[1], 60_000 * 40)

    def test_memory_does_not_grow_with_the_columns(self):
        """Three hundred columns of which two are of use: parts are shorter, no row is lost."""
        wide = ",".join(f"項目{at}" for at in range(298))
        cells = ",".join(f"値{at:05}" for at in range(298))
        lines = "".join(f"K{at},森 {at},{cells}\r\n" for at in range(12_000))
        source = SourceFile.open(self.file(f"顧客コード,氏名,{wide}\r\n{lines}"))
        mapping = recognise(source.headings, source.samples)
        names, most = [], 0
        tracemalloc.start()
        for part in source.parts():
            most = max(most, part.frame.size)
            names += convert(part.frame, mapping, source.headings)[0]["name"].tolist()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertEqual(names, [f"森 {at}" for at in range(12_000)])
        self.assertLessEqual(most, 1_500_000)
        self.assertLess(peak, 500 << 20)

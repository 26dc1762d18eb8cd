import csv
import io
import random
import warnings
import zipfile
from datetime import datetime, time
from unittest.mock import patch

import openpyxl

from odoo.tests import tagged

from ..reading import Mapping, SourceFile, UnreadableFile, convert, recognise, text_file
from .reading_common import Reading

FILES = 120
WORKBOOKS = 80
_SALES = "伝票番号,行番号,売上日,顧客コード,顧客名,商品名,数量,金額".split(",")
_PEOPLE = "顧客コード,氏名,フリガナ,性別,郵便番号,住所1,住所2,電話番号,メール,生年月日".split(",")
_NAMES = ["田中 一郎", "髙橋,花子", "𠮷田", "か\u3099る"]
_NAMES += ["", "\ue000外字", "=1+1", "葛\U000e0100飾"]
_AMOUNTS = ["1,000", "△5", "１２,３４０円", "", "1e400", "nan", "1_0", "-"]
_ENCODINGS = ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "euc_jp"]


@tagged("standard", "at_install")
class TestReadingFuzz(Reading):
    """Whatever was done to a file, no row of it disappears and nothing breaks."""

    def test_damaged_files(self):
        outcomes = set()
        for seed in range(FILES):
            chance = random.Random(seed)
            content = _damaged(chance, _table(chance))
            with self.subTest(seed=seed):
                outcomes |= self.check(content, chance)
        wanted = {"stored", "undecodable", "unclosed_quote", "too_many_columns", "not_a_number"}
        self.assertLessEqual(wanted, outcomes)

    def test_damaged_workbooks(self):
        outcomes = set()
        for seed in range(WORKBOOKS):
            chance = random.Random(seed)
            content = _damaged_workbook(chance, _workbook(chance))
            with self.subTest(seed=seed), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl's, about what is damaged
                outcomes |= self.check_workbook(content)
        self.assertLessEqual({"stored", "broken", "not_a_number"}, outcomes)

    def check_workbook(self, content):
        """Read a workbook; return the codes of what happened to its rows."""
        path = self.file(content, "表.xlsx")
        try:
            source = SourceFile.open(path, name="表.xlsx")
            mapping = Mapping.from_json(recognise(source.headings, source.samples).to_json())
            outcomes = set()
            for part in source.parts(50):
                stored, rejects = convert(part.frame, mapping, source.headings)
                self.assertEqual(
                    sorted([*stored.index, *(one.row for one in rejects)]),
                    part.frame.index.tolist(),
                )
                outcomes |= {one.code for one in rejects + part.rejects}
                outcomes |= {"stored"} if len(stored) else set()
        except UnreadableFile as error:
            return {error.code}
        return outcomes

    def check(self, content, chance):
        """Read a file; return the codes of what happened to its rows."""
        path = self.file(content)
        outcomes = set()
        try:
            source = SourceFile.open(path)
            mapping = Mapping.from_json(recognise(source.headings, source.samples).to_json())
            rows, keys = [], []
            with patch.object(text_file, "BLOCK", chance.choice([64, 500, 1 << 22])):
                for part in source.parts(chance.choice([3, 50, 50_000])):
                    stored, rejects = convert(part.frame, mapping, source.headings)
                    self.assertEqual(
                        sorted([*stored.index, *(one.row for one in rejects)]),
                        part.frame.index.tolist(),
                    )
                    rows += [*part.frame.index, *(one.row for one in part.rejects)]
                    outcomes |= {one.code for one in rejects + part.rejects}
                    if "external_key" in stored:
                        keys += stored["external_key"].tolist()
                        self.assertTrue(stored["amount"].notna().all())
                    outcomes |= {"stored"} if len(stored) else set()
        except UnreadableFile as error:
            return {error.code}
        self.assertEqual(len(rows), len(set(rows)))
        self.assertEqual(len(keys), len(set(keys)))
        self.assertTrue(all(keys))
        if b'"' not in content and source.layout["encoding"] != "utf-16":
            self.assertLessEqual(_filled_lines(content, source.layout), set(rows))
        return outcomes


def _filled_lines(content, layout):
    """The numbers of the lines below the headings where something stands, counted by hand."""
    end = b"\n" if b"\n" in content else b"\r"
    codec = "utf-8" if layout["encoding"] == "utf-8-sig" else layout["encoding"]
    content = content.removeprefix(b"\xef\xbb\xbf") if codec == "utf-8" else content
    nothing = {code: None for code in [*range(33), 0x3000, 0xFEFF, ord(layout["separator"])]}
    return {
        number for number, line in enumerate(content.split(end), 1)
        if number > layout["header_row"] and line.decode(codec, "replace").translate(nothing)
    }


def _rows(chance):
    """The headings and the rows, of sales or of people."""
    if chance.random() < 0.5:
        heading = _SALES
        rows = [
            [
                f"S{at // 2}", str(at % 2), f"2026/{chance.randint(1, 13)}/{chance.randint(1, 31)}",
                f"{chance.randint(1, 50):04}", chance.choice(_NAMES),
                chance.choice(['茶"大"', "茶\n壺", "急須", ""]),
                chance.choice(["1", "２", "x", ""]),
                chance.choice(_AMOUNTS),
            ]
            for at in range(chance.randint(0, 120))
        ]
    else:
        heading = _PEOPLE
        rows = [
            [
                f"{at:04}", chance.choice(_NAMES), "タナカ", chance.choice("12x"),
                chance.choice(["100-0001", "999-9999", "1"]), "東京都千代田区",
                chance.choice(["1-2", ""]), chance.choice(["03-1", "090-1234-5678"]), "a@b.jp",
                chance.choice(["S60.1.2", "2026/2/30", ""]),
            ]
            for at in range(chance.randint(0, 120))
        ]
    return heading, rows


def _table(chance):
    heading, rows = _rows(chance)
    text = io.StringIO()
    writer = csv.writer(
        text, quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        lineterminator=chance.choice(["\r\n", "\n", "\r"]), delimiter=chance.choice(",\t;"),
    )
    if chance.random() < 0.9:
        writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue()


def _damaged(chance, text):
    """The text in some encoding, then cut off, with bytes changed, put in, repeated."""
    data = text.encode(chance.choice(_ENCODINGS), "ignore")
    for _time in range(chance.randint(0, 4)):
        at = chance.randrange(len(data) + 1)
        head, tail = data[:at], data[at:]
        data = chance.choice([
            lambda head, tail: head,
            lambda head, tail: head + bytes(byte ^ 1 << chance.randrange(8) for byte in tail[:9])
            + tail[9:],
            lambda head, tail: head + b'"' + tail,
            lambda head, tail: head + b"," * chance.randint(1, 400) + tail,
            lambda head, tail: head + chance.randbytes(chance.randint(1, 50)) + tail,
            lambda head, tail: head + b"\n" * chance.randint(1, 5) + tail,
            lambda head, tail: head + b"\0" + tail,
            lambda head, tail: head + tail + tail,
        ])(head, tail)
    return data


def _workbook(chance):
    """The rows as a workbook, some of them as numbers, days, formulas and errors of cells."""
    book = openpyxl.Workbook()
    others = [1, 1.5, True, None, datetime(2026, 5, 1), time(3, 4), "=A1", "#N/A"]
    heading, rows = _rows(chance)
    for row in [heading, *rows]:
        book.active.append(
            [chance.choice(others) if chance.random() < 0.05 else cell for cell in row]
        )
    if chance.random() < 0.3:
        book.create_sheet("二")
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _damaged_workbook(chance, data):
    """The workbook cut off, with bits changed, or with one of the files in it damaged or gone."""
    how = chance.choice(["whole", "cut", "bits", "gone", "inside", "inside", "inside"])
    if how == "cut":
        return data[: chance.randrange(len(data))]
    if how == "bits":
        changed = bytearray(data)
        for _time in range(chance.randint(1, 5)):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    if how == "whole":
        return data
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(result, "w") as packed:
        names = whole.namelist()
        hit = chance.choice(names)
        for name in names:
            content = whole.read(name)
            if name == hit and how == "gone":
                continue
            if name == hit:
                at = chance.randrange(len(content) + 1)
                wrong = chance.choice([b'<c r="A1"><v>9</v></c>', b"999999", b"&#0;", b"<"])
                content = content[:at] + wrong + content[at + chance.randrange(30) :]
            packed.writestr(name, content)
    return result.getvalue()

import csv
import io
import random
from unittest.mock import patch

from odoo.tests import tagged

from ..reading import Mapping, SourceFile, UnreadableFile, convert, recognise, text_file
from .reading_common import Reading

FILES = 120
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


def _table(chance):
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

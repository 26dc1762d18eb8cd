import doctest
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from odoo.tests import BaseCase, tagged

from ..reading import Mapping, SourceFile, addresses, convert, headings, recognise, values


class Reading(BaseCase):
    """Reads texts as if they were files of a user."""

    def file(self, content, name="a.csv", encoding="cp932"):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def open(self, content, name="a.csv", encoding="cp932", layout=None):
        return SourceFile.open(self.file(content, name, encoding), name, layout)

    def read(self, content, name="a.csv", encoding="cp932", size=50_000, **options):
        """Return (rows, rejects) of a whole file, as it is recognised."""
        source = self.open(content, name, encoding)
        mapping = Mapping.from_json(recognise(source.headings, source.samples).to_json())
        mapping.options |= options
        return self.converted(source, mapping, size)

    def converted(self, source, mapping, size=50_000):
        tables, rejects = [], []
        for part in source.parts(size):
            rows, wrong = convert(part.frame, mapping, source.headings)
            tables.append(rows)
            rejects += part.rejects + wrong
        return pd.concat(tables), sorted(rejects)


@tagged("standard", "at_install")
class TestReading(Reading):
    """A file of another program becomes rows of ours."""

    def test_examples_of_the_docstrings(self):
        for module in (values, addresses, headings):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_sales_come_in_whatever_the_columns_are_called(self):
        rows, rejects = self.read(
            "伝票番号,行番号,売上日,顧客コード,商品コード,品名,数量,単価,金額\r\n"
            "A1,1,令和8年5月3日,0012,P1,緑茶,2,500,\"1,000\"\r\n"
            "A1,2,2026/5/4,0012,P2,急須,1,△3000,\r\n"
        )
        self.assertFalse(rejects)
        self.assertEqual(rows["date"].tolist(), [date(2026, 5, 3), date(2026, 5, 4)])
        self.assertEqual(rows["amount"].tolist(), [1000, -3000])
        self.assertEqual(rows["customer_code"].tolist(), ["0012", "0012"])
        self.assertEqual(rows["external_key"].tolist(), ["A1/1", "A1/2"])

    def test_what_cannot_be_stored_comes_back_with_its_line_and_reason(self):
        rows, rejects = self.read(
            "売上日,顧客コード,金額\n"
            "2026/2/30,1,100\n"
            "2026/5/1,2,無料\n"
            "2026/5/1,3,100\n"
            ",4,100\n"
            "2026/5/1,5,1,000\n"
        )
        self.assertEqual(rows.index.tolist(), [4])
        self.assertEqual(
            [(one.row, one.column, one.value, one.code) for one in rejects],
            [
                (2, "売上日", "2026/2/30", "not_a_date"),
                (3, "金額", "無料", "not_a_number"),
                (5, "売上日", "", "missing"),
                (6, "", "", "too_many_columns"),
            ],
        )
        self.assertEqual(rejects[0].raw, "2026/2/30,1,100")

    def test_the_same_file_gives_the_same_keys_in_parts_of_any_size(self):
        lines = ["売上日,伝票番号,商品コード,金額"]
        lines += [f"2026/5/{day % 9 + 1},S{day // 4},P{day % 2},100" for day in range(40)]
        whole, _rejects = self.read("\n".join(lines))
        parts, _rejects = self.read("\n".join(lines), size=3)
        self.assertEqual(whole["external_key"].tolist(), parts["external_key"].tolist())
        self.assertEqual(whole["external_key"].nunique(), 40)

    def test_customers(self):
        rows, rejects = self.read(
            "顧客コード,氏名,フリガナ,性別,郵便番号,住所,電話番号１,電話番号２,電話番号３,生年月日\n"
            "001,春山ひとみ,ハルヤマ "
            "ヒトミ,2,100-001,東京都千代田区内幸町1-2-3,3,1234,5678,S60.1.2\n"
        )
        self.assertFalse(rejects)
        row = rows.loc[2]
        self.assertEqual((row["family_name"], row["given_name"]), ("春山", "ひとみ"))
        self.assertTrue(row["name_unsure"])
        self.assertEqual((row["gender"], row["birthdate"]), ("female", date(1985, 1, 2)))
        self.assertEqual((row["state"], row["city"], row["street"]),
                         ("東京都", "千代田区", "内幸町1-2-3"))
        self.assertEqual(row["phone"], "03-1234-5678")
        self.assertEqual(row["zip"], "100-001")
        self.assertIn(("郵便番号", "bad_postal_code"), row["warnings"])

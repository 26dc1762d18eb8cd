import doctest
import time

from odoo.tests import BaseCase, tagged

from ..sheets import cells, marks, pasted


@tagged("standard", "at_install")
class TestSheets(BaseCase):
    """Lists as offices send them around."""

    def test_examples_in_the_texts(self):
        for module in (cells, marks, pasted):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)

    def test_columns_by_their_headings_in_any_order(self):
        columns, rows = pasted.read("電話\t氏名\tその他\t顧客コード\n03-1\t田中\tx\tK-1\n")
        self.assertEqual(columns, ["phone", "name", None, "code"])
        self.assertEqual(rows, [(2, {"phone": "03-1", "name": "田中", "code": "K-1"})])

    def test_codes_alone(self):
        columns, rows = pasted.read("K-1\r\n\r\nK-2")
        self.assertEqual(columns, ["code"])
        self.assertEqual(rows, [(1, {"code": "K-1"}), (3, {"code": "K-2"})])

    def test_columns_without_headings_by_what_stands_in_them(self):
        columns, _rows = pasted.read("田中 一郎\tタナカ イチロウ\ta@b.jp\t03-1234-5678\t00012")
        self.assertEqual(columns, ["name", "kana", "email", "phone", "code"])

    def test_commas_and_quotes(self):
        _columns, rows = pasted.read('コード,氏名\nK-1,"田中, 一郎"\nK-2,"二\n行"\nK-3,三')
        self.assertEqual([row.line for row in rows], [2, 3, 5])
        self.assertEqual(rows[0].cells["name"], "田中, 一郎")

    def test_a_quote_that_is_never_closed_swallows_nobody(self):
        text = "\n".join(["コード\t氏名", 'K-0\t"田中', *(f"K-{i}\t名{i}" for i in range(1, 100))])
        _columns, rows = pasted.read(text)
        self.assertEqual(len(rows), 100)

    def test_nothing(self):
        self.assertEqual(pasted.read(" \n\t\n")[1], [])

    def test_ten_times_the_lines_take_about_ten_times_as_long(self):
        """A hundred times would be what looking at all lines for each of them takes."""
        few = min(self._seconds(10_000) for _ in range(3))
        self.assertLess(self._seconds(100_000), 40 * few)

    def _seconds(self, lines):
        """How long reading so many lines keeps the processor busy."""
        text = "顧客コード\t氏名\n" + "\n".join(f"K-{i}\t名前{i}" for i in range(lines))
        begun = time.process_time()
        _columns, rows = pasted.read(text)
        self.assertEqual(len(rows), lines)
        return time.process_time() - begun

    def test_the_company_is_the_name_only_where_no_other_name_stands(self):
        self.assertEqual(pasted.read("会社名\t氏名\nA\tB")[0], [None, "name"])
        self.assertEqual(pasted.read("会社名\t電話\nA\t1")[0], ["name", "phone"])

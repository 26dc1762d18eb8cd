import random
from unittest.mock import patch

from odoo.tests import tagged

from ..reading import SourceFile, convert, recognise, text_file
from .reading_common import Reading

HEAD = "伝票番号,売上日,顧客名,商品名,数量,金額\n"


@tagged("standard", "at_install")
class TestReadingPlaces(Reading):
    """Reading goes on in the middle of a file as if it had never stopped."""

    def _parts(self, path, place=None, seen=()):
        """Read parts; each with what a later reading needs to go on behind it."""
        source = SourceFile.open(path)
        mapping = recognise(source.headings, source.samples)
        read = []
        for part in source.parts(50, place=place, seen=seen):
            memory = part.frame.attrs["memory"]
            rows, rejects = convert(part.frame, mapping, source.headings)
            told = (part.number, rows.astype(str).to_csv(), sorted(part.rejects + rejects))
            read.append((told, part.place, memory.added()))
        return read

    def _check(self, text, encoding="cp932"):
        path = self.file(text, encoding=encoding)
        with patch.object(text_file, "BLOCK", 2_000):
            whole = self._parts(path)
            placed = 0
            for at, (_told, place, _added) in enumerate(whole[:-1]):
                if not place:
                    continue
                placed += 1
                rest = self._parts(path, place, [added for _t, _p, added in whole[: at + 1]])
                self.assertEqual(
                    [told for told, _p, _a in rest], [told for told, _p, _a in whole[at + 1 :]]
                )
        return placed, len(whole)

    def _line(self, at, name="山田 花子"):
        return f"{at // 3},2026/05/{at % 30 + 1:02},{name},緑茶,{at % 5},{at % 7}00\n"

    def test_lines_that_occur_again_are_numbered_as_if_read_at_once(self):
        text = HEAD + "".join(map(self._line, range(900)))
        placed, parts = self._check(text)
        self.assertEqual(placed, parts - 2)  # the first one ends in the block of the headings
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            self._check(text, encoding)
        self._check(text.replace("\n", "\r"))

    def test_rows_over_several_lines_and_broken_ones(self):
        order = random.Random(5)
        names = ['"山田\n花子"', "森", '"原, 一"', '閉じ"ない', "余,り,が,多い"]
        text = HEAD + "".join(self._line(at, order.choice(names)) for at in range(900))
        placed, _parts = self._check(text)
        self.assertGreater(placed, 5)

    def test_bytes_that_are_no_text(self):
        lines = [self._line(at).encode("cp932") for at in range(600)]
        lines[300] = lines[300].replace("山".encode("cp932"), b"\x81\x00")
        placed, _parts = self._check(HEAD.encode("cp932") + b"".join(lines))
        self.assertGreater(placed, 5)

    def test_only_the_rest_of_the_file_is_read(self):
        path = self.file(HEAD + "".join(map(self._line, range(900))))
        with patch.object(text_file, "BLOCK", 2_000):
            whole = self._parts(path)
            _told, place, _added = whole[-3]
            source = SourceFile.open(path)
            [*_passed, last] = source.parts(50, place=place)
        self.assertGreater(place["at"][0], 0.8 * source.size_hint)
        self.assertEqual(last.position, source.size_hint)

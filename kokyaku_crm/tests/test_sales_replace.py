import io
import random
from unittest.mock import patch

import pandas as pd

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCase

SLIPS = ["伝票番号", "売上日", "氏名", "商品名", "金額"]
DAYS = ["売上日", "氏名", "商品名", "金額"]


@tagged("post_install", "-at_install")
class TestSalesReplace(ImportCase):
    """A corrected file of a till that numbers neither lines nor, perhaps, slips."""

    def _bring(self, rows, columns, answer="", source="レジ", extra=""):
        text = pd.DataFrame(rows, columns=columns).to_csv(index=False) + extra
        return self._bring_text(text, answer, source)

    def _bring_text(self, text, answer="", source="レジ"):
        import_ = self.imports._receive(io.BytesIO(text.encode("cp932")), "売上.csv")
        file = import_.look()
        file["mapping"]["options"] |= {"replaces": answer, "tax_included": True}
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": source})
        self.runs._work()
        self.assertEqual(import_.state, "done", import_.problem)
        return import_.sudo()

    def _counted(self, columns, source="レジ"):
        """What counts now, as sorted rows of a file."""
        records = self.env["kokyaku.sales.record"].search(
            [("source", "=", source), ("is_cancelled", "!=", True)]
        )
        rows = [
            (one.slip or "", str(one.date), one.buyer_name, one.product_name, int(one.amount))
            for one in records
        ]
        return sorted(row[-len(columns):] for row in rows)

    def test_by_default_what_is_not_in_the_file_stays(self):
        rows = [("2026-05-01", "森", "茶", 100), ("2026-05-01", "原", "茶", 200)]
        self._bring(rows, DAYS)
        self._bring(rows[:1], DAYS)
        self.assertEqual(self._counted(DAYS), sorted(rows))

    def test_a_corrected_amount_replaces_the_line_of_its_day(self):
        old = [("2026-05-01", "森", "茶", 100), ("2026-05-01", "原", "茶", 200),
               ("2026-05-02", "原", "茶", 300)]  # fmt: skip
        first = self._bring(old, DAYS)
        new = [("2026-05-01", "森", "茶", 150), ("2026-05-01", "原", "茶", 200)]
        second = self._bring(new, DAYS, "days")
        self.assertEqual(self._counted(DAYS), sorted([*new, old[2]]))
        self.assertEqual((second.new_count, second.same_count, second.taken_out_count), (1, 1, 1))
        # The same once more changes nothing, and undoing brings the first file back.
        third = self._bring(new, DAYS, "days")
        self.assertEqual((third.new_count, third.same_count, third.taken_out_count), (0, 2, 0))
        third.with_user(self.clerk).action_undo()
        second.with_user(self.clerk).action_undo()
        self.assertEqual(self._counted(DAYS), sorted(old))
        self.assertEqual(first.state, "done")

    def test_many_lines_are_taken_out_in_a_turn_of_their_own(self):
        """Else that and the linking would have to be done within one time limit."""
        old = [("2026-05-01", "森", "茶", 100), ("2026-05-01", "原", "茶", 200)]
        self._bring(old, DAYS)
        turns = []
        imports = type(self.env["kokyaku.import"])
        work = imports._run_import

        def turn(import_, run):
            result = work(import_, run)
            turns.append((bool(import_.taken_out_count), import_.is_recalled, result))
            return result

        module = "odoo.addons.kokyaku_crm.models.kokyaku_sales_record_replace.AT_ONCE"
        with patch(module, 0), patch.object(imports, "_run_import", turn):
            second = self._bring(old[:1], DAYS, "days")
        self.assertEqual(turns[0], (True, False, {"again": True}))
        self.assertTrue(turns[-1][1])
        self.assertEqual((second.taken_out_count, self._counted(DAYS)), (1, old[:1]))

    def test_a_mended_second_line_does_not_overwrite_the_first(self):
        old = [("1", "2026-05-01", "森", "茶", 100), ("1", "2026-05-01", "森", "茶", 200)]
        self._bring(old, SLIPS)
        # Alone it cannot be told which one it is: it comes back, nothing is overwritten.
        alone = self._bring([("1", "2026-05-01", "森", "茶", 250)], SLIPS)
        self.assertEqual((alone.updated_count, alone.rejected_count), (0, 1))
        self.assertEqual(alone.reject_ids.code, "which_line")
        self.assertEqual(self._counted(SLIPS), sorted(old))
        # The whole slip corrects.
        new = [old[0], ("1", "2026-05-01", "森", "茶", 250)]
        self._bring(new, SLIPS)
        self.assertEqual(self._counted(SLIPS), sorted(new))
        # And a whole slip with a line less takes it out, if so it was answered.
        self._bring(new[1:], SLIPS, "slips")
        self.assertEqual(self._counted(SLIPS), new[1:])

    def test_nothing_is_taken_out_by_itself_when_rows_were_rejected(self):
        old = [("2026-05-01", "森", "茶", 100), ("2026-05-01", "原", "茶", 200),
               ("2026-05-01", "原", "器", 900)]  # fmt: skip
        self._bring(old, DAYS)
        broken = self._bring(old[:1], DAYS, "days", extra="2026-05-01,原,茶,二百\n")
        self.assertEqual((broken.stale_count, broken.taken_out_count), (2, 0))
        self.assertEqual(self._counted(DAYS), sorted(old))
        # The mended rows come in by the same settings, and replace nothing by themselves …
        _name, content, _type = broken.with_user(self.clerk)._rejects_file("csv")
        mended = content.decode("utf-8-sig").replace("二百", "200")
        mended = self._bring_text(mended.replace("「200」", ""), "days")
        self.assertEqual((mended.same_count, mended.taken_out_count), (1, 0))
        self.assertEqual(self._counted(DAYS), sorted(old))
        # … and what the office then takes out is what neither file has.
        broken.with_user(self.clerk).action_take_out()
        self.assertEqual(self._counted(DAYS), sorted(old[:2]))
        with self.assertRaisesRegex(UserError, "nothing"):
            broken.with_user(self.clerk).action_take_out()

    def test_a_corrected_buyer_nobody_knows_is_looked_for_once(self):
        """It was looked for in every turn, and the import never ended."""
        self._bring([("1", "2026-05-01", "森", "茶", 100)], SLIPS)
        link_lines = type(self.env["kokyaku.sales.link"])._link_lines
        turns = []

        def counted(links, *words, **more):
            turns.append(1)
            self.assertLess(len(turns), 5)
            return link_lines(links, *words, **more)

        with patch.object(type(self.env["kokyaku.sales.link"]), "_link_lines", counted):
            self._bring([("1", "2026-05-01", "原", "茶", 100)], SLIPS)
        self.assertEqual(self._counted(SLIPS), [("1", "2026-05-01", "原", "茶", 100)])

    def test_other_sources_slips_and_days_are_not_touched(self):
        rows = [("1", "2026-05-01", "森", "茶", 100), ("2", "2026-05-01", "原", "茶", 200)]
        self._bring(rows, SLIPS)
        self._bring(rows, SLIPS, source="通販")
        self._bring([("1", "2026-05-01", "森", "器", 500)], SLIPS, "slips")
        self.assertEqual(
            self._counted(SLIPS), [("1", "2026-05-01", "森", "器", 500), rows[1]]
        )
        self.assertEqual(self._counted(SLIPS, "通販"), sorted(rows))

    def test_corrected_slips_end_as_pandas_says(self):
        self._check_months(SLIPS, "slips", "伝票番号")

    def test_corrected_days_end_as_pandas_says(self):
        self._check_months(DAYS, "days", "売上日")

    def _check_months(self, columns, answer, key):
        """Each file replaces its slips (or days): an independent computation."""
        order = random.Random(7)
        kept = pd.DataFrame(columns=columns)
        for _month in range(4):
            rows = [
                (str(order.randint(1, 9)), f"2026-05-{order.randint(1, 9):02}",
                 order.choice(["森", "原"]), order.choice(["茶", "器"]),
                 order.randint(1, 4) * 110)
                for _line in range(order.randint(5, 25))
            ]  # fmt: skip
            rows = [row[-len(columns):] for row in rows]
            if answer == "slips":  # a slip has one day, as on paper
                rows = [(row[0], f"2026-05-0{row[0]}", *row[2:]) for row in rows]
            self._bring(rows, columns, answer)
            file = pd.DataFrame(rows, columns=columns)
            kept = pd.concat([kept[~kept[key].isin(file[key])], file])
            self.assertEqual(
                self._counted(columns), sorted(kept.itertuples(index=False, name=None))
            )

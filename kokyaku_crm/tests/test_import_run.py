from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.kokyaku_import_work import KokyakuImport as Work
from ..reading import Reject, convert, converting, sales, text_file
from .import_common import SALES, ImportCase

RUN_LOGGER = "odoo.addons.kokyaku_crm.models.kokyaku_run_work"
READER = "odoo.addons.kokyaku_crm.models.import_reader."
TURN = "odoo.addons.kokyaku_crm.models.kokyaku_import_work.TURN"


@tagged("post_install", "-at_install")
class TestImportRun(ImportCase):
    """A file is worked off in the background, part by part."""

    def _many(self, count):
        lines = [f"{n},2026/05/01,K-1,黒木 健一,緑茶,1,1000" for n in range(1, count + 1)]
        return "\n".join([SALES.split("\n")[0], *lines]) + "\n"

    def test_every_row_is_stored_or_comes_back_with_its_reason(self):
        import_ = self._file()
        self._set_up(import_)
        self.assertEqual(import_.state, "running")
        self._work()
        self.assertEqual(import_.state, "done")
        self.assertEqual((import_.row_count, import_.new_count, import_.rejected_count), (5, 3, 2))
        self.assertEqual(self.stored, [2, 3, 6])
        first, second = self._rejects(import_)
        self.assertEqual((first.row, first.column, first.value), (4, "売上日", "2026/2/30"))
        self.assertEqual(first.raw, "1003,2026/2/30,K-003,春山 ひとみ,緑茶,1,1000")
        self.assertEqual((second.row, second.column, second.value), (5, "金額", "千円"))
        self.assertNotEqual(first.reason, first.code, "a reason is a sentence")
        self.assertTrue(import_.imported_at)
        self.assertEqual(import_.run_id.state, "done")

    def test_parts_are_counted_together(self):
        import_ = self._file(self._many(25))
        self._set_up(import_)
        self._work(rows=10)
        self.assertEqual((import_.parts_done, import_.row_count, import_.new_count), (3, 25, 25))
        self.assertEqual(self.stored, list(range(2, 27)))

    def test_the_run_lets_go_and_comes_back_to_the_next_part(self):
        import_ = self._file(self._many(45))
        self._set_up(import_)
        turns = []
        again = Work._run_import

        def counted(import_, run):
            turns.append(import_.parts_done)
            return again(import_, run)

        with patch(TURN, -1), patch.object(Work, "_run_import", counted):
            self._work(rows=10)
        self.assertEqual(turns, [0, 1, 2, 3, 4, 5])
        self.assertEqual(import_.state, "done")
        self.assertEqual(self.stored, list(range(2, 47)))

    def test_the_bar_leaves_room_for_the_linking(self):
        """It stood at 97 % for more than half of the time a million lines take."""
        import_ = self._file(self._many(40))
        self._set_up(import_)
        links = type(self.env["kokyaku.sales.link"])
        link_lines, reached = links._link_lines, []

        def ten_at_a_time(links, company, import_=None, after=0):
            reached.append(import_.run_id.progress)
            return link_lines(links, company, import_, after, lines=10)

        with patch.object(links, "_link_lines", ten_at_a_time):
            self.runs._work()
        self.assertEqual((import_.state, import_.new_count), ("done", 40))
        self.assertEqual(reached, [50, 61.25, 72.5, 83.75, 95])
        self.assertEqual(import_.run_id.progress, 100)

    def test_after_a_restart_a_large_file_is_not_read_from_its_beginning(self):
        first, last = self._many(1).split("\n")[1], "401,2026/05/01,K-1,黒木 健一,緑茶,1,1000\n"
        import_ = self._file(self._many(400) + last + first.replace("1000", "9000") + "\n")
        self._set_up(import_)
        converted, keys = [], []
        convert = sales.convert

        def counted(columns):
            converted.append(columns.size)
            return convert(columns)

        with (
            patch(TURN, -1),
            patch(READER + "LONG", 0),
            patch(READER + "Reader.resume", classmethod(lambda reader, import_: None)),
            patch.object(text_file, "BLOCK", 1_000),
            patch.object(sales, "convert", counted),
            patch.dict(converting._KINDS, {"sales": counted}),
        ):
            self._work(rows=20, store=lambda frame: keys.extend(frame["external_key"]))
        self.assertEqual(self.stored, list(range(2, 404)))
        self.assertEqual((keys[0], keys[-1]), ("1/緑茶", "1/緑茶#2"))
        # Each part once, and once ahead of a turn that ended; nothing before them again, but
        # for the first block, which holds the headings.
        self.assertLess(sum(converted), 2 * 400 + 200)
        self.env.cr.execute("SELECT count(*) FROM kokyaku_import_mark")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_a_failing_part_leaves_those_before_it_and_can_be_gone_on_with(self):
        import_ = self._file(self._many(20))
        self._set_up(import_)

        closed = "台帳が閉じられています。"

        def fail(frame):
            if frame.index[0] > 10:
                raise UserError(closed)

        with mute_logger(RUN_LOGGER):
            self._work(rows=10, store=fail)
        self.assertEqual((import_.state, import_.problem), ("failed", closed))
        import_.action_go_on()
        self._work(rows=10)
        self.assertEqual((import_.state, import_.problem, import_.row_count), ("done", False, 20))

    def test_where_nothing_can_be_stored_it_stops_after_the_first_part(self):
        """A wrong column would send millions of rows back."""
        wrong = self._many(10).replace("2026/05/01", "2026/2/30")
        right = self._many(30).split("\n", 11)[-1]
        import_ = self._file(wrong + right)
        self._set_up(import_)
        self._work(rows=10)
        self.assertEqual((import_.state, import_.rejected_count), ("stopped", 10))
        self.assertEqual(self.stored, [])
        self.assertIn("None of the first 10 rows", import_.problem)
        import_.action_go_on()
        self._work(rows=10)
        self.assertEqual((import_.state, import_.problem), ("done", False))
        self.assertEqual((import_.new_count, import_.rejected_count), (20, 10))

    def test_a_small_file_of_which_nothing_can_be_stored_is_read_to_its_end(self):
        import_ = self._file(self._many(10).replace("2026/05/01", "2026/2/30"))
        self._set_up(import_)
        self._work(rows=10)
        self.assertEqual((import_.state, import_.rejected_count), ("done", 10))

    def test_what_failed_and_was_taken_back_has_no_problem_any_more(self):
        import_ = self._file(self._many(20))
        self._set_up(import_)
        import_.sudo().write({"state": "failed", "problem": "台帳が閉じられています。"})
        import_.action_undo()
        self.assertEqual((import_.state, import_.problem), ("undone", False))

    def test_a_running_import_is_stopped_after_the_part_at_work(self):
        import_ = self._file(self._many(30))
        self._set_up(import_)

        def somebody_stops(frame):
            import_.action_stop()

        self._work(rows=10, store=somebody_stops)
        self.assertEqual((import_.state, import_.row_count), ("stopped", 10))
        self.assertEqual(import_.run_id.state, "done")
        import_.action_go_on()
        self._work(rows=10)
        self.assertEqual((import_.state, import_.row_count), ("done", 30))

    def test_a_waiting_import_is_stopped_at_once(self):
        import_ = self._file()
        self._set_up(import_)
        import_.action_stop()
        self.assertEqual((import_.state, import_.run_id.state), ("stopped", "cancelled"))
        self._work()
        self.assertFalse(self.stored)

    def test_a_row_nobody_answers_for_is_not_lost_in_silence(self):
        import_ = self._file()
        self._set_up(import_)
        package = "odoo.addons.kokyaku_crm.reading.convert"
        def forgetful(*words):
            rows, rejects = convert(*words)
            return rows.drop(index=[3]), rejects

        with patch(package, forgetful):
            self._work()
        lost = self._rejects(import_).filtered(lambda one: one.row == 3)
        self.assertEqual(lost.code, "not_stored")
        self.assertIn("鈴木 三郎", lost.raw)
        self.assertEqual(import_.rejected_count, 3)

    def test_what_a_loader_refuses_is_counted_and_keeps_its_row(self):
        import_ = self._file()
        self._set_up(import_)
        def load(import_, frame):
            import_._reject([Reject(2, "商品名", "緑茶", "not_stored", "")])
            return {"new": len(frame) - 1, "rejected": 1}

        with patch.object(Work, "_loader", lambda import_: lambda frame: load(import_, frame)):
            self.runs._work()
        self.assertEqual((import_.new_count, import_.rejected_count), (2, 3))
        self.assertIn("黒木 健一", self._rejects(import_)[0].raw)

    def test_only_the_program_writes_down_what_an_import_did(self):
        import_ = self._file()
        for values in ({"state": "done"}, {"attachment_id": False}, {"row_count": 1}):
            with self.assertRaises(AccessError):
                import_.write(values)
        self._set_up(import_)
        with self.assertRaises(UserError):
            import_.mapping = {}
        with self.assertRaises(UserError):
            import_.begin({})

    def test_others_read_what_was_imported_and_outsiders_nothing(self):
        import_ = self._file()
        self._set_up(import_)
        self._work()
        import_.with_user(self.analyst).read(["file_name", "rejected_count"])
        with self.assertRaises(AccessError):
            import_.with_user(self.analyst).look()
        with self.assertRaises(AccessError):
            import_.with_user(self.analyst).action_undo()
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                import_.with_user(user).read(["file_name"])

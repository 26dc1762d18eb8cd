from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..codes.line_code import code_of, id_of
from .common import KokyakuCase


class ResponseCase(KokyakuCase):
    """An invitation to two people and a company; the third was left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation = cls._execution("新年会のご案内", cls.kuroki, cls.suzuki, cls.wing)
        cls.of_kuroki, cls.of_suzuki, cls.of_wing = cls.invitation.line_ids.sorted("id")
        cls.of_wing.write({"exclusion": "complaint", "sent_on": False})
        cls.attends = cls.env.ref("kokyaku_crm.response_attends")
        cls.absent = cls.env.ref("kokyaku_crm.response_absent")
        cls.returned = cls.env.ref("kokyaku_crm.response_returned")
        cls.nothing = cls.env.ref("kokyaku_crm.response_none")

    @classmethod
    def _execution(cls, name, *partners, day=date(2026, 5, 2), **values):
        company = cls.company.id
        the_set = cls.env["kokyaku.selection.set"].create({"name": name, "company_id": company})
        execution = cls.env["kokyaku.selection.execution"].create(
            {
                "set_id": the_set.id,
                "company_id": company,
                "name": name,
                "state": "executed",
                "date": day,
                **values,
            }
        )
        cls.env["kokyaku.execution.line"].create(
            [
                {
                    "execution_id": execution.id,
                    "set_id": the_set.id,
                    "company_id": company,
                    "partner_id": partner.id,
                    "name_text": partner.name,
                    "sent_on": day,
                }
                for partner in partners
            ]
        )
        return execution

    def _at_screen(self, user=None):
        return self.invitation.with_env(self._as(user or self.clerk))

    def _answer(self, kind=None, **values):
        return {"type_id": (kind or self.attends).id, **values}


@tagged("post_install", "-at_install")
class TestResponses(ResponseCase):
    """応答登録: entered one by one."""

    def test_an_answer_stands_on_the_line_and_is_counted(self):
        said = self.of_kuroki._respond(self.attends, date(2026, 5, 20), 2, "遅れて到着")
        self.assertEqual(said, {self.of_kuroki.id: "new"})
        self.assertRecordValues(
            self.of_kuroki,
            [
                {
                    "response_type_id": self.attends.id,
                    "response_date": date(2026, 5, 20),
                    "companions": 2,
                    "response_note": "遅れて到着",
                    "response_source": "manual",
                }
            ],
        )
        self.of_suzuki._respond(self.absent)
        self.assertRecordValues(
            self.invitation,
            [
                {
                    "response_count": 2,
                    "positive_count": 1,
                    "attending_count": 1,
                    "companion_count": 2,
                }
            ],
        )

    def test_the_same_again_changes_nothing_and_says_so(self):
        self.of_kuroki._respond(self.attends, date(2026, 5, 20), note="了解")
        self.assertEqual(self.of_kuroki._respond(self.attends), {self.of_kuroki.id: "same"})
        self.assertEqual(self.of_kuroki.response_date, date(2026, 5, 20))
        self.assertEqual(self.of_kuroki.response_note, "了解")

    def test_another_answer_leaves_a_trace_of_the_first(self):
        self.of_kuroki._respond(self.attends, date(2026, 5, 10), 2, "楽しみです")
        said = self.of_kuroki._respond(self.absent, date(2026, 5, 20), note="急用")
        self.assertEqual(said, {self.of_kuroki.id: "changed"})
        self.assertEqual(self.of_kuroki.response_type_id, self.absent)
        self.assertEqual(self.of_kuroki.companions, 0)
        self.assertEqual(self.of_kuroki.response_note, "急用 ← Attends +2 (2026-05-10) 楽しみです")

    def test_an_answer_of_tomorrow_or_a_thousand_companions_are_refused(self):
        with self.assertRaisesRegex(UserError, "lies in the future"):
            self.of_kuroki._respond(self.attends, date.today() + timedelta(days=3))
        with self.assertRaisesRegex(UserError, "-1 companions"):
            self.of_kuroki._respond(self.attends, companions=-1)
        self.assertFalse(self.of_kuroki.response_type_id)

    def test_a_cancelled_execution_takes_no_answer(self):
        self.invitation.state = "cancelled"
        with self.assertRaisesRegex(UserError, "新年会のご案内.* was cancelled"):
            self.of_kuroki._respond(self.attends)
        self.assertFalse(self.of_kuroki.response_type_id)

    def test_post_that_came_back_marks_the_address(self):
        self.of_kuroki._respond(self.returned, date(2026, 5, 5))
        self.assertEqual(self.kuroki.returned_mail, date(2026, 5, 5))
        self.assertFalse(self.suzuki.returned_mail)
        self.assertEqual(self.invitation.response_count, 0, "nobody has answered")

    def test_a_wrong_returned_answer_takes_its_mark_along_but_no_other(self):
        self.suzuki.returned_mail = date(2026, 5, 1)  # known before
        for line in (self.of_kuroki, self.of_suzuki):
            line._respond(self.returned, date(2026, 5, 5))
            line._respond(self.attends, date(2026, 5, 6))
        self.assertFalse(self.kuroki.returned_mail)
        self.assertEqual(self.suzuki.returned_mail, date(2026, 5, 1))

    def test_who_only_reads_enters_nothing(self):
        with self.assertRaises(AccessError):
            self._at_screen(self.analyst).respond_enter(self.kuroki.id, self._answer())
        with self.assertRaises(AccessError):
            self._at_screen(self.analyst).respond_undo(self.of_kuroki.id, {})

    def test_another_company_is_not_found(self):
        other = self.env["res.company"].create({"name": "別会社"})
        stranger = self.env["res.partner"].create({"name": "別宮 太郎", "company_id": other.id})
        screen = self._at_screen()
        self.assertEqual(screen.respond_find("別宮"), [])
        with self.assertRaises(UserError):
            screen.respond_enter(stranger.id, self._answer())


@tagged("post_install", "-at_install")
class TestResponseScreen(ResponseCase):
    """応答登録: the screen for typing and for the code reader."""

    def test_people_are_found_by_name_and_code_those_addressed_first(self):
        self.suzuki.ref = "K-77"
        screen = self._at_screen()
        (found,) = screen.respond_find("K-77")
        self.assertEqual((found["line_id"], found["name"]), (self.of_suzuki.id, "鈴木 三郎"))
        self.env["res.partner"].create({"name": "黒木 次郎", "company_id": self.company.id})
        names = [(one["name"], bool(one["line_id"])) for one in screen.respond_find("黒木")]
        self.assertEqual(names, [("黒木 健一", True), ("黒木 次郎", False)])
        self.assertEqual(screen.respond_find("  "), [])

    def test_who_was_not_addressed_is_added(self):
        entered = self._at_screen().respond_enter(self.haruyama.id, self._answer(companions=1))
        self.assertIn("not addressed", entered["warning"])
        line = self.invitation.line_ids.filtered(lambda one: one.partner_id == self.haruyama)
        self.assertTrue(line.is_late)
        self.assertEqual((line.exclusion, line.sent_on), ("unasked", False), "nothing goes out")
        self.assertEqual((line.response_type_id, line.companions), (self.attends, 1))
        self._at_screen().respond_undo(line.id, entered["before"])
        self.assertFalse(line.exists())

    def test_who_was_left_out_may_answer_and_the_clerk_is_told(self):
        entered = self._at_screen().respond_enter(self.wing.id, self._answer())
        self.assertIn("left out", entered["warning"])
        self.assertEqual(self.of_wing.response_type_id, self.attends)

    def test_a_read_code_enters_the_chosen_answer(self):
        entered = self._at_screen().respond_scan(code_of(self.of_suzuki.id), self._answer())
        self.assertEqual((entered["name"], entered["said"]), ("鈴木 三郎", "new"))
        self.assertEqual(self.of_suzuki.response_source, "code")
        again = self._at_screen().respond_scan(code_of(self.of_suzuki.id), self._answer())
        self.assertEqual(again["said"], "same")
        self.assertIn("nothing changed", again["warning"])

    def test_a_misread_code_changes_nothing(self):
        code = code_of(self.of_suzuki.id)
        wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
        for read, message in (
            (wrong, "misread"),
            ("", "misread"),
            ("A-12", "misread"),
            (code_of(2**31 - 1), "Nothing was ever sent"),
        ):
            self.assertIn(message, self._at_screen().respond_scan(read, self._answer())["error"])
        self.assertFalse(self.of_suzuki.response_type_id)

    def test_a_piece_of_another_execution_is_named_and_not_entered(self):
        gifts = self._execution("お歳暮", self.kuroki)
        said = self._at_screen().respond_scan(code_of(gifts.line_ids.id), self._answer())
        self.assertIn("お歳暮", said["error"])
        self.assertFalse(gifts.line_ids.response_type_id)

    def test_undo_brings_the_former_answer_back(self):
        screen = self._at_screen()
        screen.respond_enter(self.kuroki.id, self._answer(note="出席"))
        entered = screen.respond_enter(self.kuroki.id, self._answer(self.returned))
        self.assertTrue(self.kuroki.returned_mail)
        self.assertIn("Attends", entered["warning"])
        screen.respond_undo(self.of_kuroki.id, entered["before"])
        self.assertEqual(self.of_kuroki.response_type_id, self.attends)
        self.assertEqual(self.of_kuroki.response_note, "出席")
        self.assertFalse(self.kuroki.returned_mail)
        self.assertEqual(self.invitation.positive_count, 1)

    def test_the_screen_offers_what_can_be_answered(self):
        self._execution("中止した会", self.kuroki, state="cancelled")
        offered = self._at_screen().respond_screen()
        self.assertEqual([one["id"] for one in offered["executions"]], self.invitation.ids)
        self.assertTrue(offered["can_enter"])
        self.assertFalse(self._at_screen(self.analyst).respond_screen()["can_enter"])
        self.assertNotIn(self.nothing.id, [one["id"] for one in offered["types"]])

    def test_codes_find_every_wrong_digit_and_every_exchange(self):
        code = code_of(4711)
        self.assertEqual(id_of(code), 4711)
        for place, digit in enumerate(code):
            for other in set("0123456789") - {digit}:
                with self.assertRaises(ValueError):
                    id_of(code[:place] + other + code[place + 1 :])
        for place in range(len(code) - 1):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            if swapped != code:
                with self.assertRaises(ValueError):
                    id_of(swapped)


@tagged("post_install", "-at_install")
class TestNoAnswer(ResponseCase):
    """回答なし: entered by itself when the time to answer is over."""

    def test_who_has_not_answered_in_time_has_not_answered(self):
        self.of_kuroki._respond(self.attends)
        self.invitation.answer_until = date.today() - timedelta(days=2)
        self.invitation._cron_no_answer()
        self.assertEqual(self.of_suzuki.response_type_id, self.nothing)
        self.assertEqual(self.of_suzuki.response_source, "auto")
        self.assertEqual(self.of_kuroki.response_type_id, self.attends)
        self.assertFalse(self.of_wing.response_type_id, "nothing was sent to them")
        self.assertEqual(self.invitation.response_count, 1)

    def test_a_late_answer_takes_its_place_without_a_trace(self):
        self.invitation.answer_until = date.today() - timedelta(days=2)
        self.invitation._cron_no_answer()
        self.of_suzuki._respond(self.attends, note="遅くなりました")
        self.assertEqual(self.of_suzuki.response_type_id, self.attends)
        self.assertEqual(self.of_suzuki.response_note, "遅くなりました")
        self.invitation._cron_no_answer()
        self.assertEqual(self.of_suzuki.response_type_id, self.attends)

    def test_before_the_day_nothing_is_entered(self):
        self.invitation.answer_until = date.today() + timedelta(days=2)
        self.invitation._cron_no_answer()
        self.assertFalse(self.of_suzuki.response_type_id)

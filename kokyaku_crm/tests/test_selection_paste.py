import io
from base64 import b64decode, b64encode

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..sheets import workbook
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSelectionPaste(KokyakuCase):
    """A block pasted out of Excel, and Excel files that come back."""

    def setUp(self):
        super().setUp()
        self.kuroki.write({"ref": "K-001", "email": "Kuroki@example.com"})
        self.suzuki.write({"ref": "K-002", "phone": "03-1234-5678"})
        self.haruyama.write({"ref": "K-003", "kana": "ハルヤマ ヒトミ"})
        self.env["kokyaku.partner.key"]._fill()
        self.set = self._as(self.clerk)["kokyaku.selection.set"].create({"name": "お歳暮"})

    def _paste(self, text, **values):
        pastes = self._as(self.clerk)["kokyaku.selection.paste"]
        paste = pastes.create({"set_id": self.set.id, "text": text, **values})
        paste.action_check()
        return paste

    def _file(self, headings, rows):
        content = workbook.write("送付先", headings, rows)
        return {"file": b64encode(content), "file_name": "送付先.xlsx"}

    def _members(self, excluded=False):
        members = self.set.member_ids.filtered(lambda member: member.excluded == excluded)
        return members.partner_id

    def test_found_by_code_then_mail_then_phone_then_name(self):
        paste = self._paste(
            "顧客コード\t氏名\tメール\t電話\n"
            "Ｋ－００１\t\t\t\n"
            "\t\t\t０３（１２３４）５６７８\n"
            "\t春山　ひとみ\t\t\n"
        )
        self.assertEqual(
            paste.line_ids.mapped(lambda line: (line.line_no, line.partner_id, line.found_by)),
            [
                (2, self.kuroki, "code"),
                (3, self.suzuki, "phone"),
                (4, self.haruyama, "name"),
            ],
        )
        self.assertFalse(paste.problem_ids)
        paste.action_apply()
        self.assertEqual(self._members(), self.kuroki | self.suzuki | self.haruyama)

    def test_by_mail_in_any_case(self):
        paste = self._paste("KUROKI@example.com")
        self.assertEqual(paste.line_ids.partner_id, self.kuroki)

    def test_nobody_is_dropped_in_silence(self):
        paste = self._paste("顧客コード\t備考\nK-001\tよろしく\nK-999\t\n\t誰か\n\nK-001\t")
        self.assertEqual(
            paste.line_ids.mapped(lambda line: (line.line_no, line.problem)),
            [(2, False), (3, "unknown"), (4, "blank"), (6, "twice")],
        )
        self.assertIn("2 not found", paste.summary)
        action = paste.action_apply()
        self.assertIn("2 lines had nobody", action["params"]["message"])
        self.assertEqual(self.set.member_ids.reason, "よろしく")

    def test_several_candidates_are_chosen_by_hand(self):
        other = self.env["res.partner"].create({"name": "春山 ひとみ"})
        paste = self._paste("氏名\n春山ひとみ")
        line = paste.problem_ids
        self.assertEqual(line.problem, "several")
        self.assertEqual(line.candidate_ids, self.haruyama | other)
        line.partner_id = other
        paste.action_apply()
        self.assertEqual(self._members(), other)

    def test_the_reading_tells_namesakes_apart(self):
        self.env["res.partner"].create({"name": "春山 ひとみ", "kana": "シュンザン ヒトミ"})
        paste = self._paste("氏名\tフリガナ\n春山ひとみ\tはるやま　ひとみ")
        self.assertEqual(paste.line_ids.partner_id, self.haruyama)

    def test_the_name_tells_those_with_one_phone_apart(self):
        self.kuroki.phone = self.suzuki.phone
        paste = self._paste("氏名\t電話\n黒木健一\t0312345678\n誰か\t0312345678")
        self.assertEqual(paste.line_ids[0].partner_id, self.kuroki)
        self.assertEqual(paste.line_ids[1].problem, "several")

    def test_a_code_with_another_name_is_pointed_out(self):
        paste = self._paste("顧客コード\t氏名\nK-001\t鈴木三郎")
        self.assertEqual(paste.line_ids.partner_id, self.kuroki)
        self.assertEqual(paste.problem_ids.problem, "name")

    def test_archived_people_and_those_of_other_companies_are_not_found(self):
        self.kuroki.active = False
        self.suzuki.company_id = self.env["res.company"].create({"name": "別会社"})
        paste = self._paste("K-001\nK-002")
        self.assertEqual(paste.line_ids.mapped("problem"), ["archived", "unknown"])
        self.assertFalse(paste.line_ids.partner_id)

    def test_taking_out_by_a_list(self):
        self.set._add_people(self.kuroki | self.suzuki)
        paste = self._paste("K-001\nK-003")
        paste.write({"operation": "remove", "reason": "退会"})
        self.assertIn("0 come in, 1 go out", paste.summary)
        paste.action_apply()
        self.assertEqual(self._members(), self.suzuki)
        self.assertEqual(self._members(excluded=True), self.kuroki)

    def test_a_list_without_any_known_column(self):
        with self.assertRaisesRegex(UserError, "headings"):
            self._paste("備考\nよろしく")
        with self.assertRaisesRegex(UserError, "headings"):
            self._paste("")

    def test_too_many_lines(self):
        with self.assertRaisesRegex(UserError, "divide"):
            self._paste("コード\n" + "\n".join(map(str, range(100_001))))

    def test_the_marks_of_a_workbook_are_followed_after_they_were_shown(self):
        self.set._add_people(self.kuroki | self.suzuki, origin="criteria")
        rows = [
            ["K-001", "×", "退職"], ["K-002", "○", ""], ["K-003", "", ""], ["K-404", "×", ""],
        ]
        paste = self._paste("", **self._file(["顧客コード", "残す", "備考"], rows))
        self.assertEqual(paste.operation, "marks")
        self.assertIn("1 come in, 1 go out", paste.summary)
        self.assertEqual(paste.problem_ids.mapped("line_no"), [5])
        self.assertEqual(self._members(), self.kuroki | self.suzuki, "nothing changed yet")
        paste.action_apply()
        self.assertEqual(self._members(), self.suzuki | self.haruyama)
        gone = self.set.member_ids.filtered("excluded")
        self.assertEqual((gone.partner_id, gone.reason), (self.kuroki, "退職"))

    def test_marks_that_say_nothing_or_two_things_change_nothing(self):
        self.set._add_people(self.kuroki | self.suzuki)
        paste = self._paste("顧客コード\t残す\nK-001\t△\nK-002\t×\nK-002\t○")
        self.assertEqual(paste.problem_ids.mapped("problem"), ["mark", "conflict", "conflict"])
        paste.action_apply()
        self.assertEqual(self._members(), self.kuroki | self.suzuki)

    def test_an_unmarked_line_brings_nobody_back_who_was_taken_out(self):
        self.set._add_people(self.kuroki)
        self.set._remove_people(self.kuroki)
        self._paste("顧客コード\t残す\nK-001\t").action_apply()
        self.assertFalse(self._members())
        self._paste("顧客コード\t残す\nK-001\t○").action_apply()
        self.assertEqual(self._members(), self.kuroki)

    def test_shift_jis_is_read_and_a_picture_is_not(self):
        text = "顧客コード,氏名\nK-001,黒木健一\n".encode("cp932")
        paste = self._paste("", file=b64encode(text), file_name="名簿.csv")
        self.assertEqual(paste.line_ids.partner_id, self.kuroki)
        for content in (b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0"):
            with self.assertRaisesRegex(UserError, "名簿.png"):
                self._paste("", file=b64encode(content), file_name="名簿.png")

    def test_the_result_can_be_downloaded(self):
        paste = self._paste("顧客コード\t氏名\nK-001\t黒木健一\nK-9\t=HYPERLINK(\"x\")")
        paste.action_download()
        sheet = openpyxl.load_workbook(io.BytesIO(b64decode(paste.result_file))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[1][0], 2)
        self.assertEqual(rows[1][9:11], ("K-001", "黒木 健一"))
        self.assertIn("Nobody", rows[2][11])
        self.assertEqual(sheet.cell(3, 3).data_type, "s")

    def test_a_confirmed_set_takes_no_list(self):
        paste = self._paste("K-001")
        self.set.sudo().state = "confirmed"
        with self.assertRaisesRegex(UserError, "locked"):
            paste.action_apply()

    def test_an_analyst_reads_no_list_in(self):
        with self.assertRaises(AccessError):
            self._as(self.analyst)["kokyaku.selection.paste"].create({"set_id": self.set.id})

    def test_it_warns_while_not_everybody_can_be_found_yet(self):
        self.assertTrue(self._paste("K-001").is_search_ready)
        self.env["ir.config_parameter"].set_param("kokyaku_crm.search_keys", "old")
        self.assertFalse(self._paste("K-001").is_search_ready)

import doctest
from base64 import b64decode, b64encode
from datetime import date
from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..codes import line_code
from ..codes.line_code import code_of
from ..sheets import answers
from .test_selection_responses import ResponseCase


@tagged("post_install", "-at_install")
class TestResponseList(ResponseCase):
    """応答の一括登録: pasted lists and files."""

    def _list(self, text=None, **values):
        return (
            self.env["kokyaku.response.list"]
            .with_env(self._as(self.clerk))
            .create(
                {
                    "execution_id": self.invitation.id,
                    "text": text,
                    "date": date(2026, 5, 20),
                    **values,
                }
            )
        )

    def test_the_examples_of_the_rules_hold(self):
        for module in (answers, line_code):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    def test_code_customer_code_name_and_mail_each_find_their_person(self):
        self.kuroki.ref = "K-001"
        self.wing.email = "Info@Wing.example"
        one = self._list(
            "K-001\tAttends\t２名\t遅れます\n"
            f"{code_of(self.of_suzuki.id)}\t30\n"
            "info@wing.example\tApplied\n"
        )
        one.action_check()
        self.assertIn("Can be registered: 3", one.summary)
        self.assertFalse(self.of_kuroki.response_type_id, "looked up only")
        one.action_apply()
        self.assertRecordValues(
            self.of_kuroki,
            [
                {
                    "response_type_id": self.attends.id,
                    "companions": 2,
                    "response_note": "遅れます",
                    "response_date": date(2026, 5, 20),
                    "response_source": "list",
                }
            ],
        )
        self.assertEqual(self.of_suzuki.response_type_id, self.absent)
        self.assertTrue(self.of_wing.response_type_id)
        self.assertEqual(self.invitation.response_count, 3)

    def test_names_are_found_however_they_are_spaced(self):
        self._list("黒木健一\n鈴木　三郎\n", response_type_id=self.attends.id).action_apply()
        self.assertEqual((self.of_kuroki | self.of_suzuki).response_type_id, self.attends)

    def test_every_line_that_cannot_be_entered_says_why(self):
        self.env["res.partner"].create([{"name": "高橋 花子"}, {"name": "高橋 花子"}])
        one = self._list(
            "誰も 知らない,Attends\n"
            "黒木 健一,Maybe\n"
            "鈴木 三郎,Attends,たくさん\n"
            ",Attends\n"
            "高橋 花子,Attends\n"
            "株式会社ウィング,Attends\n"
            "株式会社ウィング,Does Not Attend\n"
        )
        one.action_apply()
        for text in (
            "Nobody was found: 1",
            "This response is not in the master data, or none was chosen: 1",
            "The number of companions cannot be read: 1",
            "No name and no code: 1",
            "Several people fit: use the customer code: 1",
            "Stands again further down: the last line counts: 1",
            "Registered: 1",
        ):
            self.assertIn(text, one.summary.split("\n"))
        self.assertEqual(self.of_wing.response_type_id, self.absent)
        self.assertFalse((self.of_kuroki | self.of_suzuki).response_type_id)

    def test_the_result_is_a_workbook_of_every_line_with_its_number(self):
        from openpyxl import load_workbook  # noqa: PLC0415

        one = self._list("氏名,出欠\n黒木 健一,Attends\n\n=誰,Attends\n")
        one.action_apply()
        sheet = load_workbook(BytesIO(b64decode(one.result_file))).active
        rows = [[cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        self.assertEqual(rows[1][:3] + rows[1][5:], [2, "黒木 健一", "Attends", "Registered"])
        self.assertEqual(rows[2][:2] + rows[2][5:], [4, "=誰", "Nobody was found"])

    def test_who_was_not_addressed_is_added_only_when_asked_for(self):
        self._list("春山 ひとみ,Attends").action_apply()
        self.assertNotIn(self.haruyama, self.invitation.line_ids.partner_id)
        one = self._list("春山 ひとみ,Attends", add_unaddressed=True)
        one.action_check()
        self.assertIn("Was not addressed: 1", one.summary)
        one.action_apply()
        line = self.invitation.line_ids.filtered(lambda line: line.partner_id == self.haruyama)
        self.assertTrue(line.is_late)
        self.assertEqual(line.response_type_id, self.attends)

    def test_the_same_list_again_changes_nothing(self):
        self._list("黒木 健一,Attends").action_apply()
        again = self._list("黒木 健一,Attends")
        again.action_apply()
        self.assertEqual(again.summary, "Was registered like this before: 1")

    def test_files_of_windows_and_of_the_rest_of_the_world(self):
        text = "氏名,出欠,同伴\n黒木 健一,Attends,1\n"
        for encoding in ("cp932", "utf-8-sig"):
            self.of_kuroki.write({"response_type_id": False, "companions": 0})
            self._list(
                file=b64encode(text.encode(encoding)), file_name="回答.csv", encoding=encoding
            ).action_apply()
            self.assertEqual(self.of_kuroki.companions, 1, encoding)
            self.assertEqual(self.of_kuroki.response_source, "file")

    def test_a_wrong_encoding_or_a_broken_file_is_named_and_nothing_entered(self):
        content = b64encode("氏名\n黒木 健一\n".encode("cp932"))
        with self.assertRaisesRegex(UserError, "回答.csv.*encoding"):
            self._list(file=content, file_name="回答.csv", encoding="utf-8-sig").action_check()
        with self.assertRaisesRegex(UserError, "回答.xlsx.*cannot be read"):
            self._list(file=b64encode(b"PK\x03\x04.."), file_name="回答.xlsx").action_check()
        with self.assertRaisesRegex(UserError, "no line yet"):
            self._list("\n \n").action_check()

    def test_readers_and_other_companies_are_kept_out(self):
        with self.assertRaises(AccessError):
            self.env["kokyaku.response.list"].with_env(self._as(self.analyst)).create(
                {"execution_id": self.invitation.id}
            )
        other = self.env["res.company"].create({"name": "別会社"})
        self.env["res.partner"].create({"name": "別宮 太郎", "ref": "X-1", "company_id": other.id})
        one = self._list("X-1,Attends\n別宮 太郎,Attends", add_unaddressed=True)
        one.action_apply()
        self.assertEqual(one.summary, "Nobody was found: 2")

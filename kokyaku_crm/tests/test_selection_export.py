import csv
import io
from base64 import b64decode
from unittest.mock import patch

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..wizards import selection_export
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSelectionExport(KokyakuCase):
    """The recipients as Excel, CSV and on paper."""

    def setUp(self):
        super().setUp()
        self.wing.write({"street": "渋谷1-2-3", "city": "渋谷区", "zip": "150-0001"})
        self.kuroki.write({"ref": "K-001", "function": "部長", "user_id": self.clerk.id})
        self.suzuki.write({"ref": "K-002", "phone": "+81-3-1234-5678", "name": "𠮷田 三郎"})
        sets = self._as(self.clerk)["kokyaku.selection.set"]
        self.last = sets.create({"name": "昨年のお歳暮"})
        self.set = sets.create({"name": "お歳暮", "previous_id": self.last.id})
        self.set._add_people(self.kuroki | self.suzuki | self.haruyama, reason="得意先")
        self.set._remove_people(self.haruyama)

    def _wizard(self, kind, *columns, source=None, **values):
        env = self._as(self.clerk)
        profile = env["kokyaku.selection.profile"].create(
            {"name": "試し", "line_ids": [Command.create({"column": name, "sequence": index})
                                        for index, name in enumerate(columns)]}
        )
        source = source or self.set
        fname = "set_id" if source._name == "kokyaku.selection.set" else "execution_id"
        return env["kokyaku.selection.export"].create(
            {fname: source.id, "kind": kind, "profile_id": profile.id, **values}
        )

    def _sheet(self, wizard):
        wizard.action_make()
        return openpyxl.load_workbook(io.BytesIO(b64decode(wizard.file))).active

    def _execution(self, one, **line):
        execution = self.env["kokyaku.selection.execution"].create(
            {"set_id": one.id, "company_id": self.company.id, "name": "発送", "item": "海苔"}
        )
        common = {"execution_id": execution.id, "set_id": one.id, "company_id": self.company.id}
        lines = self.env["kokyaku.execution.line"]
        lines.create({**common, "partner_id": self.kuroki.id, **line})
        lines.create({**common, "partner_id": self.suzuki.id, "exclusion": "mourning"})
        lines.create({**common, "partner_id": self.haruyama.id, "is_control": True})
        return execution

    def test_excel_with_the_columns_in_the_order_chosen(self):
        sheet = self._sheet(self._wizard("xlsx", "name", "code", "company", "address", "reason"))
        rows = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]
        self.assertEqual(rows[0][:2], ("Full Name", "Customer Code"))
        self.assertEqual(
            sorted(rows[1:]),
            [
                ("黒木 健一", "K-001", "株式会社ウィング", "渋谷区渋谷1-2-3", "得意先"),
                ("𠮷田 三郎", "K-002", "株式会社ウィング", "渋谷区渋谷1-2-3", "得意先"),
            ],
        )

    def test_a_text_is_no_formula(self):
        self.kuroki.ref = "=1+1"
        sheet = self._sheet(self._wizard("xlsx", "code"))
        self.assertIn(("=1+1", "s"), [(row[0].value, row[0].data_type) for row in sheet.rows])
        wizard = self._wizard("csv_utf8", "code", "phone")
        wizard.action_make()
        text = b64decode(wizard.file).decode("utf-8-sig")
        self.assertIn("'=1+1", text)
        self.assertIn("'+81-3-1234-5678", text)

    def test_csv_in_utf8_has_a_mark_for_excel(self):
        wizard = self._wizard("csv_utf8", "code", "name")
        wizard.action_make()
        content = b64decode(wizard.file)
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        self.assertIn(["K-002", "𠮷田 三郎"], rows)
        self.assertEqual(wizard.file_name, f"{self.set.number} お歳暮.csv")

    def test_a_kanji_that_shift_jis_lacks_is_shown_before_it_is_replaced(self):
        self.haruyama.user_id = self.clerk
        wizard = self._wizard("csv_cp932", "code", "name")
        wizard.action_make()
        self.assertEqual(wizard.state, "problems")
        self.assertIn("K-002", wizard.problems)
        self.assertIn("𠮷", wizard.problems)
        wizard.action_replace()
        self.assertEqual(wizard.state, "input")
        self.assertIn("〓田 三郎", b64decode(wizard.file).decode("cp932"))

    def test_what_an_execution_sends_is_as_it_was_frozen(self):
        execution = self._execution(
            self.set, name_text="黒木健一", address_text="東京都渋谷区\n旧ビル", noshi="plain",
            item="菓子",
        )
        self.kuroki.name = "黒木 改名"
        sheet = self._sheet(
            self._wizard("xlsx", "code", "name", "address", "item", "noshi", source=execution)
        )
        rows = list(sheet.iter_rows(values_only=True))[1:]
        self.assertEqual(rows, [("K-001", "黒木健一", "東京都渋谷区 旧ビル", "菓子", "Plain")])

    def test_the_checklist_goes_out_and_comes_in_again(self):
        self._execution(self.last).write({"state": "executed"})
        sheet = self._sheet(self._wizard("checklist"))
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0][:3], ("Keep", "Remarks", "Customer Code"))
        self.assertEqual({row[0] for row in rows[1:]}, {"○"})
        self.assertEqual({row[2]: row[-1] for row in rows[1:]}, {"K-001": "海苔", "K-002": None})
        lines = ["\t".join(cell or "" for cell in row) for row in rows]
        lines = [line.replace("○\t\tK-001", "×\t退職\tK-001") for line in lines]
        paste = self._as(self.clerk)["kokyaku.selection.paste"].create(
            {"set_id": self.set.id, "text": "\n".join(lines)}
        )
        paste.action_check()
        self.assertFalse(paste.problem_ids)
        self.assertIn("0 come in, 1 go out", paste.summary)
        paste.action_apply()
        gone = self.set.member_ids.filtered(lambda member: member.partner_id == self.kuroki)
        self.assertEqual((gone.excluded, gone.reason), (True, "退職"))

    def test_the_checklist_on_paper(self):
        wizard = self._wizard("pdf")
        wizard.action_make()
        content = b64decode(wizard.file)
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertTrue(wizard.file_name.endswith(".pdf"))

    def test_an_empty_set_gives_an_empty_list(self):
        empty = self.set.create({"name": "空", "company_id": self.company.id})
        sheet = self._sheet(self._wizard("xlsx", "code", source=empty))
        self.assertEqual(sheet.max_row, 1)
        self._wizard("pdf", source=empty).action_make()

    def test_many_are_written_in_the_background(self):
        wizard = self._wizard("xlsx", "code")
        with patch.object(selection_export, "BACKGROUND", 1):
            wizard.action_make()
        self.assertFalse(wizard.file)
        run = self.env["kokyaku.run"].search([("kind", "=", "selection_export")], limit=1)
        result = run.with_user(self.clerk)._run_selection_export(run)
        self.assertIn("お歳暮", result)
        sheet = openpyxl.load_workbook(io.BytesIO(run.attachment_id.raw)).active
        self.assertEqual(sheet.max_row, 3)

    def test_the_background_names_the_characters_too(self):
        with patch.object(selection_export, "BACKGROUND", 1):
            self._wizard("csv_cp932", "name").action_make()
        run = self.env["kokyaku.run"].search([("kind", "=", "selection_export")], limit=1)
        with self.assertRaisesRegex(UserError, "𠮷"):
            run.with_user(self.clerk)._run_selection_export(run)

    def test_no_columns_no_file(self):
        with self.assertRaisesRegex(UserError, "column"):
            self._wizard("xlsx").action_make()

    def test_a_first_profile_is_there_and_everyone_has_their_own(self):
        mine = self._as(self.clerk)["kokyaku.selection.profile"]._mine()
        self.assertEqual(mine.line_ids[0].column, "code")
        self.assertNotIn(mine, self._as(self.manager)["kokyaku.selection.profile"].search([]))

    def test_a_set_of_another_company_is_not_written(self):
        other = self.env["res.company"].create({"name": "別会社"})
        foreign = self.env["kokyaku.selection.set"].create({"name": "他", "company_id": other.id})
        with self.assertRaises(AccessError):
            self._wizard("xlsx", "code", source=foreign).action_make()

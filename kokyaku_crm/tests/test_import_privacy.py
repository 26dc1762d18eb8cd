from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from .import_common import ImportCase

# Every row is refused for its date.
ROWS = """伝票番号,売上日,顧客コード,氏名,電話番号,郵便番号,商品名,金額
1,2026/2/30,Z-77,,,,緑茶,1000
2,2026/2/30,,白洲　次郎丸,,195-0053,緑茶,1000
3,2026/2/30,,,０９０ー５５５５ー７７７７,,緑茶,1000
4,2026/2/30,,ｼﾗｽ ｼﾞﾛｳﾏﾙ,+81 90-5555-7777,,緑茶,1000
5,2026/2/30,,白洲 正子,090-5555-7777,,緑茶,1000
6,2026/2/30,,白洲 次郎丸,,100-0001,緑茶,1000
7,2026/2/30,Z-78,春山 ひとみ,,,緑茶,1000
"""
THEIRS = [2, 3, 4, 5]  # lines of the file; 6 is another at the same telephone, 7 a namesake


@tagged("post_install", "-at_install")
class TestImportPrivacy(ImportCase):
    """Rows that were not stored, and the files themselves, are personal data too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {
                "name": "白洲 次郎丸",
                "kana": "シラス ジロウマル",
                "ref": "Z-77",
                "mobile_phone": "090-5555-7777",
                "zip": "195-0053",
            }
        )

    def _refused(self, text=ROWS):
        import_ = self._file(text)
        self._set_up(import_)
        self._work()
        return import_.sudo()

    def _erase(self):
        self.person.with_user(self.manager)._erase("本人の申し出")

    def test_erasing_empties_the_rows_that_speak_of_the_person_and_no_others(self):
        import_ = self._refused()
        self.assertEqual(len(import_.reject_ids), 7)
        self._erase()
        gone = import_.reject_ids.filtered(lambda one: one.code == "erased")
        self.assertEqual(gone.mapped("row"), THEIRS)
        self.assertFalse(any(gone.mapped("raw")) or any(gone.mapped("value")))
        kept = (import_.reject_ids - gone).mapped("raw")
        self.assertEqual([row.split(",")[0] for row in kept], ["5", "6", "7"])
        self.assertEqual(import_.rejected_count, 7)

    def test_erased_rows_are_not_in_the_file_to_be_mended(self):
        import_ = self._refused()
        self._erase()
        _name, content, _type = import_.with_user(self.clerk)._rejects_file("csv")
        lines = content.decode("utf-8-sig").splitlines()
        self.assertEqual([line.split(",")[0] for line in lines[1:]], ["5", "6", "7"])

    def test_rows_with_lost_columns_are_found_by_name_and_number(self):
        import_ = self._refused(
            "売上日,氏名,電話番号,金額\n"
            "2026/05/01,白洲,次郎丸,090-5555-7777,1000\n"
            "2026/05/01,白洲,正子,090-5555-7777,1000\n"
            "2026/05/01,春山 ひとみ,,1000\n"
        )
        self._erase()
        erased = import_.reject_ids.filtered(lambda one: one.code == "erased")
        self.assertEqual(erased.mapped("row"), [2])

    def test_rows_are_found_by_an_index_of_their_text(self):
        """Each row that is kept is in it, also those of which somebody else wrote down why; and
        what was in the cells of an erased one is not."""
        import_ = self._refused()
        count = """SELECT count(*) FILTER (WHERE grams <> '{}'), count(raw), count(*)
                     FROM kokyaku_import_reject WHERE import_id = %s"""
        self.assertEqual(self.env.execute_query(SQL(count, import_.id)), [(7, 7, 7)])
        self._erase()
        self.env.flush_all()
        self.assertEqual(self.env.execute_query(SQL(count, import_.id)), [(3, 3, 7)])

    def test_rows_from_before_there_was_an_index_are_found_too(self):
        import_ = self._refused()
        self.env.cr.execute("UPDATE kokyaku_import_reject SET grams = NULL")
        self._erase()
        gone = import_.reject_ids.filtered(lambda one: one.code == "erased")
        self.assertEqual(gone.mapped("row"), THEIRS)

    def test_a_code_too_short_for_the_index_is_found(self):
        self.person.ref = "Z"
        import_ = self._refused(
            "伝票番号,売上日,顧客コード,商品名,金額\n"
            "1,2026/2/30,Ｚ,緑茶,1000\n2,2026/2/30,ZA,緑茶,1000\n"
        )
        self._erase()
        gone = import_.reject_ids.filtered(lambda one: one.code == "erased")
        self.assertEqual(gone.mapped("row"), [2])

    def test_a_row_of_a_person_is_told_on_disclosure(self):
        import_ = self._refused()
        sections = dict(self.person.sudo()._disclosure_sections())
        rows = sections["Rows of Files with a Remark"]
        self.assertEqual([int(row[1]) for row in rows[1:]], THEIRS)
        self.assertIn("白洲　次郎丸", rows[2][2])
        [_head, file] = sections["Imported Files that Are Still Kept"]
        self.assertEqual(file[0], import_.file_name)

    def test_the_file_itself_is_deleted_and_the_summary_says_so(self):
        import_ = self._refused()
        other = self._refused(ROWS.partition("\n")[0] + "\n9,2026/2/30,Z-9,,,,茶,1\n")
        wizard = Form(
            self.env["kokyaku.privacy.erase"]
            .with_user(self.manager)
            .with_context(active_id=self.person.id)
        )
        self.assertIn(import_.file_name, wizard.goes)
        self.assertIn("4 rows of imported files", wizard.goes)
        self.assertIn("90 days", wizard.stays)
        file = import_.attachment_id
        self._erase()
        self.assertFalse(file.exists())
        self.assertTrue(other.attachment_id.exists())

    def test_a_file_that_is_being_read_is_deleted_afterwards(self):
        import_ = self._refused()
        import_.state = "running"
        self._erase()
        imports = self.env["kokyaku.import"]
        imports._gc_import_files()
        self.assertTrue(import_.attachment_id)
        import_.state = "done"
        imports._gc_import_files()
        self.assertFalse(import_.attachment_id)

    def test_rows_of_customers_that_still_wait_go_too(self):
        import_ = self._file("顧客コード,氏名,電話番号\nN-1,白洲 次郎丸,090-5555-7777\n"
                             "N-2,白洲 正子,090-5555-7777\n", "名簿.csv")  # fmt: skip
        self._set_up(import_)
        self.runs._work()
        lines = self.env["kokyaku.import.person"].search([("import_id", "=", import_.id)])
        lines.write({"partner_id": False})
        self.assertEqual(len(lines), 2)
        self._erase()
        self.assertEqual(lines.exists().mapped("ref"), ["N-2"])

    def test_files_and_rejected_rows_end_ninety_days_after_they_came(self):
        import_ = self._refused()
        imports = self.env["kokyaku.import"]
        self.assertEqual((import_.kept_until - import_.create_date.date()).days, 90)
        for days, kept in ((89, True), (91, False)):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE kokyaku_import SET create_date = %s, write_date = now() WHERE id = %s",
                [fields.Datetime.now() - timedelta(days=days), import_.id],
            )
            self.env.invalidate_all()
            imports._gc_import_files()
            imports._gc_rejected_rows()
            self.assertEqual(bool(import_.attachment_id), kept, days)
            self.assertEqual(bool(import_.reject_ids), kept, days)
        self.assertEqual(import_.rejected_count, 7)

    def test_only_those_who_may_import_read_rows_and_files(self):
        import_ = self._refused()
        file, rejects = import_.attachment_id.sudo(False), import_.reject_ids.sudo(False)
        import_ = import_.sudo(False)
        for user in (self.clerk, self.seller, self.manager):
            self.assertTrue(file.with_user(user).raw)
            self.assertTrue(rejects.with_user(user).read(["raw"]))
        plain = new_test_user(self.env, "kc_plain", "sales_team.group_sale_salesman")
        for user in (self.analyst, self.outsider, plain, self.portal):
            for secret in (file, rejects):
                with self.assertRaises(AccessError, msg=user.login):
                    secret.with_user(user).read(["raw"])
            with self.assertRaises(AccessError, msg=user.login):
                import_.with_user(user)._rejects_file("csv")
        Form(import_.with_user(self.analyst))  # the counts

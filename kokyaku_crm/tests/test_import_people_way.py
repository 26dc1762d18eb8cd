import csv
import io

from odoo.tests import tagged

from .common import KokyakuCase

FILE = """顧客コード,氏名,フリガナ,会社名,部署,役職,郵便番号,住所,電話番号,生年月日
K-001,佐藤　花子,ｻﾄｳ ﾊﾅｺ,,,,150-0001,東京都渋谷区神宮前1-2-3,090-1111-2222,昭和55年5月6日
K-002,山田 太郎,ヤマダ タロウ,株式会社青空商事,総務部,部長,100-0001,東京都千代田区千代田1-1,,
K-003,春山 ひとみ,ハルヤマ ヒトミ,,,,,,03-5555-6666,
K-003,鈴木 一郎,スズキ イチロウ,,,,,,,
"""


@tagged("post_install", "-at_install")
class TestImportPeopleWay(KokyakuCase):
    """A file of customers, dropped onto the screen, all the way to the persons and back."""

    def _planned(self, import_):
        import_.invalidate_recordset()
        return (
            import_.planned_new_count,
            import_.planned_update_count,
            import_.planned_same_count,
        )

    def test_from_the_file_to_the_persons_and_back(self):
        self.env["kokyaku.partner.key"]._fill()
        runs = self.env["kokyaku.run"]
        runs.search([("state", "in", ("queued", "running"))]).write({"state": "cancelled"})
        self.haruyama.phone = "03-5555-6666"
        imports = self.env["kokyaku.import"].with_user(self.clerk)
        import_ = imports._receive(io.BytesIO(FILE.encode("cp932")), "名簿.csv")
        file = import_.look()
        self.assertEqual(file["mapping"]["kind"], "customers")
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "旧台帳"})
        runs._work()
        self.assertEqual(import_.state, "staged", import_.problem)
        self.assertEqual(import_.row_count, 4)
        lines = self.env["kokyaku.import.person"].search([("import_id", "=", import_.id)])
        lines = lines.sorted("row")
        self.assertEqual(lines.mapped("verdict"), ["new", "new", "doubtful", "doubtful"])
        self.assertEqual((import_.doubtful_count, import_.waiting_count), (2, 2))
        self.assertEqual(self._planned(import_), (2, 0, 0))
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "K-001")]))

        # What is not decided can be had as a file, in the columns and words of the one imported.
        name, content, _type = import_._rejects_file("csv")
        heads, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        self.assertEqual(heads[:10], FILE.split("\n")[0].split(","))
        self.assertEqual([row[1] for row in rows], ["春山 ひとみ", "鈴木 一郎"])
        self.assertEqual([row[10] for row in rows], ["4", "5"])
        self.assertIn("two names", rows[1][11])

        lines[2].with_user(self.clerk).action_decide_partner()
        lines[3].with_user(self.clerk).action_decide_skip()
        self.assertEqual(self._planned(import_), (2, 1, 0))
        import_.action_apply_people()
        runs._work()
        self.assertEqual((import_.state, import_.new_count, import_.updated_count), ("done", 2, 1))
        hanako, taro = (
            self.env["res.partner"].search([("ref", "=", ref)]) for ref in ("K-001", "K-002")
        )
        self.assertEqual(str(hanako.birthdate), "1980-05-06")
        self.assertEqual((hanako.city, hanako.street), ("渋谷区", "神宮前1-2-3"))
        self.assertEqual(hanako.acquired_note, "名簿.csv")
        self.assertEqual(taro.parent_id.name, "株式会社青空商事")
        self.assertEqual(taro.affiliation_ids.department, "総務部")
        self.assertEqual(self.haruyama.ref, "K-003")
        self.assertEqual(self._planned(import_), (0, 0, 0))
        action = import_.action_open_persons()
        self.assertEqual(action["display_name"], "Imported People")
        persons = self.env["res.partner"].with_user(self.clerk).search(action["domain"])
        self.assertEqual(persons, hanako | taro | self.haruyama)

        import_.action_undo()
        self.assertEqual(import_.state, "undone")
        self.assertFalse((hanako | taro).exists())
        self.assertFalse(self.haruyama.ref)

from odoo.tests import tagged

from .import_people_common import ImportPeopleCase

FIRST = {"name": "山田 太郎", "mobile": "090-1111-2222", "company_name": "株式会社青空商事"}
SECOND = {"name": "山田太郎", "mobile": "09011112222", "company_name": "緑川工業㈱",
          "function": "顧問", "department": "技術部", "zip": "530-0001", "city": "大阪市北区",
          "street": "梅田2-2", "phone": "06-1234-5678"}  # fmt: skip


@tagged("post_install", "-at_install")
class TestImportPeopleCards(ImportPeopleCase):
    """Two business cards of one person at two companies."""

    def test_the_second_company_becomes_a_second_affiliation(self):
        import_ = self._import(FIRST, SECOND)
        self.assertEqual(self._verdicts(import_), ["new", "twin"])
        self._apply(import_)
        taro = self._lines(import_).partner_id
        self.assertEqual(len(taro), 1)
        self.assertEqual(taro.parent_id.name, "株式会社青空商事")
        self.assertFalse(taro.function)
        self.assertFalse(taro.parent_id.street)
        main, second = taro.affiliation_ids.sorted("is_main", reverse=True)
        self.assertRecordValues(
            main | second,
            [
                {"is_main": True, "kind": "regular", "department": False, "function": False},
                {"is_main": False, "kind": "concurrent", "department": "技術部",
                 "function": "顧問"},
            ],
        )  # fmt: skip
        self.assertEqual(main.company_partner_id, taro.parent_id)
        self.assertEqual(second.company_partner_id.name, "緑川工業㈱")
        self.assertEqual(second.company_partner_id.street, "梅田2-2")
        found = self.env["res.partner"].name_search("緑川工業")
        self.assertIn(taro.id, [number for number, _name in found])
        companies = main.company_partner_id | second.company_partner_id
        import_._undo_people()
        self.assertFalse((taro | companies).exists())

    def test_two_cards_of_one_company_stay_one_affiliation(self):
        import_ = self._import(FIRST, {**SECOND, "company_name": "㈱青空商事"})
        self._apply(import_)
        taro = self._lines(import_).partner_id
        self.assertEqual(taro.affiliation_ids.mapped("department"), ["技術部"])
        self.assertEqual((taro.function, taro.street), ("顧問", "梅田2-2"))

    def test_of_somebody_known_the_other_company_is_listed(self):
        """Whether they have moved only the office can say."""
        self.kuroki.write({"mobile_phone": "090-1111-2222"})
        self.env.flush_all()
        import_ = self._import(
            {"name": "黒木 健一", "mobile": "090-1111-2222", "company_name": "ウィング"},
            {**SECOND, "name": "黒木 健一"},
        )
        self._apply(import_)
        self.assertIn((2, "company_name", "緑川工業㈱", "other_company"), self._doubts(import_))
        self.assertEqual(self.kuroki.parent_id, self.wing)

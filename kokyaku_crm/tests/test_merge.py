from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestMerge(KokyakuCase):
    """Merging two people loses nothing of ours."""

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target, extra_checks=False)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_chart()

    def setUp(self):
        super().setUp()
        self.keep, self.gone = self.env["res.partner"].create(
            [{"name": "山田 太郎"}, {"name": "山田 太朗", "kana": "ヤマダ タロウ"}]
        )

    def test_types_of_both_are_kept(self):
        types = self.env["kokyaku.personal.type"].create(
            [{"code": f"K{number}", "name": f"種別{number}"} for number in range(3)]
        )
        selections = self.env["kokyaku.selection.type"].create(
            [{"code": f"K{number}", "name": f"用途{number}"} for number in range(3)]
        )
        self.keep.personal_type_ids = types[:2]
        self.gone.personal_type_ids = types[1:]
        self.gone.selection_type_ids = selections
        self._merge(self.gone, self.keep)
        self.assertFalse(self.gone.exists())
        self.assertEqual(self.keep.personal_type_ids, types)
        self.assertEqual(self.keep.selection_type_ids, selections)

    def test_orders_and_invoices_of_the_person_move_over(self):
        orders = self._order(self.wing, person_id=self.gone.id) | self._order(
            self.wing, person_id=self.keep.id
        )
        orders |= self._order(self.gone)
        move = orders[0]._create_invoices()
        self._merge(self.gone, self.keep)
        self.assertEqual(orders[:2].person_id, self.keep)
        self.assertEqual(orders[2].partner_id, self.keep)
        self.assertEqual(move.person_id, self.keep)
        history = self.keep.kokyaku_sales_history()
        self.assertEqual(history["count"], 3)

    def test_the_survivors_name_wins_and_missing_things_are_filled(self):
        self.gone.write({"mobile_phone": "090-1111-2222", "gender": "male", "fax": "03-1"})
        self._merge(self.gone, self.keep)
        self.assertEqual(self.keep.name, "山田 太郎")
        self.assertEqual((self.keep.family_name, self.keep.given_name), ("山田", "太郎"))
        self.assertEqual(self.keep.kana, "ヤマダ タロウ")
        self.assertEqual((self.keep.family_kana, self.keep.given_kana), ("ヤマダ", "タロウ"))
        self.assertEqual(self.keep.mobile_phone, "090-1111-2222")
        self.assertEqual(self.keep.gender, "male")

    def test_codes_without_a_label_are_kept_too(self):
        codes = self.env["kokyaku.user.code"].with_context(active_test=False)
        label = codes.search([("model", "=", "res.partner"), ("slot", "=", "9")]) or codes.create(
            {"model": "res.partner", "slot": "9", "name": "地区"}
        )
        value = self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "K-1", "name": "関東"}
        )
        self.gone.user_code_9_id = value
        self.gone.user_name_5 = "将棋"
        label.active = False
        names = self.env["kokyaku.user.name"].with_context(active_test=False)
        names.search([("model", "=", "res.partner"), ("slot", "=", "5")]).unlink()
        self._merge(self.gone, self.keep)
        self.assertEqual(self.keep.user_code_9_id, value)
        self.assertEqual(self.keep.user_name_5, "将棋")

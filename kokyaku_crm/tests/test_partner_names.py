from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestPartnerNames(KokyakuCase):
    def _parts(self, partner):
        return partner.name, partner.family_name, partner.given_name, partner.name_split_unsure

    def test_new_person_with_full_width_space_is_split(self):
        person = self.env["res.partner"].create({"name": "山田　太郎"})
        self.assertEqual(self._parts(person), ("山田　太郎", "山田", "太郎", False))

    def test_new_person_from_its_parts_gets_a_name(self):
        person = self.env["res.partner"].create({"family_name": "山田", "given_name": "太郎"})
        self.assertEqual(self._parts(person), ("山田 太郎", "山田", "太郎", False))
        self.assertEqual(person.complete_name, "山田 太郎")

    def test_create_called_on_other_people(self):
        """Core and others call create on whatever records they hold."""
        person = (self.kuroki | self.suzuki | self.wing).create({"name": "新人 一郎"})
        self.assertEqual(self._parts(person), ("新人 一郎", "新人", "一郎", False))
        self.assertEqual(person.honorific_text(), "様")

    def test_editing_a_part_writes_the_name(self):
        self.kuroki.given_name = "健二"
        self.assertEqual(self._parts(self.kuroki), ("黒木 健二", "黒木", "健二", False))
        self.kuroki.given_name = False
        self.assertEqual(self.kuroki.name, "黒木")

    def test_clearing_both_parts_keeps_the_name(self):
        self.kuroki.write({"family_name": False, "given_name": False})
        self.assertEqual(self.kuroki.name, "黒木 健一")

    def test_editing_the_name_splits_again(self):
        self.kuroki.name = "白木　花子"
        self.assertEqual(self._parts(self.kuroki), ("白木　花子", "白木", "花子", False))

    def test_editing_the_name_without_a_space_marks_the_guess(self):
        self.kuroki.name = "白木花子"
        self.assertEqual(self._parts(self.kuroki), ("白木花子", "白木", "花子", True))

    def test_taking_the_space_out_keeps_the_known_split(self):
        person = self.env["res.partner"].create({"name": "森 太郎"})
        person.name = "森太郎"
        self.assertEqual(self._parts(person), ("森太郎", "森", "太郎", False))

    def test_moving_the_space_moves_the_split(self):
        person = self.env["res.partner"].create({"name": "森太郎"})
        self.assertEqual(person.family_name, "森太")
        person.name = "森 太郎"
        self.assertEqual(self._parts(person), ("森 太郎", "森", "太郎", False))

    def test_name_and_parts_that_contradict_each_other_name_wins(self):
        self.kuroki.write({"name": "田中 一", "family_name": "黒木", "given_name": "健一"})
        self.assertEqual(self._parts(self.kuroki), ("田中 一", "田中", "一", False))

    def test_confirming_a_guess(self):
        person = self.env["res.partner"].create({"name": "山田太郎"})
        self.assertTrue(person.name_split_unsure)
        person.action_confirm_split()
        self.assertEqual(self._parts(person), ("山田 太郎", "山田", "太郎", False))

    def test_a_company_has_no_parts(self):
        self.assertFalse(self.wing.family_name)
        self.wing.name = "株式会社 ウィング"
        self.assertFalse(self.wing.family_name)

    def test_a_company_that_turns_out_to_be_a_person_is_split(self):
        shop = self.env["res.partner"].create({"name": "佐藤 商店", "is_company": True})
        shop.is_company = False
        self.assertEqual((shop.family_name, shop.given_name), ("佐藤", "商店"))

    def test_writing_one_name_on_several_people(self):
        people = self.kuroki | self.suzuki
        people.write({"name": "匿名 希望"})
        self.assertEqual(people.mapped("family_name"), ["匿名", "匿名"])

    def test_kana_is_folded_and_split(self):
        self.kuroki.kana = "くろき　ｹﾝｲﾁ"
        self.assertEqual(self.kuroki.kana, "クロキ ケンイチ")
        self.assertEqual((self.kuroki.family_kana, self.kuroki.given_kana), ("クロキ", "ケンイチ"))

    def test_parts_of_the_kana_write_the_kana(self):
        self.kuroki.write({"family_kana": "くろき", "given_kana": "けんいち"})
        self.assertEqual(self.kuroki.kana, "クロキ ケンイチ")
        self.kuroki.given_kana = "ケンジ"
        self.assertEqual(self.kuroki.kana, "クロキ ケンジ")

    def test_kana_without_space_keeps_the_parts_that_fit(self):
        self.kuroki.kana = "クロキ ケンイチ"
        self.kuroki.kana = "クロキケンイチ"
        self.assertEqual(self.kuroki.family_kana, "クロキ")
        self.kuroki.kana = "シロキハナコ"
        self.assertFalse(self.kuroki.family_kana)

    def test_clearing_the_kana_clears_its_parts(self):
        self.kuroki.kana = "クロキ ケンイチ"
        self.kuroki.kana = False
        self.assertFalse(self.kuroki.family_kana)

    def test_company_kana_is_folded(self):
        self.wing.kana = "ｳｨﾝｸﾞ"
        self.assertEqual(self.wing.kana, "ウィング")

    def test_search_by_any_spelling(self):
        self.kuroki.kana = "クロキ ケンイチ"
        for typed in ("くろき", "ｸﾛｷ", "クロキ"):
            found = self.env["res.partner"].search(
                [("kana_search", "ilike", typed), ("id", "in", (self.kuroki | self.suzuki).ids)]
            )
            self.assertEqual(found, self.kuroki, typed)

    def test_typing_in_the_form(self):
        with Form(self.env["res.partner"].with_user(self.clerk)) as form:
            form.name = "山田　太郎"
            self.assertEqual((form.family_name, form.given_name), ("山田", "太郎"))
            form.given_name = "花子"
            self.assertEqual(form.name, "山田 花子")
            form.family_kana = "やまだ"
            form.given_kana = "ﾊﾅｺ"
            self.assertEqual((form.family_kana, form.given_kana), ("ヤマダ", "ハナコ"))
        person = form.record
        self.assertEqual(self._parts(person), ("山田 花子", "山田", "花子", False))
        self.assertEqual(person.kana, "ヤマダ ハナコ")

    def test_typing_a_name_without_space_in_the_form_is_marked(self):
        with Form(self.env["res.partner"].with_user(self.clerk)) as form:
            form.name = "山田太郎"
        self.assertEqual(self._parts(form.record), ("山田太郎", "山田", "太郎", True))
        with Form(form.record.with_user(self.clerk)) as form:
            form.family_name = "山"
            form.given_name = "田太郎"
        self.assertEqual(self._parts(form.record), ("山 田太郎", "山", "田太郎", False))

    def test_splitting_the_people_from_before(self):
        old = self.env["res.partner"].create(
            [{"name": "旧 一郎"}, {"name": "旧花子"}, {"name": "旧 会社", "is_company": True}]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET family_name = NULL, given_name = NULL,"
            " name_split_unsure = NULL WHERE id = ANY(%s)",
            [old.ids],
        )
        old.invalidate_recordset()
        result = (
            self.env["res.partner"]
            .with_user(self.clerk)
            .with_context(active_ids=(old | self.kuroki).ids)
            .action_split_names()
        )
        self.assertEqual(self._parts(old[0]), ("旧 一郎", "旧", "一郎", False))
        self.assertEqual(self._parts(old[1]), ("旧花子", "旧花", "子", True))
        self.assertFalse(old[2].family_name)
        self.assertEqual(old[0].write_uid, self.clerk)
        self.assertIn("2", result["params"]["message"])

    def test_an_analyst_cannot_split_names(self):
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.analyst).with_context(
                active_ids=self.kuroki.ids
            ).action_split_names()

from unittest.mock import patch

from odoo.tests import tagged

from ..models import kokyaku_import_undo, people_import_undo
from .import_people_common import ImportPeopleCase


@tagged("post_install", "-at_install")
class TestImportPeopleUndo(ImportPeopleCase):
    """An import of customers is taken back; what somebody has built on it stays."""

    def _undo(self, import_):
        self.env.flush_all()
        counts = import_._undo_people()
        self.env.invalidate_all()
        return counts

    def _new(self):
        import_ = self._import(
            {"ref": "K1", "name": "佐藤 花子", "company_name": "青空商事", "department": "総務部",
             "city": "渋谷区", "street": "神宮前1", "company_city": "千代田区",
             "company_street": "千代田1-1", "consent_email": "yes", "personal_type": "VIP"},
            {"ref": "K2", "name": "鈴木 一郎", "company_name": "青空商事"},
        )  # fmt: skip
        self._apply(import_)
        return import_, *(
            self.env["res.partner"].search([("ref", "=", ref)]) for ref in ("K1", "K2")
        )

    def test_who_was_entered_goes_with_everything(self):
        import_, hanako, ichiro = self._new()
        company = hanako.parent_id
        self.assertEqual(self._undo(import_)["deleted"], 3)
        self.assertFalse((hanako | ichiro | company).exists())
        self.assertFalse(self._lines(import_))
        self.env.cr.execute("SELECT id FROM kokyaku_partner_key WHERE id = %s", [hanako.id])
        self.assertFalse(self.env.cr.fetchall())

    def _in_parts_of_one(self, import_):
        """Have an import taken back by turns that end after a part of one row."""
        self.enterContext(patch.object(kokyaku_import_undo, "AT_ONCE", 1))
        self.enterContext(patch.object(kokyaku_import_undo, "SECONDS", -1))
        self.enterContext(patch.object(people_import_undo, "PART", 1))
        import_.action_undo()
        return import_.run_id.sudo()

    def _turn(self, run):
        run._execute()
        self.env.invalidate_all()
        return run.state == "queued"

    def test_many_are_taken_back_in_parts_and_a_killed_run_goes_on(self):
        import_, hanako, ichiro = self._new()
        company = hanako.parent_id
        import_.sudo().write({"state": "done", "row_count": 2})
        run = self._in_parts_of_one(import_)
        self.assertTrue(self._turn(run))
        self.assertEqual((import_.state, len(self._lines(import_))), ("done", 1))
        self.assertEqual(run.progress, 50)
        self.assertTrue(hanako.exists())
        self.assertFalse(ichiro.exists())
        run.state = "failed"  # as if it had been killed too often
        import_.action_undo()
        run = import_.run_id.sudo()
        while self._turn(run):
            pass
        self.assertEqual(import_.state, "undone", run.result_message)
        self.assertFalse((hanako | ichiro | company).exists())
        self.assertFalse(self._lines(import_))

    def test_companies_and_rows_that_were_not_written_go_in_parts_too(self):
        """An import may have brought a company with each person, or nothing yet."""
        self.wing.kana = False
        import_ = self._import(
            {"ref": "K1", "name": "佐藤 花子", "company_name": "青空商事"},
            {"ref": "K2", "name": "鈴木 一郎", "company_name": "星空商事"},
            {"ref": "K3", "name": "山田 太郎", "company_name": "ウィング", "company_kana": "ウィ"},
            {"ref": "K4", "name": "田中 次郎"},
        )  # fmt: skip
        self._lines(import_)[3].with_user(self.clerk).action_decide_skip()
        self._apply(import_)
        companies = self.env["res.partner"].search([("name", "in", ("青空商事", "星空商事"))])
        self.assertEqual((len(companies), self.wing.kana), (2, "ウィ"))
        import_.sudo().write({"state": "done", "row_count": 4})
        run, seen = self._in_parts_of_one(import_), []
        while self._turn(run):
            seen.append((len(self._lines(import_)), len(companies.exists()), self.wing.kana))
        self.assertEqual(import_.state, "undone", run.result_message)
        self.assertEqual([lines for lines, *_rest in seen], [3, 2, 1, 0, 0, 0, 0])
        self.assertEqual([left for _lines, left, _kana in seen], [2, 2, 2, 2, 2, 1, 0])
        self.assertEqual([kana for *_rest, kana in seen[3:5]], ["ウィ", False])

    def test_who_bought_since_stays_with_their_company(self):
        import_, hanako, ichiro = self._new()
        self._order(hanako)
        counts = self._undo(import_)
        self.assertEqual((counts["deleted"], counts["kept"]), (1, 1))
        self.assertTrue(hanako.exists())
        self.assertTrue(hanako.parent_id.exists())
        self.assertFalse(ichiro.exists())
        self.assertEqual(self._doubts(import_), [(2, "", "佐藤 花子", "undo_kept")])
        import_.sudo().state = "undone"
        self.assertEqual(import_.warning_count, 1, "what is listed is counted")
        self.assertEqual(import_.stayed_count, 1, "so the screen does not say that all are gone")

    def test_who_was_edited_or_written_about_since_stays(self):
        import_, hanako, ichiro = self._new()
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '1', write_date = now() + interval '1 min'"
            " WHERE id = %s",
            [hanako.id],
        )
        ichiro.message_post(body="電話あり")
        self.assertEqual(self._undo(import_)["kept"], 2)
        self.assertTrue(hanako.exists() and ichiro.exists())

    def test_who_was_changed_gets_the_old_values_back(self):
        self.haruyama.write({"ref": "H1", "email": "old@example.jp", "phone": "03-1111-2222"})
        vip = self.env["kokyaku.personal.type"].create({"code": "V", "name": "VIP"})
        self.env["kokyaku.consent"]._set_many(self.haruyama, "post", "promotion", "allowed")
        import_ = self._import(
            {"ref": "H1", "name": "春山 ひとみ", "kana": "ハルヤマ ヒトミ", "email": "n@example.jp",
             "fax": "03-3333-4444", "personal_type": "VIP", "consent_post": "no",
             "consent_email": "yes", "city": "渋谷区", "street": "神宮前1-1", "zip": "150-0001"},
            options={"rule": "overwrite"},
        )  # fmt: skip
        self._apply(import_)
        self.assertEqual(self.haruyama.email, "n@example.jp")
        self.assertIn(vip, self.haruyama.personal_type_ids)
        self.assertEqual(self.haruyama.street, "神宮前1-1")
        self.haruyama.fax = "03-5555-5555"  # by somebody, since
        self.assertEqual(self._undo(import_)["restored"], 1)
        self.assertRecordValues(
            self.haruyama,
            [
                {
                    "email": "old@example.jp",
                    "kana": False,
                    "family_kana": False,
                    "fax": "03-5555-5555",
                    "phone": "03-1111-2222",
                    "street": False,
                    "zip": False,
                }
            ],
        )
        self.assertFalse(self.haruyama.personal_type_ids)
        states = {c.channel: c.state for c in self.haruyama.consent_ids}
        self.assertEqual(states, {"post": "allowed", "email": "unknown"})

    def test_a_home_and_a_department_that_were_added_go_again(self):
        self.kuroki.ref = "K9"
        import_ = self._import(
            {"ref": "K9", "name": "黒木 健一", "company_name": "ウィング", "department": "総務部",
             "city": "渋谷区", "street": "神宮前1-1", "company_city": "千代田区",
             "company_street": "千代田1-1"},
        )  # fmt: skip
        self._apply(import_)
        self.assertEqual(self.kuroki.home_street, "神宮前1-1")
        self.assertEqual(self.kuroki.affiliation_ids.department, "総務部")
        self._undo(import_)
        self.assertFalse(self.kuroki.home_address_ids)
        self.assertFalse(self.kuroki.affiliation_ids)
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_who_got_the_address_of_the_company_by_a_later_row_goes_too(self):
        """The address of the company comes with a row that is written in a later transaction."""
        import_ = self._import(
            {"ref": "K1", "name": "佐藤 花子", "company_name": "青空商事"},
            {"ref": "K2", "name": "鈴木 一郎", "company_name": "青空商事", "zip": "100-0001",
             "city": "千代田区", "street": "千代田1-1"},
        )  # fmt: skip
        first, second = self._lines(import_).with_user(self.clerk)
        second.action_decide_skip()
        self._apply(import_)
        hanako = first.partner_id
        self.env.cr.execute(  # as if it had been yesterday
            "UPDATE res_partner SET create_date = create_date - interval '1 day',"
            " write_date = write_date - interval '1 day' WHERE id = ANY(%s)",
            [(hanako | hanako.parent_id).ids],
        )
        self.env.invalidate_all()
        second.action_decide_new()
        self._apply(import_)
        company = hanako.parent_id
        self.assertEqual((company.street, hanako.street), ("千代田1-1", "千代田1-1"))
        counts = self._undo(import_)
        self.assertEqual((counts["deleted"], counts["kept"]), (3, 0))
        self.assertFalse((hanako | company).exists())

    def test_a_known_company_loses_what_it_was_filled_up_with(self):
        self.wing.kana = False
        import_ = self._import(
            {"name": "山田 太郎", "company_name": "株式会社ウィング", "zip": "100-0001",
             "city": "千代田区", "street": "千代田1-1", "company_kana": "ウィング"},
        )  # fmt: skip
        self._apply(import_)
        self.assertEqual((self.wing.street, self.wing.kana), ("千代田1-1", "ウィング"))
        self.wing.kana = "ウイング"  # by somebody, since
        self._undo(import_)
        self.assertEqual((self.wing.street, self.wing.zip), (False, False))
        self.assertEqual(self.wing.kana, "ウイング")

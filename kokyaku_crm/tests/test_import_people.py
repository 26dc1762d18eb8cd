from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_people_common import ImportPeopleCase


@tagged("post_install", "-at_install")
class TestImportPeople(ImportPeopleCase):
    """Customers of a file become persons of ours: new ones, known ones, doubtful ones."""

    def test_a_new_person_is_entered_with_everything_the_file_says(self):
        import_ = self._import(
            {
                "ref": "K-001",
                "name": "佐藤 花子",
                "kana": "さとう はなこ",
                "zip": "150-0001",
                "state": "東京都",
                "city": "渋谷区",
                "street": "神宮前1-2-3",
                "phone": "03-1234-5678",
                "mobile": "090-1111-2222",
                "email": "Hanako@Example.jp",
                "gender": "female",
                "birthdate": "1980-05-06",
                "note": "紹介客",
                "personal_type": "VIP、OB",
                "source": "展示会",
                "acquired_on": "2026-03-01",
                "consent_email": "yes",
                "consent_post": "no",
                "user_code_1": "赤",
            }
        )
        self.assertEqual(self._verdicts(import_), ["new"])
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "K-001")]))
        counts = self._apply(import_)
        self.assertEqual((counts["new"], counts["updated"]), (1, 0))
        hanako = self.env["res.partner"].search([("ref", "=", "K-001")])
        self.assertRecordValues(
            hanako,
            [
                {
                    "name": "佐藤 花子",
                    "family_name": "佐藤",
                    "given_name": "花子",
                    "kana": "サトウ ハナコ",
                    "state_id": self.env.ref("base.state_jp_jp-13").id,
                    "phone_sanitized": "+819011112222",
                    "email_normalized": "hanako@example.jp",
                    "gender": "female",
                    "is_company": False,
                }
            ],
        )
        self.assertEqual(str(hanako.birthdate), "1980-05-06")
        self.assertEqual(set(hanako.personal_type_ids.mapped("name")), {"VIP", "OB"})
        self.assertEqual(hanako.source_id.name, "展示会")
        self.assertEqual(str(hanako.acquired_on), "2026-03-01")
        self.assertEqual(hanako.acquired_note, "名簿.csv")
        self.assertEqual(hanako.user_code_1_id.name, "赤")
        self.assertIn("紹介客", hanako.comment)
        consents = {c.channel: c.state for c in hanako.consent_ids}
        self.assertEqual(consents, {"email": "allowed", "post": "refused"})
        self.assertEqual(hanako.consent_ids[0].source, "名簿.csv")
        found = self.env["res.partner"].name_search("さとうはなこ")
        self.assertEqual([number for number, _name in found], hanako.ids)

    def test_the_same_file_twice_changes_nothing(self):
        row = {"name": "佐藤 花子", "zip": "150-0001", "city": "渋谷区", "street": "神宮前1-2-3"}
        self._apply(self._import(row))
        again = self._import(row)
        self.assertEqual(self._verdicts(again), ["same"])
        self._apply(again)
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "佐藤 花子")]), 1)

    def test_who_is_known_is_filled_up_and_nothing_overwritten(self):
        self.haruyama.write({"phone": "03-5555-6666", "email": "hitomi@example.jp"})
        self.env.flush_all()
        import_ = self._import(
            {
                "name": "春山 ひとみ",
                "kana": "ハルヤマ ヒトミ",
                "phone": "０３（５５５５）６６６６",
                "email": "other@example.jp",
                "mobile": "090-3333-4444",
            }
        )
        self.assertEqual(self._verdicts(import_), ["update"])
        line = self._lines(import_)
        self.assertEqual(line.partner_id, self.haruyama)
        self.assertEqual(set(line.changes), {"kana", "mobile_phone"})
        self._apply(import_)
        self.assertEqual(self.haruyama.mobile_phone, "090-3333-4444")
        self.assertEqual(self.haruyama.email, "hitomi@example.jp")
        self.assertEqual(self.haruyama.family_kana, "ハルヤマ")

    def test_the_rule_of_a_field_says_whether_it_is_overwritten(self):
        self.haruyama.write({"ref": "H1", "email": "old@example.jp", "fax": "03-1111-2222"})
        self.env.flush_all()
        import_ = self._import(
            {"ref": "H1", "name": "春山 ひとみ", "email": "new@example.jp", "fax": "03-9999-1111"},
            columns=[{"target": "email", "heading": "メール", "options": {"rule": "overwrite"}}],
        )
        self._apply(import_)
        self.assertEqual(self.haruyama.email, "new@example.jp")
        self.assertEqual(self.haruyama.fax, "03-1111-2222")

    def test_colleagues_join_one_company_of_the_file(self):
        import_ = self._import(
            {"name": "山田 太郎", "company_name": "株式会社青空商事", "department": "総務部",
             "function": "部長", "zip": "100-0001", "state": "東京都", "city": "千代田区",
             "street": "千代田1-1"},
            {"name": "川田 次郎", "company_name": "㈱青空商事"},
        )  # fmt: skip
        self._apply(import_)
        yamada = self.env["res.partner"].search([("name", "=", "山田 太郎")])
        kawada = self.env["res.partner"].search([("name", "=", "川田 次郎")])
        company = yamada.parent_id
        self.assertEqual(company.name, "株式会社青空商事")
        self.assertTrue(company.is_company)
        self.assertEqual(kawada.parent_id, company)
        self.assertEqual(kawada.street, "千代田1-1")
        self.assertEqual(yamada.affiliation_ids.department, "総務部")
        self.assertTrue(yamada.affiliation_ids.is_main)
        self.assertEqual(yamada.function, "部長")
        self.assertEqual(yamada.complete_name, "株式会社青空商事, 山田 太郎")

    def test_a_known_company_is_found_whatever_its_legal_form_looks_like(self):
        self._apply(self._import({"name": "山田 太郎", "company_name": "(株)ウィング"}))
        yamada = self.env["res.partner"].search([("name", "=", "山田 太郎")])
        self.assertEqual(yamada.parent_id, self.wing)

    def test_another_address_of_a_known_company_is_listed(self):
        self.wing.write({"zip": "100-0001", "city": "千代田区", "street": "千代田1-1"})
        import_ = self._import(
            {"name": "山田 太郎", "company_name": "株式会社ウィング", "zip": "530-0001",
             "city": "大阪市北区", "street": "梅田2-2"},
        )  # fmt: skip
        self._apply(import_)
        [doubt] = self._doubts(import_)
        self.assertEqual(doubt, (2, "address", "〒530-0001 大阪市北区梅田2-2", doubt[3]))
        self.assertEqual(doubt[3], "company_address_differs")
        self.assertEqual(self.wing.street, "千代田1-1")

    def test_the_office_says_that_the_addresses_are_those_of_the_homes(self):
        row = {"name": "山田 太郎", "company_name": "青空商事", "zip": "150-0001",
               "city": "渋谷区", "street": "神宮前1-2-3", "phone": "03-1111-1111"}  # fmt: skip
        self._apply(self._import(row, options={"address_of": "home"}))
        yamada = self.env["res.partner"].search([("name", "=", "山田 太郎")])
        self.assertEqual((yamada.home_street, yamada.phone), ("神宮前1-2-3", "03-1111-1111"))
        self.assertFalse(yamada.street or yamada.parent_id.street)

    def test_home_and_office_are_told_apart(self):
        self._apply(
            self._import(
                {"name": "山田 太郎", "company_name": "青空商事", "company_zip": "100-0001",
                 "company_city": "千代田区", "company_street": "千代田1-1", "zip": "150-0001",
                 "city": "渋谷区", "street": "神宮前1-2-3", "phone": "03-1111-1111",
                 "company_phone": "03-2222-2222"},
            )  # fmt: skip
        )
        yamada = self.env["res.partner"].search([("name", "=", "山田 太郎")])
        self.assertEqual(yamada.home_street, "神宮前1-2-3")
        self.assertEqual(yamada.home_phone, "03-1111-1111")
        self.assertEqual(yamada.street, "千代田1-1")
        self.assertEqual(yamada.parent_id.street, "千代田1-1")
        self.assertEqual(yamada.phone, "03-2222-2222")

    def test_two_lines_of_one_person_are_one_person(self):
        import_ = self._import(
            {"name": "佐藤 花子", "phone": "090-1111-2222"},
            {"name": "佐藤花子", "phone": "09011112222", "email": "hanako@example.jp"},
        )
        self.assertEqual(self._verdicts(import_), ["new", "twin"])
        self._apply(import_)
        hanako = self.env["res.partner"].search([("name", "=", "佐藤 花子")])
        self.assertEqual(len(hanako), 1)
        self.assertEqual(hanako.email, "hanako@example.jp")
        self.assertEqual(self._lines(import_).partner_id, hanako)

    def test_one_code_with_two_names_is_to_be_decided(self):
        import_ = self._import(
            {"ref": "K1", "name": "佐藤 花子"}, {"ref": "K1", "name": "鈴木 一郎"}
        )
        self.assertEqual(self._verdicts(import_), ["doubtful"] * 2)
        self._apply(import_)
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "K1")]))

    def test_a_known_code_with_another_name_is_to_be_decided(self):
        self.haruyama.ref = "H1"
        import_ = self._import({"ref": "H1", "name": "鈴木 一郎"})
        line = self._lines(import_)
        self.assertEqual((line.verdict, line.why), ("doubtful", "code_other_name"))
        self.assertEqual(line.candidate_ids.partner_id, self.haruyama)

    def test_a_family_that_shares_a_telephone_stays_several(self):
        self.haruyama.phone = "03-5555-6666"
        import_ = self._import({"name": "春山 太郎", "phone": "03-5555-6666"})
        self.assertEqual(self._verdicts(import_), ["new"])

    def test_who_fits_two_of_ours_is_to_be_decided(self):
        twice = {"name": "佐藤 花子", "email": "hanako@example.jp"}
        self.env["res.partner"].create([twice, twice])
        import_ = self._import(twice)
        line = self._lines(import_)
        self.assertEqual((line.verdict, line.why), ("doubtful", "several"))
        self.assertEqual(len(line.candidate_ids), 2)

    def test_a_row_without_a_name_is_given_back(self):
        import_ = self._import({"name": "", "phone": "03-1111-2222"}, {"name": "佐藤 花子"})
        self.assertEqual(self._doubts(import_), [(2, "", "", "no_name")])
        self.assertEqual(self._verdicts(import_), ["new"])

    def test_a_refusal_counts_and_a_yes_does_not_undo_one(self):
        consents = self.env["kokyaku.consent"]
        consents._set_many(self.haruyama, "email", "promotion", "refused", "電話")
        consents._set_many(self.haruyama, "post", "promotion", "allowed", "電話")
        self.haruyama.ref = "H1"
        self._apply(
            self._import(
                {"ref": "H1", "name": "春山 ひとみ", "consent_email": "yes", "consent_post": "no"}
            )
        )
        states = {c.channel: c.state for c in self.haruyama.consent_ids}
        self.assertEqual(states, {"email": "refused", "post": "refused"})

    def test_comparing_in_turns_says_the_same_as_in_one_go(self):
        """Each turn is a transaction: who is cut off goes on with the next rows."""
        self.haruyama.write({"ref": "H1", "phone": "03-5555-6666"})
        twice = {"name": "佐藤 花子", "email": "hanako@example.jp"}
        self.env["res.partner"].create([twice, twice])
        self.env.flush_all()
        rows = [
            {"ref": "H1", "name": "春山 ひとみ", "fax": "03-1111-2222"},
            {"name": "鈴木 一郎", "phone": "090-1111-2222", "company_name": "㈱ウィング"},
            twice,
            {"name": "鈴木一郎", "phone": "090-1111-2222"},
            {"ref": "K1", "name": "田中 実"},
            {"ref": "K1", "name": "中田 実"},
        ]
        verdicts = ["update", "new", "doubtful", "twin", "doubtful", "doubtful"]
        whole = self._import(*rows)
        self.assertEqual(self._verdicts(whole), verdicts)
        whole.env["kokyaku.import.person"]._forget_matches(whole)
        whole.sudo().is_matched = False
        turns = 0
        with (
            patch("odoo.addons.kokyaku_crm.models.people_import_match.CHUNK", 2),
            patch("odoo.addons.kokyaku_crm.models.people_import_match.TURN", 0),
        ):
            while whole.env["kokyaku.import.person"]._match(whole).get("again"):
                turns += 1
                self.assertFalse(whole.is_matched)
                with self.assertRaisesRegex(UserError, "have not all been compared"):
                    self._apply(whole)
                self.assertLess(turns, 20)
        self.assertGreater(turns, 3)
        self.assertEqual(self._verdicts(whole), verdicts)
        self.assertEqual(self._lines(whole)[1].company_partner_id, self.wing)
        self.assertEqual(len(self._lines(whole)[2].candidate_ids), 2)

    def test_an_address_that_many_share_means_only_whom_it_names(self):
        self.env["res.partner"].create(
            [{"name": f"別人 {n}", "email": "info@example.jp"} for n in range(25)]
        )
        known = self.env["res.partner"].create({"name": "佐藤 花子", "email": "info@example.jp"})
        self.env.flush_all()
        import_ = self._import(
            {"name": "佐藤 花子", "email": "info@example.jp", "fax": "03-1111-2222"},
            {"name": "鈴木 一郎", "email": "info@example.jp"},
        )
        self.assertEqual(self._lines(import_)[0].partner_id, known)
        self.assertEqual(self._verdicts(import_), ["update", "new"])

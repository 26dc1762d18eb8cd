from odoo.tests import tagged
from odoo.tools import email_normalize

from ..models.people_import_numbers import Numbers, normalized_email
from .common import QUIET
from .import_people_common import ImportPeopleCase

# What says which row it is, and when it was written.
OF_ITS_OWN = {"id", "commercial_partner_id", "parent_id", "create_date", "write_date",
              "calendar_last_notif_ack", "acquired_on", "acquired_note"}  # fmt: skip


@tagged("post_install", "-at_install")
class TestImportPeopleRows(ImportPeopleCase):
    """People entered by statements are, column by column, what the ORM would have made."""

    maxDiff = None

    def _row(self, partner):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT to_jsonb(p) FROM res_partner p WHERE id = %s", [partner.id]
        )
        row = self.env.cr.fetchone()[0]
        self.env.cr.execute(
            "SELECT doc, words, grams FROM kokyaku_partner_key WHERE id = %s", [partner.id]
        )
        row["key"] = self.env.cr.fetchone()
        return {name: value for name, value in row.items() if name not in OF_ITS_OWN}

    def _by_orm(self, **values):
        partner = self._as(self.clerk)["res.partner"].with_context(**QUIET).create(values)
        partner.env.flush_all()
        return partner

    def _entered(self, *rows):
        self._apply(self._import(*rows))
        return self.env["res.partner"].search([("ref", "=like", "T-%")], order="ref")

    def test_a_private_person(self):
        japan = self.env.ref("base.jp").id
        tokyo = self.env.ref("base.state_jp_jp-13").id
        orm = self._by_orm(
            ref="T-1", name="髙橋 ﾀﾛｳ", kana="ﾀｶﾊｼ たろう", zip="150-0001", state_id=tokyo,
            city="渋谷区", street="神宮前1-2-3", street2="原宿ﾋﾞﾙ 2階", country_id=japan,
            phone="03-1234-5678", mobile_phone="090-1234-5678", fax="+81 3 9999 8888",
            email="Taro.T@Example.JP", gender="male", birthdate="1970-01-02",
            member_number="M-1", user_name_2="自由な 文",
        )  # fmt: skip
        wanted = self._row(orm)
        orm.unlink()
        [ours] = self._entered(
            {"ref": "T-1", "name": "髙橋 ﾀﾛｳ", "kana": "ﾀｶﾊｼ たろう", "zip": "150-0001",
             "state": "東京都", "city": "渋谷区", "street": "神宮前1-2-3",
             "street2": "原宿ﾋﾞﾙ 2階", "phone": "03-1234-5678", "mobile": "090-1234-5678",
             "fax": "+81 3 9999 8888", "email": "Taro.T@Example.JP", "gender": "male",
             "birthdate": "1970-01-02", "member_number": "M-1", "user_name_2": "自由な 文"},
        )  # fmt: skip
        self.assertEqual(self._row(ours), wanted)

    def test_a_name_that_came_without_a_space(self):
        wanted = self._row(
            orm := self._by_orm(ref="T-1", name="山田太郎", country_id=self.env.ref("base.jp").id)
        )
        orm.unlink()
        [ours] = self._entered({"ref": "T-1", "name": "山田太郎"})
        self.assertTrue(ours.name_split_unsure)
        self.assertEqual(self._row(ours), wanted)

    def test_breaks_and_quotes_within_a_value(self):
        """A workbook may hold a carriage return alone, and what looks like the end of a list."""
        notes = ["一行目\r二行目", "一行目\n二行目", '"引用", と', "\\."]
        ours = self._entered(
            *({"ref": f"T-{n}", "name": "山田 太郎", "user_name_1": note}
              for n, note in enumerate(notes))
        )  # fmt: skip
        self.assertEqual(ours.mapped("user_name_1"), notes)

    def test_a_default_of_the_office_is_found_again(self):
        """What the office gives everybody new without being told is part of the search key."""
        value = self.env["kokyaku.user.code.value"].create(
            {
                "code_id": self.env["kokyaku.user.code"]
                .create({"model": "res.partner", "slot": "1", "name": "地区"})
                .id,
                "code": "Q77",
                "name": "北部",
            }
        )
        self.env["ir.default"].set("res.partner", "user_code_1_id", value.id)
        orm = self._by_orm(ref="T-1", name="山田 太郎", country_id=self.env.ref("base.jp").id)
        wanted = self._row(orm)
        orm.unlink()
        [ours] = self._entered({"ref": "T-1", "name": "山田 太郎"})
        self.assertEqual(ours.user_code_1_id, value)
        self.assertEqual(self._row(ours), wanted)

    def test_a_person_of_a_company_with_everything_that_comes_from_it(self):
        self.wing.write(
            {
                "kana": "ウィング", "zip": "100-0001", "city": "千代田区", "street": "千代田1-1",
                "vat": "JP123", "user_id": self.seller.id, "lang": "en_US",
            }
        )  # fmt: skip
        orm = self._by_orm(ref="T-1", name="山田 太郎", parent_id=self.wing.id, function="部長",
                           home_zip="150-0001", home_street="神宮前1-2-3",
                           home_phone="03-7777-6666", phone="03-2222-2222")  # fmt: skip
        orm.affiliation_ids.create(
            {"partner_id": orm.id, "company_partner_id": self.wing.id, "department": "総務部",
             "function": "部長", "is_main": True}
        )  # fmt: skip
        wanted = self._row(orm)
        rows = orm.affiliation_ids.read(["department", "function", "is_main", "kind", "date_from"])
        orm.unlink()
        [ours] = self._entered(
            {"ref": "T-1", "name": "山田 太郎", "company_name": "株式会社ウィング",
             "department": "総務部", "function": "部長", "zip": "150-0001",
             "street": "神宮前1-2-3", "phone": "03-7777-6666", "company_zip": "100-0001",
             "company_street": "千代田1-1", "company_phone": "03-2222-2222"},
        )  # fmt: skip
        self.assertEqual(ours.parent_id, self.wing)
        self.assertEqual(self._row(ours), wanted)
        mine = ours.affiliation_ids.read(["department", "function", "is_main", "kind", "date_from"])
        for row in rows + mine:
            del row["id"]
        self.assertEqual(mine, rows)

    def test_a_company(self):
        orm = self._by_orm(
            ref="T-1", name="株式会社青空", is_company=True, kana="かぶしきがいしゃ あおぞら",
            phone="03-1234-5678", country_id=self.env.ref("base.jp").id,
        )  # fmt: skip
        wanted = self._row(orm)
        orm.unlink()
        [ours] = self._entered(
            {"ref": "T-1", "name": "株式会社青空", "is_company": True,
             "kana": "かぶしきがいしゃ あおぞら", "phone": "03-1234-5678"},
        )  # fmt: skip
        self.assertEqual(self._row(ours), wanted)

    def test_numbers_and_addresses_are_normalized_as_core_does(self):
        japan = self.env.ref("base.jp")
        numbers = Numbers(self.env, japan)
        for number in ("03-1234-5678", "0312345678", "090-0000-0000", "070-1234-5678", "12345",
                       "0120-123-456", "050-3333-4444", "0800-123-4567", "06-1234-567",
                       "+1 650 253 0000", "内線 12", "04992-2-1234"):  # fmt: skip
            core = self.env["res.partner"]._phone_format(number=number, country=japan) or None
            self.assertEqual(numbers[number], core, number)
        for text in ("A.b@Example.JP", "a..b@docomo.ne.jp", "a.@docomo.ne.jp", "x@y", "名 <a@b.jp>",
                     "a@b.jp, c@d.jp", "no address", "-a@b.jp", "a+b@c.jp"):  # fmt: skip
            core = email_normalize(text, strict=False) or None
            self.assertEqual(normalized_email(text), core, text)

    def _changed(self, values, **row):
        """The rows of two people who were alike: one changed by the ORM, one by an import."""
        japan = self.env.ref("base.jp").id
        one, other = (
            self._by_orm(ref=ref, name="山田 太郎", country_id=japan, email="old@example.jp")
            for ref in ("T-1", "T-2")
        )
        one.with_context(**QUIET).write({**values, "ref": "T-9"})
        wanted = self._row(one)
        one.unlink()
        other.ref = "T-9"
        import_ = self._import({"ref": "T-9", "name": "山田 太郎", **row},
                               options={"rule": "overwrite"})  # fmt: skip
        self.assertEqual(self._verdicts(import_), ["update"])
        self._apply(import_)
        ours = self._row(other)
        for row in (wanted, ours):
            del row["write_uid"]  # of what follows from a change the ORM says it was the system
        return wanted, ours

    def test_what_is_changed_of_somebody_known(self):
        tokyo = self.env.ref("base.state_jp_jp-13").id
        wanted, ours = self._changed(
            {"kana": "ヤマダ タロウ", "phone": "03-1234-5678", "mobile_phone": "090-1234-5678",
             "email": "Taro@Example.JP", "gender": "male", "birthdate": "1970-01-02",
             "zip": "150-0001", "state_id": tokyo, "city": "渋谷区", "street": "神宮前1-2-3",
             "user_name_1": "文", "user_id": self.seller.id, "function": "部長"},
            kana="ヤマダ タロウ", phone="03-1234-5678", mobile="090-1234-5678",
            email="Taro@Example.JP", gender="male", birthdate="1970-01-02", zip="150-0001",
            state="東京都", city="渋谷区", street="神宮前1-2-3", user_name_1="文",
            staff=self.seller.login, function="部長",
        )  # fmt: skip
        self.assertEqual(ours, wanted)

    def test_a_reading_in_one_word_and_a_company(self):
        wanted, ours = self._changed(
            {"kana": "ヤマダタロウ", "parent_id": self.wing.id},
            kana="ヤマダタロウ", company_name="株式会社ウィング",
        )  # fmt: skip
        self.assertEqual(ours, wanted)
        self.assertEqual(ours["complete_name"], "株式会社ウィング, 山田 太郎")

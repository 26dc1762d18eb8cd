from ast import literal_eval

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestHomeFamily(KokyakuCase):
    """自宅・家族・紹介元, and which address post goes to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tokyo = cls.env.ref("base.state_jp_jp-13")
        cls.wing.write(
            {
                "zip": "150-0001",
                "state_id": cls.tokyo.id,
                "city": "渋谷区",
                "street": "神宮前1-1-1",
                "street2": "ウィングビル",
            }
        )

    def _member(self, **values):
        return self.env["kokyaku.family.member"].create(
            {"partner_id": self.haruyama.id, "name": "春山 太郎", **values}
        )

    # ---- 自宅 ---------------------------------------------------------------------------

    def test_a_person_entered_with_company_and_home_keeps_the_home_given(self):
        """An own address beside it is not taken for the home; someone without a home in the
        same list still has theirs saved."""
        own = {"city": "町田市", "street": "武相荘町8-8"}
        job = [Command.create({"company_partner_id": self.wing.id, "function": "顧問"})]
        given, none = self.env["res.partner"].create(
            [
                {
                    "name": "白洲 次郎",
                    **own,
                    "home_address_ids": [Command.create({"street": "鶴川9-9"})],
                    "affiliation_ids": job,
                },
                {"name": "牧野 伸", **own, "affiliation_ids": job},
            ]
        )
        self.assertEqual(given.home_address_ids.street, "鶴川9-9")
        self.assertEqual(none.home_address_ids.street, "武相荘町8-8")
        self.assertEqual((given | none).parent_id, self.wing)

    def test_the_home_is_typed_on_the_page(self):
        with Form(self.kuroki.with_user(self.clerk)) as form:
            form.home_zip = "248-0001"  # fills the city, 鎌倉市
            form.home_street = "十二所1"
        home = self.kuroki.home_address_ids
        self.assertEqual((home.zip, home.city, home.street), ("248-0001", "鎌倉市", "十二所1"))
        self.assertEqual(self.kuroki.street, "神宮前1-1-1", "the office's address is untouched")
        with Form(self.kuroki.with_user(self.clerk)) as form:
            form.home_street = "十二所2"
        self.assertEqual(self.kuroki.home_address_ids, home)
        self.assertEqual(home.street, "十二所2")
        self.kuroki.write(
            dict.fromkeys(["home_zip", "home_state_id", "home_city", "home_street"], False)
        )
        self.assertFalse(self.kuroki.home_address_ids)

    def test_searching_by_the_home(self):
        self.kuroki.home_city = "鎌倉市"
        people = self.env["res.partner"].search([("id", "in", (self.kuroki | self.suzuki).ids)])
        for domain, found in (
            ([("home_city", "ilike", "鎌倉")], self.kuroki),
            ([("home_city", "=", "鎌倉市")], self.kuroki),
            ([("home_city", "=", False)], self.suzuki),
            ([("home_city", "!=", False)], self.kuroki),
            ([("home_city", "!=", "鎌倉市")], self.suzuki),
            ([("home_city", "in", ["鎌倉市", False])], people),
        ):
            self.assertEqual(people.search([("id", "in", people.ids), *domain]), found, domain)

    def test_the_home_is_not_for_everyone_in_the_office(self):
        self.kuroki.home_city = "鎌倉市"
        with self.assertRaises(AccessError):
            self.kuroki.with_user(self.outsider).read(["home_city"])
        self.assertEqual(self.kuroki.with_user(self.analyst).home_city, "鎌倉市")
        with self.assertRaises(AccessError):
            self.kuroki.with_user(self.analyst).home_city = "逗子市"

    # ---- 家族 ----------------------------------------------------------------------------

    def test_birthdays_of_the_family(self):
        member = self._member(birthdate="2016-11-25", kana="はるやま　たろう")
        self.assertEqual(member.age, 9)
        self.assertEqual(str(member.next_birthday), "2026-11-25")
        self.assertEqual(member.kana, "ハルヤマ タロウ")
        member.birthdate = False
        self.assertFalse(member.age)
        self.assertFalse(member.next_birthday)

    def test_a_birthday_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "春山 太郎, family of 春山 ひとみ.*future"):
            self._member(birthdate="2026-11-25")

    def test_twice_the_same_is_refused(self):
        self._member(birthdate="2016-11-20")
        for same in ({"name": "春山太郎"}, {"name": "春山　太郎", "birthdate": "2016-11-20"}):
            with self.assertRaises(ValidationError) as refused:
                self._member(**same)
            self.assertIn("entered twice in the family of 春山 ひとみ", str(refused.exception))
        self._member(birthdate="1980-01-01")  # father and son of one name
        self._member(name="ポチ")
        other = self._member(partner_id=self.kuroki.id)
        self.assertTrue(other)

    def test_a_member_who_is_a_customer_too(self):
        self.suzuki.write({"kana": "スズキ サブロウ", "birthdate": "1970-01-01"})
        with Form(
            self.env["kokyaku.family.member"].with_context(default_partner_id=self.haruyama.id)
        ) as form:
            form.member_partner_id = self.suzuki
        member = form.record
        self.assertEqual((member.name, member.kana), ("鈴木 三郎", "スズキ サブロウ"))
        with self.assertRaisesRegex(ValidationError, "own family"):
            self._member(name="本人", member_partner_id=self.haruyama.id)
        with self.assertRaisesRegex(ValidationError, "entered twice"):
            self._member(name="義弟", member_partner_id=self.suzuki.id)

    # ---- 紹介元 ---------------------------------------------------------------------------

    def test_nobody_refers_themselves(self):
        with self.assertRaisesRegex(ValidationError, "黒木 健一 cannot be the one"):
            self.kuroki.referrer_id = self.kuroki

    def test_no_circle_of_referrers(self):
        self.suzuki.referrer_id = self.kuroki
        self.haruyama.referrer_id = self.suzuki
        self.assertEqual(self.kuroki.referred_ids, self.suzuki)
        with self.assertRaisesRegex(ValidationError, "in the first place"):
            self.kuroki.referrer_id = self.haruyama

    # ---- 宛先区分 ---------------------------------------------------------------------------

    def _target(self, person, **kwargs):
        target = person._postal_targets(**kwargs)[person.id]
        return target["kind"], target["street"], target["fallback"]

    def test_post_goes_to_the_company_unless_told_otherwise(self):
        self.assertEqual(self._target(self.kuroki), ("company", "神宮前1-1-1", False))
        self.kuroki.home_street = "十二所1"
        self.assertEqual(self._target(self.kuroki), ("company", "神宮前1-1-1", False))
        self.kuroki.address_choice = "home"
        self.assertEqual(self._target(self.kuroki), ("home", "十二所1", False))

    def test_the_selection_type_overrules_the_person(self):
        self.kuroki.write({"home_street": "十二所1", "address_choice": "company"})
        gift = self.env["kokyaku.selection.type"].create(
            {"code": "G1", "name": "お歳暮", "address_choice": "home"}
        )
        plain = self.env["kokyaku.selection.type"].create({"code": "G2", "name": "DM"})
        self.assertEqual(self._target(self.kuroki, selection_type=gift)[0], "home")
        self.assertEqual(self._target(self.kuroki, selection_type=plain)[0], "company")

    def test_where_the_chosen_address_is_missing(self):
        self.kuroki.address_choice = "home"
        self.assertEqual(self._target(self.kuroki), ("company", "神宮前1-1-1", True))
        self.haruyama.write({"home_street": "十二所1", "address_choice": "company"})
        self.assertEqual(self._target(self.haruyama), ("home", "十二所1", True))

    def test_no_address_at_all(self):
        self.assertEqual(self._target(self.haruyama), ("company", "", False))

    def test_a_private_persons_own_address_is_the_home(self):
        self.haruyama.write({"city": "逗子市", "street": "桜山1"})
        for choice in (False, "home"):
            self.haruyama.address_choice = choice
            self.assertEqual(self._target(self.haruyama), ("home", "桜山1", False))
        self.haruyama.home_street = "十二所1"
        self.assertEqual(self._target(self.haruyama), ("home", "十二所1", False))
        self.haruyama.address_choice = "company"
        self.assertEqual(self._target(self.haruyama), ("company", "桜山1", False))

    def test_company_department_and_function_stand_on_it(self):
        office = self.env["res.partner"].create({"name": "総務部", "parent_id": self.wing.id})
        self.env["kokyaku.affiliation"].create(
            {
                "partner_id": self.haruyama.id,
                "company_partner_id": office.id,
                "department": "人事課",
                "function": "課長",
                "phone": "03-1234-5678",
            }
        )
        target = self.haruyama._postal_targets()[self.haruyama.id]
        self.assertEqual(target["company_name"], "株式会社ウィング")
        self.assertEqual(target["department"], "総務部　人事課")
        self.assertEqual(target["function"], "課長")
        self.assertEqual(target["phone"], "03-1234-5678")
        self.assertEqual(target["state"], self.tokyo.name)
        self.assertEqual(target["street2"], "ウィングビル")

    def test_a_company_and_a_delivery_address(self):
        self.assertEqual(self._target(self.wing), ("company", "神宮前1-1-1", False))
        self.assertEqual(self.wing._postal_targets()[self.wing.id]["company_name"], "")
        self.haruyama_home.write({"city": "三浦市", "street": "油壺1"})
        self.assertEqual(self._target(self.haruyama_home)[1], "油壺1")

    def test_a_company_that_moved_is_printed_at_its_new_place(self):
        self.env["kokyaku.affiliation"].create(
            {"partner_id": self.haruyama.id, "company_partner_id": self.wing.id}
        )
        self.wing.write({"name": "株式会社ツバサ", "street": "青山9-9-9"})
        target = self.haruyama._postal_targets()[self.haruyama.id]
        self.assertEqual(
            (target["company_name"], target["street"]), ("株式会社ツバサ", "青山9-9-9")
        )

    def test_the_number_of_queries_does_not_grow(self):
        people = self.env["res.partner"].create(
            [{"name": f"社員 {number}", "parent_id": self.wing.id} for number in range(60)]
        )
        self.env["kokyaku.home.address"].create(
            [{"partner_id": person.id, "street": "一丁目"} for person in people[:30]]
        )
        counts = []
        for part in (people[:3], people[3:]):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            part._postal_targets()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)

    # ---- 分け方を確認 ------------------------------------------------------------------------

    def test_the_list_of_unsure_names(self):
        person = self.env["res.partner"].create({"name": "森太郎"})
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_name_check")
        domain = literal_eval(action["domain"])
        people = self.env["res.partner"].with_user(self.clerk)
        self.assertIn(person, people.search(domain))
        person.with_user(self.clerk).write({"family_name": "森", "given_name": "太郎"})
        self.assertNotIn(person, people.search(domain))
        self.assertNotIn(self.wing, people.search(domain))

    def test_the_masters_to_start_with(self):
        father = self.env.ref("kokyaku_crm.relation_father")
        self.assertFalse(father.is_pet)
        self.assertTrue(self.env.ref("kokyaku_crm.relation_dog").is_pet)
        self.assertTrue(self.env.ref("kokyaku_crm.interest_golf").active)

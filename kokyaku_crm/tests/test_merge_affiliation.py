from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestMergeAffiliation(KokyakuCase):
    """Merging two people keeps where both belong, their homes and their families."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keep, cls.gone = cls.env["res.partner"].create(
            [{"name": "山田 太郎"}, {"name": "山田 太朗"}]
        )
        cls.sora = cls.env["res.partner"].create({"name": "株式会社そら", "is_company": True})

    def _merge(self, source=None, target=None):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        source, target = source or self.gone, target or self.keep
        wizard._merge((source | target).ids, target, extra_checks=False)
        self.env.invalidate_all()

    def _row(self, person, company, **values):
        return self.env["kokyaku.affiliation"].create(
            {"partner_id": person.id, "company_partner_id": company.id, **values}
        )

    def test_both_main_affiliations_stay_and_the_survivors_leads(self):
        self._row(self.keep, self.wing, function="課長", date_from="2020-04-01")
        self._row(self.gone, self.sora, function="顧問", phone="06-1")
        self._merge()
        self.assertEqual(self.keep.parent_id, self.wing)
        self.assertEqual(self.keep.function, "課長")
        rows = self.keep.affiliation_ids
        self.assertEqual(rows.company_partner_id, self.wing | self.sora)
        self.assertEqual(rows.filtered("is_main").company_partner_id, self.wing)
        self.assertEqual(rows.filtered(lambda row: row.phone).phone, "06-1")

    def test_companies_by_the_company_field_alone(self):
        self.keep.write({"parent_id": self.wing.id})
        self.gone.write({"parent_id": self.sora.id, "function": "部長"})
        self._merge()
        self.assertEqual(self.keep.parent_id, self.wing)
        self.assertFalse(self.keep.function, "部長 was held elsewhere")
        self.assertEqual(
            self.keep.affiliation_ids.mapped(lambda row: (row.company_partner_id, row.function)),
            [(self.wing, False), (self.sora, "部長")],
        )

    def test_the_same_company_makes_no_row(self):
        (self.keep | self.gone).write({"parent_id": self.wing.id})
        self._merge()
        self.assertEqual(self.keep.parent_id, self.wing)
        self.assertFalse(self.keep.affiliation_ids)

    def test_who_belongs_nowhere_gets_the_others_company(self):
        self._row(self.gone, self.wing, function="課長")
        self._merge()
        self.assertEqual((self.keep.parent_id, self.keep.function), (self.wing, "課長"))
        self.assertEqual(len(self.keep.affiliation_ids), 1)

    def test_equal_affiliations_become_one(self):
        self._row(self.keep, self.wing, function="課長", date_from="2020-04-01")
        self._row(
            self.gone, self.wing, function="課長", date_from="2020-04-01", email="y@wing.example.jp"
        )
        self._merge()
        self.assertEqual(self.keep.affiliation_ids.email, "y@wing.example.jp")

    def test_former_affiliations_of_both_are_kept(self):
        self._row(self.keep, self.wing, date_from="2020-04-01")
        self._row(self.gone, self.sora, is_main=True, date_to="2015-03-31")
        self._merge()
        ended = self.keep.affiliation_ids.filtered("date_to")
        self.assertEqual((ended.date_to, ended.is_main), (date(2015, 3, 31), True))
        self.assertEqual(ended.company_name, "株式会社そら")

    def test_a_successor_who_turns_out_to_be_the_same(self):
        row = self._row(self.keep, self.wing, date_to="2020-01-01", successor_id=self.gone.id)
        self._merge()
        self.assertFalse(row.successor_id)

    def test_a_person_is_not_merged_with_their_company(self):
        self._row(self.keep, self.wing)
        self._row(self.keep, self.sora, kind="concurrent")
        self.keep.affiliation_ids.filtered("is_main")
        with self.assertRaises(UserError):
            self._merge(self.keep, self.sora)

    def test_companies_that_are_merged_take_their_people_along(self):
        self._row(self.keep, self.sora)
        ended = self._row(self.gone, self.sora, date_to="2020-01-01")
        self._merge(self.sora, self.wing)
        self.assertEqual(self.keep.parent_id, self.wing)
        self.assertEqual(self.keep.affiliation_ids.company_partner_id, self.wing)
        self.assertEqual(ended.company_name, "株式会社そら")

    # ---- Homes and families -------------------------------------------------------------

    def test_the_survivors_home_stays_and_the_other_is_noted(self):
        self.keep.write({"home_city": "鎌倉市", "home_street": "十二所1"})
        self.gone.write({"home_city": "逗子市", "home_street": "桜山1", "home_phone": "046-1"})
        self._merge()
        home = self.keep.home_address_ids
        self.assertEqual((home.city, home.phone), ("鎌倉市", "046-1"))
        self.assertIn("逗子市桜山1", home.note)

    def test_the_only_home_moves_over(self):
        self.gone.write({"home_city": "逗子市", "home_street": "桜山1"})
        self._merge()
        self.assertEqual(self.keep.home_street, "桜山1")
        self.assertFalse(self.keep.home_address_ids.note)

    def test_families_are_folded(self):
        members = self.env["kokyaku.family.member"]
        wife, son = (self.env.ref(f"kokyaku_crm.relation_{x}") for x in ("wife", "eldest_son"))
        members.create(
            [
                {"partner_id": self.keep.id, "name": "山田 花子", "note": "茶道"},
                {
                    "partner_id": self.gone.id,
                    "name": "山田花子",
                    "relation_id": wife.id,
                    "birthdate": "1980-01-01",
                    "joint_addressee": True,
                    "note": "犬好き",
                },
                {"partner_id": self.gone.id, "name": "山田 一郎", "relation_id": son.id},
            ]
        )
        self._merge()
        hanako = self.keep.family_ids.filtered("joint_addressee")
        self.assertEqual(self.keep.family_ids.mapped("name"), ["山田 花子", "山田 一郎"])
        self.assertEqual((hanako.relation_id, str(hanako.birthdate)), (wife, "1980-01-01"))
        self.assertEqual(hanako.note, "茶道 / 犬好き")

    def test_nobody_refers_themselves_after_a_merge(self):
        between = self.env["res.partner"].create({"name": "間 一郎", "referrer_id": self.keep.id})
        self.gone.referrer_id = between
        self.keep.interest_ids = self.env.ref("kokyaku_crm.interest_golf")
        self.gone.interest_ids = self.env.ref("kokyaku_crm.interest_tea")
        self._merge()
        self.assertFalse(self.keep.referrer_id)
        self.assertEqual(between.referrer_id, self.keep)
        self.assertEqual(len(self.keep.interest_ids), 2)

    def test_transfers_of_both_stay(self):
        self.gone.parent_id = self.wing
        self.env["kokyaku.transfer"]._carry_out(
            [
                {
                    "person": self.gone,
                    "kind": "promotion",
                    "date": date(2026, 4, 1),
                    "company": self.wing,
                    "function": "課長",
                }
            ]
        )
        self._merge()
        self.assertEqual(self.keep.transfer_ids.after, "株式会社ウィング 課長")
        self.assertEqual(self.keep.function, "課長")

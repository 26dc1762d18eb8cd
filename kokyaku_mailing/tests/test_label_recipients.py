from odoo import Command
from odoo.tests import tagged

from ..atena import codes
from .label_common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelRecipients(LabelCase):
    """宛名: who stands on the label, and at which address."""

    def one(self, partner, **options):
        (made,) = partner._atena_addressees(**options)
        return made

    def test_a_person_at_home(self):
        self.assertEqual(
            self.lines(self.person(name="山田 太郎", street2="郵便プラザ503号室")),
            ["〒100-0013", "東京都千代田区霞が関1-3-2", "郵便プラザ503号室", "山田 太郎", "様"],
        )

    def test_a_company(self):
        self.assertEqual(self.lines(self.company)[-2:], ["株式会社丸田商店", "御中"])

    def test_a_person_at_a_company_has_its_address_and_a_position(self):
        boss = self.person(name="木村 さゆり", parent_id=self.company.id, function="代表取締役社長")
        self.assertEqual(
            self.lines(boss),
            [
                "〒020-0021",
                "岩手県盛岡市中央通2-2-5",
                "丸田ビル 4階",
                "株式会社丸田商店",
                "代表取締役社長",
                "木村 さゆり",
                "様",
            ],
        )

    def test_post_goes_home_when_that_is_chosen(self):
        boss = self.person(
            name="木村 さゆり",
            parent_id=self.company.id,
            function="代表取締役社長",
            home_address_ids=[
                Command.create(
                    {
                        "zip": "389-0102",
                        "state_id": self.env.ref("base.state_jp_jp-20").id,
                        "city": "軽井沢町",
                        "street": "軽井沢9",
                    }
                )
            ],
        )
        at_home = ["〒389-0102", "長野県軽井沢町軽井沢9", "木村 さゆり", "様"]
        kind = self.env["kokyaku.selection.type"].create(
            {"code": "LH", "name": "お歳暮", "address_choice": "home"}
        )
        self.assertIn("株式会社丸田商店", self.lines(boss))
        (gift,) = boss._atena_addressees(selection_type=kind)
        self.assertEqual((gift.street, gift.company, gift.function), ("軽井沢9", "", ""))
        wizard = self.wizard(boss, selection_type_id=kind.id)
        self.assertIn("軽井沢9", str(wizard._plan(boss.ids).labels))
        self.assertNotIn("丸田商店", str(wizard._plan(boss.ids).labels))
        boss.address_choice = "home"
        self.assertEqual(self.lines(boss), at_home)
        kind.address_choice = "company"
        (letter,) = boss._atena_addressees(selection_type=kind)
        self.assertEqual(letter.company, "株式会社丸田商店")
        boss.home_address_ids.unlink()
        self.assertIn("株式会社丸田商店", self.lines(boss), "no home, so to the company")

    def test_the_family_stands_beside_the_person_at_home_only(self):
        boss = self.person(
            name="木村 さゆり",
            parent_id=self.company.id,
            honorific="sensei",
            home_address_ids=[
                Command.create({"zip": "3890102", "city": "軽井沢町", "street": "9"})
            ],
            family_ids=[
                Command.create({"name": "木村 太郎", "joint_addressee": True}),
                Command.create({"name": "田中 恵", "joint_addressee": True}),
                Command.create({"name": "ポチちゃん", "joint_addressee": True}),
                Command.create({"name": "木村 留守"}),
            ],
        )
        self.assertEqual(self.lines(boss)[-2:], ["木村 さゆり", "先生"], "work is no family matter")
        boss.address_choice = "home"
        family = ["太郎", "様", "田中 恵", "様", "ポチ", "ちゃん"]
        self.assertEqual(self.lines(boss)[-8:], ["木村 さゆり", "先生", *family])
        self.assertEqual(
            self.lines(boss, honorific="none")[-4:], ["木村 さゆり", "太郎", "田中 恵", "ポチ"]
        )
        private = self.person(
            name="山田 太郎",
            family_ids=[Command.create({"name": "山田 花子", "joint_addressee": True})],
        )
        self.assertEqual(self.lines(private)[-4:], ["山田 太郎", "様", "花子", "様"])

    def test_nobody_writes_to_the_dead(self):
        late = self.person(name="山田 花子", deceased_on="2026-01-05")
        widower = self.person(
            name="山田 太郎",
            family_ids=[
                Command.create(
                    {"name": "山田 花子", "joint_addressee": True, "member_partner_id": late.id}
                )
            ],
        )
        self.assertEqual(self.lines(widower)[-2:], ["山田 太郎", "様"])

    def test_the_main_affiliation_says_company_department_and_function(self):
        clerk = self.person(
            name="後藤 敏行",
            city="港区",
            street="芝1",
            affiliation_ids=[
                Command.create(
                    {
                        "company_partner_id": self.company.id,
                        "department": "外商部",
                        "function": "課長",
                        "is_main": True,
                    }
                )
            ],
        )
        self.assertEqual(
            self.lines(clerk),
            [
                "〒020-0021",
                "岩手県盛岡市中央通2-2-5",
                "丸田ビル 4階",
                "株式会社丸田商店",
                "外商部\u3000課長",
                "後藤 敏行",
                "様",
            ],
        )
        self.assertEqual(clerk.home_address_ids.street, "芝1")
        clerk.address_choice = "home"
        self.assertEqual(self.lines(clerk)[-3:], ["東京都港区芝1", "後藤 敏行", "様"])

    def test_a_department_is_greeted_as_one_and_stands_above_its_people(self):
        department = self.person(name="外商部", parent_id=self.company.id)
        clerk = self.person(name="後藤 敏行", parent_id=department.id, function="課長")
        self.assertEqual(self.lines(department)[-3:], ["株式会社丸田商店", "外商部", "御中"])
        self.assertEqual(
            self.lines(clerk)[-4:],
            ["株式会社丸田商店", "外商部\u3000課長", "後藤 敏行", "様"],
        )

    def test_a_delivery_address_is_its_own_and_nameless_ones_are_their_contacts(self):
        store = self.person(
            name="物流センター",
            parent_id=self.company.id,
            type="delivery",
            zip="274-0065",
            state_id=self.env.ref("base.state_jp_jp-12").id,
            city="船橋市",
            street="高根台4-10-2",
            country_id=self.japan.id,
        )
        self.assertEqual(
            self.lines(store),
            ["〒274-0065", "千葉県船橋市高根台4-10-2", "株式会社丸田商店", "物流センター", "御中"],
        )
        yamada = self.person(name="山田 太郎")
        cottage = self.person(
            parent_id=yamada.id, type="delivery", zip="3890102", city="軽井沢町", street="軽井沢1"
        )
        self.assertEqual(self.lines(cottage), ["〒389-0102", "軽井沢町軽井沢1", "山田 太郎", "様"])
        nameless = self.person(
            parent_id=self.company.id, type="invoice", city="盛岡市", street="大通1"
        )
        self.assertEqual(self.lines(nameless)[-2:], ["株式会社丸田商店", "御中"])

    def test_honorifics_of_the_master(self):
        for value, expected in (
            ("sensei", ["山田 太郎", "先生"]),
            ("kakui", ["山田 太郎", "各位"]),
            ("onchu", ["山田 太郎", "御中"]),
            ("none", ["霞が関1-3-2", "山田 太郎"]),
        ):
            lines = self.lines(self.person(name="山田 太郎", honorific=value))
            self.assertTrue(lines[-2].endswith(expected[0]) and lines[-1] == expected[1], lines)

    def test_a_function_brings_its_honorific(self):
        person = self.person(name="中村 一", function="弁護士")
        self.assertEqual(self.lines(person)[-1], "先生")
        person.honorific = "dono"
        self.assertEqual(self.lines(person)[-1], "殿")

    def test_one_honorific_for_a_whole_print(self):
        people = self.person(name="中村 一", honorific="sensei") | self.company
        self.assertEqual(self.lines(people, honorific="dono")[-1], "御中")
        self.assertIn("殿", self.lines(people, honorific="dono"))
        self.assertNotIn("御中", self.lines(people, honorific="none"))

    def test_a_foreign_address_is_written_as_its_country_does(self):
        france = self.person(
            name="Pierre Dupont",
            country_id=self.env.ref("base.fr").id,
            state_id=False,
            zip="75008",
            city="Paris",
            street="55 Rue du Faubourg",
        )
        self.assertEqual(
            self.lines(france), ["Pierre Dupont", "55 Rue du Faubourg", "75008 Paris", "FRANCE"]
        )

    def test_who_cannot_be_printed(self):
        for partner, code in (
            (self.person(name="住所 無", city=False, street=False), codes.NO_ADDRESS),
            (self.person(name="閉店 済", active=False), codes.ARCHIVED),
        ):
            self.assertEqual(self.one(partner).problems, [code])

    def test_print_orders(self):
        one = self.person(name="い", zip="900-0001", kana="イ", user_id=self.clerk.id)
        two = self.person(name="あ", zip="１００００１３", kana="ア")
        three = self.person(name="う", zip=False, kana=False, user_id=self.env.user.id)
        people = one | two | three
        self.env.user.name = "安部"
        self.clerk.name = "別府"
        for order, expected in (
            ("listed", [one, two, three]),
            ("postal_code", [two, one, three]),
            ("kana", [two, one, three]),
            ("staff", [one, three, two] if "別府" < "安部" else [three, one, two]),
        ):
            keys = [made.key for made in people._atena_addressees(order)]
            self.assertEqual(keys, [partner.id for partner in expected], order)

    def test_reading_five_hundred_takes_as_many_queries_as_ten(self):
        departments = self.person(name="外商部", parent_id=self.company.id)
        people = self.env["res.partner"].create(
            [
                {
                    "name": f"社員 {number}",
                    "parent_id": (departments if number % 2 else self.company).id,
                    "user_id": self.clerk.id,
                }
                for number in range(500)
            ]
        )
        counts = []
        people[:2].with_user(self.clerk)._atena_addressees("staff")  # warms Odoo's own caches
        for some in (people[:10], people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            made = some.with_user(self.clerk)._atena_addressees("staff")
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(made), len(some))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 12)

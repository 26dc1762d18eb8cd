from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestGlance(KokyakuCase):
    """What is known of a person or company, at a glance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.method = cls.env["kokyaku.contact.method"].create({"code": "GL", "name": "来社"})

    def _cards(self, partner, user=None):
        self.env.flush_all()
        env = self._as(user or self.analyst)
        cards = env["res.partner"].browse(partner.id).kokyaku_glance()["cards"]
        return {card["name"]: card["lines"] for card in cards}

    def _texts(self, partner, card, user=None):
        return [line["text"] for line in self._cards(partner, user)[card]]

    def _contact(self, partner, subject, **values):
        return self.env["kokyaku.contact.history"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "method_id": self.method.id,
                "subject": subject,
                **values,
            }
        )

    def test_where_a_person_belongs_now_and_before(self):
        today = fields.Date.today()
        old = self.env["res.partner"].create({"name": "旧商事", "is_company": True})
        self.env["kokyaku.affiliation"].create(
            [
                {
                    "partner_id": self.haruyama.id,
                    "company_partner_id": old.id,
                    "date_to": today - timedelta(days=100),
                    "is_main": True,
                },
                {
                    "partner_id": self.haruyama.id,
                    "company_partner_id": self.wing.id,
                    "function": "部長",
                    "date_from": today - timedelta(days=99),
                    "is_main": True,
                },
            ]
        )
        now, post, before = self._cards(self.haruyama)["belongs"]
        self.assertEqual((now["text"], post["text"]), ("株式会社ウィング", "部長"))
        self.assertEqual(now["target"], ["res.partner", self.wing.id])
        self.assertEqual(before["text"], "旧商事")
        self.assertEqual(self._texts(self.kuroki, "belongs"), ["株式会社ウィング"])

    def test_whose_customer_and_what_may_be_sent(self):
        self.haruyama.user_id = self.seller
        self.haruyama.staff_ids = self.clerk
        self.env["kokyaku.consent"]._set_many(self.haruyama, "post", "promotion", "allowed")
        self.env["kokyaku.consent"]._set_many(self.haruyama, "phone", "promotion", "refused")
        staff, welcome, refused = self._cards(self.haruyama)["reach"]
        self.assertEqual((staff["text"], staff["note"]), (self.seller.name, self.clerk.name))
        self.assertEqual((welcome["text"], refused["text"]), ("Post", "Phone"))
        self.assertEqual(refused["tone"], "danger")

    def test_what_was_bought(self):
        self._order(self.haruyama, (self.tea, 2), when="2020-01-05 03:00:00")
        self._order(self.haruyama_home, (self.cup, 1), when="2026-05-10 03:00:00")
        total, last, *products = self._cards(self.haruyama, self.sales_lead)["purchases"]
        self.assertIn("5,000", total["text"])
        self.assertIn("2026", last["text"])
        self.assertEqual([line["text"] for line in products], ["湯呑み", "緑茶"])
        self.assertEqual(products[0]["target"][0], "sale.order")
        # who may not open orders is led to the history instead
        lines = self._cards(self.haruyama, self.analyst)["purchases"]
        self.assertEqual(lines[-1]["target"], ["#kokyaku_sales_history"])

    def test_what_was_said_and_what_waits_for_an_answer(self):
        now = fields.Datetime.now()
        self._contact(
            self.haruyama, "在庫の問い合わせ", kind="inquiry", date=now - timedelta(days=9)
        )
        for days in range(5):
            self._contact(self.haruyama, f"訪問{days}", date=now - timedelta(days=days))
        lines = self._cards(self.haruyama)["contacts"]
        self.assertEqual(
            [line["text"] for line in lines], ["在庫の問い合わせ", "訪問0", "訪問1", "訪問2"]
        )
        self.assertEqual([line["tone"] for line in lines], ["danger", False, False, False])

    def test_what_comes_next(self):
        today = fields.Date.today()
        soon = today + timedelta(days=10)
        self.env["kokyaku.family.member"].create(
            [
                {
                    "partner_id": self.haruyama.id,
                    "name": "花",
                    "birthdate": soon.replace(year=2000),
                },
                {
                    "partner_id": self.haruyama.id,
                    "name": "遠",
                    "birthdate": (today + timedelta(days=200)).replace(day=1, year=2000),
                },
            ]
        )
        self.haruyama.activity_schedule(
            "mail.mail_activity_data_call", soon, summary="電話する", user_id=self.analyst.id
        )
        texts = self._texts(self.haruyama, "next")
        self.assertEqual(texts, ["電話する", "Birthday of 花"])

    def test_a_company_shows_its_people_and_what_they_did(self):
        self._order(self.kuroki)
        self._contact(self.suzuki, "打合せ")
        cards = self._cards(self.wing)
        names = [line["text"] for line in cards["people"]]
        self.assertEqual(names[0], "2 people")
        self.assertEqual(set(names[1:]), {"黒木 健一", "鈴木 三郎"})
        self.assertEqual([line["text"] for line in cards["contacts"]], ["打合せ"])
        self.assertTrue(cards["purchases"])

    def test_who_is_unknown_has_empty_cards(self):
        cards = self._cards(self.haruyama)
        for name in ("belongs", "purchases", "contacts", "next"):
            self.assertEqual(cards[name], [], name)

    def test_only_our_users_see_it(self):
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self._cards(self.haruyama, user)
        other = self.env["res.company"].create({"name": "他社"})
        self._contact(self.haruyama, "他社の話", company_id=other.id)
        self.assertNotIn("他社の話", self._texts(self.haruyama, "contacts"))

    def _statements(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self._as(self.sales_lead)
        env["res.partner"].browse(partner.id).kokyaku_glance()  # warm: what is cached for all
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        env["res.partner"].browse(partner.id).kokyaku_glance()
        return self.env.cr.sql_log_count - before

    def _live(self, partner, times):
        now = fields.Datetime.now()
        for number in range(times):
            self._order(partner, (self.tea, 1), (self.cup, 1))
            self._contact(partner, f"訪問{number}", date=now - timedelta(days=number))
            self._contact(partner, f"質問{number}", kind="inquiry")
            self.env["kokyaku.family.member"].create(
                {"partner_id": partner.id, "name": f"子{times}-{number}", "birthdate": now.date()}
            )

    def test_a_long_history_takes_no_more_statements(self):
        self._live(self.haruyama, 5)
        short = self._statements(self.haruyama)
        self._live(self.kuroki, 30)
        self._live(self.haruyama, 20)
        self.assertEqual(self._statements(self.haruyama), short)
        self.assertLess(short, 60)

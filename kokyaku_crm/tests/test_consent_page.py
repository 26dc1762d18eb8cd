from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import office_today
from .consent_common import ConsentCase


@tagged("post_install", "-at_install")
class TestSetMany(ConsentCase):
    """Many people at once: one statement, and the log."""

    def test_new_changed_and_same(self):
        people = self.haruyama | self.kuroki | self.suzuki
        self._say("email", "promotion", "allowed", source="A-1")
        self.consents._set_many(self.kuroki, "email", "promotion", "refused", "電話")
        with self.assertQueryCount(3):  # who is at work, the statement, (the user's day)
            done = self.consents._set_many(people, "email", "promotion", "allowed", "申込書")
        self.assertEqual(done, 2)
        self.assertEqual(people.consent_ids.mapped("state"), ["allowed"] * 3)
        self.assertEqual(self.haruyama.consent_ids.source, "A-1")
        self.assertEqual(len(self._log(partner=self.kuroki)), 2)
        self.assertEqual(len(self._log(partner=self.haruyama)), 1)
        self.assertEqual(
            self.consents._set_many(people, "email", "promotion", "allowed", "申込書"), 0
        )

    def test_a_select_of_people_and_several_cells(self):
        chosen = SQL("SELECT id FROM res_partner WHERE parent_id = %s", self.wing.id)
        done = self.consents.with_user(self.clerk)._set_many(
            chosen, ["post", "fax"], ["promotion", "greeting"], "refused", screen="bulk"
        )
        self.assertEqual(done, 8)
        self.assertEqual(set(self._log(partner=self.kuroki).mapped("screen")), {"bulk"})

    def test_unknown_makes_no_rows(self):
        self.assertEqual(self.consents._set_many(self.kuroki, "post", "promotion", "unknown"), 0)
        self._say("post", "promotion", "refused")
        self.assertEqual(self.consents._set_many(self.haruyama, "post", "promotion", "unknown"), 1)
        self.assertEqual(self.haruyama.consent_ids.state, "unknown")
        self.assertFalse(self.haruyama.consent_ids.basis)

    def test_bad_words_and_no_rights_are_refused(self):
        with self.assertRaisesRegex(UserError, "pigeon.*Channel.*post"):
            self.consents._set_many(self.kuroki, "pigeon", "promotion", "allowed")
        with self.assertRaises(AccessError):
            self.consents.with_user(self.analyst)._set_many(
                self.kuroki, "post", "promotion", "allowed"
            )

    def test_declining_is_one_click(self):
        self.haruyama.with_user(self.clerk).action_decline_promotion()
        self.assertTrue(self.haruyama.promotion_refused)
        for channel in ("post", "email", "phone", "sms", "fax", "visit"):
            self.assertEqual(self._reason(channel, "promotion"), "refused")
            self.assertFalse(self._reason(channel, "greeting"))
        found = self.env["res.partner"].search([("promotion_refused", "=", True)])
        self.assertIn(self.haruyama, found)
        self.assertNotIn(self.kuroki, found)
        self.consents._set_many(self.haruyama, "fax", "promotion", "unknown")
        self.haruyama.invalidate_recordset(["promotion_refused"])
        self.assertFalse(self.haruyama.promotion_refused)


@tagged("post_install", "-at_install")
class TestConsentPage(ConsentCase):
    def test_the_picture_of_one_person(self):
        self._say("email", "promotion", "allowed", source="A-1")
        self.env["phone.blacklist"]._add(["+819012345678"])
        picture = self.haruyama.with_user(self.analyst).kokyaku_consents()
        self.assertFalse(picture["can_write"])
        self.assertEqual(len(picture["cells"]), 18)
        cell = picture["cells"]["email/promotion"]
        self.assertEqual(
            (cell["state"], cell["basis"], cell["source"]), ("allowed", "申込書", "A-1")
        )
        self.assertFalse(cell["reason"])
        self.assertEqual(picture["cells"]["sms/promotion"]["reason"], "blacklisted")
        self.assertEqual(picture["cells"]["fax/promotion"]["reason"], "no_basis")
        self.assertEqual(picture["addresses"]["email"][0]["blacklisted"], False)
        self.assertEqual(
            [(phone["text"], phone["blacklisted"]) for phone in picture["addresses"]["phone"]],
            [("090-1234-5678", True), ("03-1234-5678", False)],
        )
        reasons = dict(self.env["res.partner"]._reach_reasons())
        self.assertLessEqual(
            {c["reason"] for c in picture["cells"].values()} - {False}, set(reasons)
        )

    def test_an_analyst_changes_nothing(self):
        with self.assertRaises(AccessError):
            self.haruyama.with_user(self.analyst).kokyaku_set_consents(
                {"post/promotion": "refused"}
            )
        with self.assertRaises(AccessError):
            self.haruyama.with_user(self.analyst).action_decline_promotion()

    def test_a_day_to_come_is_refused(self):
        with self.assertRaisesRegex(UserError, "future"):
            self.haruyama.kokyaku_set_consents({"post/promotion": "refused"}, date="2099-01-01")
        with self.assertRaisesRegex(ValidationError, "春山.*future"):
            self.haruyama.deceased_on = "2099-01-01"

    def test_a_new_address_forgets_the_returned_mail(self):
        for change in (
            lambda: self.haruyama.write({"street": "大手町2-2"}),
            lambda: self.env["kokyaku.home.address"].create(
                {"partner_id": self.haruyama.id, "city": "横浜市"}
            ),
            lambda: self.haruyama.home_address_ids.write({"street": "港町3"}),
            lambda: self.haruyama.write({"returned_mail": False}),
        ):
            self.haruyama.returned_mail = "2026-10-01"
            change()
            self.assertFalse(self.haruyama.returned_mail)
        self.haruyama.returned_mail = "2026-10-01"
        self.haruyama.write({"street": self.haruyama.street, "comment": "x"})
        self.assertTrue(self.haruyama.returned_mail)

    def test_a_company_that_moves_takes_its_people_along(self):
        self.kuroki.returned_mail = "2026-10-01"
        self.wing.write({"city": "大阪市", "street": "梅田1"})
        self.assertEqual(self.kuroki.street, "梅田1")
        self.assertFalse(self.kuroki.returned_mail)

    def test_the_state_in_the_list_costs_the_same_for_many(self):
        people = self.env["res.partner"].create([{"name": f"人 {n}"} for n in range(40)])
        people[0].deceased_on = "2026-01-01"
        self.env["kokyaku.mourning"].create({"partner_id": people[1].id})
        self.env.flush_all()
        self.env.invalidate_all()
        office_today(people)  # read once, whoever is shown
        with self.assertQueryCount(3):
            states = people.mapped("reach_state")
        self.assertEqual(states[:3], ["Deceased", "In Mourning", False])

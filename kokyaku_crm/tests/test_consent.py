from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .consent_common import ConsentCase


@tagged("post_install", "-at_install")
class TestReach(ConsentCase):
    """Who may be reached, on which channel, for what."""

    def test_post_and_greetings_are_welcome_until_someone_says_no(self):
        for channel in ("post", "phone", "visit"):
            self.assertFalse(self._reason(channel, "promotion"), channel)
        for channel in ("post", "email", "phone", "sms", "fax", "visit"):
            self.assertFalse(self._reason(channel, "greeting"), channel)
            self.assertFalse(self._reason(channel, "business"), channel)

    def test_advertising_by_mail_sms_and_fax_needs_a_yes_with_its_basis(self):
        for channel in ("email", "sms", "fax"):
            self.assertEqual(self._reason(channel, "promotion"), "no_basis", channel)
            consent = self._say(channel, "promotion", "allowed", basis=" ")
            self.assertEqual(self._reason(channel, "promotion"), "no_basis", channel)
            consent.basis = "会員登録フォーム"
            self.assertFalse(self._reason(channel, "promotion"), channel)
            consent.state = "unknown"
            self.assertEqual(self._reason(channel, "promotion"), "no_basis", channel)

    def test_a_refused_newsletter_stops_neither_new_year_card_nor_invoice(self):
        self._say("post", "promotion", "refused")
        self._say("email", "promotion", "refused")
        self.assertEqual(self._reason("post", "promotion"), "refused")
        self.assertEqual(self._reason("email", "promotion"), "refused")
        for channel in ("post", "email"):
            self.assertFalse(self._reason(channel, "greeting"))
            self.assertFalse(self._reason(channel, "business"))

    def test_a_blacklisted_address_counts_as_a_no(self):
        self._say("email", "promotion", "allowed")
        self.env["mail.blacklist"]._add("Haruyama@Example.jp")
        self.assertEqual(self._reason("email", "promotion"), "blacklisted")
        self.assertEqual(self._reason("email", "greeting"), "blacklisted")
        self.assertFalse(self._reason("email", "business"))
        self.assertFalse(self._reason("post", "promotion"))

    def test_a_blacklisted_number_is_not_called_mobile_or_not(self):
        for number in ("+81312345678", "+819012345678"):
            entry = self.env["phone.blacklist"]._add([number])
            self.assertEqual(self._reason("phone", "promotion"), "blacklisted", number)
            entry.action_archive()
            self.assertFalse(self._reason("phone", "promotion"), number)
        self.haruyama.phone = "０３ー１２３４ー５６７８"
        self.env["phone.blacklist"]._add(["+81312345678"])
        self.assertEqual(self._reason("phone", "promotion"), "blacklisted")
        self.assertFalse(self._reason("phone", "business"))

    def test_the_dead_are_left_in_peace(self):
        self.haruyama.deceased_on = "2026-10-01"
        for channel in ("post", "email", "phone", "visit"):
            for purpose in ("promotion", "greeting", "business"):
                self.assertEqual(self._reason(channel, purpose), "deceased")

    def test_returned_mail_stops_post_only(self):
        self.haruyama.returned_mail = "2026-10-01"
        self.assertEqual(self._reason("post", "business"), "returned")
        self.assertFalse(self._reason("phone", "promotion"))

    def test_a_complaint_stops_promotion_only(self):
        self.haruyama.complaint_open = True
        self.assertEqual(self._reason("post", "promotion"), "complaint")
        self.assertFalse(self._reason("post", "greeting"))
        self.assertFalse(self._reason("post", "business"))

    def test_no_address_no_mail_no_phone(self):
        nobody = self.env["res.partner"].create({"name": "住所 なし"})
        for channel, reason in (
            ("post", "no_address"),
            ("email", "no_email"),
            ("phone", "no_phone"),
            ("sms", "no_phone"),
            ("fax", "no_fax"),
        ):
            self.assertEqual(self._reason(channel, "business", partner=nobody), reason)
        self.assertFalse(self._reason("visit", "business", partner=nobody))
        self.env["kokyaku.home.address"].create(
            {"partner_id": nobody.id, "city": "横浜市", "phone": "045-1"}
        )
        self.assertFalse(self._reason("post", "business", partner=nobody))
        self.assertFalse(self._reason("phone", "business", partner=nobody))

    def test_one_statement_whatever_the_number(self):
        people = self.env["res.partner"].create([{"name": f"人 {n}"} for n in range(50)])
        self.consents._set_many(people[:20], "post", "greeting", "refused", "電話")
        self.env.flush_all()
        with self.assertQueryCount(1):
            refusals = people._reach_refusals("post", "greeting")
        self.assertEqual(sum(reason == "refused" for reason in refusals.values()), 20)
        self.assertEqual(set(refusals.values()), {"refused", "no_address"})

    def test_sets_ask_in_their_own_statement(self):
        self._say("post", "promotion", "refused")
        chosen = SQL("SELECT %s", self.haruyama.id)
        rows = self.env.execute_query(
            self.env["res.partner"]._reach_sql("post", "promotion", partners=chosen)
        )
        self.assertEqual(rows, [(self.haruyama.id, "refused")])
        everybody = dict(
            self.env.execute_query(self.env["res.partner"]._reach_sql("post", "promotion"))
        )
        self.assertEqual(everybody[self.haruyama.id], "refused")

    def test_unknown_channels_are_refused(self):
        with self.assertRaises(ValueError):
            self.haruyama._reach_refusals("pigeon", "promotion")
        self.assertEqual(self.env["res.partner"]._reach_refusals("post", "promotion"), {})

    def test_a_mass_mail_from_the_list_respects_a_no(self):
        self.kuroki.email = "kuroki@example.jp"
        self._say("email", "promotion", "refused")
        people = self.haruyama | self.kuroki
        composer = self.env["mail.compose.message"].create(
            {
                "model": "res.partner",
                "composition_mode": "mass_mail",
                "res_ids": people.ids,
                "subject": "秋の新茶",
                "body": "ご案内",
            }
        )
        values = dict.fromkeys(people.ids, {})
        self.assertEqual(composer._get_blacklist_record_ids(values), {self.haruyama.id})
        composer.model = "sale.order"
        self.assertEqual(composer._get_blacklist_record_ids({}), set())


@tagged("post_install", "-at_install")
class TestMourning(ConsentCase):
    """喪中 ends by itself."""

    def _mourn(self, **values):
        return self.env["kokyaku.mourning"].create({"partner_id": self.haruyama.id, **values})

    @freeze_time("2026-11-24 03:00:00")
    def test_a_notice_in_november_stops_the_next_new_year_card(self):
        mourning = self._mourn()
        self.assertEqual((mourning.year, mourning.date_to), (2027, date(2027, 1, 15)))
        self.assertTrue(self.haruyama.in_mourning)
        self.assertEqual(self._reason("post", "greeting", "2027-01-01"), "mourning")
        self.assertFalse(self._reason("post", "promotion", "2027-01-01"))
        self.assertFalse(self._reason("post", "business", "2027-01-01"))
        self.assertFalse(self._reason("post", "greeting", "2027-01-16"))
        self.assertFalse(self._reason("post", "greeting", "2028-01-01"))
        self.assertIn(self.haruyama, self.env["res.partner"].search([("in_mourning", "=", True)]))
        self.assertNotIn(
            self.haruyama, self.env["res.partner"].search([("in_mourning", "!=", True)])
        )

    def test_it_ends_without_anybody_doing_anything(self):
        with freeze_time("2026-11-24 03:00:00"):
            self._mourn()
        with freeze_time("2027-01-16 03:00:00"):
            self.haruyama.invalidate_recordset()
            self.assertFalse(self.haruyama.in_mourning)
            self.assertFalse(self._reason("post", "greeting"))

    @freeze_time("2026-11-24 03:00:00")
    def test_the_49_days_and_the_summer_gift(self):
        self._mourn(died_on="2026-02-10", notice_date="2026-02-20")
        self.assertEqual(self._reason("post", "greeting", "2026-03-01"), "mourning")
        self.assertFalse(self._reason("post", "greeting", "2026-07-01"))
        self.assertEqual(self._reason("post", "greeting", "2026-12-15"), "mourning")
        self.assertFalse(self._reason("post", "greeting", "2026-01-31"))

    @freeze_time("2026-01-20 03:00:00")
    def test_a_notice_in_january_is_about_the_new_year_just_passed(self):
        mourning = self._mourn(date_to=date(2026, 1, 31))
        self.assertEqual(mourning.year, 2026)
        self.assertFalse(self._reason("post", "greeting", "2027-01-01"))

    @freeze_time("2026-11-24 03:00:00")
    def test_impossible_dates_are_named(self):
        for values, words in (
            ({"notice_date": "2027-11-01"}, "future"),
            ({"notice_date": "2026-10-01", "died_on": "2026-10-02"}, "before the death"),
            ({"date_to": "2026-01-01"}, "end before"),
            ({"year": 27}, "four digits"),
        ):
            with self.assertRaisesRegex(ValidationError, f"春山 ひとみ.*{words}"):
                self._mourn(**values)

    def test_it_is_logged(self):
        with freeze_time("2026-11-24 03:00:00"):
            mourning = self._mourn()
            mourning.note = "はがき"
            mourning.year = 2028
            mourning.unlink()
        log = self._log("mourning")
        self.assertEqual(
            [(row.old, row.new) for row in log],
            [
                (False, "2027 (– 2027-01-15)"),
                ("2027 (– 2027-01-15)", "2028 (– 2028-01-15)"),
                ("2028 (– 2028-01-15)", False),
            ],
        )

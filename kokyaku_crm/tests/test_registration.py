import re
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields, http
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.kokyaku_registration import BASIS, PER_EMAIL, PER_IP
from .common import KokyakuCase

FORM = {
    "family_name": "山本",
    "given_name": "花子",
    "family_kana": "やまもと",
    "given_kana": "はなこ",
    "email": "hanako.yamamoto@example.com",
    "phone": "０３ー１２３４ー５６７８",
    "zip": "1500001",
    "city": "渋谷区神宮前",
    "street": "1-2-3",
    "privacy": "1",
}
NOON = datetime(2026, 11, 24, 3, 30)


@tagged("post_install", "-at_install")
class RegistrationCase(HttpCase, KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Pages without a web site speak the language of new partners.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.env["res.company"].search([]).registration_enabled = False
        cls.company.write(
            {
                "email": "shop@example.com",
                "registration_enabled": True,
                "registration_privacy": "<p>個人情報の取扱い</p>",
                "registration_privacy_version": "2026-04",
            }
        )
        cls.registrations = cls.env["kokyaku.registration"]
        cls.mails = cls.env["mail.mail"]

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.env.cr.execute("DELETE FROM kokyaku_rate_limit")

    def _token(self):
        return http.Request.csrf_token(self)

    def _post(self, url, form=None, csrf=True):
        data = dict(form or {})
        if csrf:
            data["csrf_token"] = self._token()
        return self.url_open(url, data=data, allow_redirects=True)

    def _send(self, **changes):
        form = {**FORM, **changes}
        return self._post(
            f"/kokyaku/register/{self.company.id}/send",
            {name: value for name, value in form.items() if value is not None},
        )

    def _mail_to(self, email):
        return self.mails.search([("email_to", "=", email)], order="id desc")

    def _link(self, email=FORM["email"]):
        body = self._mail_to(email)[:1].body_html
        return "/kokyaku/" + body.split("/kokyaku/", 1)[1].split('"', 1)[0]

    def _seen(self, page):
        """What a stranger sees of an answer; the csrf token is another in every page."""
        return page.status_code, re.sub(r'csrf_token: "\w+"', "", page.text)

    def _people(self, email=FORM["email"]):
        return self.env["res.partner"].search([("email_normalized", "=", email)])


@tagged("post_install", "-at_install")
class TestRegistration(RegistrationCase):
    """会員登録, as a stranger meets it."""

    # ---- What must not happen -----------------------------------------------------------

    def test_the_page_is_off_unless_switched_on(self):
        self.company.registration_enabled = False
        self.assertEqual(self.url_open("/kokyaku/register").status_code, 404)
        self.assertEqual(self.url_open(f"/kokyaku/register/{self.company.id}").status_code, 404)
        self.assertEqual(self._send().status_code, 404)
        self.assertFalse(self.registrations.search([]))

    def test_it_cannot_be_switched_on_without_a_privacy_text(self):
        self.company.write({"registration_privacy": False, "registration_enabled": False})
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        settings.registration_enabled = True
        with self.assertRaisesRegex(ValidationError, "Privacy Text"):
            settings.execute()

    @mute_logger("odoo.http")
    def test_a_form_from_elsewhere_is_refused(self):
        answer = self._post(f"/kokyaku/register/{self.company.id}/send", FORM, csrf=False)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.registrations.search([]))

    def test_nobody_exists_before_the_button_behind_the_link(self):
        self._send()
        self.assertFalse(self._people())
        page = self.url_open(self._link())
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self._people(), "opening a link is what mail scanners do")
        self.assertEqual(self.registrations.search([]).state, "pending")

    def test_mistakes_name_the_field_and_the_cure(self):
        page = self._send(
            family_name="",
            phone="000-0000-0000",
            zip="150-00",
            family_kana="Yama",
            email="x",
            birthdate="2999-01-01",
            state_id="999999",
            privacy=None,
        )
        for sentence in (
            "Family Name: please fill this in.",
            "Phone: please check the number",
            "Postal Code: please enter seven digits",
            "Family Name (Kana): please write it in katakana",
            "E-Mail: please check the address",
            "Date of Birth: this day cannot be right",
            "Prefecture: please choose one from the list",
            "Use of Personal Data: please read the text",
        ):
            self.assertIn(sentence, page.text)
        self.assertIn('value="花子"', page.text, "what was right stays typed in")
        self.assertFalse(self.registrations.search([]))

    def test_what_is_typed_is_text_and_no_page(self):
        page = self._send(family_name="<script>alert(1)</script>", email="x")
        self.assertNotIn("<script>alert(1)", page.text)

    def test_a_stranger_cannot_choose_what_kind_of_person_they_become(self):
        self._send(
            user_id=str(self.clerk.id), ref="C1", is_company="1", parent_id=str(self.wing.id)
        )
        self._post(self._link())
        person = self._people()
        self.assertFalse(person.user_id or person.ref or person.is_company or person.parent_id)

    def test_the_trap_catches_programs_and_tells_them_nothing(self):
        human = self._send(email="human@example.com")
        program = self._send(website_url="http://spam.example")
        self.assertEqual(self._seen(human), self._seen(program))
        self.assertFalse(self._mail_to(FORM["email"]))
        trapped = self.registrations.search([("state", "=", "refused")])
        self.assertEqual(trapped.reason, "trap")
        self.assertFalse(trapped.email)

    # ---- Known or not -------------------------------------------------------------------

    def test_the_answer_is_the_same_whether_one_is_known(self):
        self.haruyama.email = "Haruyama@Example.com"
        counts = {}
        for email in ("warm@example.com", "haruyama@example.com", "nobody@example.com"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            page = self._send(email=email)
            counts[email] = self._seen(page), self.cr.sql_log_count - before
        known, unknown = counts["haruyama@example.com"], counts["nobody@example.com"]
        self.assertEqual(known[0], unknown[0])
        self.assertAlmostEqual(known[1], unknown[1], delta=8)
        self.assertEqual(len(self._mail_to("haruyama@example.com")), 1)
        self.assertEqual(len(self._mail_to("nobody@example.com")), 1)

    def test_a_known_person_is_told_so_by_mail_and_nothing_is_kept_of_the_form(self):
        self.haruyama.email = FORM["email"]
        self._send()
        mail = self._mail_to(FORM["email"])
        self.assertIn(self.haruyama._kokyaku_preferences_url(), mail.body_html)
        registration = self.registrations.search([])
        self.assertEqual(registration.state, "known")
        self.assertFalse(registration.family_name or registration.phone or registration.street)
        self.assertEqual(self._people(), self.haruyama)

    def test_someone_who_became_known_meanwhile_is_not_made_twice(self):
        self._send(**{"email-promotion": "1"})
        self.haruyama.write({"email": FORM["email"], "phone": "06-1111-2222"})
        self._post(self._link())
        self.assertEqual(self._people(), self.haruyama)
        self.assertEqual(self.haruyama.phone, "06-1111-2222", "nothing of theirs is overwritten")
        self.assertEqual(self.haruyama.consent_ids.mapped("state"), ["allowed"])
        self.assertEqual(self.registrations.search([]).state, "linked")
        task = self.haruyama.activity_ids
        self.assertIn("03-1234-5678", task.note)
        self.assertIn("06-1111-2222", task.note)
        self.assertTrue(task.user_id.has_group("kokyaku_crm.group_manager"))

    def test_a_company_with_the_same_address_does_not_keep_its_people_out(self):
        self.wing.email = FORM["email"]
        self._send()
        self._post(self._link())
        self.assertEqual(len(self._people() - self.wing), 1)

    def test_people_of_another_company_are_not_known_to_this_one(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.haruyama.write({"email": FORM["email"], "company_id": other.id})
        self._send()
        self.assertEqual(self.registrations.search([]).state, "pending")

    # ---- Confirmed ----------------------------------------------------------------------

    @freeze_time(NOON)
    def test_from_the_form_to_the_member(self):
        tokyo = self.env.ref("base.state_jp_jp-13")
        self._send(**{"email-promotion": "1", "birthdate": "1980-04-01", "state_id": tokyo.id})
        page = self._post(self._link())
        self.assertIn("Your registration is complete", page.text)
        person = self._people()
        self.assertEqual(
            (person.name, person.kana, person.phone, str(person.birthdate)),
            ("山本 花子", "ヤマモト ハナコ", "03-1234-5678", "1980-04-01"),
        )
        self.assertEqual(person.company_id, self.company)
        self.assertTrue(person.member_number.startswith("M"))
        self.assertEqual(str(person.acquired_on), "2026-11-24")
        source = self.env.ref("kokyaku_crm.source_membership", raise_if_not_found=False)
        self.assertEqual(person.source_id, source or self.env["kokyaku.source"])
        home = person.home_address_ids
        self.assertEqual((home.zip, home.state_id, home.city), ("150-0001", tokyo, "渋谷区神宮前"))
        self.assertEqual(home.country_id.code, "JP")
        [consent] = person.consent_ids
        self.assertEqual(
            (consent.channel, consent.purpose, consent.state, consent.basis),
            ("email", "promotion", "allowed", BASIS),
        )
        self.assertIn("2026-11-24 12:30", consent.source)
        self.assertIn("2026-04", consent.source)
        welcome = self._mail_to(FORM["email"])[:1]
        self.assertIn(person.member_number, welcome.body_html)
        self.assertIn(person._kokyaku_preferences_url(), welcome.body_html)
        registration = self.registrations.search([])
        self.assertEqual((registration.state, registration.partner_id), ("confirmed", person))
        self.assertFalse(registration.email or registration.family_name or registration.consents)

    def test_after_midnight_in_japan_it_is_today(self):
        """At half past midnight in Tokyo it is yesterday in UTC, where a visitor has no day of
        their own."""
        with freeze_time("2026-11-24 15:30:00"):
            self._send()
            self._post(self._link())
        self.assertEqual(self._people().acquired_on, date(2026, 11, 25))

    def test_nothing_ticked_is_nothing_allowed(self):
        self._send()
        self._post(self._link())
        self.assertFalse(self._people().consent_ids)
        page = self.url_open("/kokyaku/register").text
        self.assertNotIn("checked", page)

    def test_pressing_twice_makes_one_member(self):
        self._send()
        link = self._link()
        self._post(link)
        again = self._post(link)
        self.assertIn("Your registration is complete", again.text)
        self.assertEqual(len(self._people()), 1)

    def test_two_links_of_one_applicant_make_one_member(self):
        self._send()
        first = self._link()
        self._send(phone="06-9999-9999")
        second = self._link()
        self.assertNotEqual(first, second)
        self._post(first)
        self._post(second)
        self.assertEqual(len(self._people()), 1)
        self.assertEqual(self._people().phone, "03-1234-5678")

    def test_the_office_hears_of_new_members_once_a_day(self):
        for number in range(3):
            email = f"member{number}@example.com"
            self._send(email=email)
            self._post(self._link(email))
        kind = self.env.ref("kokyaku_crm.mail_activity_registration")
        self.assertEqual(
            self.env["mail.activity"].search_count([("activity_type_id", "=", kind.id)]), 1
        )

    # ---- Expiry and limits --------------------------------------------------------------

    def test_the_link_works_for_a_day_and_the_rest_is_forgotten(self):
        self._send()
        link = self._link()
        with freeze_time(fields.Datetime.now() + timedelta(hours=24, minutes=1)):
            answer = self._post(link)
            self.assertEqual(answer.status_code, 404)
            self.assertFalse(self._people())
            self.registrations._gc_registrations()
        self.assertFalse(self.registrations.search([]))

    def test_the_table_does_not_hold_the_way_in(self):
        self._send()
        token = self._link().rsplit("/", 1)[1]
        registration = self.registrations.search([])
        self.assertNotIn(token, str(registration.sudo().read()))

    @freeze_time(NOON)
    def test_one_address_gets_few_mails(self):
        pages = [self._send() for _number in range(PER_EMAIL + 3)]
        self.assertEqual(len(self._mail_to(FORM["email"])), PER_EMAIL)
        self.assertEqual({page.status_code for page in pages}, {200})
        refused = self.registrations.search([("state", "=", "refused")])
        self.assertEqual(refused.mapped("reason"), ["email_limit"])
        self.assertNotIn("hanako", refused.email)
        with freeze_time(NOON + timedelta(hours=1)):
            self._send()
        self.assertEqual(len(self._mail_to(FORM["email"])), PER_EMAIL + 1)

    def test_the_limit_slides_and_does_not_wait_for_the_clock(self):
        last_minute = NOON + timedelta(minutes=59)
        with freeze_time(last_minute):
            for _number in range(PER_EMAIL):
                self._send()
        with freeze_time(NOON + timedelta(minutes=60)):
            self._send()
        self.assertEqual(len(self._mail_to(FORM["email"])), PER_EMAIL, "the clock struck one")
        with freeze_time(last_minute + timedelta(minutes=62)):
            self._send()
        self.assertEqual(len(self._mail_to(FORM["email"])), PER_EMAIL + 1)

    @freeze_time(NOON)
    def test_a_flood_leaves_few_rows_and_few_mails(self):
        mails = self.mails.search_count([])
        for number in range(1000):
            taken = self.registrations._receive(
                self.company, f"flood{number}@example.com", {"lang": "en_US"}, "203.0.113.9"
            )
            self.assertEqual(taken, number < PER_IP)
        self.assertEqual(self.registrations.search_count([("state", "=", "pending")]), PER_IP)
        self.assertEqual(self.registrations.search([("state", "=", "refused")]).reason, "ip_limit")
        self.assertEqual(self.mails.search_count([]) - mails, PER_IP)
        self.assertLessEqual(self.env["kokyaku.rate.limit"].search_count([]), PER_IP + 2)
        self.env.cr.execute("SELECT string_agg(digest, ' ') FROM kokyaku_rate_limit")
        self.assertNotIn("203.0.113.9", self.env.cr.fetchone()[0])

    @freeze_time(NOON)
    def test_a_busy_place_is_told_to_come_back(self):
        with patch("odoo.addons.kokyaku_crm.models.kokyaku_registration.PER_IP", 1):
            self._send(email="one@example.com")
            page = self._send(email="two@example.com")
        self.assertEqual(page.status_code, 429)
        self.assertIn("Please try again in an hour", page.text)

    @freeze_time(NOON)
    def test_guessing_links_is_counted(self):
        with patch("odoo.addons.kokyaku_crm.controllers.portal_forms.WRONG_LINKS", 2):
            codes = [
                self.url_open(f"/kokyaku/register/confirm/{word}").status_code
                for word in ("a", "b", "c")
            ]
        self.assertEqual(codes, [404, 404, 429])

    # ---- The office ---------------------------------------------------------------------

    def test_each_company_has_its_own_page_and_list(self):
        other = self.env["res.company"].create({"name": "別会社", "registration_enabled": True})
        self.assertIn("別会社", self.url_open(f"/kokyaku/register/{other.id}").text)
        self._send()
        manager = self._as(self.manager)["kokyaku.registration"]
        self.assertEqual(len(manager.search([])), 1)
        self.manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        foreign = self.env["kokyaku.registration"].with_user(self.manager)
        self.assertFalse(foreign.with_context(allowed_company_ids=other.ids).search([]))

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers.portal import BASIS
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class PortalCase(HttpCase, KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        # Pages without a web site speak the language of new partners.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.company.email = "shop@example.com"
        cls.me = cls._customer("kc_me", name="黒川 次郎", parent_id=cls.wing.id)
        cls.colleague = cls._customer("kc_colleague", name="白石 花", parent_id=cls.wing.id)
        cls.single = cls._customer("kc_single", name="春野 友子", city="港区")
        cls.wing.write({"street": "会社の番地", "city": "千代田区"})

    @classmethod
    def _customer(cls, login, **values):
        user = new_test_user(
            cls.env,
            login=login,
            password=login,
            groups="base.group_portal",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            email=f"{login}@example.com",
        )
        user.partner_id.write(values)
        return user.partner_id

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM kokyaku_rate_limit")

    def _log_in(self, partner):
        login = partner.user_ids.login
        self.authenticate(login, login)
        self.opener.cookies["frontend_lang"] = "en_US"  # the tests read the pages in English

    def _post(self, url, csrf=True, **form):
        if csrf:
            form["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=form)

    def _mails(self, email):
        return self.env["mail.mail"].search([("email_to", "=", email)], order="id desc")

    def _link(self, email):
        body = self._mails(email)[:1].body_html
        return "/kokyaku/" + body.split("/kokyaku/", 1)[1].split('"', 1)[0]

    def _states(self, partner):
        partner.invalidate_recordset()
        return {(entry.channel, entry.purpose): entry.state for entry in partner.consent_ids}


@tagged("post_install", "-at_install")
class TestMyPage(PortalCase):
    """マイページ: one's own data, and nobody else's."""

    def test_strangers_and_former_users_are_asked_to_log_in(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/kokyaku").url)
        self._log_in(self.me)
        self.assertNotIn("/web/login", self.url_open("/my/kokyaku").url)
        self.me.user_ids.active = False
        self.env.registry.clear_cache()
        self.assertIn("/web/login", self.url_open("/my/kokyaku").url)

    @mute_logger("odoo.http")
    def test_a_form_from_elsewhere_changes_nothing(self):
        self._log_in(self.me)
        for url in ("save", "choose", "unsubscribe", "ask"):
            answer = self._post(
                f"/my/kokyaku/{url}",
                csrf=False,
                family_name="悪",
                question="erasure",
                **{"email-promotion": "allowed"},
            )
            self.assertEqual(answer.status_code, 400, url)
        self.me.invalidate_recordset()
        self.assertEqual(self.me.name, "黒川 次郎")
        self.assertFalse(self.me.consent_ids or self.me.activity_ids)

    def test_reading_a_page_changes_nothing(self):
        self._log_in(self.me)
        for url in ("save", "choose", "unsubscribe", "ask"):
            self.assertIn(self.url_open(f"/my/kokyaku/{url}").status_code, (404, 405), url)
        self.assertFalse(self.me.consent_ids)

    def test_no_id_in_the_form_leads_to_someone_else(self):
        self._log_in(self.me)
        home = self.env["kokyaku.home.address"].create(
            {"partner_id": self.colleague.id, "city": "世田谷区", "phone": "03-5555-5555"}
        )
        answer = self._post(
            "/my/kokyaku/save",
            id=self.colleague.id,
            partner_id=self.colleague.id,
            home_id=home.id,
            home_partner_id=self.colleague.id,
            family_name="黒川",
            given_name="三郎",
            home_city="目黒区",
        )
        self.assertNotIn("世田谷区", answer.text)
        self.assertNotIn("白石", answer.text)
        self.env.invalidate_all()
        self.assertEqual((self.me.name, self.colleague.name), ("黒川 三郎", "白石 花"))
        self.assertEqual((home.city, home.partner_id), ("世田谷区", self.colleague))
        self.assertEqual(self.me.home_address_ids.city, "目黒区")

    def test_a_colleague_cannot_read_what_hangs_on_me(self):
        home = self.env["kokyaku.home.address"].create({"partner_id": self.me.id, "city": "x"})
        user = self.colleague.user_ids
        for record in (home, self.env["kokyaku.change.request"], self.env["kokyaku.registration"]):
            with self.assertRaises(AccessError):
                record.with_user(user).check_access("read")

    @mute_logger("odoo.http")
    def test_a_colleague_cannot_edit_an_address_below_me(self):
        address = self.env["res.partner"].create(
            {"name": "別荘", "parent_id": self.me.id, "type": "delivery", "street": "海岸"}
        )
        self._log_in(self.colleague)
        self.assertEqual(self.url_open(f"/my/address?partner_id={address.id}").status_code, 403)
        self._log_in(self.me)
        self.assertEqual(self.url_open(f"/my/address?partner_id={address.id}").status_code, 200)

    def test_nothing_but_the_fields_of_the_page_is_written(self):
        self._log_in(self.single)
        before = self.single.read()[0]
        self._post(
            "/my/kokyaku/save",
            family_name="春野",
            given_name="友子",
            phone="03-1111-2222",
            user_id=self.clerk.id,
            ref="VIP",
            parent_id=self.wing.id,
            company_id="1",
            is_company="1",
            member_number="M1",
            honorific="sensei",
            groups="1",
            active="",
            user_ids="1",
            deceased_on="2020-01-01",
            credit_limit="9",
            name="別人",
            lang="",
        )
        self.env.invalidate_all()
        after = self.single.read()[0]
        self.assertEqual(after["phone"], "03-1111-2222")
        for name in (
            "user_id",
            "ref",
            "parent_id",
            "company_id",
            "is_company",
            "member_number",
            "honorific",
            "active",
            "user_ids",
            "deceased_on",
            "name",
            "lang",
        ):
            self.assertEqual(after[name], before[name], name)

    def test_the_companys_address_is_not_the_persons_to_change(self):
        self._log_in(self.me)
        page = self.url_open("/my/kokyaku").text
        self.assertNotIn('name="street"', page)
        self._post(
            "/my/kokyaku/save", family_name="黒川", given_name="次郎", street="書換", city="書換"
        )
        self.env.invalidate_all()
        self.assertEqual((self.wing.street, self.me.street), ("会社の番地", "会社の番地"))

    @mute_logger("odoo.http")
    def test_cores_address_form_neither_renames_the_company_nor_skips_the_confirmation(self):
        self._log_in(self.me)
        japan = self.env.ref("base.jp")
        self._post(
            "/my/address/submit",
            partner_id=self.me.id,
            name="黒川 次郎",
            phone="03-1111-2222",
            email="new@example.com",
            company_name="乗っ取り商事",
            street="会社の番地",
            city="千代田区",
            zip="100-0001",
            country_id=japan.id,
            state_id=japan.state_ids[:1].id,
            address_type="billing",
        )
        self.env.invalidate_all()
        self.assertEqual(self.me.email, "kc_me@example.com")
        self.assertEqual(self.wing.name, "株式会社ウィング")
        self.assertEqual(len(self._mails("new@example.com")), 1)

    def test_a_person_corrects_their_own_data(self):
        self._log_in(self.single)
        tokyo = self.env.ref("base.state_jp_jp-13")
        page = self._post(
            "/my/kokyaku/save",
            family_name="秋野",
            given_name="友子",
            family_kana="あきの",
            given_kana="ともこ",
            phone="０３ー１１１１ー２２２２",
            mobile_phone="090-1111-2222",
            fax="",
            birthdate="1970-02-03",
            zip="1050001",
            city="港区虎ノ門",
            street="1-1",
            state_id=tokyo.id,
            home_zip="1540001",
            home_city="世田谷区池尻",
        )
        self.assertIn("Your data has been saved", page.text)
        self.env.invalidate_all()
        me = self.single
        self.assertEqual(
            (me.name, me.kana, me.phone, me.mobile_phone, str(me.birthdate)),
            ("秋野 友子", "アキノ トモコ", "03-1111-2222", "090-1111-2222", "1970-02-03"),
        )
        self.assertEqual((me.zip, me.state_id, me.street), ("105-0001", tokyo, "1-1"))
        self.assertEqual(
            (me.home_address_ids.zip, me.home_address_ids.city), ("154-0001", "世田谷区池尻")
        )

    def test_one_mistake_and_nothing_is_written(self):
        self._log_in(self.single)
        page = self._post(
            "/my/kokyaku/save", family_name="秋野", given_name="友子", phone="000-0000-0000"
        )
        self.assertIn("Phone: please check the number", page.text)
        self.assertIn('value="秋野"', page.text)
        self.env.invalidate_all()
        self.assertEqual(self.single.name, "春野 友子")

    # ---- A new e-mail address -------------------------------------------------------------

    def test_a_new_address_counts_when_its_owner_says_so(self):
        self._log_in(self.single)
        self._post(
            "/my/kokyaku/save", family_name="春野", given_name="友子", email="neu@example.com"
        )
        self.env.invalidate_all()
        self.assertEqual(self.single.email, "kc_single@example.com")
        self.authenticate(None, None)
        link = self._link("neu@example.com")
        page = self.url_open(link)
        self.assertNotIn("neu@example.com", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.single.email, "kc_single@example.com", "scanners open links")
        self._post(link)
        self.env.invalidate_all()
        self.assertEqual(self.single.email, "neu@example.com")
        self.assertEqual(self.single.user_ids.login, "kc_single", "one still logs in as before")
        self.assertTrue(self._mails("kc_single@example.com"), "the former address is told")
        self.assertEqual(self._post(link).status_code, 404, "a link works once")

    def test_an_old_or_overtaken_link_does_nothing(self):
        changes = self.env["kokyaku.change.request"]
        changes._start(self.single, "first@example.com", self.company)
        first = self._link("first@example.com")
        changes._start(self.single, "second@example.com", self.company)
        second = self._link("second@example.com")
        self.authenticate(None, None)
        self.assertEqual(self._post(first).status_code, 404)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertEqual(self._post(second).status_code, 404)
            changes._gc_expired()
        self.assertFalse(changes.search([]))
        self.env.invalidate_all()
        self.assertEqual(self.single.email, "kc_single@example.com")

    def test_nobody_floods_a_strangers_inbox(self):
        self._log_in(self.single)
        for _number in range(5):
            page = self._post(
                "/my/kokyaku/save", family_name="春野", given_name="友子", email="v@example.com"
            )
        self.assertIn("too many changes within an hour", page.text)
        self.assertEqual(len(self._mails("v@example.com")), 3)

    # ---- What to receive ------------------------------------------------------------------

    def test_choosing_what_to_receive(self):
        self._log_in(self.me)
        self._post(
            "/my/kokyaku/choose",
            preferred_channel="post",
            **{
                "email-promotion": "allowed",
                "fax-promotion": "refused",
                "x-promotion": "allowed",
                "post-business": "refused",
                "phone-promotion": "nonsense",
            },
        )
        self.assertEqual(
            self._states(self.me),
            {("email", "promotion"): "allowed", ("fax", "promotion"): "refused"},
        )
        self.assertEqual(self.me.preferred_channel, "post")
        consent = self.me.consent_ids[0]
        self.assertEqual(consent.basis, BASIS)
        self.assertRegex(consent.source, r"\d{4}-\d\d-\d\d \d\d:\d\d$")
        self.assertFalse(self.colleague.consent_ids)

    def test_one_click_stops_all_promotion_and_nothing_else(self):
        self.env["kokyaku.consent"].create(
            {"partner_id": self.me.id, "channel": "post", "purpose": "greeting", "state": "allowed"}
        )
        self._log_in(self.me)
        page = self._post("/my/kokyaku/unsubscribe")
        self.assertIn("not receive any campaign news", page.text)
        states = self._states(self.me)
        self.assertEqual(states.pop(("post", "greeting")), "allowed")
        self.assertEqual(len(states), 6)
        self.assertEqual(set(states.values()), {"refused"})

    def test_what_was_said_before_keeps_its_date_and_basis(self):
        entry = self.env["kokyaku.consent"].create(
            {
                "partner_id": self.me.id,
                "channel": "email",
                "purpose": "promotion",
                "state": "allowed",
                "basis": "申込書",
                "date": "2020-01-01",
            }
        )
        self._log_in(self.me)
        self._post("/my/kokyaku/choose", **{"email-promotion": "allowed"})
        entry.invalidate_recordset()
        self.assertEqual((entry.basis, str(entry.date)), ("申込書", "2020-01-01"))

    # ---- Asking ---------------------------------------------------------------------------

    def test_one_sees_where_the_data_is_from(self):
        source = self.env["kokyaku.source"].create({"code": "KT", "name": "展示会X"})
        self.me.write({"source_id": source.id, "acquired_on": "2025-05-06"})
        self._log_in(self.me)
        page = self.url_open("/my/kokyaku").text
        self.assertIn("展示会X", page)
        self.assertIn("2025", page)

    def test_a_request_becomes_one_task_of_the_staff_in_charge(self):
        self.me.user_id = self.clerk
        self._log_in(self.me)
        for _number in range(3):
            self._post("/my/kokyaku/ask", question="erasure", text="<b>消して</b>")
        self._post("/my/kokyaku/ask", question="anything", text="x")
        [task] = self.me.activity_ids
        self.assertEqual(task.user_id, self.clerk)
        self.assertIn("&lt;b&gt;", task.note)

    def test_without_staff_in_charge_a_manager_gets_it(self):
        self._log_in(self.single)
        self._post("/my/kokyaku/ask", question="disclosure")
        self.assertTrue(self.single.activity_ids.user_id.has_group("kokyaku_crm.group_manager"))


@tagged("post_install", "-at_install")
class TestPreferences(PortalCase):
    """配信設定: by a link in a mail, without a login."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _path(self, partner, page="preferences"):
        return f"/kokyaku/{page}/{partner._kokyaku_link_token()}"

    def test_it_shows_no_personal_data(self):
        self.me.write({"phone": "03-7777-7777"})
        page = self.url_open(self._path(self.me))
        self.assertEqual(page.status_code, 200)
        for secret in ("黒川", "次郎", "03-7777-7777", "kc_me@", "ウィング"):
            self.assertNotIn(secret, page.text)
        self.assertIn("k*****@e******.com", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")

    def test_a_scanner_that_opens_links_changes_nothing(self):
        self.url_open(self._path(self.me))
        self.url_open(self._path(self.me, "unsubscribe"))
        self.assertFalse(self._states(self.me))

    def test_the_button_of_the_mail_program_stops_mail_only(self):
        answer = self._post(
            self._path(self.me, "unsubscribe"), csrf=False, **{"List-Unsubscribe": "One-Click"}
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self._states(self.me), {("email", "promotion"): "refused"})

    def test_one_chooses_and_one_stops_everything(self):
        self._post(self._path(self.me) + "/save", **{"post-greeting": "refused"})
        self.assertEqual(self._states(self.me), {("post", "greeting"): "refused"})
        page = self._post(self._path(self.me) + "/save", everything="1")
        self.assertIn("not receive any campaign news", page.text)
        self.assertEqual(len(self._states(self.me)), 7)

    @mute_logger("odoo.http")
    def test_another_site_cannot_press_the_button(self):
        answer = self._post(self._path(self.me) + "/save", csrf=False, everything="1")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._states(self.me))

    def test_links_are_nobody_elses(self):
        mine, theirs = (partner._kokyaku_link_token() for partner in (self.me, self.colleague))
        signature = mine.split("-")[1]
        for token in (
            f"{self.colleague.id}-{signature}",
            f"{self.me.id}-",
            f"{self.me.id}",
            f"{self.me.id}-{'0' * 40}",
            "0-0",
            "-1-x",
            "９-x",
            "9" * 30 + "-x",
            "x",
            theirs[:-1],
            f"0{mine[:-1]}",
        ):
            for page in (f"/kokyaku/preferences/{token}/save", f"/kokyaku/unsubscribe/{token}"):
                self.assertIn(self._post(page, everything="1").status_code, (404, 429), token)
        self.assertFalse(self._states(self.me) or self._states(self.colleague))

    def test_guessing_is_counted_but_a_right_link_always_works(self):
        with patch("odoo.addons.kokyaku_crm.controllers.portal_forms.WRONG_LINKS", 1):
            codes = [
                self.url_open(f"/kokyaku/preferences/{word}").status_code for word in ("a", "b")
            ]
        self.assertEqual(codes, [404, 429])
        self.assertEqual(self.url_open(self._path(self.me)).status_code, 200)

    def test_staff_makes_links_invalid(self):
        old = self._path(self.me)
        self.me.with_user(self.clerk).action_revoke_preference_links()
        self.assertEqual(self.url_open(old).status_code, 404)
        self.assertEqual(self.url_open(self._path(self.me)).status_code, 200)
        with self.assertRaises(AccessError):
            self.me.with_user(self.analyst).action_revoke_preference_links()

    def test_the_links_of_a_person_who_is_gone_do_nothing(self):
        gone = self.env["res.partner"].create({"name": "過去 の人"})
        path = self._path(gone)
        gone.unlink()
        self.assertEqual(self.url_open(path).status_code, 404)


@tagged("post_install", "-at_install")
class TestPortalMerge(PortalCase):
    def test_merging_keeps_registration_and_pending_change(self):
        keep, gone = self.env["res.partner"].create([{"name": "山田 太郎"}, {"name": "山田 太朗"}])
        registration = self.env["kokyaku.registration"].create(
            {"company_id": self.company.id, "state": "confirmed", "partner_id": gone.id}
        )
        change = self.env["kokyaku.change.request"].create(
            {"company_id": self.company.id, "partner_id": gone.id, "email": "x@example.com"}
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((keep | gone).ids, keep, extra_checks=False)
        self.assertEqual((registration.partner_id, change.partner_id), (keep, keep))


@tagged("post_install", "-at_install")
class TestPortalAccess(KokyakuCase):
    """Who in the office sees what the public pages leave behind."""

    def _rights(self, model, user):
        records = self.env[model].with_user(user)
        operations = ("read", "write", "create", "unlink")
        return "".join(letter[0] for letter in operations if records.has_access(letter))

    def test_registrations_are_seen_and_deleted_by_managers_only(self):
        public = self.env.ref("base.public_user")
        for user in (self.clerk, self.analyst, self.outsider, self.portal, public):
            self.assertEqual(self._rights("kokyaku.registration", user), "", user.login)
        self.assertEqual(self._rights("kokyaku.registration", self.manager), "ru")

    def test_what_the_pages_keep_for_themselves_is_for_nobody(self):
        public = self.env.ref("base.public_user")
        for model in ("kokyaku.change.request", "kokyaku.rate.limit"):
            for user in (self.manager, self.clerk, self.outsider, self.portal, public):
                self.assertEqual(self._rights(model, user), "", f"{model} {user.login}")

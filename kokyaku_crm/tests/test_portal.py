from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.portal import BASIS
from .common import KokyakuCase
from .portal_common import PortalCase


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

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..tools import office_today
from .common import KokyakuCase


class ConsentCase(KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = cls.env["kokyaku.consent"]
        cls.haruyama.write(
            {
                "email": "haruyama@example.jp",
                "phone": "03-1234-5678",
                "mobile_phone": "090-1234-5678",
                "fax": "03-1234-5679",
                "city": "千代田区",
                "street": "丸の内1-1",
            }
        )

    def _say(self, channel, purpose, state, basis="申込書", **values):
        return self.consents.create(
            {
                "partner_id": self.haruyama.id,
                "channel": channel,
                "purpose": purpose,
                "state": state,
                "basis": basis,
                **values,
            }
        )

    def _reason(self, channel, purpose, on=None, partner=None):
        partner = partner or self.haruyama
        return partner._reach_refusals(channel, purpose, on).get(partner.id)

    def _log(self, kind=None, partner=None):
        self.env.flush_all()
        self.env["kokyaku.consent.log"].invalidate_model()
        domain = [("partner_id", "=", (partner or self.haruyama).id)]
        if kind:
            domain.append(("kind", "=", kind))
        return self.env["kokyaku.consent.log"].search(domain, order="id")


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


@tagged("post_install", "-at_install")
class TestConsentLog(ConsentCase):
    """Every change leaves its line: who, when, old, new, basis, evidence, through which screen."""

    def test_a_click_is_logged(self):
        partner = self.haruyama.with_user(self.clerk)
        partner.kokyaku_set_consents(
            {"email/promotion": "allowed"}, basis="名刺交換", source="2026年展示会"
        )
        partner.kokyaku_set_consents({"email/promotion": "refused"}, basis="電話", source="受電")
        first, second = self._log("consent")
        self.assertEqual((first.old, first.new), (False, "allowed"))
        self.assertEqual((first.basis, first.evidence), ("名刺交換", "2026年展示会"))
        self.assertEqual((second.old, second.new, second.basis), ("allowed", "refused", "電話"))
        self.assertEqual(second.user_id, self.clerk)
        self.assertEqual(second.screen, "office")
        self.assertEqual((second.channel, second.purpose), ("email", "promotion"))
        self.assertEqual((second.old_text, second.new_text), ("Allowed", "Refused"))

    def test_the_portal_and_imports_name_themselves(self):
        self.consents.with_context(kokyaku_consent_screen="portal").create(
            {
                "partner_id": self.haruyama.id,
                "channel": "post",
                "purpose": "promotion",
                "state": "refused",
            }
        )
        self.haruyama.with_context(import_file=True).preferred_channel = "email"
        self.assertEqual(self._log("consent").screen, "portal")
        self.assertEqual(self._log("preferred_channel").screen, "import")

    def test_states_of_the_person_are_logged(self):
        person = self.haruyama.with_user(self.clerk)
        person.write({"deceased_on": "2026-10-01", "complaint_open": True, "comment": "x"})
        person.write({"returned_mail": "2026-09-01"})
        person.write({"complaint_open": False, "deceased_on": "2026-10-01"})
        self.assertEqual(
            [(row.kind, row.old, row.new, row.user_id) for row in self._log()],
            [
                ("deceased", False, "2026-10-01", self.clerk),
                ("complaint", False, "on", self.clerk),
                ("returned", False, "2026-09-01", self.clerk),
                ("complaint", "on", False, self.clerk),
            ],
        )

    def test_a_new_persons_states_are_logged(self):
        person = self.env["res.partner"].create({"name": "新", "preferred_channel": "phone"})
        self.assertEqual(self._log(partner=person).new, "phone")

    def test_a_statement_by_hand_is_logged_too(self):
        self.env.cr.execute(
            "UPDATE res_partner SET complaint_open = TRUE WHERE id = %s", [self.haruyama.id]
        )
        self.assertEqual(self._log("complaint").new, "on")

    def test_blacklists_are_logged_for_everyone_with_the_address(self):
        twin = self.env["res.partner"].create({"name": "春山 妻", "email": "haruyama@example.jp"})
        self.env.flush_all()
        person = self.haruyama.with_user(self.clerk)
        person.kokyaku_set_blacklist("email", "haruyama@example.jp", True)
        self.assertTrue(person.is_blacklisted)
        person.kokyaku_set_blacklist("email", "haruyama@example.jp", False)
        person.kokyaku_set_blacklist("phone", "090-1234-5678", True)
        for partner in (self.haruyama, twin):
            log = self._log("email_blacklist", partner)
            self.assertEqual([(r.old, r.new) for r in log], [("off", "on"), ("on", "off")])
            self.assertEqual(log[0].detail, "haruyama@example.jp")
            self.assertEqual(log[0].user_id, self.clerk)
        self.assertEqual(self._log("phone_blacklist").new, "on")
        self.assertEqual(self._reason("phone", "promotion"), "blacklisted")

    def test_only_own_addresses_can_be_blacklisted_here(self):
        with self.assertRaisesRegex(UserError, "春山"):
            self.haruyama.kokyaku_set_blacklist("email", "other@example.jp", True)
        with self.assertRaises(AccessError):
            self.haruyama.with_user(self.analyst).kokyaku_set_blacklist(
                "email", "haruyama@example.jp", True
            )

    def test_nobody_changes_the_log(self):
        self._say("post", "promotion", "refused")
        log = self._log()
        for change in (lambda: log.write({"new": "allowed"}), log.unlink):
            with self.assertRaisesRegex(UserError, "record of what happened"):
                change()
        self.assertFalse(log.with_user(self.manager).has_access("unlink"))

    def test_a_person_who_is_deleted_takes_the_log_along(self):
        person = self.env["res.partner"].create({"name": "誤入力", "preferred_channel": "fax"})
        self.consents._set_many(person, "post", "promotion", "refused")
        self.assertEqual(len(self._log(partner=person)), 2)
        person.unlink()
        self.assertFalse(self.env["kokyaku.consent.log"].search([("partner_id", "=", person.id)]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_persons_of_other_companies_stay_hidden(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self._say("post", "promotion", "refused")
        self.env["kokyaku.mourning"].create({"partner_id": self.haruyama.id})
        self.haruyama.company_id = other
        env = self._as(self.manager)
        for model in ("kokyaku.consent", "kokyaku.consent.log", "kokyaku.mourning"):
            self.assertFalse(env[model].search([("partner_id", "=", self.haruyama.id)]), model)


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


@tagged("post_install", "-at_install")
class TestConsentMerge(ConsentCase):
    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target, extra_checks=False)

    def test_the_stricter_consent_wins_and_nothing_is_lost(self):
        keep = self.haruyama
        gone = self.env["res.partner"].create({"name": "春山 瞳", "deceased_on": "2026-10-01"})
        for partner, channel, state in (
            (keep, "post", "allowed"),
            (gone, "post", "refused"),
            (keep, "email", "refused"),
            (gone, "email", "allowed"),
            (keep, "fax", "unknown"),
            (gone, "fax", "allowed"),
            (gone, "phone", "allowed"),
        ):
            self.consents.create(
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "purpose": "promotion",
                    "state": state,
                    "basis": f"{partner.name} {channel}",
                }
            )
        self.env["kokyaku.mourning"].create([{"partner_id": p.id} for p in (keep, gone)])
        before = len(self._log(partner=keep)) + len(self._log(partner=gone))
        self._merge(gone, keep)
        self.env.invalidate_all()
        self.assertEqual(
            {c.channel: c.state for c in keep.consent_ids},
            {"post": "refused", "email": "refused", "fax": "allowed", "phone": "allowed"},
        )
        self.assertEqual(len(keep.mourning_ids), 2)
        self.assertEqual(keep.deceased_on, date(2026, 10, 1))
        log = self._log(partner=keep)
        self.assertEqual(len(log), before + 4)  # three consents that went, and the day of death
        lost = log.filtered(lambda row: row.screen == "merge" and row.kind == "consent")
        self.assertEqual(
            {(row.channel, row.old, row.basis) for row in lost},
            {
                ("post", "allowed", "春山 ひとみ post"),
                ("email", "allowed", "春山 瞳 email"),
                ("fax", "unknown", "春山 ひとみ fax"),
            },
        )

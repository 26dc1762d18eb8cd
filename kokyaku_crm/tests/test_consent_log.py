from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .consent_common import ConsentCase


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

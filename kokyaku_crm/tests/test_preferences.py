from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PortalCase


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

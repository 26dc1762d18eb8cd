from odoo.tests import tagged

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestConsentTour(BrowserCase):
    def test_the_matrix_with_the_mouse(self):
        # The tour reads the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        self.env.ref("base.user_admin").lang = "en_US"
        person = self.env["res.partner"].create(
            {"name": "可否 花子", "email": "hanako@kahi.example", "phone": "03-1234-5678"}
        )
        self.start_tour(f"/odoo/kokyaku-persons/{person.id}", "kokyaku_consents", login="admin")
        states = {(c.channel, c.purpose): (c.state, c.basis) for c in person.consent_ids}
        self.assertEqual(len(states), 6)
        self.assertEqual({state for state, _basis in states.values()}, {"refused"})
        log = self.env["kokyaku.consent.log"].search([("partner_id", "=", person.id)], order="id")
        email = log.filtered(lambda row: row.channel == "email")
        self.assertEqual(
            [(row.new, row.basis) for row in email],
            [("allowed", "名刺交換"), ("refused", "受取辞退の申し出")],
        )
        self.assertIn("email_blacklist", log.mapped("kind"))

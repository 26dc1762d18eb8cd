import base64

from odoo.tests import new_test_user, tagged

from odoo.addons.kokyaku_crm.tests.browser_common import BrowserCase

from .common import page_count, texts_of


@tagged("post_install", "-at_install")
class TestLabelTour(BrowserCase):
    """Labels from the list of the partners, in a real browser."""

    def test_print_labels_from_the_list(self):
        clerk = new_test_user(
            self.env, "tour_clerk", groups="kokyaku_crm.group_user", password="tour_clerk"
        )
        self.env["res.partner"].create(
            [
                {
                    "name": f"ラベルツアー {number}",
                    "zip": "100-0013",
                    "city": "千代田区",
                    "street": "霞が関1-3-2",
                    "country_id": self.env.ref("base.jp").id,
                }
                for number in range(2)
            ]
        )
        self.start_tour("/odoo/contacts?view_type=list", "kokyaku_label_print", login="tour_clerk")
        wizard = self.env["kokyaku.label.print"].search([("create_uid", "=", clerk.id)])
        self.assertEqual(wizard.start_position, 12)
        content = base64.b64decode(wizard.pdf)
        self.assertEqual(page_count(content), 2)
        names = [text for text in texts_of(content) if text.text.startswith("ラベルツアー")]
        self.assertEqual([text.page for text in names], [0, 1])
        # Position 12 is the lower right label.
        self.assertTrue(105 < names[0].left < 191.4 and 233 < names[0].base < 275.3, names[0])

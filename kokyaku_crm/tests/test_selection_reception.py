from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_selection_responses import ResponseCase


@tagged("post_install", "-at_install")
class TestReception(ResponseCase, HttpCase):
    """受付名簿: from the invitation to the paper at the desk."""

    def test_guests_stand_in_kana_order_with_company_companions_and_remarks(self):
        self.kuroki.kana = "クロキ ケンイチ"
        self.suzuki.kana = "スズキ サブロウ"
        self.haruyama.kana = "アサヤマ ヒトミ"  # walked in, and comes first
        self.of_suzuki._respond(self.attends)
        self.of_kuroki._respond(self.absent, note="欠席")
        self.of_kuroki._respond(self.attends, companions=2, note="車椅子")
        self._at_screen().respond_enter(self.haruyama.id, self._answer())
        guests = self._at_screen()._guests()
        self.assertEqual(
            [(g["name"], g["company"], g["companions"], g["note"]) for g in guests],
            [
                ("春山 ひとみ", "", 0, ""),
                ("黒木 健一", "株式会社ウィング", 2, "車椅子"),
                ("鈴木 三郎", "株式会社ウィング", 0, ""),
            ],
        )

    def test_a_company_stands_once_and_a_changed_answer_leaves_no_remark(self):
        self.of_wing._respond(self.absent)
        self.of_wing._respond(self.attends, companions=1)
        self.assertIn("←", self.of_wing.response_note)
        (guest,) = self.invitation._guests()
        self.assertEqual(
            (guest["name"], guest["company"], guest["note"]), ("株式会社ウィング", "", "")
        )

    def test_who_does_not_come_is_not_on_it(self):
        self.of_kuroki._respond(self.absent)
        self.assertEqual(self.invitation._guests(), [])
        with self.assertRaisesRegex(UserError, "Nobody has said yet"):
            self.invitation.action_reception_list()

    @mute_logger("odoo.http")
    def test_the_paper_opens_for_the_office_and_for_nobody_else(self):
        self.of_kuroki._respond(self.attends, note="<b>&")
        url = self._at_screen().action_reception_list()["url"]
        for user, status in ((self.clerk, 200), (self.portal, 403)):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(url).status_code, status, user.login)
        self.assertTrue(self.invitation._reception_list_pdf().startswith(b"%PDF"))

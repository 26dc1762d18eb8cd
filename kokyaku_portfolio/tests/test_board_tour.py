from odoo.tests import HttpCase, new_test_user, no_retry, tagged

from .test_board import BoardCase


@tagged("post_install", "-at_install")
class TestBoardInTheBrowser(HttpCase, BoardCase):
    @no_retry
    def test_the_monday_meeting(self):
        new_test_user(
            self.env, "board_leader", groups="kokyaku_crm.group_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)], lang="en_US",
        )
        self.start_tour(
            "/odoo/action-kokyaku_portfolio.action_board", "kokyaku_portfolio_board",
            login="board_leader",
        )
        run = self.env["kokyaku.run"].search(
            [("kind", "=", "refresh"), ("res_id", "=", self.portfolio.id)]
        )
        self.assertEqual(run.state, "queued")

    @no_retry
    def test_the_plain_rules_of_the_screen(self):
        """Run the unit tests of the board's JavaScript."""
        suite = self._hoot_id("@kokyaku_portfolio/board_format")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "", "", login="admin", timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    def _hoot_id(self, name):
        """Return the id HOOT gives a suite (see ``HOOTCommon`` in ``web``)."""
        number = 0
        for char in name:
            number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
        return f"{number:08x}"

from odoo.tests import new_test_user, no_retry, tagged

from odoo.addons.kokyaku_crm.tests.browser_common import BrowserCase

from .test_board import BoardCase


@tagged("post_install", "-at_install")
class TestBoardInTheBrowser(BrowserCase, BoardCase):
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
        self.run_unit_tests("@kokyaku_portfolio/board_format")

from unittest.mock import patch

from odoo.tests import tagged

from ..models import portfolio_run
from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestRun(PortfolioCase):
    """再集計 in the background leads to what a refresh in one go leads to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = [cls.customer(f"K{number}", ref=f"K{number}") for number in range(6)]
        for number, person in enumerate(cls.people):
            cls.order(person, f"2024-0{number + 1}-10", 10_000 * number + 500)
            cls.order(person, "2024-11-15", 30_000)
        cls.portfolio.base_date = "2024-12-01"

    def work(self):
        run = self.env["kokyaku.run"].browse(self.portfolio.action_refresh())
        for _turn in range(50):
            self.env["kokyaku.run"]._work()
            if run.state not in ("queued", "running"):
                break
        return run

    def test_in_chunks_it_comes_to_the_same(self):
        width = max(2, max(person.id for person in self.people) // 5)
        with patch.object(portfolio_run, "CHUNK", width):
            run = self.work()
        self.assertEqual(run.state, "done", run.message)
        self.assertTrue(self.portfolio.ranked_at)
        self.assertSameAsFull()

    def test_by_company_with_addresses_in_other_chunks(self):
        firm = self.customer("会社", is_company=True)
        self.people[0].parent_id = firm
        self.people[5].parent_id = firm
        self.portfolio.unit = "entity"
        with patch.object(portfolio_run, "CHUNK", 2):
            # ids of one small world apart: begin where it begins
            first = min(person.id for person in self.people) - 3
            with patch.object(
                type(self.portfolio), "_next_chunk", self._skipping(first)
            ):
                run = self.work()
        self.assertEqual(run.state, "done", run.message)
        self.assertEqual(
            self.metrics(firm).amount, sum((500, 30_000, 50_500, 30_000))
        )
        self.assertSameAsFull()

    def _skipping(self, first):
        original = type(self.portfolio)._next_chunk
        return lambda portfolio, run: max(original(portfolio, run), first)

    def test_pressed_twice_it_is_one_run(self):
        self.assertEqual(self.portfolio.action_refresh(), self.portfolio.action_refresh())

    def test_the_night_refreshes_only_what_was_set_up(self):
        self.portfolio.configured = False
        self.env["kokyaku.portfolio"]._cron_refresh()
        mine = [("kind", "=", "refresh"), ("res_id", "=", self.portfolio.id)]
        self.assertFalse(self.env["kokyaku.run"].search(mine))
        self.portfolio.configured = True
        self.env["kokyaku.portfolio"]._cron_refresh()
        self.assertEqual(len(self.env["kokyaku.run"].search(mine)), 1)

    def test_a_refresh_between_two_chunks_is_not_overwritten_by_older_figures(self):
        """Staged, then somebody refreshes at once and an order changes: the newest wins."""
        run = self.env["kokyaku.run"].browse(self.portfolio.action_refresh())
        portfolio = self.portfolio.sudo()
        self.assertTrue(portfolio._begin_staging(run))
        while portfolio._stage_chunk(run):
            pass
        self.order(self.people[0], "2024-11-20", 1_000_000)
        portfolio.refresh()
        portfolio._publish_staged(run)
        self.assertEqual(self.metrics(self.people[0]).amount, 1_030_500)

    def test_a_change_after_the_staging_began_arrives_too(self):
        run = self.env["kokyaku.run"].browse(self.portfolio.action_refresh())
        portfolio = self.portfolio.sudo()
        portfolio._begin_staging(run)
        while portfolio._stage_chunk(run):
            pass
        self.order(self.people[0], "2024-11-20", 1_000_000)
        portfolio._publish_staged(run)
        self.assertEqual(self.metrics(self.people[0]).amount, 30_500)
        self.work()
        self.assertEqual(self.metrics(self.people[0]).amount, 1_030_500)
        self.assertSameAsFull()

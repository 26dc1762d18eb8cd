from odoo.tests import tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestDisclosure(PortfolioCase):
    """開示・消去 of someone who is in a portfolio."""

    def setUp(self):
        super().setUp()
        self.portfolio.base_date = "2026-06-30"
        self.person = self.customer("白洲 次郎丸", phone="03-5555-7777")
        self.order(self.person, "2026-05-01", 1000)
        self.order(self.person, "2026-06-01", 2000)
        self.portfolio.refresh(full=True)

    def test_the_tiers_are_disclosed(self):
        sections = dict(self.person._disclosure_sections())
        header, *stays = sections["Customer Tiers"]
        self.assertEqual(len(stays), 2)
        self.assertIn(self.portfolio.name, stays[0])

    def test_the_figures_outlive_the_person(self):
        metrics = self.env["kokyaku.customer.metrics"]
        domain = [("portfolio_id", "=", self.portfolio.id), ("partner_id", "=", self.person.id)]
        before = metrics.search(domain).read(["amount", "purchase_days", "tier_id"])
        self.person._erase("書面")
        self.portfolio.refresh()
        self.env.invalidate_all()
        self.assertEqual(self.person.name, f"消去済 #{self.person.id}")
        after = metrics.search(domain).read(["amount", "purchase_days", "tier_id"])
        self.assertEqual(after, before)
        self.portfolio.refresh(full=True)
        self.assertEqual(metrics.search(domain).amount, 3000)

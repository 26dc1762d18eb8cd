from odoo.tests import tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestGlance(PortfolioCase):
    """The tier stands first among the purchases of a person."""

    def _lines(self, partner):
        self.env.flush_all()
        cards = partner.kokyaku_glance()["cards"]
        return next(card["lines"] for card in cards if card["name"] == "purchases")

    def test_the_tier_in_the_glance(self):
        self.env.user.group_ids += self.env.ref("kokyaku_crm.group_analyst")
        loyal, unknown = self.customer("優"), self.customer("無")
        self.order(loyal, "2024-01-10", 50_000)
        self.order(loyal, "2024-09-10", 50_000)
        self.portfolio.base_date = "2024-10-01"
        self.portfolio.refresh()
        tier = self._lines(loyal)[0]
        self.assertEqual(tier["text"], loyal.kokyaku_tier_id.name)
        self.assertEqual(tier["color"], loyal.kokyaku_tier_id.color)
        self.assertIn("21", tier["note"])
        self.assertEqual(self._lines(unknown), [])

from unittest.mock import patch

from odoo.tests import tagged

from ..models import sales_link_anew
from .browser_common import BrowserCase
from .linking_common import WORDS


@tagged("post_install", "-at_install")
class TestSalesLinkTour(BrowserCase):
    def setUp(self):
        super().setUp()
        # The tours read the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        self.admin = self.env.ref("base.user_admin")
        self.admin.lang = "en_US"
        self.env["kokyaku.partner.key"]._fill()

    def _waiting(self, *buyers):
        """Sales lines of these buyers, looked through; nobody else waits."""
        import_ = self.env["kokyaku.import"].create(
            {
                "kind": "sales",
                "file_name": "巡回.csv",
                "source": "巡回",
                "company_id": self.admin.company_id.id,
            }
        )
        lines = self.env["kokyaku.sales.record"].create(
            [
                {
                    "company_id": import_.company_id.id,
                    "import_id": import_.id,
                    "source": "巡回",
                    "external_key": f"巡回-{number}",
                    "date": "2026-05-01",
                    "amount": 9000 - number,
                    **{WORDS[word]: text for word, text in words.items()},
                }
                for number, words in enumerate(buyers)
            ]
        )
        others = self.env["kokyaku.sales.link"].search([("state", "=", "open")])
        others.skipped = True
        self.env["kokyaku.sales.link"]._link_lines(import_.company_id)
        return lines

    def test_what_is_decided_is_kept_however_slow_the_server_is(self):
        self.run_unit_tests("@kokyaku_crm/link_model")

    def test_the_list_goes_on_however_slow_the_server_is(self):
        self.run_unit_tests("@kokyaku_crm/link_list")

    def test_many_are_looked_for_in_the_background(self):
        self.env["kokyaku.run"].search([("state", "=", "queued")]).action_cancel()
        lines = self._waiting({"name": "初見 良子"})
        self.env["res.partner"].create({"name": "初見 良子"})
        with patch.object(sales_link_anew, "FEW", 0):
            self.start_tour("/odoo/kokyaku-sales-link", "kokyaku_sales_link_again", login="admin")
        lines.invalidate_recordset()
        self.assertEqual(lines.partner_id.name, "初見 良子")

    def test_buyers_are_decided_by_the_keyboard(self):
        partners = self.env["res.partner"]
        tanaka = partners.create(
            {
                "name": "田中 一郎",
                "family_name": "田中",
                "given_name": "一郎",
                "email": "ichiro.tour@example.com",
            }
        )
        namesakes = partners.create([{"name": "同名 太郎"}, {"name": "同名 太郎"}])
        lines = self._waiting(
            {"name": "田中 花子", "email": "ichiro.tour@example.com"},
            {"name": "同名 太郎"},
            {"name": "謎の 客"},
            {"name": "新山 梅", "phone": "090-9999-1234"},
        )
        self.start_tour("/odoo/kokyaku-sales-link", "kokyaku_sales_link", login="admin")
        lines.invalidate_recordset()
        self.assertEqual(
            [line.partner_id for line in lines],
            [tanaka, namesakes[1], tanaka, partners],
            "the new person was taken back",
        )
        self.assertFalse(partners.search([("name", "=", "新山 梅")]))
        last = self.env["kokyaku.sales.link"].search([("buyer_name", "=", "新山 梅")])
        self.assertEqual((last.state, last.skipped), ("open", True))

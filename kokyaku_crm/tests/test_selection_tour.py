from odoo import Command
from odoo.tests import tagged

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestSelectionTour(BrowserCase):
    def test_a_set_is_made_confirmed_and_sent_with_the_mouse(self):
        # The tour reads the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        admin = self.env.ref("base.user_admin")
        admin.lang = "en_US"
        vip = self.env["kokyaku.personal.type"].create({"code": "VT", "name": "VIP巡回"})
        tea = self.env["product.product"].create(
            {"name": "緑茶", "list_price": 1000, "taxes_id": False}
        )
        buyer, other = self.env["res.partner"].create(
            [
                {"name": name, "personal_type_ids": vip.ids, "street": "1-1", "city": "千代田区"}
                for name in ("購買 花子", "見込 太郎")
            ]
        )
        for day in ("2026-01-10", "2026-03-10"):
            order = self.env["sale.order"].create(
                {
                    "partner_id": buyer.id,
                    "company_id": admin.company_id.id,
                    "order_line": [Command.create({"product_id": tea.id})],
                }
            )
            order.action_confirm()
            order.date_order = f"{day} 03:00:00"
        one = self.env["kokyaku.selection.set"].create(
            {
                "name": "巡回セット",
                "company_id": admin.company_id.id,
                "owner_id": admin.id,
                "criterion_ids": [
                    Command.create(
                        {"partner_domain": repr([("personal_type_ids", "in", vip.ids)])}
                    )
                ],
            }
        )
        action = self.env.ref("kokyaku_crm.action_selection_set").id
        self.start_tour(f"/odoo/action-{action}/{one.id}", "kokyaku_selection_set", login="admin")
        self.assertEqual(one.state, "executed")
        line = one.execution_ids.line_ids
        self.assertEqual((line.partner_id, line.exclusion), (buyer, False))
        self.assertTrue(line.sent_on)
        self.assertIn("千代田区", line.address_text)
        self.assertFalse(other.selection_member_ids)

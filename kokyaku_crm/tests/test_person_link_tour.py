from odoo import Command
from odoo.tests import tagged

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestPersonLinkTour(BrowserCase):
    def test_persons_behind_orders_are_set_by_the_keyboard(self):
        # The tour reads the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        admin = self.env.ref("base.user_admin")
        admin.lang = "en_US"
        self.env["kokyaku.partner.key"]._fill()
        house = self.env["res.partner"].create({"name": "巡回商事", "is_company": True})
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": house.id} for name in ("巡回 一郎", "巡回 二郎")]
        )
        product = self.env["product.product"].create({"name": "煎茶"})
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": house.id,
                    "company_id": admin.company_id.id,
                    "client_order_ref": reference,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for reference in ("巡回一郎様 5月分", "巡回一郎・巡回二郎")
            ]
        )
        proposals = self.env["kokyaku.person.proposal"].sudo()
        proposals._find(admin.company_id)
        proposals.search([("order_id", "not in", orders.ids)]).skipped = True
        self.start_tour("/odoo/kokyaku-person-link", "kokyaku_person_link", login="admin")
        orders.invalidate_recordset()
        self.assertEqual([order.person_id for order in orders], [people[0], people.browse()])
        refused = proposals.search([("order_id", "=", orders[1].id)])
        self.assertEqual((refused.state, refused.decided_by_id), ("refused", admin))

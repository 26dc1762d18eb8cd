from odoo.tests import tagged

from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestPersonPage(BrowserCase):
    """A clerk enters a person and reads what they bought."""

    def test_person_page(self):
        # The tour reads the screen in English.
        self.env["res.lang"]._activate_lang("en_US")
        self.env.ref("base.user_admin").lang = "en_US"
        self.env["kokyaku.personal.type"].create({"code": "TOUR", "name": "Tour type"})
        person = self.env["res.partner"].create({"name": "検証 花子", "kana": "ケンショウ ハナコ"})
        product = self.env["product.product"].create(
            {"name": "Tour tea", "list_price": 1000, "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": person.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 3})],
            }
        )
        order.action_confirm()
        self.start_tour("/odoo/kokyaku-persons", "kokyaku_person_page", login="admin")
        entered = self.env["res.partner"].search([("kana", "=", "ツアー ジロウ")])
        self.assertEqual(entered.name, "検証 次郎")
        self.assertEqual((entered.family_name, entered.given_name), ("検証", "次郎"))
        self.assertEqual(entered.personal_type_ids.code, "TOUR")
        self.assertEqual(entered.honorific_text(), "様")

from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestProductSearch(KokyakuCase):
    """Products are found as people are: in any kana, width and hyphen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coffee = cls.env["product.product"].create(
            {
                "name": "ブルーマウンテン珈琲 200g",
                "default_code": "ＢＭ-0200",
                "barcode": "4901234567894",
            }
        )

    def _found(self, typed, model="product.product", user=None, **more):
        env = self._as(user or self.clerk)
        return env[model].browse([one for one, _ in env[model].name_search(typed, **more)])

    def test_by_name_code_and_barcode(self):
        for typed in (
            "ブルーマウンテン", "ぶるーまうんてん", "ﾌﾞﾙｰﾏｳﾝﾃﾝ", "珈琲", "２００ｇ", "bm0200",
            "BM-0200", "bm‐02", "4901234567894", "490123", "珈琲 ブルー", "珈琲 bm0200",
        ):  # fmt: skip
            self.assertIn(self.coffee, self._found(typed), typed)
            self.assertIn(
                self.coffee.product_tmpl_id, self._found(typed, "product.template"), typed
            )
            for model in ("product.product", "product.template"):
                found = self.env[model].search([("display_name", "ilike", typed)])
                self.assertIn("ブルーマウンテン珈琲 200g", found.mapped("name"), (model, typed))

    def test_other_products_are_not_found(self):
        for typed in ("ブルーマウンテン 紅茶", "グリーンマウンテン", "bm0300", "en_us", "珈琲店"):
            self.assertNotIn(self.coffee, self._found(typed), typed)
            self.assertNotIn(
                self.coffee.product_tmpl_id, self._found(typed, "product.template"), typed
            )

    def test_the_name_in_another_language(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        self.tea.with_context(lang="ja_JP").name = "やぶきた茶"
        self.assertIn(self.tea, self._found("ヤブキタ"))

    def test_limit_and_domain_are_kept(self):
        more = self.env["product.product"].create(
            [{"name": f"珈琲 {number}", "sale_ok": number % 2} for number in range(5)]
        )
        self.assertEqual(len(self._found("ｺｰﾋｰ", limit=3)), 0)
        self.assertEqual(len(self._found("珈琲", limit=3)), 3)
        sold = self._found("珈琲", domain=[("sale_ok", "=", True), ("id", "in", more.ids)])
        self.assertEqual(sold, more.filtered("sale_ok"))

    def test_archived_products_stay_hidden(self):
        self.coffee.active = False
        self.assertFalse(self._found("ぶるーまうんてん"))

    def test_a_not_search_is_cores(self):
        found = self.env["product.template"].search([("display_name", "not ilike", "ぶるー")])
        self.assertIn(self.tea.product_tmpl_id, found)

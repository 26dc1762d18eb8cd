from odoo.tests import tagged

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLinkBuyers(LinkingCase):
    """All lines of a buyer are one row of the work list."""

    def test_a_buyer_is_one_row_for_all_lines(self):
        lines = self._lines(
            {"name": "初見 良子", "phone": "090-1111-2222"},
            {"name": "初見良子 様", "phone": "09011112222", "zip": "100-0001"},
        )
        counts = self.links._link_lines(self.company)
        expected = {"lines": 2, "linked": 0, "buyers": 1, "open": 1, "last": max(lines.ids)}
        self.assertEqual(counts, expected)
        self.assertEqual(len(self._buyers(lines)), 1)
        self.assertEqual((self._buyers(lines).line_count, self._buyers(lines).amount), (2, 2000))
        self.assertEqual(set(lines.mapped("link_state")), {"none"})

    def test_lines_without_a_word_are_one_buyer(self):
        lines = self._lines({}, {}, {"name": " "})
        self.links._link_lines(self.company)
        self.assertEqual(len(self._buyers(lines)), 1)
        self.assertFalse(self._buyers(lines).candidate_ids)

    def test_lines_are_looked_at_once(self):
        self._linked({"code": "K001"}, {"name": "初見 良子"})
        self.assertEqual(self.links._link_lines(self.company)["lines"], 0)

    def test_only_the_lines_of_an_import(self):
        first = self._lines({"code": "K001"})
        second_import = self._new_import("shop")
        second = self._lines({"code": "K001"}, import_=second_import)
        self.links._link_lines(self.company, second_import)
        self.assertFalse(first.partner_id)
        self.assertEqual(second.partner_id, self.tanaka)

    def test_new_lines_of_a_known_buyer_follow(self):
        self._linked({"name": "初見 良子"})
        new = self.env["res.partner"].create({"name": "初見 良子"})
        [again] = self._linked({"name": "初見 良子"})
        self.assertEqual(again, (new, "name"))
        both = self.env["kokyaku.sales.record"].search([("buyer_name", "=", "初見 良子")])
        self.assertEqual(both.partner_id, new, "the earlier line is theirs too")
        self.assertEqual(self._buyers(both).line_count, 2)

    def test_the_import_tells_how_many_lines_have_their_customer(self):
        self._linked({"code": "K001"}, {"code": "K001"}, {"name": "別府 次郎"})
        import_ = self.import_
        self.assertEqual((import_.linked_line_count, import_.open_line_count), (2, 1))
        opened = self.env["kokyaku.sales.record"].search(import_.action_open_sales()["domain"])
        self.assertEqual(len(opened), 3)
        self.links.search([("buyer_name", "=", "別府 次郎")]).refuse()
        import_.invalidate_recordset()
        self.assertEqual((import_.linked_line_count, import_.open_line_count), (2, 0))

import io

from odoo.tests import tagged

from .import_common import ImportCase

HEADS = "伝票番号,売上日,顧客コード,氏名,電話番号,商品名,数量,金額"


@tagged("post_install", "-at_install")
class TestSalesLinkBack(ImportCase):
    """A corrected file is taken back: each line is the customer's whom its buyer is by now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kokyaku.partner.key"]._fill()
        cls.links = cls.env["kokyaku.sales.link"]

    def _bring(self, *rows):
        text = "\n".join([HEADS, *rows])
        import_ = self.imports._receive(io.BytesIO(text.encode("cp932")), "売上.csv")
        file = import_.look()
        file["mapping"]["options"] |= {"replaces": "", "tax_included": True}
        import_.begin({"layout": file["layout"], "mapping": file["mapping"], "source": "レジ"})
        self.runs._work()
        self.assertEqual(import_.state, "done", import_.problem)
        return import_

    def _take_back(self, import_):
        import_.action_undo()
        self.runs._work()
        self.env.invalidate_all()
        self.assertEqual(import_.state, "undone", import_.problem)

    def _line(self):
        return self.env["kokyaku.sales.record"].search([("company_id", "=", self.company.id)])

    def _person(self, name="森 花", **values):
        return self.env["res.partner"].create({"name": name, **values})

    def _check_buyer(self, line, lines=1):
        """The line has a buyer, with these figures, and is on the list or linked like them."""
        buyer = self.links.browse(line.link_id).exists()
        self.assertTrue(buyer, "the buyer of the line is there")
        self.assertEqual((buyer.line_count, buyer.amount), (lines, sum(line.mapped("amount"))))
        self.assertEqual(line.partner_id, buyer.partner_id)
        return buyer

    def test_whose_buyer_was_found_after_the_correction(self):
        self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1000")
        later = self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1200")
        person = self._person(phone="090-1111-2222")
        self.links.with_env(self._as(self.clerk)).link_again()
        self.assertEqual(self._line().partner_id, person)
        self._take_back(later)
        line = self._line()
        self.assertEqual((line.amount, line.partner_id), (1000, person))
        self._check_buyer(line)

    def test_whose_customer_was_merged_after_the_correction(self):
        person = self._person(phone="090-1111-2222")
        self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1000")
        later = self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1200")
        self.assertEqual(self._line().partner_id, person)
        survivor = self._person("森 花子")
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((person | survivor).ids, survivor, extra_checks=False)
        self._take_back(later)
        line = self._line()
        self.assertEqual((line.amount, line.partner_id), (1000, survivor))
        self._check_buyer(line)

    def test_whose_customer_was_decided_after_the_correction(self):
        known = self._person(phone="090-1111-2222")
        self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1000")
        later = self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1200")
        buyer = self.links.browse(self._line().link_id).with_env(self._as(self.clerk))
        for decide, partner in (
            (lambda: buyer.link_to(self.haruyama.id), self.haruyama),
            (buyer.refuse, self.env["res.partner"]),
            (buyer.reopen, self.env["res.partner"]),
        ):
            log = decide()
            self.assertFalse(later._undo_blockers())
            with self.subTest(buyer.state), self.env.cr.savepoint() as savepoint:
                self._take_back(later)
                line = self._line()
                self.assertEqual((line.amount, line.partner_id), (1000, partner))
                self.assertEqual(line.link_state, {"linked": "manual", "refused": "refused"}.get(
                    buyer.state, "none"))  # fmt: skip
                savepoint.rollback()
            self.env.invalidate_all()
            log.undo()
        self.assertEqual(self._line().partner_id, known)

    def test_whose_words_were_corrected(self):
        """The buyer of the former words had no line any more and was forgotten: it is there
        again, to be decided."""
        self._bring("1001,2026/05/01,,森 花,,緑茶,1,1000")
        later = self._bring("1001,2026/05/01,,林 一郎,,緑茶,1,1000")
        self.assertEqual(self.links.browse(self._line().link_id).buyer_name, "林 一郎")
        self._take_back(later)
        buyer = self._check_buyer(self._line())
        self.assertEqual((buyer.buyer_name, buyer.state), ("森 花", "open"))
        self.assertFalse(self.links.search([("buyer_name", "=", "林 一郎")]))

    def test_whose_words_were_corrected_and_that_had_a_customer(self):
        person = self._person(phone="090-1111-2222")
        self._bring("1001,2026/05/01,,森 花,090-1111-2222,緑茶,1,1000")
        self._bring("1002,2026/05/02,,原 誠,,緑茶,1,500")
        later = self._bring("1001,2026/05/01,,林 一郎,,緑茶,1,1000")
        self.assertFalse(self._line().partner_id)
        self._take_back(later)
        line = self._line().filtered(lambda one: one.slip == "1001")
        self.assertEqual(line.partner_id, person)
        self.assertEqual(self._check_buyer(line).state, "auto")

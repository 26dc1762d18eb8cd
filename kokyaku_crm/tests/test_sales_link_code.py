from odoo.tests import tagged

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLinkByCode(LinkingCase):
    """Lines whose customer code was known when they were loaded are on the list like the others:
    a wrong code is found there, put right, remembered, and can be undone."""

    def setUp(self):
        super().setUp()
        self.other = self.env["res.partner"].create({"name": "田中 二郎", "ref": "K777"})
        self.lines = self._loaded({"code": "K001", "name": "田中 二郎"}, {"code": "K001"})
        self.links._link_lines(self.company)
        self.buyer = self._buyers(self.lines[0])

    def _loaded(self, *lines, import_=None, person=None):
        """Lines as the import stores them when it knows the customer code."""
        found = {"link_state": "auto", "linked_by": "code"}
        records = self._lines(*lines, import_=import_)
        records.write({"partner_id": (person or self.tanaka).id, **found})
        return records

    def _texts(self, text, **words):
        found = self.links.link_buyers(text=text, **words)
        return sorted((one["text"], one["words"]["code"]) for one in found)

    def test_they_keep_their_customer_and_get_a_buyer(self):
        self.assertEqual(
            [(line.partner_id, line.link_state, line.linked_by) for line in self.lines],
            [(self.tanaka, "auto", "code")] * 2,
        )
        self.assertEqual((self.buyer.state, self.buyer.partner_id), ("auto", self.tanaka))
        self.assertEqual((self.buyer.line_count, self.buyer.linked_by), (1, "code"))
        self.assertEqual(self.links._link_lines(self.company)["lines"], 0)

    def test_the_doubtful_ones_stand_first(self):
        sure = self._loaded({"code": "K001", "name": "田中一郎"})
        self.links._link_lines(self.company)
        first, *_others, last = self.links.link_buyers("auto")
        self.assertEqual((first["id"], last["id"]), (self.lines[1].link_id, sure.link_id))
        self.assertEqual(last["why"], "Same: customer code・full name")

    def test_they_are_found_by_name_code_and_customer(self):
        both = [("K001", "K001"), ("田中 二郎", "K001")]
        self.assertEqual(self._texts("田中二郎"), both[1:])
        self.assertEqual(self._texts("ｋ００１"), both)
        self.assertEqual(self._texts("タナカ イチロウ"), both, "by whom they are linked to")
        self.assertEqual(self._texts("田中 一郎", source="shop"), [])
        self.assertEqual(self._texts("誰でもない"), [])

    def test_a_number_is_a_phone_or_a_postal_code_and_a_code_is_neither(self):
        self._linked({"name": "見知らぬ 客", "phone": "090-0100-1001", "zip": "100-1000"})
        for text in ("０９０－０１００", "1001", "100-1000"):
            self.assertEqual(self._texts(text), [("見知らぬ 客", "")], text)
        self.assertEqual(self._texts("A-1001"), [])

    def test_a_wrong_code_is_put_right_for_good_and_can_be_undone(self):
        log = self.buyer.with_env(self._as(self.clerk)).link_to(self.other.id)
        self.lines.invalidate_recordset()
        self.assertEqual([line.partner_id for line in self.lines], [self.other, self.tanaka])
        later = self._new_import()
        words = {"customer_code": ["K001"], "buyer_name": ["田中 二郎"]}
        words |= {"buyer_kana": [""], "buyer_company": [""]}
        records = self.env["kokyaku.sales.record"]
        self.assertEqual(records._found_customers(later, words), [""], "left to the decision")
        again = self._lines({"code": "K001", "name": "田中 二郎"}, import_=later)
        self.links._link_lines(self.company, later)
        self.assertEqual((again.partner_id, again.linked_by), (self.other, "manual"))
        log.undo()
        (self.lines | again).invalidate_recordset()
        self.assertEqual((self.lines | again).partner_id, self.tanaka)
        self.assertEqual(set(self.lines.mapped("linked_by")), {"code"})

    def test_a_link_taken_off_does_not_come_back_by_itself(self):
        """The program still offers the customer of the code, but links nobody."""
        log = self.buyer.with_env(self._as(self.clerk)).reopen()
        self.links._link_open(self.company)
        later = self._new_import()
        again = self._loaded({"code": "K001", "name": "田中 二郎"}, import_=later)
        self.links._recall(later)
        self.links._link_lines(self.company, later)
        self.lines.invalidate_recordset()
        self.assertFalse((self.lines[0] | again).partner_id)
        self.assertEqual(self.buyer.state, "open")
        self.assertIn(self.tanaka, self.buyer.candidate_ids.partner_id)
        log.undo()
        (self.lines | again).invalidate_recordset()
        self.assertEqual((self.lines[0] | again).partner_id, self.tanaka)

    def test_who_gets_a_code_later_gets_the_earlier_lines_too(self):
        early = self._lines({"code": "Z9", "name": "零戸 花子"})
        self.links._link_lines(self.company)
        self.assertFalse(early.partner_id)
        zero = self.env["res.partner"].create({"name": "零戸 ハナ", "ref": "Z9"})
        self._loaded({"code": "Z9", "name": "零戸 花子"}, person=zero)
        self.links._link_lines(self.company)
        early.invalidate_recordset()
        self.assertEqual((early.partner_id, early.link_state), (zero, "auto"))
        self.assertEqual(self._buyers(early).line_count, 2)

    def test_erased_people_do_not_become_the_buyer_without_a_name(self):
        till = self._lines({})
        nameless = self._loaded({"code": "K001"})
        nameless.write({"customer_code": False, "buyer_erased": True})
        self.links._link_lines(self.company)
        self.assertFalse(till.partner_id)
        self.assertFalse(nameless.link_id)

    def test_a_corrected_amount_counts_for_the_buyer(self):
        correcting = self._new_import()
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO kokyaku_sales_record_before (import_id, record_id, values)
               SELECT %s, id, to_jsonb(r) FROM kokyaku_sales_record r WHERE id = %s""",
            [correcting.id, self.lines[0].id],
        )
        self.lines[0].amount = 300
        correcting._after_reading(self._quiet_run())
        self.assertEqual(self.buyer.amount, 300)

    def _quiet_run(self):
        return self.env["kokyaku.run"]._enqueue("import", self._new_import())

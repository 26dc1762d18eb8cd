from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import kokyaku_import_undo, kokyaku_sales_record_import, sales_link_import
from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLinkDecide(LinkingCase):
    """What nobody was found for is decided by hand: once, for good, and it can be undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls._lines(
            {"name": "田中 花子", "email": "ichiro@example.com"},
            {"name": "田中 花子", "email": "ichiro@example.com", "zip": "101-0051"},
        )
        cls.links._link_lines(cls.company)
        cls.buyer = cls.links.search([])

    def _theirs(self):
        return self.buyer.with_env(self._as(self.clerk))

    def _of(self, lines):
        lines.invalidate_recordset()
        return {(line.partner_id.name or "", line.link_state, line.linked_by) for line in lines}

    def test_a_decision_counts_for_all_lines(self):
        log = self._theirs().link_to(self.tanaka.id)
        self.assertEqual(self._of(self.lines), {("田中 一郎", "manual", "manual")})
        self.assertEqual(self.buyer.state, "linked")
        self.assertEqual((log.user_id, log.state, log.old_state), (self.clerk, "linked", "open"))

    def test_what_a_colleague_decided_is_not_overwritten_unseen(self):
        [seen] = self.links.link_buyers()
        known = {"state": seen["state"], "partner_id": None}
        linked = self._theirs().link_decide("link", self.tanaka.id, known)
        self.assertEqual(linked["item"]["state"], "linked")
        answer = self._theirs().link_decide("refuse", None, known)
        self.assertIn("Somebody else", answer["refused"])
        self.assertEqual(answer["item"]["partner"]["partner_id"], self.tanaka.id)
        self.assertEqual(self._of(self.lines), {("田中 一郎", "manual", "manual")})
        known = {"state": "linked", "partner_id": self.tanaka.id}
        self.assertNotIn("refused", self._theirs().link_decide("refuse", None, known))

    def test_another_first_name_is_never_called_almost_certain(self):
        self.buyer.candidate_ids.points = self.buyer.points = 85
        [seen] = self.links.link_buyers()
        self.assertIn("family", seen["candidates"][0]["reasons"])
        self.assertEqual([seen["certainty"], seen["candidates"][0]["certainty"]], ["likely"] * 2)
        self.buyer.candidate_ids.reasons = "email,name"
        [seen] = self.links.link_buyers()
        self.assertEqual([seen["certainty"], seen["candidates"][0]["certainty"]], ["sure"] * 2)

    def test_it_is_remembered_for_the_next_import(self):
        self._theirs().link_to(self.tanaka.id)
        later = self._lines(
            {"name": "田中 花子", "email": "ichiro@example.com"}, import_=self._new_import()
        )
        self.links._link_lines(self.company)
        self.assertEqual(self._of(later), {("田中 一郎", "auto", "manual")})

    def test_it_is_remembered_for_other_sources(self):
        self._theirs().link_to(self.tanaka.id)
        later = self._lines(
            {"name": "田中 花子", "email": "ICHIRO@example.com"}, import_=self._new_import("shop")
        )
        self.links._link_lines(self.company)
        self.assertEqual(self._of(later), {("田中 一郎", "auto", "manual")})
        self.assertEqual(self._buyers(later).reasons.split(",")[0], "remembered")

    def test_a_code_once_decided_counts_for_more_than_our_own(self):
        """The shop's member 1 is not our customer 1, though both have the family name."""
        ours = self.env["res.partner"].create(
            {"name": "山本 一", "family_name": "山本", "given_name": "一", "ref": "1"}
        )
        theirs = self.env["res.partner"].create(
            {"name": "山本 良", "family_name": "山本", "given_name": "良"}
        )
        first = self._lines({"code": "1", "name": "山本 良"})
        self.links._link_lines(self.company)
        self._buyers(first).link_to(theirs.id)
        import_ = self._new_import()
        later = self._lines({"code": "1"}, {"code": "1", "name": "山本良"}, import_=import_)
        later.write({"partner_id": ours.id, "link_state": "auto", "linked_by": "code"})
        self.links._recall(import_)
        self.links._link_lines(self.company, import_)
        self.assertEqual(self._of(later), {("山本 良", "auto", "manual")})

    def test_who_is_nobody_of_ours_is_not_asked_for_again(self):
        self._theirs().refuse()
        self.assertEqual(self._of(self.lines), {("", "refused", "manual")})
        later = self._lines(
            {"name": "田中 花子", "email": "ichiro@example.com"}, import_=self._new_import()
        )
        self.links._link_lines(self.company)
        self.assertEqual(self._of(later), {("", "refused", False)})

    def test_a_new_person_is_entered_from_the_words(self):
        lines = self._lines(
            {
                "name": "新山 梅 様",
                "kana": "ニイヤマ ウメ",
                "email": "ume@example.com",
                "phone": "09012345678",
                "zip": "1010051",
                "address": "東京都千代田区神田神保町1-2-3 梅ビル2階",
            }
        )
        self.links._link_lines(self.company)
        self._buyers(lines).with_env(self._as(self.clerk)).link_to_new()
        new = lines.partner_id
        self.assertEqual(
            (new.name, new.kana, new.email), ("新山 梅", "ニイヤマ ウメ", "ume@example.com")
        )
        self.assertEqual(new.family_name, "新山")
        self.assertEqual(new.mobile_phone, "09012345678")
        self.assertFalse(new.phone)
        self.assertEqual((new.zip, new.state_id.code, new.city), ("101-0051", "JP-13", "千代田区"))
        self.assertEqual((new.street, new.street2), ("神田神保町1-2-3", "梅ビル2階"))
        self.assertEqual(str(new.acquired_on), "2026-05-01")

    def test_a_new_person_of_a_company_belongs_to_it(self):
        lines = self._lines(
            {"name": "新山 松", "company": "（株）ウィング"},
            {"name": "新山 竹", "company": "未知商事"},
        )
        self.links._link_lines(self.company)
        for buyer in self._buyers(lines):
            buyer.link_to_new()
        matsu, take = (line.partner_id for line in lines)
        self.assertEqual(matsu.parent_id, self.wing)
        self.assertEqual((take.parent_id.name or "", take.company_name), ("", "未知商事"))

    def test_a_new_company_is_entered_as_one(self):
        lines = self._lines({"company": "株式会社新風"})
        self.links._link_lines(self.company)
        self._buyers(lines).link_to_new()
        self.assertEqual(
            (lines.partner_id.name, lines.partner_id.is_company), ("株式会社新風", True)
        )

    def test_nobody_cannot_be_entered(self):
        lines = self._lines({})
        self.links._link_lines(self.company)
        with self.assertRaisesRegex(UserError, "name nobody"):
            self._buyers(lines).link_to_new()

    # ---- Undoing ------------------------------------------------------------------------------

    def test_a_decision_can_be_taken_back(self):
        log = self._theirs().link_to(self.tanaka.id)
        log.undo()
        self.assertEqual(self._of(self.lines), {("", "none", False)})
        self.assertEqual(self.buyer.state, "open")
        self.assertEqual(log.undone_by_id, self.clerk)

    def test_decisions_are_taken_back_one_after_the_other(self):
        first = self._theirs().link_to(self.tanaka.id)
        second = self._theirs().refuse()
        with self.assertRaisesRegex(UserError, "since"):
            first.undo()
        second.undo()
        self.assertEqual(self._of(self.lines), {("田中 一郎", "manual", "manual")})
        first.undo()
        self.assertEqual(self.buyer.state, "open")

    def test_an_automatic_link_can_be_taken_off_and_comes_back(self):
        lines = self._lines({"code": "K001"})
        self.links._link_lines(self.company)
        buyer = self._buyers(lines).with_env(self._as(self.clerk))
        log = buyer.reopen()
        self.assertEqual(self._of(lines), {("", "none", False)})
        log.undo()
        self.assertEqual(self._of(lines), {("田中 一郎", "auto", "code")})
        self.assertEqual(buyer.reasons, "code")

    def test_undoing_takes_the_new_person_out_again(self):
        log = self._theirs().link_to_new()
        new = log.partner_id
        log.undo()
        self.assertFalse(new.exists())
        self.assertEqual(self._of(self.lines), {("", "none", False)})

    def test_but_not_one_who_is_used_already(self):
        log = self._theirs().link_to_new()
        new = log.partner_id
        self._order(new)
        log.undo()
        self.assertTrue(new.exists())
        self.assertEqual(self.buyer.state, "open")

    # ---- Who may, and what stays ----------------------------------------------------------------

    def test_analysts_look_and_do_not_decide(self):
        buyer = self.buyer.with_env(self._as(self.analyst))
        for decide in (lambda: buyer.link_to(self.tanaka.id), buyer.refuse, buyer.link_to_new):
            with self.assertRaises(AccessError):
                decide()
        with self.assertRaises(AccessError):
            self.buyer.with_env(self._as(self.outsider)).refuse()

    def test_a_customer_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.tanaka.company_id = other
        with self.assertRaisesRegex(UserError, "別会社"):
            self.buyer.link_to(self.tanaka.id)

    def test_merging_two_customers_keeps_the_links_of_both(self):
        self.buyer.link_to(self.tanaka.id)
        other = self.env["res.partner"].create({"name": "田中 いちろう", "ref": "K002"})
        lines = self._lines({"code": "K002"})
        self.links._link_lines(self.company)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.tanaka | other).ids, other)
        self.assertEqual((self.lines | lines).partner_id, other)
        self.assertEqual((self.buyer | self._buyers(lines)).partner_id, other)
        self.buyer.log_ids.undo()
        self.assertEqual(self.buyer.state, "open")

    def test_a_candidate_who_was_merged_stands_there_once(self):
        other = self.env["res.partner"].create({"name": "田中 梅", "email": "ichiro@example.com"})
        self.links._link_open(self.company)
        self.assertEqual(len(self.buyer.candidate_ids), 2)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.tanaka | other).ids, self.tanaka)
        self.buyer.invalidate_recordset()
        [item] = self.buyer._screen_items()
        self.assertEqual([one["partner_id"] for one in item["candidates"]], self.tanaka.ids)

    def test_who_is_erased_is_forgotten_here_too(self):
        self.buyer.link_to(self.tanaka.id)
        told = self.tanaka._disclosure_sections()
        self.assertIn("田中 花子", str(told))
        self.tanaka.with_env(self._as(self.manager))._erase("本人の依頼")
        self.buyer.invalidate_recordset()
        for name in ("buyer_name", "buyer_email", "name_key", "email_key", "buyer_zip"):
            self.assertFalse(self.buyer[name], name)
        self.assertEqual((self.buyer.state, self.buyer.line_count), ("linked", 2))
        self.assertEqual(self.lines.partner_id, self.tanaka, "the figures stay")


@tagged("post_install", "-at_install")
class TestSalesLinkImport(LinkingCase):
    """Linking is a part of importing sales, and of undoing it."""

    def test_links_by_hand_keep_an_import_from_being_undone(self):
        import_ = self._new_import()
        lines = self._lines({"name": "田中 花子"}, import_=import_)
        self.links._link_lines(self.company)
        self.assertFalse(import_._undo_blockers())
        log = self._buyers(lines).refuse()
        self.assertEqual(len(import_._undo_blockers()), 1)
        log.undo()
        self.assertFalse(import_._undo_blockers())

    def test_what_follows_an_earlier_decision_does_not(self):
        self._linked({"name": "田中 花子"})
        self.links.search([]).link_to(self.tanaka.id)
        later = self._new_import()
        self._linked({"name": "田中 花子"}, import_=later)
        self.assertFalse(later._undo_blockers())

    def test_undoing_forgets_who_was_not_decided_by_hand(self):
        import_ = self._new_import()
        self._linked({"name": "田中 花子"}, {"code": "K001"})
        self._linked({"name": "田中 花子"}, {"name": "見知らぬ 客"}, import_=import_)
        import_._undo_sales()
        self.assertEqual(
            sorted(
                (link.buyer_name or link.customer_code, link.line_count, link.amount)
                for link in self.links.search([])
            ),
            [("K001", 1, 1000), ("田中 花子", 1, 1000)],
        )

    def test_buyers_are_right_after_an_import_was_taken_back_in_parts(self):
        """Their lines are spread over the parts, and turns end between them."""
        self._linked({"name": "田中 花子"}, {"code": "K001"})
        import_ = self._new_import()
        hanako, other = {"name": "田中 花子"}, {"name": "見知らぬ 客"}
        self._linked(hanako, other, hanako, other, hanako, import_=import_)
        import_.sudo().write({"state": "done", "row_count": 5})
        self.enterContext(patch.object(kokyaku_import_undo, "AT_ONCE", 1))
        self.enterContext(patch.object(kokyaku_import_undo, "SECONDS", -1))
        self.enterContext(patch.object(kokyaku_sales_record_import, "UNDO_PART", 2))
        self.enterContext(patch.object(sales_link_import, "COUNT_PART", 1))
        import_.action_undo()
        turns = 0
        while import_.run_id.state == "queued":
            import_.run_id._execute()
            turns += 1
            self.env.invalidate_all()
        self.assertEqual((import_.state, turns), ("undone", 3 + 2 + 1))
        buyers = self.links.search([])
        self.assertEqual(
            sorted((one.buyer_name or "", one.line_count, one.amount) for one in buyers),
            [("", 1, 1000), ("田中 花子", 1, 1000)],
        )
        self.assertFalse(any(buyers.mapped("is_to_be_counted")))

    def test_a_corrected_buyer_is_looked_at_anew(self):
        lines = self._lines({"name": "田中 花子"}, {"name": "田中 花子"})
        self.links._link_lines(self.company)
        former = self._buyers(lines)
        correcting = self._new_import()
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO kokyaku_sales_record_before (import_id, record_id, values)
               SELECT %s, id, to_jsonb(r) FROM kokyaku_sales_record r WHERE id = %s""",
            [correcting.id, lines[0].id],
        )
        lines[0].buyer_name = "田中 一郎"
        self.links._recall(correcting)
        self.links._link_lines(self.company, correcting)
        self.assertEqual(lines[0].partner_id, self.tanaka)
        self.assertFalse(lines[1].partner_id)
        self.assertEqual(former.line_count, 1)

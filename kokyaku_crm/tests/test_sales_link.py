from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kokyaku_crm.models import sales_link_anew

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLink(LinkingCase):
    """Sales lines without a customer find theirs by themselves, where that is sure."""

    def test_by_customer_code(self):
        [found] = self._linked({"code": "K001"})
        self.assertEqual(found, (self.tanaka, "code"))

    def test_the_import_tells_how_many_lines_have_their_customer(self):
        self._linked({"code": "K001"}, {"code": "K001"}, {"name": "別府 次郎"})
        import_ = self.import_
        self.assertEqual((import_.linked_line_count, import_.open_line_count), (2, 1))
        opened = self.env["kokyaku.sales.record"].search(import_.action_open_sales()["domain"])
        self.assertEqual(len(opened), 3)
        self.links.search([("buyer_name", "=", "別府 次郎")]).refuse()
        import_.invalidate_recordset()
        self.assertEqual((import_.linked_line_count, import_.open_line_count), (2, 0))

    def test_lines_are_never_compared_with_each_wording_one_by_one(self):
        """However few the database takes them for: it took 100 000 lines more than five minutes."""
        cursor = type(self.env.cr)
        execute, plans = cursor.execute, []

        def explained(cr, query, *words, **more):
            if isinstance(query, SQL) and "UPDATE kokyaku_sales_record r" in query.code:
                execute(cr, SQL("EXPLAIN %s", query))
                plans.append("\n".join(line for [line] in cr.fetchall()))
            return execute(cr, query, *words, **more)

        with patch.object(cursor, "execute", explained):
            self._linked({"name": "客 一郎"}, {"name": "客 二郎"}, {"name": "客 三郎"})
        [plan] = plans
        self.assertIn("kokyaku_link_words", plan)
        self.assertNotIn("Nested Loop", plan)

    def test_by_member_number(self):
        self.tanaka.member_number = "M-77"
        [found] = self._linked({"code": "M-77", "name": "田中一郎"})
        self.assertEqual(found, (self.tanaka, "code"))

    def test_who_married_keeps_the_code(self):
        self.tanaka.write({"family_name": "田中", "given_name": "一郎"})
        found = self._linked(
            {"code": "K001", "name": "佐藤 一子", "kana": "タナカ イチロウ"},
            {"code": "K001", "name": "田中 一朗"},
        )
        self.assertEqual(found, [(self.tanaka, "code")] * 2)

    def test_a_code_of_another_system_does_not_link_a_stranger(self):
        [found] = self._linked({"code": "K001", "name": "別府 次郎"})
        self.assertEqual(found, self._nobody())
        link = self.links.search([("customer_code", "=", "K001")])
        self.assertEqual(link.state, "open")
        self.assertEqual(link.candidate_ids.partner_id, self.tanaka)
        self.assertEqual(link.candidate_ids.reasons, "code")

    def test_a_code_without_its_zeros_needs_the_name(self):
        zero = self.env["res.partner"].create({"name": "零戸 花子", "ref": "00042"})
        found = self._linked({"code": "42", "name": "零戸　花子"}, {"code": "42"})
        self.assertEqual(found, [(zero, "code"), self._nobody()])

    def test_two_people_with_one_code_are_told_apart_by_name(self):
        other = self.env["res.partner"].create({"name": "大橋 梅", "ref": "K001"})
        found = self._linked({"code": "K001", "name": "大橋梅"}, {"code": "K001"})
        self.assertEqual(found, [(other, "code"), self._nobody()])
        open_link = self.links.search([("state", "=", "open")])
        self.assertEqual(open_link.candidate_ids.partner_id, other | self.tanaka)

    def test_by_email(self):
        found = self._linked(
            {"email": " Ichiro@Example.com"},
            {"email": "ichiro@example.com", "name": "田中 一郎 様"},
        )
        self.assertEqual(found, [(self.tanaka, "email")] * 2)

    def test_the_family_shares_an_address_of_email(self):
        """Who orders with the husband's e-mail is offered, not linked."""
        [found] = self._linked({"email": "ichiro@example.com", "name": "田中 花子"})
        self.assertEqual(found, self._nobody())
        link = self.links.search([("state", "=", "open")])
        self.assertEqual(link.candidate_ids.reasons, "email,family")

    def test_by_phone_however_it_is_written(self):
        found = self._linked(
            {"phone": "０３（１２３４）５６７８", "kana": "タナカ イチロウ"},
            {"phone": "+81-3-1234-5678"},
        )
        self.assertEqual(found, [(self.tanaka, "phone")] * 2)

    def test_a_number_of_many_links_nobody(self):
        self.env["res.partner"].create({"name": "無 番号", "phone": "000-0000-0000"})
        [found] = self._linked({"phone": "000-0000-0000"})
        self.assertEqual(found, self._nobody())

    def test_a_shared_phone_is_decided_by_the_name(self):
        self.env["res.partner"].create({"name": "田中 花子", "phone": "03-1234-5678"})
        found = self._linked({"phone": "0312345678", "name": "田中一郎"}, {"phone": "0312345678"})
        self.assertEqual(found, [(self.tanaka, "phone"), self._nobody()])

    def test_by_name_and_postal_code_among_namesakes(self):
        self.env["res.partner"].create({"name": "田中 一郎", "zip": "980-0011"})
        found = self._linked(
            {"name": "田中一郎", "zip": "1010051"},
            {"name": "田中一郎", "address": "東京都千代田区神田神保町１丁目２番３号"},
            {"name": "田中一郎"},
        )
        self.assertEqual(
            found,
            [(self.tanaka, "name_address"), (self.tanaka, "name_address"), self._nobody()],
        )

    def test_by_the_home(self):
        self.env["kokyaku.home.address"].create(
            {"partner_id": self.tanaka.id, "zip": "248-0006", "phone": "0467-22-3333"}
        )
        self.env["res.partner"].create({"name": "田中 一郎"})
        found = self._linked(
            {"name": "田中 一郎", "zip": "248-0006"}, {"name": "田中 一郎", "phone": "0467223333"}
        )
        self.assertEqual(found, [(self.tanaka, "name_address"), (self.tanaka, "phone")])

    def test_by_name_and_company(self):
        self.env["res.partner"].create({"name": "黒木 健一"})
        [found] = self._linked({"name": "黒木健一", "company": "（株）ウィング"})
        self.assertEqual(found, (self.kuroki, "name_address"))

    def test_a_company_is_found_by_its_name(self):
        found = self._linked({"company": "㈱ウイング"}, {"name": "株式会社ウィング 御中"})
        self.assertEqual(found, [(self.wing, "name")] * 2)

    def test_by_a_name_only_one_has_unless_something_speaks_against_it(self):
        found = self._linked(
            {"name": "田中 一郎"},
            {"name": "田中 一郎", "zip": "999-9999"},
            {"name": "田中 一郎", "email": "other@example.com"},
            {"name": "田中"},
        )
        self.assertEqual(found, [(self.tanaka, "name"), *[self._nobody()] * 3])

    def test_who_is_archived_or_of_another_company_is_nobody(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.tanaka.company_id = other
        archived = self.env["res.partner"].create({"name": "古川 休", "ref": "K9"})
        archived.active = False
        found = self._linked({"code": "K001"}, {"code": "K9"})
        self.assertEqual(found, [self._nobody()] * 2)

    def test_lines_of_another_company_are_not_touched(self):
        other = self.env["res.company"].create({"name": "別会社"})
        theirs = self._lines({"code": "K001"}, import_=self._new_import(company=other))
        self._linked({"code": "K001"})
        self.assertFalse(theirs.partner_id)
        self.links._link_lines(other)
        self.assertEqual(theirs.partner_id, self.tanaka)
        self.assertEqual(self.links.search_count([]), 2)

    # ---- Buyers -----------------------------------------------------------------------------

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

    def test_a_part_at_a_time(self):
        lines = self._lines(*[{"code": "K001"}] * 3)
        for done in (2, 1, 0):
            self.assertEqual(self.links._link_lines(self.company, lines=2)["lines"], done)
        self.assertEqual(lines.partner_id, self.tanaka)
        self.assertEqual(self._buyers(lines).line_count, 3)

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

    def test_looking_again_finds_who_has_come_in_since(self):
        lines = self._lines({"name": "初見 良子"})
        self.links._link_lines(self.company)
        clerk = self._as(self.clerk)["kokyaku.sales.link"]
        self.assertEqual(clerk.link_again(), 0)
        new = self.env["res.partner"].create({"name": "初見 良子"})
        self.assertEqual(clerk.link_again(), 1)
        self.assertEqual(lines.partner_id, new)
        self.assertEqual(lines.link_state, "auto")

    # ---- Many lines, turn by turn -----------------------------------------------------------

    def _in_turns(self, lines, after=0, turns=None):
        """Link the lines two by two, as the run of a large import does; return the last id."""
        done = 0
        while turns is None or done < turns:
            counts = self.links._link_lines(self.company, after=after, lines=2)
            if not counts["lines"]:
                break
            done, after = done + 1, counts["last"]
        return after

    def _sums(self, lines):
        """What a buyer's lines come to, counted one by one."""
        days = sorted(line.date for line in lines)
        return (len(lines), sum(line.amount for line in lines), days[0], days[-1])

    def _known_sums(self, buyer):
        buyer.invalidate_recordset()
        return (buyer.line_count, buyer.amount, buyer.first_date, buyer.last_date)

    def _several(self):
        """Two buyers who come again turn after turn: a customer, and one nobody was found for."""
        lines = self.env["kokyaku.sales.record"]
        for number in range(1, 5):
            lines |= self._lines(
                {"code": "K001"},
                {"name": "初見 良子"},
                amount=number,
                date=f"2026-05-0{6 - number}",
            )
        return lines, lines.filtered("customer_code"), lines.filtered("buyer_name")

    def test_a_buyer_met_in_several_turns_has_the_lines_of_all(self):
        lines, hers, unknown = self._several()
        self._in_turns(lines)
        self.assertFalse(self.links._add_up(self.company))
        for theirs in (hers, unknown):
            self.assertEqual(self._known_sums(self._buyers(theirs)), self._sums(theirs))
        self.assertEqual(hers.partner_id, self.tanaka)
        self.assertFalse(unknown.partner_id)

    def test_what_a_run_that_was_given_up_has_found_is_added_up_once(self):
        lines, hers, unknown = self._several()
        after = self._in_turns(lines, turns=3)
        seen = {theirs: theirs.filtered("link_id") for theirs in (hers, unknown)}
        self.links._recount(self._buyers(seen[unknown]).ids)  # as undoing another import does
        self.env["kokyaku.sales.link.addition"]._gc_additions()
        self.env["kokyaku.sales.link.addition"]._gc_additions()
        for theirs in seen.values():
            self.assertEqual(len(theirs), 3)
            self.assertEqual(self._known_sums(self._buyers(theirs)), self._sums(theirs))
        self._in_turns(lines, after)
        while self.links._add_up(self.company, limit=1):
            pass
        for theirs in seen:
            self.assertEqual(self._known_sums(self._buyers(theirs)), self._sums(theirs))

    # ---- Looking again ------------------------------------------------------------------------

    def test_many_are_looked_for_by_a_run_that_goes_on_where_it_stopped(self):
        """More buyers than a click may keep somebody waiting for, in turns of two parts."""
        names = ["初見 良子", "初見 健", "初見 渚", "初見 忍", "初見 梢"]
        lines = self._lines(*({"name": name} for name in names))
        self.links._link_lines(self.company)
        self.env["res.partner"].create([{"name": name} for name in names])
        self.patch(sales_link_anew, "FEW", 4)
        clerk = self._as(self.clerk)
        self.assertIsNone(clerk["kokyaku.sales.link"].link_again())
        self.assertFalse(lines.partner_id, "nothing yet")
        run = clerk["kokyaku.run"].browse(clerk["kokyaku.sales.link"].link_screen()["run_id"])
        self.assertEqual((run.kind, run.state), ("look_again", "queued"))
        self.assertIsNone(clerk["kokyaku.sales.link"].link_again(), "a second click is the same")
        self.assertEqual(clerk["kokyaku.sales.link"].link_screen()["run_id"], run.id)
        turns = []
        _link_open = type(self.links)._link_open

        def one_at_a_time(links, company, after=0):
            turns.append(run.progress)
            return _link_open(links, company, after, limit=1)

        self.patch(type(self.links), "_link_open", one_at_a_time)
        self.patch(sales_link_anew, "SECONDS", 0)  # each part is a turn
        run.sudo()._work()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertEqual([round(progress) for progress in turns], [0, 20, 40, 60, 80, 100])
        self.assertEqual(lines.mapped("partner_id.name"), names)
        self.assertIn("5", run.message)
        self.assertIsNone(clerk["kokyaku.sales.link"].link_screen()["run_id"])

    def test_only_those_who_work_with_customers_look_again(self):
        with self.assertRaises(UserError):
            self._as(self.analyst)["kokyaku.sales.link"].link_again()

    def test_of_namesakes_in_one_place_the_reading_decides_or_nobody(self):
        other = self.env["res.partner"].create({"name": "田中 一郎", "zip": "101-0051"})
        found = self._linked(
            {"name": "田中 一郎", "zip": "101-0051", "kana": "タナカ イチロウ", "phone": "03-1"},
            {"name": "田中 一郎", "zip": "101-0051", "address": "千代田区"},
        )
        self.assertEqual(found, [(self.tanaka, "name_address"), self._nobody()])
        link = self.links.search([("state", "=", "open")])
        self.assertEqual(link.candidate_ids.partner_id, self.tanaka | other)
        self.assertEqual(link.points, 45)
        self.assertEqual(link.candidate_ids[0].reasons, "name,zip")

    def test_the_likeliest_candidate_stands_first(self):
        other = self.env["res.partner"].create({"name": "田中 花子", "phone": "03-1234-5678"})
        self._linked({"phone": "03-1234-5678", "email": "ichiro@example.com", "name": "田中 梅"})
        link = self.links.search([("state", "=", "open")])
        self.assertEqual(link.candidate_ids.mapped("partner_id"), self.tanaka | other)
        self.assertEqual(link.candidate_ids.mapped("points"), [85, 45])
        self.assertEqual(link.points, 85)


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

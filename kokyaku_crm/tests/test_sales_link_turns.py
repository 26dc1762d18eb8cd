from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLinkTurns(LinkingCase):
    """Many lines are linked turn by turn, and each turn is whole."""

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

    def test_a_part_at_a_time(self):
        lines = self._lines(*[{"code": "K001"}] * 3)
        for done in (2, 1, 0):
            self.assertEqual(self.links._link_lines(self.company, lines=2)["lines"], done)
        self.assertEqual(lines.partner_id, self.tanaka)
        self.assertEqual(self._buyers(lines).line_count, 3)

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

from odoo.tests import tagged

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestLinkingMeanwhile(LinkingCase):
    """Somebody decides about a buyer while a run links more lines of theirs: it counts for all."""

    def _more_lines_of(self, buyer):
        """The next line of a known buyer is linked by a turn that is not the last one."""
        line = self._lines({"name": "初見 良子"})
        self.links._link_lines(self.company, lines=1)
        self.assertEqual(line.link_id, buyer.id)
        return line

    def _as_the_turn_left_it(self, line, partner=None):
        """The turn had not seen the decision, and the decision did not see the line."""
        self.env.cr.execute(
            """UPDATE kokyaku_sales_record SET partner_id = %s, link_state = %s, linked_by = NULL
                WHERE id = %s""",
            [partner and partner.id, "auto" if partner else "none", line.id],
        )
        self.env.invalidate_all()

    def _buyer(self):
        line = self._lines({"name": "初見 良子"})
        self.links._link_lines(self.company)
        return self.links.browse(line.link_id).with_env(self._as(self.clerk))

    def test_a_customer_is_chosen(self):
        buyer = self._buyer()
        line = self._more_lines_of(buyer)
        buyer.link_to(self.haruyama.id)
        self._as_the_turn_left_it(line)
        self.links._add_up(self.company)
        self.assertEqual((line.partner_id, line.link_state), (self.haruyama, "manual"))
        self.assertEqual(buyer.line_count, 2)

    def test_another_customer_is_chosen_or_nobody(self):
        buyer = self._buyer()
        buyer.link_to(self.haruyama.id)
        line = self._more_lines_of(buyer)
        buyer.refuse()
        self._as_the_turn_left_it(line, self.haruyama)
        self.links._add_up(self.company)
        self.assertFalse(line.partner_id)
        self.assertEqual(line.link_state, "refused")

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.kokyaku_crm.models import sales_link_anew

from .linking_common import LinkingCase


@tagged("post_install", "-at_install")
class TestSalesLinkAgain(LinkingCase):
    """もう一度さがす: buyers nobody was found for are looked for again."""

    def test_looking_again_finds_who_has_come_in_since(self):
        lines = self._lines({"name": "初見 良子"})
        self.links._link_lines(self.company)
        clerk = self._as(self.clerk)["kokyaku.sales.link"]
        self.assertEqual(clerk.link_again(), 0)
        new = self.env["res.partner"].create({"name": "初見 良子"})
        self.assertEqual(clerk.link_again(), 1)
        self.assertEqual(lines.partner_id, new)
        self.assertEqual(lines.link_state, "auto")

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

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .transfer_common import TransferCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestTransferRefused(TransferCase):
    """異動: what is refused, and for whom."""

    def test_nothing_that_changes(self):
        with self.assertRaisesRegex(UserError, "黒木 健一.*what they were"):
            self._transfer(self.kuroki)

    def test_leaving_without_a_company(self):
        with self.assertRaisesRegex(UserError, "belongs to no company"):
            self._transfer(self.haruyama, kind="leave")

    def test_a_day_before_the_affiliation_began(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2026-11-10")
        with self.assertRaisesRegex(UserError, "began on 2026-11-10 only"):
            self._transfer(self.kuroki, [{"function": "社長"}], kind="promotion", date="2026-11-10")

    def test_a_second_plan(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2027-04-01")
        self.assertEqual(self.kuroki.function, "課長")
        with self.assertRaisesRegex(UserError, "planned already"):
            self._transfer(self.kuroki, [{"function": "社長"}], kind="promotion", date="2027-05-01")

    def test_all_or_none(self):
        with self.assertRaises(UserError):
            self._transfer(self.kuroki | self.haruyama, kind="leave")
        self.env.invalidate_all()
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_companies_and_too_many_are_not_transferred(self):
        with self.assertRaisesRegex(UserError, "No person is selected"):
            self._wizard(self.wing)
        with (
            patch("odoo.addons.kokyaku_crm.wizards.transfer.MOST", 1),
            self.assertRaisesRegex(UserError, "2 persons are selected"),
        ):
            self._wizard(self.kuroki | self.suzuki)

    def test_an_analyst_transfers_nobody(self):
        with self.assertRaises(AccessError):
            self._wizard(self.kuroki, user=self.analyst).save()
        moves = [{"person": self.kuroki, "kind": "leave", "date": date(2026, 11, 20)}]
        with self.assertRaises(AccessError):
            self.env["kokyaku.transfer"].with_user(self.analyst)._carry_out(
                [{**moves[0], "person": self.kuroki.with_user(self.analyst)}]
            )

    def test_from_the_list_of_the_companys_people(self):
        people = self.env["kokyaku.company.person"].search(
            [("company_partner_id", "=", self.wing.id), ("partner_id", "=", self.kuroki.id)]
        )
        wizard = self.env["kokyaku.transfer.wizard"].with_context(
            active_model="kokyaku.company.person", active_ids=people.ids
        )
        self.assertEqual(wizard._selected_people(), self.kuroki)

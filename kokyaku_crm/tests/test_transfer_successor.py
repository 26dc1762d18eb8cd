from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .transfer_common import TransferCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestTransferSuccessor(TransferCase):
    """異動: the successor, and what is handed over to them."""

    def test_a_colleague_succeeds(self):
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
        )
        self.assertEqual(self.kuroki.affiliation_ids.successor_id, self.suzuki)
        self.assertEqual(self.suzuki.function, "課長")
        now = self.suzuki.affiliation_ids._present()
        self.assertEqual((now.company_partner_id, now.date_from), (self.wing, date(2026, 11, 21)))

    def test_a_new_person_succeeds(self):
        new = self.env["res.partner"].create({"name": "後任 花子"})
        self._transfer(
            self.kuroki,
            [{"function": "部長", "department": "本社", "successor_id": new}],
            kind="transfer",
        )
        self.assertEqual((new.parent_id, new.function), (self.wing, "課長"))
        self.assertEqual(len(new.affiliation_ids), 1)

    def test_a_successor_who_is_only_named(self):
        self._transfer(
            self.kuroki,
            [{"function": "部長", "successor_id": self.suzuki}],
            kind="promotion",
            successor_follows=False,
        )
        self.assertFalse(self.suzuki.function)
        self.assertEqual(self.kuroki.affiliation_ids.successor_id, self.suzuki)

    def test_types_and_staff_are_handed_over(self):
        kind = self.env["kokyaku.selection.type"].create({"code": "T1", "name": "お歳暮"})
        self.kuroki.write({"selection_type_ids": [Command.link(kind.id)], "user_id": self.clerk.id})
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
            hand_over=True,
        )
        self.assertEqual(self.suzuki.selection_type_ids, kind)
        self.assertEqual(self.suzuki.user_id, self.clerk)

    def test_undo_takes_back_what_was_handed_over_and_nothing_else(self):
        kinds = self.env["kokyaku.selection.type"].create(
            [{"code": "T1", "name": "お歳暮"}, {"code": "T2", "name": "年賀状"}]
        )
        self.kuroki.write(
            {"selection_type_ids": [Command.set(kinds.ids)], "user_id": self.clerk.id}
        )
        self.suzuki.selection_type_ids = kinds[1]
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
            hand_over=True,
        )
        self.assertEqual(self.suzuki.selection_type_ids, kinds)
        transfer = self.env["kokyaku.transfer"].search([("partner_id", "=", self.kuroki.id)])
        transfer.with_user(self.clerk).action_undo()
        self.assertEqual(self.suzuki.selection_type_ids, kinds[1], "theirs before")
        self.assertFalse(self.suzuki.user_id)
        self.assertEqual(self.kuroki.selection_type_ids, kinds)
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_undo_leaves_who_is_responsible_by_now(self):
        self.kuroki.user_id = self.clerk
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
            hand_over=True,
        )
        self.suzuki.user_id = self.analyst
        transfer = self.env["kokyaku.transfer"].search([("partner_id", "=", self.kuroki.id)])
        transfer.with_user(self.clerk).action_undo()
        self.assertEqual(self.suzuki.user_id, self.analyst)

    def test_nobody_succeeds_themselves(self):
        with self.assertRaisesRegex(UserError, "own successor"):
            self._transfer(self.kuroki, [{"successor_id": self.kuroki}], kind="leave")

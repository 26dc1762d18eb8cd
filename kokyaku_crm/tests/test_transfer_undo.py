from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .transfer_common import TransferCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestTransferUndo(TransferCase):
    """異動 taken back, as long as nothing came after it."""

    def test_a_mistaken_transfer_is_undone(self):
        before = self.kuroki.read(["parent_id", "function", "phone", "email", "street"])
        self._transfer(
            self.kuroki, [{"function": "部長", "phone": "06-1"}], company_partner_id=self.sora
        )
        self.kuroki.with_user(self.clerk).action_undo_transfer()
        self.assertEqual(
            self.kuroki.read(["parent_id", "function", "phone", "email", "street"]), before
        )
        self.assertFalse(self.kuroki.affiliation_ids)
        self.assertFalse(self.kuroki.transfer_ids)
        self.assertIn("undone", self.kuroki.message_ids[:1].body)

    def test_undoing_leaving_brings_back_function_and_address(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2026-11-01")
        self._transfer(self.kuroki, kind="leave", date="2026-11-20")
        self.kuroki.action_undo_transfer()
        self.assertEqual((self.kuroki.parent_id, self.kuroki.function), (self.wing, "部長"))
        self.assertEqual(self.kuroki.street, "神宮前1-1-1")
        self.assertEqual(self.kuroki.email, "kuroki@wing.example.jp")
        self.assertEqual(len(self.kuroki.affiliation_ids), 2)

    def test_the_successors_move_is_undone_too(self):
        self._transfer(
            self.kuroki, [{"successor_id": self.suzuki}], kind="leave", date="2026-11-20"
        )
        self.kuroki.action_undo_transfer()
        self.assertFalse(self.suzuki.function)
        self.assertFalse(self.suzuki.affiliation_ids)
        self.assertEqual(self.suzuki.parent_id, self.wing)

    def test_what_was_written_since_stays(self):
        self._transfer(self.kuroki, [{"function": "部長"}], company_partner_id=self.sora)
        self.kuroki.phone = "090-7777-8888"
        self.wing.street = "青山9-9-9"
        self.kuroki.action_undo_transfer()
        self.assertEqual(self.kuroki.phone, "090-7777-8888")
        self.assertEqual(self.wing.street, "青山9-9-9")
        self.assertEqual(self.kuroki.street, "青山9-9-9")

    def test_only_the_last_one_and_only_untouched(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2026-11-01")
        first = self.kuroki.transfer_ids
        self._transfer(self.kuroki, [{"function": "社長"}], kind="promotion", date="2026-11-10")
        with self.assertRaisesRegex(UserError, "Only the last"):
            first.action_undo()
        self.kuroki.affiliation_ids._present().function = "会長"
        with self.assertRaisesRegex(UserError, "changed since"):
            self.kuroki.action_undo_transfer()

    def test_nothing_to_undo(self):
        with self.assertRaisesRegex(UserError, "no transfer to undo"):
            self.suzuki.action_undo_transfer()

from odoo.exceptions import UserError
from odoo.tests import tagged

from .bulk_edit_common import BulkEditCase


@tagged("post_install", "-at_install")
class TestBulkEditUndo(BulkEditCase):
    """一括編集 taken back: what was there before comes back, what came since stays."""

    def test_undo_leaves_alone_what_was_changed_since_and_lists_it(self):
        edit = self._run(self._set_rank())
        self.kuroki.user_code_3_id = self.silver
        edit.action_undo()
        self.assertEqual(self.kuroki.user_code_3_id, self.silver)
        self.assertFalse((self.suzuki | self.haruyama).user_code_3_id)
        self.assertEqual(edit.undone_count, 2)
        self.assertIn(self.kuroki.name, edit.preview)

    def test_undo_of_a_list_keeps_what_others_added_since(self):
        edit = self._run(self._add_vip())
        self.kuroki.personal_type_ids += self.old_friend
        edit.action_undo()
        self.assertEqual(self.kuroki.personal_type_ids, self.old_friend)

    def test_undo_survives_values_that_were_deleted_since(self):
        self.kuroki.write({"user_code_3_id": self.silver.id})
        self.suzuki.personal_type_ids = self.old_friend
        edit = self._run(self._set_rank(), self._add_vip("set"))
        self.silver.unlink()
        self.old_friend.unlink()
        edit.action_undo()
        self.assertEqual(self.kuroki.user_code_3_id, self.gold, "the old value is gone")
        self.assertFalse(self.suzuki.personal_type_ids)
        self.assertFalse(self.haruyama.personal_type_ids)
        self.assertIn(self.kuroki.name, edit.preview)
        self.assertIn(self.suzuki.name, edit.preview)

    def test_several_lines_on_one_list_are_undone_in_the_right_order(self):
        self.kuroki.personal_type_ids = self.old_friend
        edit = self._run(self._add_vip(), self._add_vip("remove", self.old_friend))
        self.assertEqual(self.kuroki.personal_type_ids, self.vip)
        edit.action_undo()
        self.assertEqual(self.kuroki.personal_type_ids, self.old_friend)

    def test_of_two_bulk_edits_the_later_one_stays(self):
        first = self._run(self._set_rank())
        second = self._run(self._set_rank(self.silver), people=self.kuroki)
        first.action_undo()
        self.assertEqual(self.kuroki.user_code_3_id, self.silver)
        second.action_undo()
        self.assertEqual(self.kuroki.user_code_3_id, self.gold)

    def test_nothing_is_done_or_undone_twice(self):
        edit = self._run(self._set_rank())
        with self.assertRaisesRegex(UserError, "done already"):
            edit.action_execute()
        edit.action_undo()
        with self.assertRaisesRegex(UserError, "undone already"):
            edit.action_undo()

    def test_archived_people_get_their_values_back_too(self):
        edit = self._run(self._set_rank())
        self.kuroki.active = False
        edit.action_undo()
        self.assertFalse(self.kuroki.user_code_3_id)

    def test_only_who_did_it_or_a_manager_takes_it_back(self):
        edit = self._run(self._set_rank())
        with self.assertRaisesRegex(UserError, "Only they or a manager"):
            edit.with_env(self._as(self.seller)).action_undo()
        edit.with_env(self._as(self.manager)).action_undo()
        self.assertFalse(self.people.user_code_3_id)

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestBulkArchive(KokyakuCase):
    """一括編集: people who are no longer needed are put away together, and brought back."""

    def _edit(self, people, **line):
        return self._as(self.clerk)["kokyaku.bulk.edit"].create(
            {
                "domain": repr([("id", "in", people.ids)]),
                "line_ids": [Command.create({"fname": "active", **line})],
            }
        )

    def _run(self, people, shelf):
        edit = self._edit(people, shelf=shelf)
        edit.action_check()
        edit.action_execute()
        return edit

    def test_people_are_archived_and_taken_back(self):
        edit = self._edit(self.kuroki | self.suzuki, shelf="archived")
        edit.action_check()
        self.assertIn("In Use</td><td>Archived", edit.preview)
        self.assertTrue(self.kuroki.active, "looking changes nothing")
        edit.action_execute()
        self.assertFalse(self.kuroki.active)
        self.assertFalse(self.suzuki.active)
        self.assertEqual(edit.changed_count, 2)
        self.suzuki.active = True
        edit.action_undo()
        self.assertTrue(self.kuroki.active)
        self.assertEqual(edit.undone_count, 1, "Suzuki was brought back by hand")

    def test_archived_people_are_brought_back_and_put_away_again(self):
        self.kuroki.active = False
        edit = self._edit(self.kuroki | self.suzuki, shelf="in_use")
        edit.action_check()
        self.assertEqual(edit.chosen_count, 1)
        self.assertIn("1 (not archived)", edit.preview)
        edit.action_execute()
        self.assertTrue(self.kuroki.active)
        edit.action_undo()
        self.assertFalse(self.kuroki.active)
        self.assertTrue(self.suzuki.active)

    def test_users_and_our_company_are_left_out_with_the_reason(self):
        ours = self.clerk.partner_id | self.company.partner_id
        edit = self._edit(ours | self.kuroki, shelf="archived")
        edit.action_check()
        self.assertEqual(edit.chosen_count, 1)
        self.assertIn("2 (a user or a company of our own)", edit.preview)
        edit.action_execute()
        self.assertFalse(self.kuroki.active)
        self.assertEqual(ours.mapped("active"), [True, True])

    def test_who_became_a_user_since_is_not_archived_by_the_undo(self):
        self.kuroki.active = False
        edit = self._run(self.kuroki, "in_use")
        self.env["res.users"].create(
            {"name": "黒木", "login": "kuroki_shelf", "partner_id": self.kuroki.id}
        )
        edit.action_undo()
        self.assertTrue(self.kuroki.active)
        self.assertEqual(edit.undone_count, 0)

    def test_neither_empty_nor_cleared(self):
        with self.assertRaisesRegex(ValidationError, "has no value"):
            self._edit(self.kuroki).action_check()
        with self.assertRaisesRegex(ValidationError, "cannot be cleared"):
            self._edit(self.kuroki, operation="clear")

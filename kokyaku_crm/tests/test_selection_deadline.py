from datetime import date

from odoo.tests import tagged

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSelectionDeadline(KokyakuCase):
    """The owner of a set is reminded before its deadline."""

    def setUp(self):
        super().setUp()
        self.set = self._as(self.clerk)["kokyaku.selection.set"].create(
            {"name": "お歳暮", "deadline": "2026-11-30"}
        )

    def test_one_reminder_that_moves_with_deadline_and_owner(self):
        reminder = self.set.reminder_id.sudo()
        self.assertEqual(reminder.user_id, self.clerk)
        self.assertEqual(reminder.date_deadline, date(2026, 11, 27))
        self.set.write({"deadline": "2026-12-10", "owner_id": self.manager.id})
        self.assertEqual(self.set.reminder_id, reminder)
        self.assertEqual(reminder.user_id, self.manager)
        self.assertEqual(reminder.date_deadline, date(2026, 12, 7))
        mine = self._as(self.manager)["mail.activity"].search([("user_id", "=", self.manager.id)])
        self.assertIn("お歳暮", mine.summary)
        self.assertIn(f"/{self.set.id}", mine.note)

    def test_it_goes_with_the_confirmation_and_with_the_set(self):
        reminder = self.set.reminder_id.sudo()
        other = self.set.copy({"deadline": "2026-11-30"})
        self.assertNotEqual(other.reminder_id, reminder)
        self.set.sudo().state = "confirmed"
        self.assertFalse(reminder.exists())
        theirs = other.reminder_id.sudo()
        other.unlink()
        self.assertFalse(theirs.exists())

    def test_who_has_done_it_is_not_reminded_again(self):
        reminder = self.set.reminder_id.sudo()
        reminder.action_done()
        self.set.name = "お歳暮（改）"
        self.assertFalse(reminder.exists().active)
        mine = self._as(self.clerk)["mail.activity"].search([("user_id", "=", self.clerk.id)])
        self.assertFalse(mine)

    def test_no_deadline_no_reminder(self):
        self.set.deadline = False
        self.assertFalse(self.set.reminder_id)
        self.assertFalse(self.set.copy({"name": "年賀状"}).reminder_id)

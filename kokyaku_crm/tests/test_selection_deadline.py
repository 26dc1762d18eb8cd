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
        reminder = self.set.activity_ids
        self.assertEqual(reminder.user_id, self.clerk)
        self.assertEqual(reminder.date_deadline, date(2026, 11, 27))
        self.set.write({"deadline": "2026-12-10", "owner_id": self.manager.id})
        self.assertEqual(self.set.activity_ids, reminder)
        self.assertEqual(reminder.user_id, self.manager)
        self.assertEqual(reminder.date_deadline, date(2026, 12, 7))

    def test_it_goes_with_the_confirmation_and_the_users_own_activities_stay(self):
        own = self.set.activity_schedule("mail.mail_activity_data_todo", summary="電話する")
        self.set.sudo().state = "confirmed"
        self.assertEqual(self.set.activity_ids, own)

    def test_no_deadline_no_reminder(self):
        self.set.deadline = False
        self.assertFalse(self.set.activity_ids)
        self.assertFalse(self.set.copy({"name": "年賀状"}).activity_ids)

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_selection_responses import ResponseCase


@tagged("post_install", "-at_install")
class TestReceived(ResponseCase):
    """届いたもの: cards and gifts that came unasked, and who is to be thanked."""

    def _came(self, partner, method="letter", day="2026-05-10", item="年賀状"):
        return self._at_screen().received_enter(
            partner.id, {"method": method, "item": item, "date": day}
        )

    def _compare(self, **values):
        return (
            self.env["kokyaku.received.compare"]
            .with_env(self._as(self.clerk))
            .create(
                {
                    "execution_id": self.invitation.id,
                    "date_from": date(2026, 5, 1),
                    "date_to": date(2026, 5, 31),
                    **values,
                }
            )
        )

    def test_what_came_stands_in_the_contacts_of_the_person(self):
        came = self._came(self.haruyama, "gift", item="ビール")
        contact = self.env["kokyaku.contact.history"].browse(came["id"])
        self.assertRecordValues(
            contact,
            [
                {
                    "partner_id": self.haruyama.id,
                    "direction": "in",
                    "kind": "receipt",
                    "item": "ビール",
                    "method_id": self.env.ref("kokyaku_crm.contact_method_gift").id,
                }
            ],
        )

    def test_entered_twice_is_one_and_the_clerk_is_told(self):
        first, again = self._came(self.haruyama), self._came(self.haruyama)
        self.assertEqual((first["said"], again["said"]), ("new", "same"))
        self.assertEqual(first["id"], again["id"])
        self.assertIn("nothing changed", again["warning"])

    def test_a_wrong_entry_is_taken_back_by_who_made_it(self):
        came = self._came(self.haruyama)
        contact = self.env["kokyaku.contact.history"].browse(came["id"])
        self._at_screen(self.manager).received_undo(contact.id)
        self.assertTrue(contact.exists())
        self._at_screen().received_undo(contact.id)
        self.assertFalse(contact.exists())

    def test_tomorrow_nothing_has_come_and_readers_enter_nothing(self):
        with self.assertRaisesRegex(UserError, "lies in the future"):
            self._came(self.haruyama, day=date.today() + timedelta(days=3))
        with self.assertRaises(AccessError):
            self._at_screen(self.analyst).received_enter(self.haruyama.id, {"method": "gift"})

    def test_who_was_sent_to_and_who_wrote_are_set_against_each_other(self):
        self._came(self.kuroki)  # sent, and came
        self._came(self.haruyama)  # not sent, but came
        self._came(self.wing, "gift")  # was left out, so not sent
        self._came(self.haruyama_home.parent_id, day="2026-04-30")  # before the period
        compare = self._compare()
        self.assertRecordValues(
            compare, [{"both_count": 1, "sent_only_count": 1, "came_only_count": 2}]
        )
        compare.method = "letter"
        self.assertEqual(compare.came_only_count, 1)
        opened = compare.with_context(kokyaku_list="came_only").action_open()
        self.assertEqual(opened["domain"], [("id", "in", self.haruyama.ids)])
        compare.method = "gift"
        self.assertEqual((compare.both_count, compare.came_only_count), (0, 1))

    def test_an_answer_that_is_a_success_came_too(self):
        self.of_suzuki._respond(self.env.ref("kokyaku_crm.response_card"), date(2026, 5, 10))
        self.assertEqual(self._compare().both_count, 1)

    def test_who_wrote_without_being_written_to_becomes_a_set(self):
        self._came(self.kuroki)
        self._came(self.haruyama)
        action = self._compare().action_new_set()
        thanks = self.env["kokyaku.selection.set"].browse(action["res_id"])
        self.assertEqual(thanks.member_ids.partner_id, self.haruyama)
        self.assertEqual(thanks.member_count, 1)
        self.assertIn("新年会のご案内", thanks.name)

    def test_an_empty_list_makes_no_set(self):
        with self.assertRaisesRegex(UserError, "nobody left to thank"):
            self._compare().action_new_set()

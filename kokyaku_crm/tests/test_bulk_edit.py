from unittest.mock import patch

from odoo.tests import tagged

from ..models import kokyaku_bulk_edit_work
from .bulk_edit_common import BulkEditCase


@tagged("post_install", "-at_install")
class TestBulkEdit(BulkEditCase):
    """個人マスター一括編集: change them all, a few at once or very many."""

    def test_a_type_is_added_to_those_who_lack_it_and_taken_back(self):
        self.kuroki.personal_type_ids = self.vip
        self.suzuki.personal_type_ids = self.old_friend
        edit = self._run(self._add_vip())
        self.assertEqual(self.suzuki.personal_type_ids, self.vip | self.old_friend)
        self.assertEqual(self.haruyama.personal_type_ids, self.vip)
        self.assertEqual((edit.chosen_count, edit.changed_count), (3, 2))
        self.assertIn("上得意", edit.name)
        self.assertEqual(self.suzuki.write_uid, self.clerk)
        self.assertEqual(edit.user_id, self.clerk)
        edit.action_undo()
        self.assertEqual(self.kuroki.personal_type_ids, self.vip, "had it before")
        self.assertEqual(self.suzuki.personal_type_ids, self.old_friend)
        self.assertFalse(self.haruyama.personal_type_ids)
        self.assertEqual((edit.state, edit.undone_count), ("undone", 2))

    def test_a_list_is_set_removed_from_and_cleared(self):
        both = self.vip | self.old_friend
        for operation, expected in (
            ("set", self.vip),
            ("remove", self.old_friend),
            ("clear", self.env["kokyaku.personal.type"]),
        ):
            self.kuroki.personal_type_ids = both
            edit = self._run(self._add_vip(operation))
            self.assertEqual(self.kuroki.personal_type_ids, expected, operation)
            edit.action_undo()
            self.assertEqual(self.kuroki.personal_type_ids, both, operation)

    def test_many_fields_in_one_go_and_one_undo(self):
        self.env["kokyaku.user.name"].create({"model": "res.partner", "slot": "2", "name": "愛称"})
        source = self.env["kokyaku.source"].create({"code": "BX", "name": "展示会"})
        interest = self.env["kokyaku.interest"].create({"code": "BI", "name": "茶道の会"})
        tag = self.env["res.partner.category"].create({"name": "春"})
        selection = self.env["kokyaku.selection.type"].create({"code": "BS", "name": "年賀状"})
        names = (
            "user_code_3_id", "user_name_2", "user_id", "staff_ids", "source_id", "acquired_on",
            "honorific", "address_choice", "preferred_channel", "interest_ids", "category_id",
            "selection_type_ids",
        )  # fmt: skip
        self.kuroki.write({"user_code_3_id": self.silver.id, "honorific": "sensei"})
        before = [[person[name] for name in names] for person in self.people]
        edit = self._run(
            self._set_rank(),
            {"fname": "user_name_2", "text": " くろちゃん "},
            {"fname": "user_id", "user_id": self.seller.id},
            {"fname": "staff_ids", "operation": "add", "staff_ids": self.clerk.ids},
            {"fname": "source_id", "source_id": source.id},
            {"fname": "acquired_on", "date": "2020-04-01"},
            {"fname": "honorific", "operation": "clear"},
            {"fname": "address_choice", "address_choice": "home"},
            {"fname": "preferred_channel", "channel": "phone"},
            {"fname": "interest_ids", "operation": "add", "interest_ids": interest.ids},
            {"fname": "category_id", "operation": "add", "category_ids": tag.ids},
            {
                "fname": "selection_type_ids",
                "operation": "set",
                "selection_type_ids": selection.ids,
            },
        )
        for person in self.people:
            self.assertEqual(person.user_code_3_id, self.gold)
            self.assertEqual(person.user_name_2, "くろちゃん")
            self.assertEqual(person.user_id, self.seller)
            self.assertEqual(person.staff_ids, self.clerk)
            self.assertEqual(person.source_id, source)
            self.assertEqual(str(person.acquired_on), "2020-04-01")
            self.assertFalse(person.honorific)
            self.assertEqual(person.address_choice, "home")
            self.assertEqual(person.preferred_channel, "phone")
            self.assertEqual(person.interest_ids, interest)
            self.assertEqual(person.category_id, tag)
            self.assertEqual(person.selection_type_ids, selection)
        log = self.env["kokyaku.consent.log"].search(
            [("partner_id", "=", self.kuroki.id), ("kind", "=", "preferred_channel")], limit=1
        )
        self.assertEqual((log.screen, log.user_id), ("bulk", self.clerk))
        edit.action_undo()
        after = [[person[name] for name in names] for person in self.people]
        self.assertEqual(after, before)

    def test_consents_are_set_and_taken_back(self):
        consent = self.env["kokyaku.consent"].create(
            {
                "partner_id": self.kuroki.id,
                "channel": "email",
                "purpose": "promotion",
                "state": "refused",
                "basis": "電話",
                "date": "2024-01-10",
            }
        )
        edit = self._run(
            {
                "fname": "consent",
                "channel": "email",
                "purpose": "promotion",
                "consent_state": "allowed",
                "basis": "申込書",
                "evidence": "展示会",
            }
        )
        self.assertEqual(edit.changed_count, 3)
        self.assertEqual(self.people.consent_ids.mapped("state"), ["allowed"] * 3)
        self.assertEqual((consent.basis, consent.source), ("申込書", "展示会"))
        log = self.env["kokyaku.consent.log"].search(
            [("partner_id", "=", self.haruyama.id)], limit=1
        )
        self.assertEqual(log.screen, "bulk")
        self.suzuki.consent_ids.basis = "本人に確認"
        edit.action_undo()
        self.assertEqual((consent.state, consent.basis), ("refused", "電話"))
        self.assertEqual(str(consent.date), "2024-01-10")
        self.assertFalse(consent.source)
        self.assertFalse(self.haruyama.consent_ids)
        self.assertEqual(self.suzuki.consent_ids.state, "allowed", "someone worked on it since")
        self.assertIn(self.suzuki.name, edit.preview)
        self.assertNotIn(self.kuroki.name, edit.preview)

    def test_clearing_a_consent_makes_it_unknown(self):
        self.env["kokyaku.consent"]._set_many(self.kuroki, "post", "greeting", "refused")
        edit = self._run(
            {
                "fname": "consent",
                "operation": "clear",
                "channel": "post",
                "purpose": "greeting",
            }
        )
        self.assertEqual(self.kuroki.consent_ids.state, "unknown")
        self.assertEqual(edit.changed_count, 1, "the others were unknown before")
        edit.action_undo()
        self.assertEqual(self.kuroki.consent_ids.state, "refused")

    def test_the_people_stay_those_of_the_condition_though_it_changes_them(self):
        self.people.personal_type_ids = self.vip
        self._run(
            self._add_vip("remove"),
            self._set_rank(),
            domain=repr([("personal_type_ids", "in", self.vip.ids)]),
        )
        self.assertFalse(self.people.personal_type_ids)
        self.assertEqual(self.people.user_code_3_id, self.gold)

    def test_the_number_of_statements_does_not_grow_with_the_people(self):
        counts = []
        for number in (5, 60):
            people = self.env["res.partner"].create([{"name": f"客{n}"} for n in range(number)])
            edit = self._edit(self._add_vip(), self._set_rank(), people=people)
            edit.action_check()
            before = self.env.cr.sql_log_count
            edit.action_execute()
            edit.action_undo()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_very_many_are_changed_and_restored_in_the_background(self):
        edit = self._edit(self._set_rank())
        edit.action_check()
        with patch.object(kokyaku_bulk_edit_work, "BACKGROUND", 2):
            edit.action_execute()
            self.assertTrue(edit.is_waiting)
            self.assertFalse(self.kuroki.user_code_3_id)
            self._work_off(edit)
            self.assertEqual(edit.state, "done")
            self.assertEqual(self.people.user_code_3_id, self.gold)
            edit.action_undo()
            self.assertEqual(edit.state, "done", "not yet")
            self._work_off(edit)
        self.assertEqual(edit.state, "undone")
        self.assertFalse(self.people.user_code_3_id)

    def _work_off(self, edit):
        """What the cron does with the run, without its commits."""
        run = edit.sudo().run_id
        run._as_user()._dispatch()
        run.state = "done"
        edit.invalidate_recordset()

    def test_drafts_nobody_carried_out_are_forgotten(self):
        draft, done = self._edit(self._set_rank()), self._run(self._set_rank())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kokyaku_bulk_edit SET write_date = '2020-01-01' WHERE id = ANY(%s)",
            [(draft | done).ids],
        )
        self.env.invalidate_all()
        self.env["kokyaku.bulk.edit"]._gc_drafts()
        self.assertFalse(draft.exists())
        self.assertTrue(done.exists())

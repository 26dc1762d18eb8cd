from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .bulk_edit_common import BulkEditCase


@tagged("post_install", "-at_install")
class TestBulkEditCheck(BulkEditCase):
    """一括編集 before it is carried out: whom it hits, and what is refused."""

    def test_it_tells_before_whom_it_changes_how_and_whom_not(self):
        self.kuroki.user_code_3_id = self.silver
        self.suzuki.user_code_3_id = self.gold
        self.haruyama.active = False
        edit = self._edit(self._set_rank())
        edit.action_check()
        self.assertEqual(edit.chosen_count, 2)
        preview = edit.preview
        self.assertIn("1 of 2 people will change", preview)
        self.assertIn("黒木 健一", preview)
        self.assertIn("<td>銀</td><td>金</td>", preview)
        self.assertNotIn("鈴木", preview, "has it already")
        self.assertIn("1 (archived)", preview)
        self.assertEqual(self.kuroki.user_code_3_id, self.silver, "nothing is changed yet")
        edit.action_execute()
        self.assertFalse(self.haruyama.user_code_3_id)

    def test_the_preview_counts_like_the_run_for_every_operation(self):
        self.kuroki.personal_type_ids = self.vip
        self.suzuki.personal_type_ids = self.vip | self.old_friend
        self.env["kokyaku.consent"]._set_many(self.kuroki, "fax", "promotion", "refused", "電話")
        cell = {"fname": "consent", "channel": "fax", "purpose": "promotion"}
        for line in (
            *(self._add_vip(operation) for operation in ("add", "remove", "set", "clear")),
            {**cell, "consent_state": "refused"},
            {**cell, "consent_state": "refused", "basis": "申込書"},
            {**cell, "operation": "clear"},
            {"fname": "honorific", "honorific": "sensei"},
            {"fname": "honorific", "operation": "clear"},
        ):
            with self.subTest(line=line):
                edit = self._edit(line)
                edit.action_check()
                preview = edit.preview
                edit.action_execute()
                expected = f"{edit.changed_count} of 3 people will change"
                self.assertIn(expected, preview)
                edit.action_undo()

    def test_what_was_checked_and_changed_has_to_be_checked_anew(self):
        edit = self._edit(self._set_rank())
        with self.assertRaisesRegex(UserError, "not waiting to be carried out"):
            edit.action_execute()
        edit.action_check()
        edit.line_ids.code_value_id = self.silver
        self.assertEqual(edit.state, "draft")
        with self.assertRaisesRegex(UserError, "not waiting to be carried out"):
            edit.action_execute()
        self.assertFalse(self.people.user_code_3_id)

    def test_names_are_shown_as_text(self):
        self.haruyama.name = "<b>春山</b>"
        edit = self._edit(self._set_rank(), people=self.haruyama)
        edit.action_check()
        self.assertIn("&lt;b&gt;春山", edit.preview)

    def test_from_a_list_the_selected_people_are_meant(self):
        env = self._as(self.clerk)
        edits = env["kokyaku.bulk.edit"].with_context(
            active_model="res.partner", active_ids=self.kuroki.ids, active_id=self.kuroki.id
        )
        with Form(edits) as form, form.line_ids.new() as line:
            self.assertEqual(form.selected_text, "1 people selected in the list")
            line.fname = "personal_type_ids"
            self.assertEqual(line.operation, "add")
            line.personal_type_ids.add(self.vip)
        edit = form.record
        edit.action_check()
        edit.action_execute()
        self.assertEqual(self.kuroki.personal_type_ids, self.vip)
        self.assertFalse(self.suzuki.personal_type_ids)

    def test_only_labelled_codes_can_be_chosen(self):
        choices = dict(self._as(self.clerk)["kokyaku.bulk.edit.line"]._selection_fname())
        self.assertEqual(choices["user_code_3_id"], "ランク")
        self.assertNotIn("user_code_9_id", choices)

    def test_a_value_of_another_code_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ウェブ.*経路.*ランク"):
            self._edit(self._set_rank(self.web))

    def test_a_value_that_was_moved_to_another_code_since_is_refused(self):
        edit = self._edit(self._set_rank())
        edit.action_check()
        self.gold.code_id = self.route
        with self.assertRaisesRegex(ValidationError, "経路"):
            edit.action_execute()

    def test_incomplete_and_senseless_lines_are_refused(self):
        for line, message in (
            ({"fname": "user_code_3_id"}, "has no value"),
            ({"fname": "user_id"}, "has no value"),
            ({"fname": "consent", "channel": "post", "consent_state": "allowed"}, "has no value"),
            ({"fname": "honorific", "operation": "add", "honorific": "sensei"}, "one value only"),
            ({"fname": "user_id", "user_id": self.portal.id}, "no colleague"),
            ({"fname": "acquired_on", "date": "2999-01-01"}, "future"),
        ):
            with self.subTest(line=line), self.assertRaisesRegex(UserError, message):
                self._edit(line).action_check()
        with self.assertRaisesRegex(UserError, "at least one change"):
            self._edit().action_check()
        with self.assertRaisesRegex(UserError, "twice"):
            self._edit(self._set_rank(), self._set_rank(self.silver)).action_check()
        with self.assertRaisesRegex(UserError, "cannot be read"):
            self._edit(self._set_rank(), domain="[('name', '=', ").action_check()
        with self.assertRaisesRegex(UserError, "cannot be read"):
            self._edit(self._set_rank(), domain="[('no_such', '=', 1)]").action_check()

    def test_a_condition_that_matches_nobody_says_so(self):
        edit = self._edit(self._set_rank(), domain="[('name', '=', '誰でもない')]")
        edit.action_check()
        self.assertIn("0 of 0 people", edit.preview)
        with self.assertRaisesRegex(UserError, "nobody to change"):
            edit.action_execute()
        self.assertEqual(edit.state, "checked")

    def test_a_type_deleted_in_between_has_to_be_chosen_anew(self):
        edit = self._edit(self._add_vip())
        edit.action_check()
        self.vip.unlink()
        with self.assertRaisesRegex(ValidationError, "has no value"):
            edit.action_execute()

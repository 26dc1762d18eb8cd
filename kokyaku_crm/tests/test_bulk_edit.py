from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models import kokyaku_bulk_edit_work
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestBulkEdit(KokyakuCase):
    """個人マスター一括編集: see whom it hits, change them all, take it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.kuroki | cls.suzuki | cls.haruyama
        cls.vip, cls.old_friend = cls.env["kokyaku.personal.type"].create(
            [{"code": "BV", "name": "上得意"}, {"code": "BO", "name": "旧友"}]
        )
        cls.rank, cls.route = cls.env["kokyaku.user.code"].create(
            [
                {"model": "res.partner", "slot": "3", "name": "ランク"},
                {"model": "res.partner", "slot": "4", "name": "経路"},
            ]
        )
        cls.gold, cls.silver = cls.env["kokyaku.user.code.value"].create(
            [
                {"code_id": cls.rank.id, "code": "G", "name": "金"},
                {"code_id": cls.rank.id, "code": "S", "name": "銀"},
            ]
        )
        cls.web = cls.env["kokyaku.user.code.value"].create(
            {"code_id": cls.route.id, "code": "W", "name": "ウェブ"}
        )

    def _edit(self, *lines, people=None, user=None, **values):
        people = self.people if people is None else people
        return self._as(user or self.clerk)["kokyaku.bulk.edit"].create(
            {
                "domain": repr([("id", "in", people.ids)]),
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    def _run(self, *lines, **kwargs):
        edit = self._edit(*lines, **kwargs)
        edit.action_check()
        edit.action_execute()
        self.assertEqual(edit.state, "done")
        return edit

    def _add_vip(self, operation="add", types=None):
        types = types or self.vip
        return {
            "fname": "personal_type_ids",
            "operation": operation,
            "personal_type_ids": [Command.set(types.ids)],
        }

    def _set_rank(self, value=None):
        return {"fname": "user_code_3_id", "code_value_id": (value or self.gold).id}

    # ---- Carrying out -------------------------------------------------------------

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

    # ---- Before it is carried out ------------------------------------------------

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

    # ---- Bad input ------------------------------------------------------------------

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

    # ---- Taking back ----------------------------------------------------------------

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

    # ---- Rights, companies, privacy ---------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_an_analyst_looks_and_changes_nothing(self):
        edit = self._edit(self._set_rank())
        edit.action_check()
        as_analyst = edit.with_env(self._as(self.analyst))
        self.assertEqual(as_analyst.state, "checked")
        for action in ("action_check", "action_execute"):
            with self.assertRaises(AccessError):
                getattr(as_analyst, action)()
        edit.action_execute()
        with self.assertRaises(AccessError):
            as_analyst.action_undo()
        with self.assertRaises(AccessError):
            edit.with_env(self._as(self.outsider)).read(["name"])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_people_of_another_company_are_left_out_and_counted(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self.suzuki.parent_id = False
        self.suzuki.company_id = other
        edit = self._edit(self._set_rank(), is_selection=True)
        edit.action_check()
        self.assertIn("1 (belong to another company)", edit.preview)
        self.assertNotIn("鈴木", edit.preview)
        edit.action_execute()
        self.assertFalse(self.suzuki.user_code_3_id)
        self.assertEqual(self.kuroki.user_code_3_id, self.gold)
        self.kuroki.parent_id = False
        self.kuroki.company_id = other
        edit.action_undo()
        self.assertEqual(self.kuroki.user_code_3_id, self.gold, "moved out of reach")
        self.assertFalse(self.haruyama.user_code_3_id)
        self.assertNotIn("黒木", edit.preview)
        stranger = new_test_user(
            self.env,
            login="kc_stranger",
            groups="kokyaku_crm.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        strange = self.env["kokyaku.bulk.edit"].with_user(stranger)
        strange = strange.with_context(allowed_company_ids=other.ids)
        self.assertFalse(strange.search([("id", "=", edit.id)]))

    def test_people_one_may_not_write_are_left_out(self):
        self.env["ir.rule"].create(
            {
                "name": "鈴木は見るだけ",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.suzuki.id})]",
                "perm_read": False,
            }
        )
        edit = self._edit(self._set_rank())
        edit.action_check()
        self.assertIn("1 (you may not change them)", edit.preview)
        edit.action_execute()
        self.assertFalse(self.suzuki.user_code_3_id)
        self.assertEqual(edit.changed_count, 2)

    def test_what_was_done_can_be_neither_changed_nor_forged(self):
        edit = self._run(self._set_rank())
        for values in ({"domain": "[]"}, {"line_ids": [Command.clear()]}):
            with self.assertRaisesRegex(UserError, "carried out already"):
                edit.write(values)
        with self.assertRaisesRegex(UserError, "carried out already"):
            edit.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "stays in the list"):
            edit.unlink()
        with self.assertRaises(AccessError):
            edit.write({"state": "draft"})
        with self.assertRaises(AccessError):
            self._edit(self._set_rank(), user_id=self.manager.id)

    def test_an_erased_person_leaves_no_old_values(self):
        self.haruyama.user_code_3_id = self.silver
        edit = self._run(self._set_rank())
        self.haruyama.with_user(self.manager)._erase("本人の求め")
        changes = self.env["kokyaku.bulk.edit.change"].sudo().search([("edit_id", "=", edit.id)])
        self.assertEqual(changes.partner_id, self.kuroki | self.suzuki)
        edit.action_undo()
        self.assertFalse(self.haruyama.user_code_3_id)

    def test_of_merged_people_the_survivor_gets_the_old_value_back(self):
        twin = self.env["res.partner"].create({"name": "春山 ひとみ"})
        edit = self._run(self._set_rank(), people=twin | self.haruyama)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin | self.haruyama).ids, self.haruyama
        )
        edit.action_undo()
        self.assertFalse(self.haruyama.user_code_3_id)

    # ---- Very many ------------------------------------------------------------------

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

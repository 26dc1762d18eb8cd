from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .bulk_edit_common import BulkEditCase


@tagged("post_install", "-at_install")
class TestBulkEditAccess(BulkEditCase):
    """一括編集: rights, companies and privacy."""

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

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import selection_execution_run as background
from ..tools import office_today
from .browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestSelectionTours(BrowserCase):
    """What the office does with sets from year to year, with the mouse and the code reader."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("en_US")  # the tours read the screen in English
        self.admin = self.env.ref("base.user_admin")
        self.admin.lang = "en_US"
        self.kuroki, self.suzuki, self.haruyama = self.env["res.partner"].create(
            [
                {"name": name, "street": "1-1", "city": "千代田区"}
                for name in ("黒木 健一", "鈴木 三郎", "春山 ひとみ")
            ]
        )
        self.gifts = self._set("2025年お歳暮", self.kuroki + self.suzuki)

    def _set(self, name, people, **values):
        one = self.env["kokyaku.selection.set"].create(
            {
                "name": name,
                "company_id": self.admin.company_id.id,
                "owner_id": self.admin.id,
                **values,
            }
        )
        one._add_people(people)
        return one

    def _people(self, one):
        return one.member_ids.filtered(lambda member: not member.excluded).partner_id

    def _tour(self, name, path):
        self.start_tour(f"/odoo/{path}", name, login="admin")
        self.env.invalidate_all()

    def _path(self, record, action):
        return f"action-{self.env.ref('kokyaku_crm.' + action).id}/{record.id}"

    def test_who_is_missing_against_last_year_is_taken_over(self):
        new = self._set("2026年お歳暮", self.kuroki + self.haruyama, previous_id=self.gifts.id)
        self._tour("kokyaku_selection_compare", self._path(new, "action_selection_set"))
        self.assertEqual(self._people(new), self.kuroki + self.suzuki + self.haruyama)
        member = new.member_ids.filtered(lambda one: one.partner_id == self.suzuki)
        self.assertEqual(member.origin, "manual")
        self.assertIn("2025年お歳暮", member.reason)

    def test_the_sets_of_two_departments_become_one_without_duplicates(self):
        self.suzuki.email = "same@example.jp"
        twin = self.env["res.partner"].create({"name": "鈴木　三郎", "email": "SAME@example.jp"})
        self._set("巡回 営業一課", self.kuroki + self.suzuki)
        self._set("巡回 営業二課", self.kuroki + twin)
        action = self.env.ref("kokyaku_crm.action_selection_set").id
        self._tour("kokyaku_selection_combine", f"action-{action}")
        new = self.env["kokyaku.selection.set"].search([("name", "=", "巡回 全社")])
        self.assertEqual(len(new), 1)
        self.assertIn(self.kuroki, self._people(new))
        self.assertEqual(len(self._people(new) & (self.suzuki + twin)), 1)
        self.assertEqual(new.member_ids.partner_id, self.kuroki + self.suzuki + twin)

    def test_next_years_set_is_copied_under_its_own_year(self):
        self.gifts.sudo().state = "executed"
        self._tour("kokyaku_selection_copy", self._path(self.gifts, "action_selection_set"))
        new = self.env["kokyaku.selection.set"].search([("copied_from_id", "=", self.gifts.id)])
        self.assertEqual((new.name, new.state), ("2026年お歳暮", "draft"))
        self.assertEqual(new.previous_id, self.gifts)
        self.assertEqual(self._people(new), self.kuroki + self.suzuki)

    def test_somebody_else_changed_the_criteria_meanwhile(self):
        towns = ("鎌倉市", "渋谷区")
        self.gifts.criterion_ids = [
            (0, 0, {"partner_domain": repr([("city", "=", town)])}) for town in towns
        ]
        with mute_logger("odoo.http"):  # the refusal
            self._tour("kokyaku_selection_version", self._path(self.gifts, "action_selection_set"))
        self.assertEqual(
            [line.connector for line in self.gifts.criterion_ids],
            ["and", "or"],
            "what the faster one changed is there, and nothing else",
        )

    def test_very_many_are_executed_while_the_screen_shows_how_far_it_is(self):
        execution = self._confirmed()
        path = self._path(execution, "action_selection_execution")
        with patch.object(background, "BACKGROUND", 1):
            self._tour("kokyaku_selection_background", path)
        self.assertEqual((execution.state, execution.sent_count), ("executed", 2))

    def _confirmed(self):
        """The gifts confirmed by the admin; give the execution."""
        wizards = self.env["kokyaku.selection.confirm"].with_user(self.admin)
        wizard = wizards.with_context(default_set_id=self.gifts.id).create(
            {"channel": "post", "purpose": "greeting"}
        )
        wizard.action_apply()
        return self.gifts.execution_ids

    def test_an_answer_by_its_code_and_a_card_that_came_unasked(self):
        execution = self._confirmed()
        execution.with_user(self.admin).action_execute()
        line = execution.line_ids.filtered(lambda one: one.partner_id == self.kuroki)
        self._tour("kokyaku_responses", self._path(execution, "action_selection_execution"))
        self.assertEqual(
            (line.response_type_id, line.response_source, line.response_date),
            (self.env.ref("kokyaku_crm.response_attends"), "code", office_today(self.env.user)),
        )
        received = self.env["kokyaku.contact.history"].search(
            [("partner_id", "=", self.haruyama.id)]
        )
        self.assertEqual(
            (received.direction, received.kind, received.item), ("in", "receipt", "年賀状")
        )
        self.assertFalse(execution.line_ids.filtered(lambda one: one.partner_id == self.haruyama))

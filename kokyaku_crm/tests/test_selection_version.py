import re

from odoo.exceptions import UserError
from odoo.tests import tagged

from .selection_common import SelectionCase


@tagged("post_install", "-at_install")
class TestSelectionVersion(SelectionCase):
    """Two people have the criteria of one set open: the second one is told who changed them."""

    def _criterion(self, town):
        return (0, 0, {"kind": "person", "partner_domain": repr([("city", "=", town)])})

    def _save(self, user, version, *commands, **values):
        """Save the form as the web client does."""
        one = self.set.with_user(user)
        return one.web_save(
            {"criterion_ids": list(commands), "criteria_version": version, **values},
            {"criteria_version": {}},
        )[0]["criteria_version"]

    def test_the_second_one_is_told_and_loses_nothing_of_the_first(self):
        opened = self.set.criteria_version
        self._save(self.clerk, opened, self._criterion("鎌倉市"))
        words = f"{re.escape(self.clerk.name)} changed the criteria of “.*2026年お歳暮” on .*noth"
        with self.assertRaisesRegex(UserError, words):
            self._save(self.manager, opened, self._criterion("渋谷区"))
        self.assertEqual(len(self.set.criterion_ids), 1)
        self.assertIn("鎌倉市", self.set.criterion_ids.partner_domain)
        seen = self.set.criteria_version
        self._save(self.manager, seen, self._criterion("渋谷区"))
        self.assertEqual(len(self.set.criterion_ids), 2)
        self.assertEqual(self.set.criteria_by, self.manager)

    def test_a_criterion_that_the_other_one_deleted_is_noticed(self):
        opened = self._save(self.clerk, self.set.criteria_version, self._criterion("鎌倉市"))
        line = self.set.criterion_ids
        self._save(self.clerk, opened, (2, line.id))
        with self.assertRaisesRegex(UserError, "changed the criteria"):
            self._save(self.manager, opened, (1, line.id, {"connector": "or"}))

    def test_one_after_the_other_is_no_conflict(self):
        version = self._save(self.clerk, self.set.criteria_version, self._criterion("鎌倉市"))
        version = self._save(self.clerk, version, self._criterion("渋谷区"))
        self._save(self.clerk, version, (1, self.set.criterion_ids[0].id, {"connector": "or"}))
        self.assertEqual(len(self.set.criterion_ids), 2)

    def test_other_fields_are_saved_beside_somebody_elses_criteria(self):
        self._save(self.clerk, self.set.criteria_version, self._criterion("鎌倉市"))
        self.set.with_user(self.manager).web_save({"department": "営業一課"}, {})
        self.assertEqual(self.set.department, "営業一課")

    def test_building_and_adding_people_is_no_change_of_the_criteria(self):
        version = self._save(self.clerk, self.set.criteria_version, self._criterion("鎌倉市"))
        self.set.with_user(self.clerk)._build()
        self.set._add_people(self._people(1))
        self._save(self.clerk, version, self._criterion("渋谷区"))
        self.assertEqual(len(self.set.criterion_ids), 2)

from odoo.tests import tagged

from ..tools import selected_records
from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestSelected(KokyakuCase):
    """What "the selected ones" are, as the web client says it."""

    def _selected(self, **context):
        return selected_records(self.env["res.partner"].with_context(**context))

    def test_ids_are_the_selection_though_the_domain_matches_more(self):
        domain = [("parent_id", "=", self.wing.id)]
        found = self._selected(active_ids=self.kuroki.ids, active_domain=domain)
        self.assertEqual(found, self.kuroki)

    def test_more_than_the_client_sends_is_the_domain(self):
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "1")
        domain = [("parent_id", "=", self.wing.id)]
        found = self._selected(active_ids=self.kuroki.ids, active_domain=domain)
        self.assertEqual(found, self.kuroki | self.suzuki)

    def test_nothing_selected_is_nothing(self):
        self.assertFalse(self._selected())

    def test_a_domain_alone(self):
        found = self._selected(active_domain=[("id", "=", self.suzuki.id)])
        self.assertEqual(found, self.suzuki)

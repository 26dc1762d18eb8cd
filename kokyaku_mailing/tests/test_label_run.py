import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..wizards import kokyaku_label_print, kokyaku_label_print_run
from .common import page_count, texts_of
from .label_common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelRun(LabelCase):
    """A large print is queued and worked off in the background."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["res.partner"].create(
            [
                {
                    "name": f"顧客 {number:03}",
                    "zip": f"{9_999_999 - number:07}",
                    "state_id": cls.tokyo.id,
                    "city": "千代田区",
                    "street": f"霞が関{number}",
                    "country_id": cls.japan.id,
                }
                for number in range(30)
            ]
        )

    def setUp(self):
        super().setUp()
        for module, name, value in (
            (kokyaku_label_print, "DIRECT_LIMIT", 10),
            (kokyaku_label_print_run, "CHUNK", 7),
        ):
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def queue(self, **values):
        wizard = self.wizard(self.many, **{"print_order": "postal_code", **values})
        action = wizard.action_print()
        self.assertEqual(action["tag"], "kokyaku_mailing.label_progress")
        return wizard, self.env["kokyaku.run"].browse(action["params"]["run_id"])

    def test_the_file_has_everyone_once_in_order(self):
        _wizard, run = self.queue(start_position=12)
        self.assertEqual((run.state, run.kind, run.user_id), ("queued", "labels", self.clerk))
        self.env["kokyaku.run"]._work()
        self.assertEqual(run.state, "done", run.message)
        self.assertTrue(run.expires_on)
        self.assertEqual(run.message, "30 labels on 4 sheets")
        content = run.attachment_id.raw
        self.assertEqual(page_count(content), 4)
        names = [text.text for text in texts_of(content) if text.text.startswith("顧客")]
        self.assertEqual(names, [f"顧客 {number:03}" for number in reversed(range(30))])

    def test_pressing_print_twice_is_one_run(self):
        wizard, run = self.queue()
        again = wizard.action_print()
        self.assertEqual(again["params"]["run_id"], run.id)

    def test_who_lost_the_address_meanwhile_is_counted(self):
        _wizard, run = self.queue()
        self.many[3].write({"city": False, "street": False})
        self.many[4].unlink()
        self.env["kokyaku.run"]._work()
        self.assertEqual(run.state, "done", run.message)
        self.assertIn("28 labels", run.message)
        self.assertIn("2 people were left out", run.message)

    def test_too_many_are_refused_with_a_way_out(self):
        with patch.object(kokyaku_label_print_run, "MAX_LABELS", 20):
            with self.assertRaisesRegex(UserError, "30 labels are too many.*20"):
                self.queue()

    def test_a_small_print_needs_no_run(self):
        wizard = self.wizard(self.many[:10])
        before = self.env["kokyaku.run"].search_count([])
        self.assertEqual(wizard.action_print()["type"], "ir.actions.act_url")
        self.assertEqual(self.env["kokyaku.run"].search_count([]), before)
        self.assertEqual(page_count(base64.b64decode(wizard.pdf)), 1)

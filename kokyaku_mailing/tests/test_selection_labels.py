from ast import literal_eval

from odoo.tests import new_test_user, tagged

from .label_common import LabelCase


@tagged("post_install", "-at_install")
class TestSelectionLabels(LabelCase):
    """Labels and e-mails of an execution."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ito = cls.person(name="伊藤 一郎", email="ito@example.jp")
        cls.sato = cls.person(name="佐藤 二郎", email="sato@example.jp")
        cls.dead = cls.person(name="故人 三郎", email="dead@example.jp", deceased_on="2026-01-01")
        cls.set = cls.env["kokyaku.selection.set"].create({"name": "お歳暮"})
        cls.set._add_people(cls.ito + cls.sato + cls.dead)

    def _confirm(self, **values):
        wizard = (
            self.env["kokyaku.selection.confirm"]
            .with_context(default_set_id=self.set.id)
            .create(values)
        )
        return self.env["kokyaku.selection.execution"].browse(wizard.action_apply()["res_id"])

    def _labels(self, execution):
        action = execution.with_user(self.clerk).action_print_labels()
        wizard = self.env["kokyaku.label.print"].with_user(self.clerk).browse(action["res_id"])
        return wizard

    def test_labels_show_what_was_frozen_and_mark_the_lines(self):
        execution = self._confirm()
        self.ito.write({"name": "改名 一郎", "street": "引越先9-9-9"})
        wizard = self._labels(execution)
        self.assertEqual(wizard.label_count, 2)
        texts = [text.text for text in self.printed(wizard)]
        self.assertTrue(any("伊藤" in text for text in texts), texts)
        self.assertTrue(any("霞が関" in text for text in texts), texts)
        self.assertFalse(any("改名" in text or "引越先" in text for text in texts), texts)
        self.assertEqual(execution.printed_count, 2)

    def test_printing_again_asks_first(self):
        execution = self._confirm()
        self.printed(self._labels(execution))
        late = self.person(name="遅刻 四郎")
        execution._add_late(late, "ご紹介")
        wizard = self._labels(execution)
        self.assertEqual((wizard.label_count, wizard.printed_before), (1, 2))
        wizard.print_again = True
        self.assertEqual(wizard.label_count, 3)

    def test_the_mailing_reaches_those_who_get_it(self):
        execution = self._confirm(channel="email", purpose="business")
        sender = new_test_user(
            self.env,
            "mailing_clerk",
            groups="kokyaku_crm.group_user,mass_mailing.group_mass_mailing_user",
        )
        action = execution.with_user(sender).action_create_mailing()
        mailing = self.env["mailing.mailing"].browse(action["res_id"])
        self.assertEqual(mailing.kokyaku_execution_id, execution)
        self.assertTrue(literal_eval(mailing.mailing_domain))
        self.assertEqual(
            set(mailing.with_user(sender)._get_remaining_recipients()),
            set((self.ito + self.sato).ids),
        )

from odoo.tests import tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestExecutionMailAnswers(MailingCase):
    """Opened, clicked, replied, came back: read from core, shown where one looks for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mori = cls.person(name="森 五郎", email="mori@example.com")
        cls.kato = cls.person(name="加藤 六郎", email="kato@example.com")
        cls.set._add_people(cls.mori + cls.kato)

    def sent(self):
        """An execution that was sent to five: one did nothing, one opened, one clicked, one
        replied, and one mail came back."""
        execution = self.execution()
        mailing = self.mailing(execution)
        self.send(mailing)
        self.gateway_mail_trace_open(mailing, self.sato)
        self.click(mailing, self.abe)
        reply = self.gateway_mail_trace_open(mailing, self.mori)
        reply.set_replied()
        self.gateway_mail_trace_bounce(mailing, self.kato)
        self.env.invalidate_all()
        return execution

    def people(self, test, execution):
        """The people of a set that asks for this of the execution's set."""
        one = (
            self.env["kokyaku.selection.set"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "次回",
                    "criterion_ids": [
                        (
                            0,
                            0,
                            {
                                "kind": "set",
                                "other_set_ids": [(6, 0, execution.set_id.ids)],
                                "set_test": test,
                            },
                        )
                    ],
                }
            )
        )
        one._build()
        return one.member_ids.partner_id

    def test_the_results_say_how_many(self):
        execution = self.sent().with_user(self.clerk)
        self.assertEqual(
            execution.results_data()["mail"],
            {
                "mail_sent": 5,
                "mail_opened": 3,
                "mail_clicked": 1,
                "mail_replied": 1,
                "mail_returned": 1,
                "mail_failed": 0,
            },
        )
        self.assertEqual(execution.set_id.results_data()["mail"]["mail_opened"], 3)

    def test_a_number_opens_its_people(self):
        execution = self.sent().with_user(self.clerk)
        for which, people in (
            ("mail_sent", self.ito + self.sato + self.abe + self.mori + self.kato),
            ("mail_opened", self.sato + self.abe + self.mori),
            ("mail_clicked", self.abe),
            ("mail_replied", self.mori),
            ("mail_returned", self.kato),
            ("mail_unopened", self.ito + self.kato),
        ):
            action = execution.results_people(which)
            lines = self.env["kokyaku.execution.line"].with_user(self.clerk)
            lines = lines.with_context(**action["context"]).search(action["domain"])
            self.assertEqual(lines.partner_id, people, which)

    def test_an_execution_on_paper_says_nothing_of_mails(self):
        execution = self.execution(channel="post")
        self.assertIsNone(execution.with_user(self.clerk).results_data()["mail"])

    def test_the_line_and_the_person_show_what_became_of_it(self):
        execution = self.sent()
        lines = execution.line_ids.with_user(self.clerk)
        line = self.line(execution, self.abe).with_user(self.clerk)
        self.assertTrue(line.mail_opened_at and line.mail_clicked_at)
        self.assertFalse(line.mail_returned_at)
        self.assertFalse(self.line(execution, self.ito).mail_opened_at)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            lines.mapped("mail_opened_at")
        rows = self.kato.with_user(self.clerk).kokyaku_execution_history()["rows"]
        self.assertEqual([kind for kind, _text in rows[0]["mail"]], ["returned"])
        self.assertIn("kato@example.com", rows[0]["to"])
        rows = self.abe.with_user(self.clerk).kokyaku_execution_history()["rows"]
        self.assertEqual([kind for kind, _text in rows[0]["mail"]], ["opened", "clicked"])

    def test_later_sets_are_made_from_it(self):
        execution = self.sent()
        self.assertEqual(self.people("mail_opened", execution), self.sato + self.abe + self.mori)
        self.assertEqual(self.people("mail_clicked", execution), self.abe)
        self.assertEqual(self.people("mail_replied", execution), self.mori)
        self.assertEqual(self.people("mail_returned", execution), self.kato)
        self.assertEqual(self.people("mail_unopened", execution), self.ito)

    def test_the_criterion_reads_as_one_would_say_it(self):
        line = self.env["kokyaku.selection.criterion"].new(
            {"kind": "set", "other_set_ids": self.set.ids, "set_test": "mail_opened"}
        )
        self.assertIn("Opened the E-Mail", line.summary)

    def test_a_mail_that_came_back_proposes_to_mark_the_address(self):
        execution = self.sent().with_user(self.clerk)
        self.assertEqual(execution.mail_returned_count, 1)
        self.assertFalse(self.kato.email_returned, "it is proposed, not done by itself")
        execution.action_enter_returned_mails()
        self.env.invalidate_all()
        self.assertTrue(self.kato.email_returned)
        self.assertEqual(self.kato.returned_email_on, self.today)
        self.assertFalse(self.kato.returned_mail, "the post still reaches them")
        self.assertTrue(self.line(execution, self.kato).response_type_id.is_returned)
        self.assertEqual(self.line(execution, self.kato).response_source, "auto")
        self.assertEqual(execution.mail_returned_count, 0)
        refusals = self.kato._reach_refusals("email", "business")
        self.assertEqual(refusals, {self.kato.id: "returned_email"})
        self.assertFalse(self.kato._reach_refusals("post", "business"))
        found = self.env["res.partner"].search([("email_returned", "=", True)])
        self.assertEqual(found, self.kato)

    def test_a_new_address_or_a_word_by_hand_makes_it_reachable_again(self):
        self.sent().with_user(self.clerk).action_enter_returned_mails()
        self.env.invalidate_all()
        self.kato.email = "kato@new.example.com"
        self.assertFalse(self.kato.email_returned)
        self.assertFalse(self.kato._reach_refusals("email", "business"))
        self.kato.email = "kato@example.com"
        self.assertTrue(self.kato.email_returned)
        self.kato.with_user(self.clerk).action_email_works()
        self.assertFalse(self.kato.email_returned)

    def test_who_has_a_new_address_already_is_not_marked(self):
        execution = self.sent()
        self.kato.email = "kato@new.example.com"
        execution.with_user(self.clerk).action_enter_returned_mails()
        self.env.invalidate_all()
        self.assertFalse(self.kato.email_returned)

    def test_a_wrong_answer_is_taken_back(self):
        execution = self.sent().with_user(self.clerk)
        execution.action_enter_returned_mails()
        other = self.env["kokyaku.response.type"].search(
            [("is_returned", "=", False), ("is_no_answer", "=", False)], limit=1
        )
        self.line(execution, self.kato).with_user(self.clerk)._respond(other)
        self.env.invalidate_all()
        self.assertFalse(self.kato.email_returned)

    def test_merging_two_people_keeps_what_became_of_the_mails(self):
        execution = self.sent()
        twin = self.person(name="阿部 三郎", email="abe@example.com")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin + self.abe).ids, twin)
        self.env.invalidate_all()
        line = execution.line_ids.filtered(lambda line: line.partner_id == twin)
        self.assertTrue(line.mail_clicked_at)
        self.assertEqual(self.people("mail_clicked", execution), twin)

    def test_erasing_a_person_takes_the_address_from_the_traces(self):
        execution = self.sent()
        manager = self.env.ref("kokyaku_crm.group_manager")
        self.sender.group_ids += manager
        self.kato.with_user(self.sender)._erase("ご本人の請求")
        emails = execution.mailing_ids.mailing_trace_ids.mapped("email")
        self.assertNotIn("kato@example.com", emails)

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestExecutionMailing(MailingCase):
    """Sending the mailing of an execution: who gets it, who never does, what it leaves behind."""

    def test_sending_marks_the_lines_and_executes(self):
        execution = self.execution()
        sent = self.send(self.mailing(execution))
        self.assertEqual(len(sent), 3)
        self.assertEqual(set(execution.line_ids.mapped("sent_on")), {self.today})
        self.assertEqual(execution.sent_count, 3)
        self.assertEqual((execution.state, execution.date), ("executed", self.today))
        self.assertEqual(self.set.state, "executed")

    def test_each_batch_of_mails_marks_its_own_lines(self):
        """And counts them, however many batches there are."""
        execution = self.execution()
        mailing = self.mailing(execution)
        self.env["ir.config_parameter"].set_param("mail.mail.force.send.limit", "0")
        mailing.action_launch()
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").method_direct_trigger()
        mails = self.env["mail.mail"].search([("mailing_id", "=", mailing.id)], order="id")
        people = [mail.res_id for mail in mails]
        self.assertEqual(len(mails), 3)
        for number, mail in enumerate(mails, 1):
            with self.mock_mail_gateway():
                mail.send()
            self.env.invalidate_all()
            sent = execution.line_ids.filtered("sent_on").partner_id
            self.assertEqual(sorted(sent.ids), sorted(people[:number]))
            self.assertEqual((execution.sent_count, execution.state), (number, "executed"))

    def test_nothing_is_marked_before_the_mail_has_left(self):
        self.env["ir.config_parameter"].set_param("mail.mail.force.send.limit", "0")
        execution = self.execution()
        mailing = self.mailing(execution)
        mailing.action_launch()
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(mailing.mailing_trace_ids.mapped("trace_status")), {"outgoing"})
        self.assertFalse(any(execution.line_ids.mapped("sent_on")))
        self.assertEqual(execution.state, "prepared")
        with self.assertRaisesRegex(UserError, "being sent"):
            execution.with_user(self.sender)._cancel("中止")
        with self.mock_mail_gateway():
            self.run_crons()
        self.assertEqual(set(execution.line_ids.mapped("sent_on")), {self.today})
        self.assertEqual(execution.state, "executed")
        self.assertEqual(execution.executed_by, self.sender)

    def test_who_is_excluded_refuses_or_is_kept_for_comparison_never_gets_it(self):
        dead = self.person(name="故人", email="dead@example.com", deceased_on="2026-01-01")
        refusing = self.person(name="辞退", email="no@example.com")
        self.refuse(refusing)
        stopped = self.person(name="停止", email="stop@example.com")
        self.env["mail.blacklist"]._add("stop@example.com")
        self.set._add_people(dead + refusing + stopped)
        execution = self.execution(control_percent=40)
        control = execution.line_ids.filtered("is_control").partner_id
        self.assertEqual(len(control), 1)
        sent = self.send(self.mailing(execution))
        self.assertEqual(len(sent), 2)
        for person in dead + refusing + stopped + control:
            self.assertFalse(any(person.email in address for address in sent), person.name)
            self.assertFalse(self.line(execution, person).sent_on, person.name)

    def test_who_says_no_between_preparing_and_sending_does_not_get_it(self):
        execution = self.execution()
        mailing = self.mailing(execution)
        self.refuse(self.sato)
        sent = self.send(mailing)
        self.assertEqual(len(sent), 2)
        self.assertEqual(self.line(execution, self.sato).exclusion, "refused")
        self.assertFalse(self.line(execution, self.sato).sent_on)

    def test_a_domain_edited_by_hand_reaches_nobody_outside(self):
        execution = self.execution(control_percent=40)
        control = execution.line_ids.filtered("is_control").partner_id
        mailing = self.mailing(execution, mailing_domain="[('email', 'like', '@example.com')]")
        recipients = set(mailing.with_user(self.sender)._get_remaining_recipients())
        self.assertEqual(recipients, set((self.ito + self.sato + self.abe - control).ids))
        self.assertEqual(mailing.with_user(self.sender).total, 2)
        sent = self.send(mailing)
        self.assertEqual(len(sent), 2)
        self.assertFalse(any("stranger" in address for address in sent))

    def test_a_domain_edited_by_hand_can_make_them_fewer(self):
        execution = self.execution()
        domain = f"[('mailing_execution_id', '=', {execution.id}), ('name', 'like', '伊藤')]"
        self.assertEqual(len(self.send(self.mailing(execution, mailing_domain=domain))), 1)
        self.assertEqual(execution.sent_count, 1)
        self.assertEqual(execution.open_count, 2)

    def test_naming_people_to_the_server_does_not_help(self):
        execution = self.execution()
        mailing = self.mailing(execution)
        with self.mock_mail_gateway(), self.assertRaisesRegex(UserError, "新茶"):
            mailing.with_user(self.sender).action_send_mail(self.stranger.ids)
        self.assertFalse(mailing.mailing_trace_ids)

    def test_the_composer_asks_once_more(self):
        execution = self.execution()
        mailing = self.mailing(execution, use_exclusion_list=False)
        composer = (
            self.env["mail.compose.message"]
            .with_context(active_ids=(self.ito + self.stranger).ids)
            .create(
                {
                    "model": "res.partner",
                    "composition_mode": "mass_mail",
                    "mass_mailing_id": mailing.id,
                    "subject": "x",
                    "body": "<p>x</p>",
                    "use_exclusion_list": False,
                }
            )
        )
        with self.mock_mail_gateway():
            composer._action_send_mail()
        states = {trace.res_id: trace.trace_status for trace in mailing.mailing_trace_ids}
        self.assertEqual(states[self.stranger.id], "cancel")
        self.assertNotEqual(states[self.ito.id], "cancel")

    def test_business_reaches_who_stopped_advertisements(self):
        self.env["mail.blacklist"]._add(self.ito.email)
        self.refuse(self.sato, "promotion")
        execution = self.execution(purpose="business")
        self.assertEqual(len(self.send(self.mailing(execution))), 3)

    def test_its_recipients_cannot_become_others(self):
        mailing = self.mailing(self.execution())
        with self.assertRaisesRegex(ValidationError, "新茶"):
            mailing.mailing_model_id = self.env["ir.model"]._get("mailing.list")
        with self.assertRaises(UserError):
            mailing.kokyaku_execution_id = False

    def test_a_copy_is_bound_as_well_and_nobody_gets_it_twice(self):
        execution = self.execution()
        mailing = self.mailing(execution)
        self.send(mailing)
        copy = mailing.with_user(self.sender).copy({"mailing_domain": "[('email', '!=', False)]"})
        self.assertEqual(copy.kokyaku_execution_id, execution)
        self.assertFalse(copy._get_remaining_recipients())
        self.assertFalse(self.send(copy))

    def test_somebody_has_to_have_an_address_to_send_from(self):
        execution = self.execution()
        self.sender.email = False
        execution.company_id.email = False
        with self.assertRaisesRegex(UserError, "新茶のご案内.*差出人"):
            self.mailing(execution)
        execution.company_id.email = "office@example.com"
        self.assertIn("office@example.com", self.mailing(execution).email_from)
        execution.sudo().sender_id = self.env["kokyaku.sender"].create(
            {"code": "B", "name": "社長", "email": "boss@example.com"}
        )
        self.assertEqual(self.mailing(execution).email_from, "boss@example.com")

    def test_a_late_addition_gets_it_alone(self):
        execution = self.execution()
        self.send(self.mailing(execution))
        with self.assertRaisesRegex(UserError, "nobody who is still to get it"):
            self.mailing(execution)
        late = self.person(name="遅刻", email="late@example.com")
        execution.with_user(self.sender)._add_late(late, "ご紹介")
        sent = self.send(self.mailing(execution))
        self.assertEqual(len(sent), 1)
        self.assertTrue(self.line(execution, late).sent_on)

    def test_the_line_says_where_it_really_went(self):
        execution = self.execution()
        self.assertEqual(self.line(execution, self.ito).contact_text, "ito@example.com")
        self.ito.email = "Ito@New.example.com"
        self.send(self.mailing(execution))
        self.assertEqual(self.line(execution, self.ito).contact_text, "ito@new.example.com")
        self.assertEqual(self.line(execution, self.sato).contact_text, "sato@example.com")
        self.ito.email = "later@example.com"
        execution._read_sent()
        self.assertEqual(self.line(execution, self.ito).contact_text, "ito@new.example.com")

    def test_what_a_killed_server_left_unmarked_is_marked_by_the_next_cron(self):
        execution = self.execution()
        self.send(self.mailing(execution))
        execution.line_ids._write({"sent_on": None})
        execution.flush_recordset()
        self.run_crons()
        self.assertEqual(set(execution.line_ids.mapped("sent_on")), {self.today})

    def test_a_cancelled_execution_sends_nothing(self):
        execution = self.execution()
        mailing = self.mailing(execution)
        mailing.action_launch()
        execution.with_user(self.sender)._cancel("中止")
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(mailing._get_remaining_recipients())
        with self.assertRaisesRegex(UserError, "cancelled"):
            mailing.action_launch()

    def test_a_later_posting_date_is_proposed_for_the_sending(self):
        execution = self.execution(date=self.today + timedelta(days=7))
        mailing = self.mailing(execution)
        self.assertEqual(mailing.schedule_type, "scheduled")
        self.assertEqual(mailing.schedule_date.date(), self.today + timedelta(days=7))

    def test_who_has_nothing_to_do_with_it_still_mails(self):
        other = new_test_user(
            self.env,
            "mailer",
            groups="mass_mailing.group_mass_mailing_user,base.group_partner_manager",
        )
        bound = self.mailing(self.execution())
        self.env.invalidate_all()
        self.assertEqual(bound.with_user(other).total, 0, "they may not see who gets it")
        free = (
            self.env["mailing.mailing"]
            .with_user(other)
            .create(
                {
                    "subject": "別件",
                    "body_html": "<p>x</p>",
                    "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "mailing_domain": f"[('id', '=', {self.stranger.id})]",
                }
            )
        )
        self.assertEqual(len(self.send(free)), 1)

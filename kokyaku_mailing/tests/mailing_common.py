import re
from datetime import timedelta

from odoo.tests import new_test_user

from odoo.addons.kokyaku_crm.tools import office_today
from odoo.addons.mass_mailing.tests.common import MassMailCase

from .label_common import LabelCase

LINK = "https://www.example.com/sale"
BODY = f'<div><p>新茶のご案内</p><a href="{LINK}">特設ページ</a></div>'


class MailingCase(LabelCase, MassMailCase):
    """A set that goes out by e-mail; what is sent is caught by core's test gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = office_today(cls.env["res.partner"])
        cls.sender = new_test_user(
            cls.env,
            "mailing_clerk",
            groups="kokyaku_crm.group_user,mass_mailing.group_mass_mailing_user",
            email="clerk@example.com",
            lang="en_US",
        )
        cls.ito, cls.sato, cls.abe = (
            cls.person(name=name, email=email)
            for name, email in (
                ("伊藤 一郎", "ito@example.com"),
                ("佐藤 二郎", "sato@example.com"),
                ("阿部 三郎", "abe@example.com"),
            )
        )
        cls.stranger = cls.person(name="部外 四郎", email="stranger@example.com")
        cls.set = cls.env["kokyaku.selection.set"].create({"name": "新茶のご案内"})
        cls.set._add_people(cls.ito + cls.sato + cls.abe)

    def execution(self, one=None, **values):
        """Confirm a set by its wizard for a greeting by e-mail; give the execution."""
        wizard = (
            self.env["kokyaku.selection.confirm"]
            .with_user(self.sender)
            .with_context(default_set_id=(one or self.set).id)
            .create({"channel": "email", "purpose": "greeting", "sure": True, **values})
        )
        action = wizard.action_apply()
        return self.env["kokyaku.selection.execution"].browse(action["res_id"])

    def mailing(self, execution, **values):
        """The mailing as the button of the execution makes it, with a text."""
        action = execution.with_user(self.sender).action_create_mailing()
        mailing = self.env["mailing.mailing"].browse(action["res_id"])
        mailing.with_user(self.sender).write({"body_html": BODY, **values})
        return mailing

    def send(self, mailing):
        """Press “Send” and let core's two crons do their work: the mailings, then the mails.

        :return: set of the addresses that got a mail
        """
        mailing.with_user(self.sender).action_launch()
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.run_crons()
        return {address for mail in self._mails for address in mail["email_to"]}

    def click(self, mailing, person):
        """Follow the link in the mail this person got, as core's controller does."""
        (mail,) = (one for one in self._mails if any(person.email in to for to in one["email_to"]))
        code, trace = re.search(r"/r/(\w+)/m/(\d+)", mail["body"]).groups()
        self.env["link.tracker.click"].sudo().add_click(
            code, ip="192.0.2.1", country_code="JP", mailing_trace_id=int(trace)
        )

    def run_crons(self):
        with self.enter_registry_test_mode():
            self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").method_direct_trigger()
            self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()

    def line(self, execution, person):
        return execution.line_ids.filtered(lambda line: line.partner_id == person)

    def refuse(self, person, purpose="greeting"):
        self.env["kokyaku.consent"].create(
            {
                "partner_id": person.id,
                "channel": "email",
                "purpose": purpose,
                "state": "refused",
                "basis": "電話",
                "date": self.today - timedelta(days=1),
            }
        )

from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_open, mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import KokyakuCase


@tagged("post_install", "-at_install")
class TestContactHistory(KokyakuCase):
    """What was talked about with a person is written down quickly and never lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.env.ref("kokyaku_crm.contact_method_visit")
        cls.call_in = cls.env.ref("kokyaku_crm.contact_method_call_in")
        cls.todo = cls.env.ref("mail.mail_activity_data_todo")

    def _contact(self, partner=None, **values):
        return self.env["kokyaku.contact.history"].create(
            {
                "partner_id": (partner or self.haruyama).id,
                "method_id": self.visit.id,
                "subject": "秋のご案内",
                **values,
            }
        )

    def _entry(self, user, **context):
        return Form(self._as(user)["kokyaku.contact.entry"].with_context(**context))

    def test_the_method_gives_the_direction(self):
        self.assertEqual(self._contact().direction, "out")
        self.assertEqual(self._contact(method_id=self.call_in.id).direction, "in")
        self.assertEqual(self._contact(direction="in").direction, "in")

    def test_a_visit_is_written_down_with_its_next_step(self):
        form = self._entry(self.clerk, default_partner_id=self.haruyama.id)
        form.subject = "新商品のご案内"
        form.next_type_id = self.todo
        form.next_date = fields.Date.today() + timedelta(days=7)
        form.save().action_apply()
        contact = self.haruyama.contact_history_ids
        self.assertEqual((contact.subject, contact.user_id), ("新商品のご案内", self.clerk))
        activity = self.haruyama.activity_ids
        self.assertEqual(activity.activity_type_id, self.todo)
        self.assertEqual(activity.user_id, self.clerk)

    def test_the_last_method_used_is_suggested(self):
        form = self._entry(self.clerk, default_partner_id=self.haruyama.id)
        form.method_id = self.call_in
        form.subject = "電話"
        form.save().action_apply()
        self.assertEqual(
            self._entry(self.clerk, default_partner_id=self.kuroki.id).method_id, self.call_in
        )

    def test_many_people_at_once(self):
        people = self.kuroki | self.suzuki | self.haruyama
        form = self._entry(self.clerk, active_model="res.partner", active_ids=people.ids)
        self.assertTrue(form.is_many)
        self.assertIn("3", form.summary)
        form.subject = "年賀状をいただいた"
        form.kind = "receipt"
        form.save().action_apply()
        self.assertEqual(people.contact_history_ids.mapped("kind"), ["receipt"] * 3)
        self.assertEqual(people.contact_history_ids.partner_id, people)

    def test_many_people_have_no_complaint_and_no_foreign_company(self):
        people = self.kuroki | self.suzuki
        form = self._entry(self.clerk, active_model="res.partner", active_ids=people.ids)
        form.subject = "破損"
        form.kind = "complaint"
        entry = form.save()
        with self.assertRaisesRegex(UserError, "one person"):
            entry.action_apply()
        entry.kind = "contact"
        entry.date = fields.Datetime.now() + timedelta(days=3)
        with self.assertRaisesRegex(UserError, "future"):
            entry.action_apply()
        self.assertFalse(people.contact_history_ids)

    def test_an_inquiry_with_a_promised_day_is_open_as_well(self):
        promised = self._contact(kind="inquiry", due_date="2026-05-20")
        self.assertEqual((promised.state, str(promised.due_date)), ("open", "2026-05-20"))
        done = self._contact(kind="inquiry", state="answered")
        self.assertTrue(done.due_date)

    def test_the_list_of_unanswered_says_how_many_wait_for_whom(self):
        today = fields.Date.to_date("2026-05-11")
        for responsible, due in ((self.clerk, 9), (self.clerk, 20), (self.seller, 20), (None, 20)):
            self._contact(
                kind="inquiry",
                responsible_id=responsible and responsible.id,
                due_date=today.replace(day=due),
            )
        answered = self._contact(kind="inquiry", responsible_id=self.clerk.id)
        answered.state = "answered"
        action = self.env.ref("kokyaku_crm.action_contact_open")
        contacts = self._as(self.clerk)["kokyaku.contact.history"]
        view = contacts.get_view(action.search_view_id.id, "search")
        filters = {node.get("name"): node for node in etree.fromstring(view["arch"]).iter("filter")}
        self.assertIn("search_default_group_responsible", action.context)
        self.assertEqual(
            literal_eval(filters["group_responsible"].get("context")),
            {"group_by": "responsible_id"},
        )
        ours = [*literal_eval(action.domain), ("partner_id", "=", self.haruyama.id)]
        groups = contacts._read_group(ours, ["responsible_id"], ["__count"])
        self.assertEqual(
            {user.name: count for user, count in groups},
            {self.clerk.name: 2, self.seller.name: 1, False: 1},
        )
        with freeze_time("2026-05-11 03:00:00"):
            for name, expected in (("mine_to_answer", 2), ("nobody", 1), ("overdue", 1)):
                domain = safe_eval(filters[name].get("domain"), {"uid": self.clerk.id})
                self.assertEqual(contacts.search_count([*ours, *domain]), expected, name)

    def test_an_inquiry_is_open_until_it_is_answered(self):
        inquiry = self._contact(kind="inquiry", subject="在庫は？")
        self.assertEqual(inquiry.state, "open")
        self.assertTrue(inquiry.due_date)
        context = inquiry.action_answer()["context"]
        form = self._entry(self.clerk, **context)
        form.save().action_apply()
        self.assertEqual(inquiry.state, "answered")
        self.assertTrue(inquiry.answered_on)
        self.assertEqual(inquiry.answer_id.subject, "Answer: 在庫は？")
        inquiry.state = "open"
        self.assertFalse(inquiry.answer_id)
        inquiry.kind = "contact"
        self.assertFalse(inquiry.state)

    def test_the_last_answered_complaint_clears_the_person(self):
        first = self._contact(kind="complaint", subject="破損")
        second = self._contact(kind="complaint", subject="遅延")
        self.assertTrue(self.haruyama.complaint_open)
        first.action_answered()
        self.assertTrue(self.haruyama.complaint_open)
        second.partner_id = self.kuroki
        self.assertFalse(self.haruyama.complaint_open)
        self.assertTrue(self.kuroki.complaint_open)
        second.unlink()
        self.assertFalse(self.kuroki.complaint_open)

    def test_what_is_still_to_come_is_no_contact(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self._contact(date=fields.Datetime.now() + timedelta(days=2))
        with self.assertRaisesRegex(ValidationError, "nothing to be answered"):
            self._contact(state="open")

    def test_a_person_with_history_is_not_deleted(self):
        self._contact()
        with self.assertRaisesRegex(UserError, "contact history"):
            self.haruyama.unlink()
        self.suzuki.unlink()

    def test_merging_keeps_the_contacts_of_both(self):
        contacts = self._contact(self.kuroki, kind="complaint") | self._contact(self.haruyama)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.kuroki | self.haruyama).ids, self.haruyama, extra_checks=False)
        self.assertEqual(contacts.partner_id, self.haruyama)
        self.assertTrue(self.haruyama.complaint_open)

    def test_the_tab_shows_a_page_and_a_company_its_people(self):
        self._contact(self.kuroki)
        self._contact(self.suzuki, kind="inquiry")
        page = self.wing.with_env(self._as(self.analyst)).kokyaku_contact_history(limit=1)
        self.assertEqual((page["count"], len(page["rows"])), (2, 1))
        page = self.wing.kokyaku_contact_history(kind="inquiry")
        self.assertEqual([row["partner"] for row in page["rows"]], [self.suzuki.name])
        with self.assertRaises(AccessError):
            self.wing.with_user(self.outsider).kokyaku_contact_history()

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "別会社"})
        contact = self._contact(company_id=other.id)
        visible = self._as(self.manager)["kokyaku.contact.history"].search([])
        self.assertNotIn(contact, visible)

    def test_a_call_marked_as_done_is_kept(self):
        for xmlid, kept in (
            ("mail.mail_activity_data_call", 1),
            ("mail.mail_activity_data_todo", 0),
        ):
            activity = self.kuroki.with_env(self._as(self.clerk)).activity_schedule(
                xmlid, summary="ご挨拶", user_id=self.clerk.id
            )
            activity.action_feedback(feedback="留守だった")
            contacts = self.kuroki.contact_history_ids
            self.assertEqual(len(contacts), kept)
            self.assertEqual(contacts.body, "留守だった" if kept else False)
            contacts.unlink()

    def test_a_meeting_is_recorded_with_who_was_there(self):
        event = self.env["calendar.event"].create(
            {
                "name": "打合せ",
                "start": "2026-05-10 01:00:00",
                "stop": "2026-05-10 02:30:00",
                "partner_ids": (self.clerk.partner_id | self.kuroki | self.suzuki).ids,
            }
        )
        context = event.action_kokyaku_record()["context"]
        self._entry(self.clerk, **context).save().action_apply()
        contact = self.env["kokyaku.contact.history"].search([("event_id", "=", event.id)])
        self.assertEqual(contact.partner_id | contact.participant_ids, self.kuroki | self.suzuki)
        self.assertEqual(contact.duration, 1.5)
        event.partner_ids = self.clerk.partner_id
        with self.assertRaisesRegex(UserError, "No customer"):
            event.action_kokyaku_record()

    def test_the_import_template_can_be_imported_as_it_is(self):
        """The file one is offered: read, taken line by line, and a wrong name is told."""
        self.env["res.lang"]._activate_lang("ja_JP")
        self.env["ir.module.module"]._load_module_terms(["kokyaku_crm"], ["ja_JP"])
        self.visit.with_context(lang="ja_JP").name = "訪問"
        person = self.env["res.partner"].create({"name": "山田 太郎"})
        [template] = self.env["kokyaku.contact.history"].get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            content = file.read()

        def imported(data):
            wizard = self._as(self.clerk)["base_import.import"].with_context(lang="ja_JP")
            wizard = wizard.create(
                {
                    "res_model": "kokyaku.contact.history",
                    "file": data,
                    "file_type": "text/csv",
                    "file_name": "contact_history.csv",
                }
            )
            options = {
                "quoting": '"',
                "separator": ",",
                "has_headers": True,
                "encoding": "utf-8",
                "date_format": "",
                "datetime_format": "",
                "float_thousand_separator": ",",
                "float_decimal_separator": ".",
            }
            preview = wizard.parse_preview(dict(options))
            self.assertNotIn("error", preview)
            matched = [
                "/".join(preview["matches"].get(column, [])) or False
                for column in range(len(preview["headers"]))
            ]
            self.assertEqual(
                matched,
                "partner_id date method_id kind subject body user_id item".split(),
                "every heading of the template is recognised",
            )
            return wizard.execute_import(matched, preview["headers"], preview["options"])

        result = imported(content)
        self.assertFalse(result["messages"])
        contact = person.contact_history_ids
        self.assertEqual(
            (contact.method_id, contact.kind, contact.subject, contact.item),
            (self.visit, "contact", "秋のご案内", "カタログ"),
        )
        with mute_logger("odoo.sql_db"):
            result = imported(content.replace("山田 太郎".encode(), "どこにもない名".encode()))
        self.assertFalse(result["ids"])
        self.assertIn("どこにもない名", str(result["messages"]))
        self.assertEqual(person.contact_history_ids, contact)

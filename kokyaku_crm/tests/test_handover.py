from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import KokyakuCase


@freeze_time("2026-11-24 03:00:00")
@tagged("post_install", "-at_install")
class TestHandover(KokyakuCase):
    """担当者引継ぎ: someone leaves, and nobody is forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaving = cls._new_user("kc_leaving", "kokyaku_crm.group_user")
        cls.heir = cls._new_user("kc_heir", "kokyaku_crm.group_user")
        cls.other = cls._new_user("kc_other", "kokyaku_crm.group_user")
        (cls.wing + cls.kuroki + cls.haruyama).write({"user_id": cls.leaving.id})
        cls.suzuki.write({"user_id": cls.clerk.id, "staff_ids": cls.leaving.ids})
        cls.activity = cls.kuroki.activity_schedule(
            "mail.mail_activity_data_call", summary="電話", user_id=cls.leaving.id
        )
        cls.quotation = cls._order(cls.haruyama, confirm=False, user_id=cls.leaving.id)
        cls.sold = cls._order(cls.haruyama, user_id=cls.leaving.id)
        cls.meeting = cls.env["calendar.event"].create(
            {
                "name": "打合せ",
                "start": fields.Datetime.now() + timedelta(days=3),
                "stop": fields.Datetime.now() + timedelta(days=3, hours=1),
                "user_id": cls.leaving.id,
                "partner_ids": [Command.set((cls.leaving.partner_id + cls.kuroki).ids)],
            }
        )

    def _handover(self, **values):
        return self.env(user=self.clerk)["kokyaku.handover"].create(
            {
                "from_user_id": self.leaving.id,
                "to_user_id": self.heir.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_everything_goes_to_the_one_who_takes_over(self):
        one = self._handover()
        one.action_execute()
        self.assertEqual(one.state, "done")
        self.assertEqual((self.wing + self.kuroki + self.haruyama).user_id, self.heir)
        self.assertEqual(self.suzuki.user_id, self.clerk, "whose customer he is stays")
        self.assertEqual(self.suzuki.staff_ids, self.heir)
        self.assertEqual(self.activity.user_id, self.heir)
        self.assertEqual(self.quotation.user_id, self.heir)
        self.assertEqual(self.sold.user_id, self.leaving, "what was sold was sold by them")
        self.assertEqual(self.meeting.user_id, self.heir)
        self.assertIn(self.heir.partner_id, self.meeting.partner_ids)

    def test_nobody_gets_a_mail_per_customer(self):
        before = self.env["mail.mail"].sudo().search_count([])
        messages = self.env["mail.message"].sudo().search_count([("model", "=", "res.partner")])
        self._handover(with_meetings=False).action_execute()
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), before)
        self.assertEqual(
            self.env["mail.message"].sudo().search_count([("model", "=", "res.partner")]), messages
        )

    def test_undo_gives_everything_back_unless_someone_changed_it(self):
        one = self._handover()
        one.action_execute()
        self.haruyama.user_id = self.other
        self.quotation.user_id = self.other
        one.action_undo()
        self.assertEqual(one.state, "undone")
        self.assertEqual((self.wing + self.kuroki).user_id, self.leaving)
        self.assertEqual(self.haruyama.user_id, self.other)
        self.assertEqual(self.suzuki.staff_ids, self.leaving)
        self.assertEqual(self.activity.user_id, self.leaving)
        self.assertEqual(self.quotation.user_id, self.other)
        self.assertEqual(self.meeting.user_id, self.leaving)
        with self.assertRaises(UserError):
            one.action_undo()

    def test_customers_are_split_by_prefecture_and_type(self):
        tokyo = self.env.ref("base.state_jp_jp-13", raise_if_not_found=False) or self.env[
            "res.country.state"
        ].search([("country_id.code", "=", "JP")], limit=1)
        vip = self.env["kokyaku.personal.type"].create({"code": "V8", "name": "VIP"})
        self.haruyama.state_id = tokyo
        self.kuroki.personal_type_ids = vip
        both = self.env["res.partner"].create(
            {"name": "両方 花子", "state_id": tokyo.id, "personal_type_ids": vip.ids,
             "user_id": self.leaving.id}
        )  # fmt: skip
        one = self._handover(
            line_ids=[
                Command.create({"sequence": 1, "personal_type_ids": vip.ids,
                                "to_user_id": self.manager.id}),
                Command.create({"sequence": 2, "state_ids": tokyo.ids,
                                "to_user_id": self.other.id}),
            ]
        )  # fmt: skip
        one.action_execute()
        self.assertEqual(self.kuroki.user_id, self.manager)
        self.assertEqual(both.user_id, self.manager, "the first line that fits counts")
        self.assertEqual(self.haruyama.user_id, self.other)
        self.assertEqual(self.wing.user_id, self.heir)
        self.assertEqual(self.activity.user_id, self.manager)
        self.assertEqual(self.quotation.user_id, self.other)

    def test_only_those_selected_in_a_list(self):
        people = self.kuroki
        env = self.env(user=self.clerk)(  # as the web client opens it
            context=dict(
                self.env.context, active_model="res.partner", active_ids=people.ids,
                active_domain=[("is_company", "=", False)],
            )
        )  # fmt: skip
        with Form(env["kokyaku.handover"]) as form:
            form.from_user_id = self.leaving
            form.to_user_id = self.heir
            self.assertIn(self.kuroki.name, form.preview)
            self.assertNotIn(self.haruyama.name, form.preview)
        form.record.action_execute()
        self.assertEqual(self.kuroki.user_id, self.heir)
        self.assertEqual((self.wing + self.haruyama).user_id, self.leaving)
        self.assertEqual(self.quotation.user_id, self.leaving)

    def test_who_hands_over_may_stay_as_further_staff(self):
        self._handover(keep_as_staff=True).action_execute()
        self.assertEqual(self.kuroki.user_id, self.heir)
        self.assertEqual(self.kuroki.staff_ids, self.leaving)
        self.assertEqual(self.suzuki.staff_ids, self.leaving)

    def test_on_a_day_to_come_the_night_does_it(self):
        one = self._handover(date="2026-12-01")
        one.action_execute()
        self.assertEqual((one.state, self.kuroki.user_id), ("planned", self.leaving))
        self._night()
        self.assertEqual(self.kuroki.user_id, self.leaving)
        with freeze_time("2026-11-30 16:00:00"):  # 1 December in Japan
            self._night()
        self.assertEqual((one.state, self.kuroki.user_id), ("done", self.heir))

    def test_a_receiver_who_left_meanwhile_is_told_and_nothing_is_lost(self):
        one = self._handover(date="2026-12-01")
        one.action_execute()
        self.heir.active = False
        with freeze_time("2026-12-01 16:00:00"):
            self._night()
        self.assertEqual((one.state, self.kuroki.user_id), ("planned", self.leaving))
        self.assertIn("archived", one.problem)
        told = self.env["mail.activity"].search(
            [("user_id", "=", self.clerk.id), ("res_id", "=", self.leaving.partner_id.id)]
        )
        self.assertIn("could not be carried out", told.summary)

    def _night(self):
        handovers = self.env["kokyaku.handover"].sudo().with_context(tz="Asia/Tokyo")
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 100
        ):
            handovers._cron_hand_over()

    def test_someone_archived_can_be_relieved_of_their_customers(self):
        self.leaving.active = False
        self._handover().action_execute()
        self.assertEqual(self.kuroki.user_id, self.heir)

    def test_customers_of_another_company_stay(self):
        other = self.env["res.company"].create({"name": "別会社"})
        foreign = self.env["res.partner"].create(
            {"name": "別 太郎", "company_id": other.id, "user_id": self.leaving.id}
        )
        self._handover().action_execute()
        self.assertEqual(foreign.user_id, self.leaving)

    def test_bad_input(self):
        with self.assertRaises(ValidationError):
            self._handover(to_user_id=self.leaving.id)
        with self.assertRaisesRegex(UserError, "who gets the customers"):
            self._handover(to_user_id=False).action_execute()
        one = self._handover()
        one.action_execute()
        with self.assertRaises(UserError):
            one.action_execute()
        with self.assertRaises(UserError):
            one.to_user_id = self.other
        with self.assertRaises(UserError):
            one.unlink()
        with self.assertRaises(AccessError):
            one.with_user(self.analyst).action_undo()

    def test_nobody_says_by_hand_that_it_was_done(self):
        with self.assertRaises(AccessError):
            self._handover().state = "done"
        with self.assertRaises(AccessError):
            self._handover(state="done")

    # ---- 担当者別の顧客数 ---------------------------------------------------------------

    def _load(self, user):
        loads = self.env(user=self.clerk)["kokyaku.staff.load"].with_context(
            allowed_company_ids=self.company.ids
        )
        return loads.search([("user_id", "=", user.id)])

    def test_the_numbers_of_each_employee(self):
        self.env["kokyaku.contact.history"].create(
            {
                "partner_id": self.kuroki.id,
                "method_id": self.env["kokyaku.contact.method"].search([], limit=1).id,
                "subject": "訪問",
                "date": "2026-11-20 03:00:00",
                "company_id": self.company.id,
            }
        )
        load = self._load(self.leaving)
        self.assertEqual(
            (load.main_count, load.company_count, load.person_count, load.staff_count),
            (3, 1, 2, 1),
        )
        self.assertEqual((load.activity_count, load.quotation_count), (1, 1))
        self.assertEqual(load.quiet_count, 2)

    def test_every_number_opens_as_many(self):
        load = self._load(self.leaving)
        env = self.env(user=self.manager)
        for name, method in (
            ("main_count", "action_customers"), ("staff_count", "action_staff"),
            ("quiet_count", "action_quiet"), ("activity_count", "action_activities"),
        ):  # fmt: skip
            action = getattr(load, method)()
            found = env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(found, load[name], name)

    def test_who_left_is_listed_as_long_as_customers_are_left(self):
        self.leaving.active = False
        self.assertFalse(self._load(self.leaving).is_active)
        self._handover().action_execute()
        self.assertFalse(self._load(self.leaving))

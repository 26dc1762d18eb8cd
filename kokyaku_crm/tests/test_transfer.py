from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import KokyakuCase

AFTER_LINES = ("successor_follows", "hand_over")  # asked for once there is a successor


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestTransfer(KokyakuCase):
    """異動・役職変更・出向・兼務・退職 in one action, with history, successor and undo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wing.write({"zip": "150-0001", "city": "渋谷区", "street": "神宮前1-1-1"})
        cls.sora = cls.env["res.partner"].create(
            {
                "name": "株式会社そら",
                "is_company": True,
                "zip": "530-0001",
                "city": "大阪市北区",
                "street": "梅田2-2-2",
            }
        )
        cls.kuroki.write(
            {"function": "課長", "phone": "03-1111-0001", "email": "kuroki@wing.example.jp"}
        )
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = '2020-01-01' WHERE id = ANY(%s)",
            [(cls.kuroki | cls.suzuki | cls.haruyama).ids],
        )
        cls.env.invalidate_all()

    def _wizard(self, people, user=None, **values):
        wizard = Form(
            self.env["kokyaku.transfer.wizard"]
            .with_user(user or self.clerk)
            .with_context(
                active_model="res.partner",
                active_ids=people.ids,
                allowed_company_ids=self.company.ids,
            )
        )
        for name, value in values.items():
            setattr(wizard, name, value)
        return wizard

    def _transfer(self, people, lines=None, **values):
        """Fill the wizard as a clerk does; `lines` has the values of each person's line."""
        lines = lines or [{}] * len(people)
        after = {name: values.pop(name) for name in AFTER_LINES if name in values}
        wizard = self._wizard(people, **values)
        for number in range(len(wizard.line_ids)):
            with wizard.line_ids.edit(number) as line:
                given = lines.get(line.partner_id) if isinstance(lines, dict) else lines[number]
                for name, value in given.items():
                    setattr(line, name, value)
        for name, value in after.items():
            setattr(wizard, name, value)
        return wizard.save().action_apply()

    def _rows(self, person):
        return [
            (
                row.company_partner_id.name,
                row.department or "",
                row.function or "",
                row.date_to or None,
                row.is_main,
            )
            for row in person.affiliation_ids.sorted("id")
        ]

    # ---- The kinds --------------------------------------------------------------------

    def test_to_another_company(self):
        self._transfer(
            self.kuroki,
            [{"department": "営業部", "function": "部長", "phone": "06-2222-0001"}],
            company_partner_id=self.sora,
            date="2026-11-01",
        )
        self.assertEqual(
            self._rows(self.kuroki),
            [
                ("株式会社ウィング", "", "課長", date(2026, 10, 31), True),
                ("株式会社そら", "営業部", "部長", None, True),
            ],
        )
        self.assertEqual(self.kuroki.parent_id, self.sora)
        self.assertEqual(self.kuroki.function, "部長")
        self.assertEqual(self.kuroki.street, "梅田2-2-2")
        self.assertEqual(self.kuroki.phone, "06-2222-0001")
        self.assertFalse(self.kuroki.email, "the old company's address is no use any more")
        former = self.kuroki.affiliation_ids.filtered("date_to")
        self.assertEqual((former.phone, former.email), ("03-1111-0001", "kuroki@wing.example.jp"))
        self.assertEqual(former.company_name, "株式会社ウィング")
        log = self.kuroki.transfer_ids
        self.assertEqual(
            (log.before, log.after), ("株式会社ウィング 課長", "株式会社そら 営業部 部長")
        )

    def test_to_another_department_keeps_phone_and_e_mail(self):
        self._transfer(self.kuroki, [{"department": "総務部"}])
        self.assertEqual(self.kuroki.parent_id, self.wing)
        self.assertEqual(self.kuroki.phone, "03-1111-0001")
        self.assertEqual(self.kuroki.email, "kuroki@wing.example.jp")
        self.assertEqual(
            self._rows(self.kuroki)[-1], ("株式会社ウィング", "総務部", "課長", None, True)
        )

    def test_a_change_of_function(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion")
        self.assertEqual(self.kuroki.function, "部長")
        self.assertEqual(
            [row[2:4] for row in self._rows(self.kuroki)],
            [("課長", date(2026, 11, 23)), ("部長", None)],
        )

    def test_a_secondment_keeps_the_origin_and_comes_back(self):
        self._transfer(
            self.kuroki,
            [{"department": "企画室", "function": "次長"}],
            kind="secondment",
            company_partner_id=self.sora,
            date="2026-04-01",
        )
        self.assertEqual(self.kuroki.parent_id, self.sora)
        kinds = self.kuroki.affiliation_ids._present().mapped(
            lambda row: (row.company_partner_id, row.kind, row.is_main)
        )
        self.assertCountEqual(kinds, [(self.sora, "seconded", True), (self.wing, "origin", False)])
        self._transfer(self.kuroki, [{"function": "部長"}], kind="return")
        present = self.kuroki.affiliation_ids._present()
        self.assertEqual(present.company_partner_id, self.wing)
        self.assertEqual((present.kind, present.function), ("regular", "部長"))
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_a_return_without_a_secondment_is_refused(self):
        with self.assertRaisesRegex(UserError, "not on secondment"):
            self._transfer(self.kuroki, kind="return")

    def test_a_concurrent_post_leaves_the_main_one(self):
        self._transfer(
            self.kuroki, [{"function": "監査役"}], kind="concurrent", company_partner_id=self.sora
        )
        self.assertEqual(self.kuroki.parent_id, self.wing)
        self.assertEqual(self.kuroki.function, "課長")
        self.assertEqual(self._rows(self.kuroki)[-1], ("株式会社そら", "", "監査役", None, False))

    def test_leaving_the_company_keeps_the_home(self):
        self.kuroki.write({"home_city": "横浜市西区", "home_street": "高島1-1"})
        self._transfer(self.kuroki, kind="leave", date="2026-11-20")
        self.assertFalse(self.kuroki.parent_id)
        self.assertFalse(self.kuroki.function)
        self.assertFalse(self.kuroki.street)
        self.assertFalse(self.kuroki.email)
        self.assertEqual(self.kuroki.home_street, "高島1-1")
        row = self.kuroki.affiliation_ids
        self.assertEqual((row.date_to, row.ended_by), (date(2026, 11, 20), "leave"))
        self.assertEqual(row.email, "kuroki@wing.example.jp")

    def test_leaving_with_an_e_mail_of_their_own(self):
        self._transfer(self.kuroki, kind="leave", date="2026-11-20", keep_contact=True)
        self.assertEqual(self.kuroki.email, "kuroki@wing.example.jp")

    def test_leaving_today_is_a_last_day(self):
        self._transfer(self.kuroki, kind="leave")
        self.assertEqual(self.kuroki.parent_id, self.wing)
        with (
            freeze_time("2026-11-24 15:05:00"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60),
        ):
            self.env["kokyaku.affiliation"]._cron_follow_the_calendar()
        self.assertFalse(self.kuroki.parent_id)
        self.assertFalse(self.kuroki.phone)

    def test_who_belongs_nowhere_joins(self):
        self._transfer(
            self.haruyama, [{"function": "顧問"}], company_partner_id=self.sora, date="2026-11-01"
        )
        self.assertEqual(self.haruyama.parent_id, self.sora)
        self.assertEqual(len(self.haruyama.affiliation_ids), 1)

    def test_several_people_of_one_company(self):
        self._transfer(
            self.kuroki | self.suzuki,
            {self.kuroki: {"function": "部長"}, self.suzuki: {"function": "係長"}},
            department="新規事業部",
        )
        for person, function in ((self.kuroki, "部長"), (self.suzuki, "係長")):
            now = person.affiliation_ids._present()
            self.assertEqual((now.department, now.function), ("新規事業部", function))

    def test_many_people_take_few_statements(self):
        def moves(people):
            return [
                {
                    "person": person,
                    "kind": "promotion",
                    "date": date(2026, 11, 1),
                    "company": self.wing,
                    "function": "係長",
                }
                for person in people
            ]

        people = self.env["res.partner"].create(
            [{"name": f"社員 {number}", "parent_id": self.wing.id} for number in range(40)]
        )
        transfers = self.env["kokyaku.transfer"]
        counts = []
        for part in (people[:4], people[4:]):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            transfers._carry_out(moves(part))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        # core looks at each partner it writes; nine times the people, far less than nine times
        self.assertLess(counts[1] - counts[0], 3 * 36, counts)

    # ---- The successor --------------------------------------------------------------------

    def test_a_colleague_succeeds(self):
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
        )
        self.assertEqual(self.kuroki.affiliation_ids.successor_id, self.suzuki)
        self.assertEqual(self.suzuki.function, "課長")
        now = self.suzuki.affiliation_ids._present()
        self.assertEqual((now.company_partner_id, now.date_from), (self.wing, date(2026, 11, 21)))

    def test_a_new_person_succeeds(self):
        new = self.env["res.partner"].create({"name": "後任 花子"})
        self._transfer(
            self.kuroki,
            [{"function": "部長", "department": "本社", "successor_id": new}],
            kind="transfer",
        )
        self.assertEqual((new.parent_id, new.function), (self.wing, "課長"))
        self.assertEqual(len(new.affiliation_ids), 1)

    def test_a_successor_who_is_only_named(self):
        self._transfer(
            self.kuroki,
            [{"function": "部長", "successor_id": self.suzuki}],
            kind="promotion",
            successor_follows=False,
        )
        self.assertFalse(self.suzuki.function)
        self.assertEqual(self.kuroki.affiliation_ids.successor_id, self.suzuki)

    def test_types_and_staff_are_handed_over(self):
        kind = self.env["kokyaku.selection.type"].create({"code": "T1", "name": "お歳暮"})
        self.kuroki.write({"selection_type_ids": [Command.link(kind.id)], "user_id": self.clerk.id})
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
            hand_over=True,
        )
        self.assertEqual(self.suzuki.selection_type_ids, kind)
        self.assertEqual(self.suzuki.user_id, self.clerk)

    def test_undo_takes_back_what_was_handed_over_and_nothing_else(self):
        kinds = self.env["kokyaku.selection.type"].create(
            [{"code": "T1", "name": "お歳暮"}, {"code": "T2", "name": "年賀状"}]
        )
        self.kuroki.write(
            {"selection_type_ids": [Command.set(kinds.ids)], "user_id": self.clerk.id}
        )
        self.suzuki.selection_type_ids = kinds[1]
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
            hand_over=True,
        )
        self.assertEqual(self.suzuki.selection_type_ids, kinds)
        transfer = self.env["kokyaku.transfer"].search([("partner_id", "=", self.kuroki.id)])
        transfer.with_user(self.clerk).action_undo()
        self.assertEqual(self.suzuki.selection_type_ids, kinds[1], "theirs before")
        self.assertFalse(self.suzuki.user_id)
        self.assertEqual(self.kuroki.selection_type_ids, kinds)
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_undo_leaves_who_is_responsible_by_now(self):
        self.kuroki.user_id = self.clerk
        self._transfer(
            self.kuroki,
            [{"successor_id": self.suzuki}],
            kind="leave",
            date="2026-11-20",
            hand_over=True,
        )
        self.suzuki.user_id = self.analyst
        transfer = self.env["kokyaku.transfer"].search([("partner_id", "=", self.kuroki.id)])
        transfer.with_user(self.clerk).action_undo()
        self.assertEqual(self.suzuki.user_id, self.analyst)

    def test_nobody_succeeds_themselves(self):
        with self.assertRaisesRegex(UserError, "own successor"):
            self._transfer(self.kuroki, [{"successor_id": self.kuroki}], kind="leave")

    # ---- What is refused --------------------------------------------------------------------

    def test_nothing_that_changes(self):
        with self.assertRaisesRegex(UserError, "黒木 健一.*what they were"):
            self._transfer(self.kuroki)

    def test_leaving_without_a_company(self):
        with self.assertRaisesRegex(UserError, "belongs to no company"):
            self._transfer(self.haruyama, kind="leave")

    def test_a_day_before_the_affiliation_began(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2026-11-10")
        with self.assertRaisesRegex(UserError, "began on 2026-11-10 only"):
            self._transfer(self.kuroki, [{"function": "社長"}], kind="promotion", date="2026-11-10")

    def test_a_second_plan(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2027-04-01")
        self.assertEqual(self.kuroki.function, "課長")
        with self.assertRaisesRegex(UserError, "planned already"):
            self._transfer(self.kuroki, [{"function": "社長"}], kind="promotion", date="2027-05-01")

    def test_all_or_none(self):
        with self.assertRaises(UserError):
            self._transfer(self.kuroki | self.haruyama, kind="leave")
        self.env.invalidate_all()
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_companies_and_too_many_are_not_transferred(self):
        with self.assertRaisesRegex(UserError, "No person is selected"):
            self._wizard(self.wing)
        with (
            patch("odoo.addons.kokyaku_crm.wizards.transfer.MOST", 1),
            self.assertRaisesRegex(UserError, "2 persons are selected"),
        ):
            self._wizard(self.kuroki | self.suzuki)

    def test_an_analyst_transfers_nobody(self):
        with self.assertRaises(AccessError):
            self._wizard(self.kuroki, user=self.analyst).save()
        moves = [{"person": self.kuroki, "kind": "leave", "date": date(2026, 11, 20)}]
        with self.assertRaises(AccessError):
            self.env["kokyaku.transfer"].with_user(self.analyst)._carry_out(
                [{**moves[0], "person": self.kuroki.with_user(self.analyst)}]
            )

    def test_from_the_list_of_the_companys_people(self):
        people = self.env["kokyaku.company.person"].search(
            [("company_partner_id", "=", self.wing.id), ("partner_id", "=", self.kuroki.id)]
        )
        wizard = self.env["kokyaku.transfer.wizard"].with_context(
            active_model="kokyaku.company.person", active_ids=people.ids
        )
        self.assertEqual(wizard._selected_people(), self.kuroki)

    # ---- Undoing ------------------------------------------------------------------------------

    def test_a_mistaken_transfer_is_undone(self):
        before = self.kuroki.read(["parent_id", "function", "phone", "email", "street"])
        self._transfer(
            self.kuroki, [{"function": "部長", "phone": "06-1"}], company_partner_id=self.sora
        )
        self.kuroki.with_user(self.clerk).action_undo_transfer()
        self.assertEqual(
            self.kuroki.read(["parent_id", "function", "phone", "email", "street"]), before
        )
        self.assertFalse(self.kuroki.affiliation_ids)
        self.assertFalse(self.kuroki.transfer_ids)
        self.assertIn("undone", self.kuroki.message_ids[:1].body)

    def test_undoing_leaving_brings_back_function_and_address(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2026-11-01")
        self._transfer(self.kuroki, kind="leave", date="2026-11-20")
        self.kuroki.action_undo_transfer()
        self.assertEqual((self.kuroki.parent_id, self.kuroki.function), (self.wing, "部長"))
        self.assertEqual(self.kuroki.street, "神宮前1-1-1")
        self.assertEqual(self.kuroki.email, "kuroki@wing.example.jp")
        self.assertEqual(len(self.kuroki.affiliation_ids), 2)

    def test_the_successors_move_is_undone_too(self):
        self._transfer(
            self.kuroki, [{"successor_id": self.suzuki}], kind="leave", date="2026-11-20"
        )
        self.kuroki.action_undo_transfer()
        self.assertFalse(self.suzuki.function)
        self.assertFalse(self.suzuki.affiliation_ids)
        self.assertEqual(self.suzuki.parent_id, self.wing)

    def test_what_was_written_since_stays(self):
        self._transfer(self.kuroki, [{"function": "部長"}], company_partner_id=self.sora)
        self.kuroki.phone = "090-7777-8888"
        self.wing.street = "青山9-9-9"
        self.kuroki.action_undo_transfer()
        self.assertEqual(self.kuroki.phone, "090-7777-8888")
        self.assertEqual(self.wing.street, "青山9-9-9")
        self.assertEqual(self.kuroki.street, "青山9-9-9")

    def test_only_the_last_one_and_only_untouched(self):
        self._transfer(self.kuroki, [{"function": "部長"}], kind="promotion", date="2026-11-01")
        first = self.kuroki.transfer_ids
        self._transfer(self.kuroki, [{"function": "社長"}], kind="promotion", date="2026-11-10")
        with self.assertRaisesRegex(UserError, "Only the last"):
            first.action_undo()
        self.kuroki.affiliation_ids._present().function = "会長"
        with self.assertRaisesRegex(UserError, "changed since"):
            self.kuroki.action_undo_transfer()

    def test_nothing_to_undo(self):
        with self.assertRaisesRegex(UserError, "no transfer to undo"):
            self.suzuki.action_undo_transfer()

    # ---- The people of the company ---------------------------------------------------------------

    def test_the_company_lists_its_people_now_and_before(self):
        self._transfer(self.kuroki, [{"function": "部長"}], company_partner_id=self.sora)
        office = self.env["res.partner"].create(
            {"name": "総務部", "parent_id": self.wing.id, "honorific": "onchu"}
        )
        clerk = self.env["res.partner"].create({"name": "総務 花子", "parent_id": office.id})
        action = self.wing.with_user(self.analyst).action_open_people()
        people = self.env["kokyaku.company.person"].with_user(self.analyst)
        found = {
            row.partner_id.name: (row.state, row.department)
            for row in people.search(action["domain"])
        }
        self.assertEqual(
            found,
            {
                "黒木 健一": ("past", False),
                "鈴木 三郎": ("current", False),
                clerk.name: ("current", "総務部"),
            },
        )
        self.assertEqual(self.wing.people_count, 2)
        self.assertEqual(self.kuroki.people_count, 0)

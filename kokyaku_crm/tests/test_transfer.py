from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .transfer_common import TransferCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestTransfer(TransferCase):
    """異動・役職変更・出向・兼務・退職 in one action, with history."""

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

    def test_the_company_lists_its_people_now_and_before(self):
        self._transfer(self.kuroki, [{"function": "部長"}], company_partner_id=self.sora)
        office = self.env["res.partner"].create(
            {"name": "総務部", "parent_id": self.wing.id, "honorific": "onchu"}
        )
        clerk = self.env["res.partner"].create({"name": "総務 花子", "parent_id": office.id})
        action = self.wing.with_user(self.analyst).action_open_people()
        self.assertEqual(action["display_name"], f"People of {self.wing.name}")
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

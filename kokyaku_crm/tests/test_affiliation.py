from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import KokyakuCase

TODAY = "2026-11-24"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 03:00:00")
class TestAffiliation(KokyakuCase):
    """Where a person belongs, now and before; core's fields and the affiliations in step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        japan = cls.env.ref("base.jp")
        cls.wing.write({"zip": "150-0001", "city": "渋谷区", "street": "神宮前1-1-1"})
        cls.sora = cls.env["res.partner"].create(
            {
                "name": "株式会社そら",
                "is_company": True,
                "country_id": japan.id,
                "zip": "530-0001",
                "city": "大阪市北区",
                "street": "梅田2-2-2",
                "phone": "06-1111-2222",
            }
        )
        # entered long ago: a change of company is a transfer and not a correction
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = '2020-01-01' WHERE id = ANY(%s)",
            [(cls.kuroki | cls.suzuki | cls.haruyama).ids],
        )
        cls.env.invalidate_all()

    def _row(self, person, company, **values):
        return self.env["kokyaku.affiliation"].create(
            {"partner_id": person.id, "company_partner_id": company.id, **values}
        )

    def _history(self, person):
        return [
            (row.company_partner_id.name, row.date_from, row.date_to, row.is_main)
            for row in person.affiliation_ids.sorted(
                lambda row: (row.date_from or date.min, row.id)
            )
        ]

    # ---- One main affiliation -------------------------------------------------------

    def test_the_first_affiliation_is_the_main_one_and_leads(self):
        self._row(self.haruyama, self.sora, function="顧問")
        self.assertEqual(self.haruyama.parent_id, self.sora)
        self.assertEqual(self.haruyama.function, "顧問")
        self.assertEqual(self.haruyama.street, "梅田2-2-2")

    def test_a_second_post_leaves_the_first_the_main_one(self):
        row = self._row(self.kuroki, self.sora, function="監査役", kind="concurrent")
        self.assertFalse(row.is_main)
        self.assertEqual(self.kuroki.parent_id, self.wing)
        self.assertEqual(
            self._history(self.kuroki),
            [("株式会社ウィング", False, False, True), ("株式会社そら", False, False, False)],
        )

    def test_writing_down_the_company_one_has_is_no_second_one(self):
        self.kuroki.function = "課長"
        row = self._row(self.kuroki, self.wing, department="営業部")
        self.assertEqual(self.kuroki.affiliation_ids, row)
        self.assertTrue(row.is_main)
        self.assertEqual(row.function, "課長")
        self.assertEqual(self.kuroki.function, "課長")

    def test_a_new_main_affiliation_ends_the_one_by_the_company_field(self):
        self._row(self.kuroki, self.sora, is_main=True, date_from="2026-10-01")
        self.assertEqual(self.kuroki.parent_id, self.sora)
        self.assertEqual(
            self._history(self.kuroki),
            [
                ("株式会社ウィング", False, date(2026, 9, 30), True),
                ("株式会社そら", date(2026, 10, 1), False, True),
            ],
        )

    def test_a_former_job_entered_later_changes_nothing_of_today(self):
        self._row(self.kuroki, self.sora, is_main=True, date_to="2015-03-31")
        self.assertEqual(self.kuroki.parent_id, self.wing)
        self.assertEqual(
            self._history(self.kuroki),
            [
                ("株式会社そら", False, date(2015, 3, 31), True),
                ("株式会社ウィング", date(2015, 4, 1), False, True),
            ],
        )

    def test_two_main_ones_at_a_time_are_refused(self):
        self._row(self.haruyama, self.sora, is_main=True, date_from="2020-01-01")
        with self.assertRaisesRegex(ValidationError, "春山 ひとみ has two main.*株式会社"):
            self._row(self.haruyama, self.wing, is_main=True, date_from="2026-01-01")
        with self.assertRaises(ValidationError):
            self._row(self.haruyama, self.wing, is_main=True, date_to="2020-01-01")

    def test_nobody_is_their_own_company(self):
        with self.assertRaisesRegex(ValidationError, "own company"):
            self._row(self.haruyama, self.haruyama)
        shop = self.env["res.partner"].create(
            {"name": "春山商店", "is_company": True, "parent_id": self.haruyama.id}
        )
        with self.assertRaisesRegex(ValidationError, "entered below"):
            self._row(self.haruyama, shop)

    def test_a_company_has_no_affiliation(self):
        with self.assertRaisesRegex(ValidationError, "is a company"):
            self._row(self.wing, self.sora)

    def test_an_end_before_the_start_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "before it begins"):
            self._row(self.haruyama, self.sora, date_from="2026-04-01", date_to="2026-03-31")

    def test_choosing_another_main_one_keeps_the_history(self):
        row = self._row(self.kuroki, self.sora, kind="concurrent", date_from="2024-01-01")
        row.action_make_main()
        self.assertEqual(self.kuroki.parent_id, self.sora)
        self.assertEqual(
            self._history(self.kuroki),
            [
                ("株式会社ウィング", False, date(2026, 11, 23), True),
                ("株式会社そら", date(2024, 1, 1), date(2026, 11, 23), False),
                ("株式会社ウィング", date(2026, 11, 24), False, False),
                ("株式会社そら", date(2026, 11, 24), False, True),
            ],
        )

    def test_a_former_affiliation_cannot_become_the_main_one(self):
        row = self._row(self.kuroki, self.sora, date_to="2020-01-01")
        with self.assertRaisesRegex(ValidationError, "not an affiliation of today"):
            row.action_make_main()

    def test_ending_the_main_one_lets_the_other_lead(self):
        self._row(self.kuroki, self.sora, kind="concurrent", date_from="2024-01-01")
        main = self.kuroki.affiliation_ids.filtered("is_main")
        main.date_to = "2026-11-20"
        self.assertEqual(self.kuroki.parent_id, self.sora)
        present = self.kuroki.affiliation_ids.filtered(lambda row: row.state == "current")
        self.assertEqual(present.date_from, date(2026, 11, 21))
        self.assertTrue(present.is_main)

    def test_ending_the_only_one_leaves_no_company_and_no_company_address(self):
        row = self._row(self.kuroki, self.wing, function="部長")
        self.assertEqual(self.kuroki.street, "神宮前1-1-1")
        row.date_to = "2026-11-20"
        self.assertFalse(self.kuroki.parent_id)
        self.assertFalse(self.kuroki.function)
        self.assertFalse(self.kuroki.street)
        self.assertEqual(row.company_name, "株式会社ウィング")
        self.assertIn("神宮前1-1-1", row.company_address)

    def test_deleting_the_last_row_leaves_the_person_as_they_are(self):
        row = self._row(self.kuroki, self.wing)
        row.unlink()
        self.assertEqual(self.kuroki.parent_id, self.wing)

    def test_a_company_without_an_address_does_not_get_the_old_companys(self):
        bare = self.env["res.partner"].create({"name": "新会社", "is_company": True})
        self._row(self.kuroki, bare, is_main=True, date_from=TODAY)
        self.assertEqual(self.kuroki.parent_id, bare)
        self.assertFalse(bare.street)
        self.assertFalse(self.kuroki.street)

    def test_who_joins_a_company_keeps_their_home(self):
        self.haruyama.write({"zip": "248-0001", "city": "鎌倉市", "street": "十二所1"})
        self._row(self.haruyama, self.sora)
        self.assertEqual(self.haruyama.street, "梅田2-2-2")
        self.assertEqual(self.haruyama.home_address_ids.street, "十二所1")
        self.assertEqual(self.sora.street, "梅田2-2-2")

    # ---- Core's fields ------------------------------------------------------------------

    def test_installing_and_looking_writes_nothing(self):
        self.assertFalse(self.kuroki.affiliation_ids)
        self.kuroki.function = "課長"
        self.assertFalse(self.kuroki.affiliation_ids)

    def test_writing_the_company_is_a_transfer_of_today(self):
        self.kuroki.function = "課長"
        self.kuroki.parent_id = self.sora
        self.assertEqual(
            self._history(self.kuroki),
            [
                ("株式会社ウィング", False, date(2026, 11, 23), True),
                ("株式会社そら", date(2026, 11, 24), False, True),
            ],
        )
        self.assertEqual(self.kuroki.affiliation_ids.mapped("function"), ["課長", "課長"])
        self.assertEqual(self.kuroki.street, "梅田2-2-2")

    def test_a_second_thought_on_the_same_day_is_a_correction(self):
        self.kuroki.parent_id = self.sora
        self.kuroki.parent_id = self.wing
        self.assertEqual(self.kuroki.parent_id, self.wing)
        self.assertEqual(
            self._history(self.kuroki)[1:], [("株式会社ウィング", date(2026, 11, 24), False, True)]
        )

    def test_who_was_entered_today_is_corrected_without_a_history(self):
        new = self.env["res.partner"].create({"name": "新人 一郎", "parent_id": self.wing.id})
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-11-24 01:00' WHERE id = %s", [new.id]
        )
        new.invalidate_recordset()
        new.parent_id = self.sora
        self.assertFalse(new.affiliation_ids)

    def test_taking_the_company_out_ends_the_affiliation(self):
        self._row(self.kuroki, self.wing, department="営業部")
        self.kuroki.parent_id = False
        self.assertEqual(self.kuroki.affiliation_ids.date_to, date(2026, 11, 23))
        self.assertEqual(self.kuroki.affiliation_ids.ended_by, "leave")
        self.kuroki.parent_id = self.sora
        self.assertEqual(len(self.kuroki.affiliation_ids), 2)

    def test_writing_the_function_corrects_the_main_affiliation(self):
        row = self._row(self.kuroki, self.wing, function="課長")
        self.kuroki.function = "部長"
        self.assertEqual(row.function, "部長")
        row.function = "本部長"
        self.assertEqual(self.kuroki.function, "本部長")

    def test_many_people_at_once(self):
        people = self.kuroki | self.suzuki
        people.write({"parent_id": self.sora.id})
        self.assertEqual(len(people.affiliation_ids), 4)
        self.assertEqual(people.parent_id, self.sora)

    def test_the_colleague_of_another_department_is_not_touched(self):
        """Somebody without our rights edits core's form: the affiliations follow."""
        self._row(self.kuroki, self.wing)
        self.outsider.group_ids += self.env.ref("base.group_partner_manager")
        self.kuroki.with_user(self.outsider).write({"parent_id": self.sora.id})
        self.assertEqual(len(self.kuroki.affiliation_ids), 2)

    def test_the_form_changes_company_and_adds_a_post_at_once(self):
        with Form(self.kuroki.with_user(self.clerk)) as form:
            form.parent_id = self.sora
            with form.affiliation_ids.new() as row:
                row.company_partner_id = self.wing
                row.kind = "concurrent"
                row.date_from = TODAY
        self.assertEqual(self.kuroki.parent_id, self.sora)
        present = self.kuroki.affiliation_ids.filtered(lambda row: row.state == "current")
        self.assertEqual(present.filtered("is_main").company_partner_id, self.sora)
        self.assertEqual((present - present.filtered("is_main")).company_partner_id, self.wing)

    def test_an_import_of_the_same_company_again_changes_nothing(self):
        row = self._row(self.kuroki, self.wing)
        self.kuroki.write({"parent_id": self.wing.id, "function": False})
        self.assertEqual(self.kuroki.affiliation_ids, row)

    # ---- The company ----------------------------------------------------------------------

    def test_a_company_that_moves_takes_its_people_along(self):
        self._row(self.kuroki, self.wing)
        concurrent = self._row(self.suzuki, self.sora, kind="concurrent")
        ended = self._row(self.haruyama, self.sora, is_main=True, date_to="2026-10-31")
        self.sora.write({"name": "株式会社あおぞら", "street": "難波3-3-3"})
        self.wing.write({"street": "青山9-9-9"})
        self.assertEqual(self.kuroki.street, "青山9-9-9")
        self.assertEqual(concurrent.company_partner_id.street, "難波3-3-3")
        self.assertEqual(ended.company_name, "株式会社そら")
        self.assertIn("梅田2-2-2", ended.company_address)

    def test_an_affiliation_that_goes_on_after_all_forgets_the_old_name(self):
        row = self._row(self.haruyama, self.sora, is_main=True, date_to="2026-10-31")
        row.date_to = False
        self.assertFalse(row.company_name)
        self.assertEqual(self.haruyama.parent_id, self.sora)

    def test_a_company_with_former_people_is_not_deleted(self):
        self._row(self.haruyama, self.sora, date_to="2020-01-01")
        with self.assertRaisesRegex(UserError, "affiliations of 春山 ひとみ"):
            self.sora.unlink()

    # ---- When the day comes ------------------------------------------------------------------

    def test_a_planned_change_happens_on_its_day(self):
        self.kuroki.phone = "03-9999-0000"
        self._row(
            self.kuroki, self.sora, is_main=True, date_from="2026-12-01", phone="06-5555-0000"
        )
        self.assertEqual(self.kuroki.parent_id, self.wing)
        cron = self.env["kokyaku.affiliation"]
        with freeze_time("2026-11-30 14:59:00"):  # still the 30th in Tokyo
            self.assertNotIn(self.kuroki, cron._people_out_of_step(date(2026, 11, 30)))
        with freeze_time("2026-11-30 15:01:00"), self._commits_patched():
            cron.with_context(tz="Asia/Tokyo")._cron_follow_the_calendar()
        self.assertEqual(self.kuroki.parent_id, self.sora)
        self.assertEqual(self.kuroki.phone, "06-5555-0000")
        self.assertEqual(self.kuroki.street, "梅田2-2-2")
        ended = self.kuroki.affiliation_ids.filtered("date_to")
        self.assertEqual(ended.company_name, "株式会社ウィング")
        with freeze_time("2026-12-01 03:00:00"):
            self.assertNotIn(self.kuroki, cron._people_out_of_step(date(2026, 12, 1)))

    def test_an_end_that_comes_leaves_the_other_post_the_main_one(self):
        self._row(self.kuroki, self.wing, date_to="2026-11-30")
        self._row(self.kuroki, self.sora, kind="concurrent", date_from="2024-01-01")
        with freeze_time("2026-12-05 03:00:00"), self._commits_patched():
            self.env["kokyaku.affiliation"]._cron_follow_the_calendar()
            self.assertEqual(self.kuroki.parent_id, self.sora)
            main = self.kuroki.affiliation_ids.filtered(lambda row: row.is_main and not row.date_to)
            self.assertEqual(main.date_from, date(2026, 12, 1))

    def _commits_patched(self):
        cron = type(self.env["ir.cron"])
        return patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60)

    def test_people_of_other_companies_are_invisible(self):
        other = self.env["res.company"].create({"name": "別会社"})
        self._row(self.haruyama, self.sora)
        self.haruyama.home_city = "鎌倉市"
        self.env["kokyaku.family.member"].create({"partner_id": self.haruyama.id, "name": "夫"})
        self.env["kokyaku.transfer"].create(
            {"partner_id": self.haruyama.id, "kind": "leave", "date": TODAY}
        )
        models = ("affiliation", "home.address", "family.member", "transfer", "company.person")
        for seen in (True, False):
            for model in models:
                found = self._as(self.clerk)[f"kokyaku.{model}"].search(
                    [("partner_id", "=", self.haruyama.id)]
                )
                self.assertEqual(bool(found), seen, model)
            self.haruyama.company_id = other

    def test_the_list_of_those_who_left(self):
        self._row(self.kuroki, self.wing).date_to = "2026-11-20"
        arch = (
            self.env["res.partner"]
            .with_user(self.clerk)
            .get_view(self.env.ref("base.view_res_partner_filter").id, "search")["arch"]
        )
        self.assertIn("left_company", arch)
        left = self.env["res.partner"].search(
            [("parent_id", "=", False), ("affiliation_ids", "!=", False)]
        )
        self.assertIn(self.kuroki, left)
        self.assertNotIn(self.haruyama, left)

    def test_searching_by_status(self):
        past = self._row(self.haruyama, self.sora, date_to="2020-01-01")
        now = self._row(self.haruyama, self.wing, date_from="2020-01-02")
        planned = self._row(self.haruyama, self.sora, date_from="2027-01-01")
        rows = self.env["kokyaku.affiliation"]
        for state, row in (("past", past), ("current", now), ("future", planned)):
            domain = [("partner_id", "=", self.haruyama.id), ("state", "=", state)]
            self.assertEqual(rows.search(domain), row, state)
            self.assertEqual(row.state, state)

from datetime import timedelta

from odoo.tests import tagged

from ..codes import number_of
from .selection_common import SelectionCase


@tagged("post_install", "-at_install")
class TestSelectionPrepare(SelectionCase):
    """確定: who gets it, who does not and why, and what is frozen."""

    # ---- 凍結 -----------------------------------------------------------------------

    def test_name_title_and_address_stand_as_they_were(self):
        execution = self._confirm()
        line = self._line(execution, self.kuroki)
        self.kuroki.write({"function": "社長"})
        self.wing.write({"street": "青山9-9-9", "name": "株式会社ツバサ"})
        line.invalidate_recordset()
        self.assertEqual(line.name_text, "黒木 健一")
        self.assertEqual(line.title_text, "部長")
        self.assertEqual(line.company_text, "株式会社ウィング")
        self.assertEqual(line.zip_text, "150-0001")
        self.assertEqual(line.address_text, "東京都渋谷区神宮前1-1-1\nウィングビル")
        self.assertEqual(line.honorific_text, "様")
        self.assertEqual(line.kind, "company")

    def test_a_person_at_home_and_a_company(self):
        execution = self._confirm(self._new_set("混在", self.haruyama + self.wing))
        line = self._line(execution, self.haruyama)
        self.assertEqual((line.kind, line.address_text), ("home", "鎌倉市十二所1"))
        self.assertFalse(line.company_text)
        company = self._line(execution, self.wing)
        self.assertEqual((company.name_text, company.honorific_text), ("株式会社ウィング", "御中"))

    def test_honorifics_follow_the_rules_of_the_office(self):
        self.env["kokyaku.honorific.rule"].create(
            {"keyword": "道場主", "honorific": "sensei", "sequence": 0}
        )
        people = self._people(5)
        people[0].function = "町の道場主"
        people[1].honorific = "dono"
        people[2].honorific = "none"
        people[3].function = "\u3000"
        people[4].function = "院長"
        execution = self._confirm(self._new_set("敬称", people + self.wing))
        for person in people + self.wing:
            line = self._line(execution, person)
            self.assertEqual(line.honorific_text or "", person.honorific_text(), person.name)

    def test_an_address_abroad(self):
        usa = self.env.ref("base.us")
        self.haruyama.write(
            {"country_id": usa.id, "street": "1 Main St", "city": "Springfield", "zip": "12345"}
        )
        line = self._line(self._confirm(), self.haruyama)
        self.assertEqual(line.address_text, "1 Main St\nSpringfield 12345\nUNITED STATES")

    def test_the_department_and_function_of_the_main_affiliation(self):
        self.env["kokyaku.affiliation"].create(
            {
                "partner_id": self.haruyama.id,
                "company_partner_id": self.wing.id,
                "department": "総務部",
                "function": "課長",
                "is_main": True,
            }
        )
        line = self._line(self._confirm(), self.haruyama)
        self.assertEqual(
            (line.company_text, line.department_text, line.title_text),
            ("株式会社ウィング", "総務部", "課長"),
        )

    def test_every_piece_has_a_code_that_tells_a_misreading(self):
        execution = self._confirm()
        for line in execution.line_ids:
            self.assertEqual(number_of(line.code), line.id)

    # ---- 除外 -----------------------------------------------------------------------

    def test_who_is_left_out_and_why(self):
        people = self._people(8)
        dead, no, lost, gone, nowhere, off, angry, fine = people
        dead.deceased_on = self.today
        self.env["kokyaku.consent"].create(
            {"partner_id": no.id, "channel": "post", "purpose": "greeting", "state": "refused"}
        )
        lost.returned_mail = self.today
        nowhere.write({"city": False, "street": False})
        off.active = False
        angry.complaint_open = True
        affiliation = self.env["kokyaku.affiliation"].create(
            {"partner_id": gone.id, "company_partner_id": self.wing.id, "is_main": True}
        )
        gone.home_address_ids.unlink()
        affiliation.date_to = self.today - timedelta(days=1)
        execution = self._confirm(self._new_set("除外", people))
        self.assertEqual(
            self._reasons(execution),
            {
                dead: "deceased",
                no: "refused",
                lost: "returned",
                gone: "left",
                nowhere: "no_address",
                off: "archived",
                angry: "",
                fine: "",
            },
        )
        self.assertEqual(
            (execution.line_count, execution.excluded_count, execution.goes_count), (8, 6, 2)
        )
        self.assertIn(["left", "Left the Company", 1], execution.reasons)

    def test_who_left_a_company_gets_it_at_a_known_home(self):
        affiliation = self.env["kokyaku.affiliation"].create(
            {"partner_id": self.haruyama.id, "company_partner_id": self.wing.id, "is_main": True}
        )
        affiliation.date_to = self.today - timedelta(days=1)
        self.haruyama.write({"home_city": "鎌倉市", "home_street": "十二所1"})
        line = self._line(self._confirm(), self.haruyama)
        self.assertEqual((line.exclusion, line.kind), (False, "home"))

    def test_an_office_gift_does_not_follow_them_home(self):
        affiliation = self.env["kokyaku.affiliation"].create(
            {"partner_id": self.haruyama.id, "company_partner_id": self.wing.id, "is_main": True}
        )
        affiliation.date_to = self.today - timedelta(days=1)
        self.haruyama.write({"home_street": "十二所1", "address_choice": "company"})
        self.assertEqual(self._line(self._confirm(), self.haruyama).exclusion, "left")

    def test_one_mail_for_one_address(self):
        people = self._people(3)
        people[0].email = "Same@example.jp"
        people[1].email = "same@example.jp"
        people[2].write({"email": "same@example.jp", "deceased_on": self.today})
        execution = self._confirm(self._new_set("メール", people), channel="email")
        self.assertEqual(
            self._reasons(execution), {people[0]: "", people[1]: "duplicate", people[2]: "deceased"}
        )
        self.assertEqual(self._line(execution, people[0]).contact_text, "Same@example.jp")

    def test_the_number_of_the_channel(self):
        self.haruyama.write({"mobile_phone": "090-1111-2222", "fax": "0467-1-1"})
        only = self._new_set("一人", self.haruyama)
        for channel, number in (("phone", "090-1111-2222"), ("fax", "0467-1-1")):
            execution = self._confirm(only, channel=channel, purpose="business")
            self.assertEqual(execution.line_ids.contact_text, number)

    def test_people_of_another_company_never_come_in(self):
        other = self.env["res.company"].sudo().create({"name": "別会社"})
        self.suzuki.sudo().company_id = self.company
        self.haruyama.company_id = False
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s", (other.id, self.kuroki.id)
        )
        self.env.invalidate_all()
        execution = self._confirm()
        self.assertEqual(execution.line_ids.partner_id, self.suzuki + self.haruyama)

    def test_who_dies_or_refuses_after_the_confirmation_does_not_get_it(self):
        execution = self._confirm().with_user(self.clerk)
        self._line(execution, self.suzuki)._mark_printed()
        people = self.kuroki + self.suzuki
        people.deceased_on = self.today
        execution.action_judge_again()
        self.assertEqual(
            self._reasons(execution),
            {self.kuroki: "deceased", self.suzuki: "", self.haruyama: ""},
            "what is on paper already is decided by hand",
        )
        self.assertEqual(execution.goes_count, 2)

    # ---- 喪中・のし ------------------------------------------------------------------

    def test_a_greeting_card_is_not_sent_in_mourning(self):
        self._mourning(self.haruyama)
        self.assertEqual(self._line(self._confirm(), self.haruyama).exclusion, "mourning")

    def test_a_gift_in_mourning_is_wrapped_plainly_and_waits(self):
        self._mourning(self.haruyama, days_ago=3)
        execution = self._confirm(noshi="red", item="海苔")
        line = self._line(execution, self.haruyama)
        self.assertEqual((line.exclusion, line.noshi), (False, "plain"))
        self.assertEqual(line.hold_until, self.today + timedelta(days=50 - 3))
        self.assertEqual(self._line(execution, self.kuroki).noshi, "red")
        self.assertEqual(execution.waiting_count, 1)

    def test_after_the_49_days_the_plain_wrapping_remains(self):
        mourning = self._mourning(self.haruyama, days_ago=60)
        mourning.date_to = self.today + timedelta(days=10)
        line = self._line(self._confirm(noshi="red"), self.haruyama)
        self.assertEqual((line.noshi, line.hold_until), ("plain", False))

    # ---- 連名 -----------------------------------------------------------------------

    def _household(self):
        people = self._people(2)
        family = self._new_set("家族", people)
        member = family.member_ids.filtered(lambda one: one.partner_id == people[1])
        member.joint_with_id = people[0]
        return family, people

    def test_one_piece_for_a_household(self):
        family, people = self._household()
        execution = self._confirm(family)
        head, other = (self._line(execution, person) for person in people)
        self.assertEqual((other.exclusion, other.joint_line_id), ("joint", head))
        self.assertEqual((head.exclusion, head.joint_text), (False, "客 1"))

    def test_who_shares_with_someone_left_out_gets_their_own_piece(self):
        family, people = self._household()
        people[0].deceased_on = self.today
        execution = self._confirm(family)
        self.assertEqual(self._reasons(execution), {people[0]: "deceased", people[1]: ""})

    def test_two_who_share_with_each_other_do_not_both_go_without(self):
        family, people = self._household()
        family.member_ids.filtered(lambda one: one.partner_id == people[0]).joint_with_id = people[
            1
        ]
        self.assertEqual(set(self._reasons(self._confirm(family)).values()), {""})

    def test_family_stands_on_the_piece_to_the_home(self):
        Family = self.env["kokyaku.family.member"]
        Family.create(
            [
                {"partner_id": self.haruyama.id, "name": "春山 次郎", "joint_addressee": True},
                {"partner_id": self.haruyama.id, "name": "春山 三郎"},
                {"partner_id": self.kuroki.id, "name": "黒木 花子", "joint_addressee": True},
            ]
        )
        execution = self._confirm()
        self.assertEqual(self._line(execution, self.haruyama).joint_text, "春山 次郎")
        self.assertFalse(self._line(execution, self.kuroki).joint_text)

    # ---- 比較用 ----------------------------------------------------------------------

    def test_a_random_share_does_not_get_it_and_it_is_the_same_share_each_time(self):
        people = self._people(40)
        one = self._new_set("比較", people)
        execution = self._confirm(one, control_percent=10)
        drawn = execution.line_ids.filtered("is_control")
        self.assertEqual(len(drawn), 4)
        self.assertEqual(execution.control_count, 4)
        self._sql(
            "UPDATE kokyaku_execution_line SET is_control = FALSE WHERE execution_id = %s "
            "RETURNING id",
            execution.id,
        )
        execution._draw_control()
        execution.line_ids.invalidate_recordset()
        self.assertEqual(execution.line_ids.filtered("is_control"), drawn)
        again = self._confirm(one, control_percent=10)
        others = again.line_ids.filtered("is_control").partner_id
        self.assertNotEqual(others, drawn.partner_id)

    # ---- Queries --------------------------------------------------------------------

    def test_the_number_of_statements_does_not_grow_with_the_people(self):
        counts = []
        for number in (5, 80):
            one = self._new_set("数", self._people(number))
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self._confirm(one, channel="post")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)

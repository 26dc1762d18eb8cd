from odoo import fields
from odoo.tests import tagged

from .test_selection_combine import SetsCase


@tagged("post_install", "-at_install")
class TestMergeSets(SetsCase):
    """Merging people keeps their places in sets, what they got, and what they answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.one, cls.two, cls.three = partners.create(
            [{"name": "田中 一郎"} for _ in range(3)]
        )
        cls.all = cls.one + cls.two + cls.three
        cls.seminar = cls._set("セミナー")
        cls.execution = cls.env["kokyaku.selection.execution"].create(
            {"set_id": cls.gifts.id, "company_id": cls.company.id, "name": "お歳暮 発送"}
        )
        cls.attends = cls.env["kokyaku.response.type"].create(
            {"code": "T1", "name": "出席", "is_positive": True}
        )

    def _merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.all.ids, self.one)
        self.env.invalidate_all()

    def _line(self, person, **values):
        return self.env["kokyaku.execution.line"].create(
            {
                "execution_id": self.execution.id,
                "set_id": self.gifts.id,
                "company_id": self.company.id,
                "partner_id": person.id,
                "name_text": person.name,
                **values,
            }
        )

    def test_everyone_stays_in_every_set(self):
        self.gifts._add_people(self.all.ids)
        self.cards._add_people(self.three.ids, reason="展示会で")
        self.seminar._add_people(self.two.ids + self.three.ids)
        self._merge()
        for one, number in ((self.gifts, 3), (self.cards, 3), (self.seminar, 1)):
            self.assertTrue(self._member(one, self.one), one.name)
            self.assertEqual(one.member_count, number, one.name)
            self.assertEqual(len(self._people(one)), number, one.name)
        self.assertEqual(self._member(self.cards, self.one).reason, "展示会で")

    def test_who_was_removed_by_hand_stays_out(self):
        self.gifts._add_people(self.all.ids)
        self.gifts._remove_people(self.two.ids, reason="辞退")
        self._merge()
        member = self._member(self.gifts, self.one)
        self.assertTrue(member.excluded)
        self.assertEqual(member.reason, "辞退")
        self.assertEqual((self.gifts.member_count, self.gifts.excluded_count), (2, 1))

    def test_who_was_removed_as_the_others_duplicate_takes_nobody_out(self):
        self.gifts._add_people(self.all.ids)
        self.gifts._remove_people(self.two.ids, reason="重複")
        self._member(self.gifts, self.two).sudo().duplicate_of_id = self.one
        self._merge()
        member = self._member(self.gifts, self.one)
        self.assertFalse(member.excluded)
        self.assertFalse(member.duplicate_of_id)

    def test_joint_addressees_follow(self):
        self.gifts._add_people(self.all.ids)
        self._member(self.gifts, self.suzuki).sudo().joint_with_id = self.two
        self._member(self.gifts, self.three).sudo().joint_with_id = self.one
        self._merge()
        self.assertEqual(self._member(self.gifts, self.suzuki).joint_with_id, self.one)
        self.assertFalse(self._member(self.gifts, self.one).joint_with_id)

    def test_what_was_sent_and_answered_stays(self):
        self._line(self.one, exclusion="no_address")
        sent = self._line(
            self.two,
            address_text="東京都千代田区1-1",
            sent_on="2025-12-01",
            code="C-2",
            response_type_id=self.attends.id,
            response_date="2025-12-10",
            companions=2,
        )
        printed = self._line(
            self.three,
            address_text="大阪市北区2-2",
            printed_at=fields.Datetime.to_datetime("2025-11-20 01:00:00"),
            code="C-3",
            response_note="お礼の電話あり",
        )
        other = self._line(self.suzuki, joint_line_id=printed.id)
        self._merge()
        line = self.execution.line_ids.filtered(lambda line: line.partner_id == self.one)
        self.assertEqual(line, sent)
        self.assertEqual(line.address_text, "東京都千代田区1-1")
        self.assertEqual(line.response_type_id, self.attends)
        self.assertEqual((line.companions, line.code), (2, "C-2"))
        self.assertTrue(line.printed_at)
        for text in ("大阪市北区2-2", "C-3", "お礼の電話あり"):
            self.assertIn(text, line.response_note)
        self.assertEqual(other.joint_line_id, line)

    def test_who_was_left_out_of_the_mailing_by_hand_stays_out(self):
        self._line(self.one)
        self._line(self.two, exclusion="by_hand", left_out_reason="直接お渡し")
        self._merge()
        self.assertEqual(self.execution.line_ids.exclusion, "by_hand")
        self.assertEqual(self.execution.line_ids.left_out_reason, "直接お渡し")

    def test_a_real_answer_wins_over_none(self):
        nothing = self.env["kokyaku.response.type"].create(
            {"code": "T2", "name": "回答なし", "is_no_answer": True}
        )
        self._line(
            self.one, response_type_id=nothing.id, response_source="auto", sent_on="2025-12-01"
        )
        self._line(self.two, response_type_id=self.attends.id, response_source="code", code="C-9")
        self._merge()
        line = self.execution.line_ids
        self.assertEqual(line.response_type_id, self.attends)
        self.assertEqual(line.code, "C-9")
        self.assertIn("回答なし", line.response_note)

    def test_lines_of_other_executions_move_over(self):
        line = self._line(self.three, sent_on="2025-12-01")
        self._merge()
        self.assertEqual(line.partner_id, self.one)

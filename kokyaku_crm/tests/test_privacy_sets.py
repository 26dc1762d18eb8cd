from odoo.tests import tagged

from .test_selection_combine import SetsCase


@tagged("post_install", "-at_install")
class TestPrivacySets(SetsCase):
    """What was sent to somebody is disclosed, and forgotten when they are erased."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person, cls.wife, cls.twin = cls.env["res.partner"].create(
            [
                {"name": "白洲 次郎丸", "email": "jiro@shirasu.example"},
                {"name": "白洲 正子丸"},
                {"name": "白洲 次郎丸", "email": "jiro@shirasu.example"},
            ]
        )
        cls.gifts._add_people((cls.person + cls.wife + cls.twin).ids, reason="白洲様のご希望")
        cls.execution = cls.env["kokyaku.selection.execution"].create(
            {"set_id": cls.gifts.id, "company_id": cls.company.id, "name": "お歳暮 発送"}
        )
        common = {
            "execution_id": cls.execution.id,
            "set_id": cls.gifts.id,
            "company_id": cls.company.id,
        }
        lines = cls.env["kokyaku.execution.line"]
        cls.head = lines.create(
            {
                **common,
                "partner_id": cls.wife.id,
                "name_text": "白洲 正子丸",
                "joint_text": "白洲 次郎丸",
            }
        )
        cls.line = lines.create(
            {
                **common,
                "partner_id": cls.person.id,
                "name_text": "白洲 次郎丸",
                "address_text": "町田市武相荘町8-8",
                "response_note": "ゴルフのお誘い",
                "left_out_reason": "次郎丸様に手渡し",
                "item": "緑茶",
                "sent_on": "2025-12-01",
                "joint_line_id": cls.head.id,
            }
        )

    def test_what_was_sent_is_disclosed(self):
        sections = self.person.sudo()._disclosure_sections()
        texts = [text for _title, rows in sections for row in rows for text in row]
        for text in ("町田市武相荘町8-8", "緑茶", "ゴルフのお誘い"):
            self.assertIn(text, texts)

    def test_an_erased_person_is_nowhere_and_the_figures_stay(self):
        self.gifts._find_duplicates()
        self.gifts._apply_duplicates()
        self.assertEqual(self._member(self.gifts, self.twin).duplicate_of_id, self.person)
        before = self.gifts.member_count
        self.person.with_user(self.manager)._erase("本人の請求")
        self.env.invalidate_all()
        self.assertEqual(self.line.name_text, f"消去済 #{self.person.id}")
        self.assertFalse(self.line.address_text or self.line.response_note)
        self.assertFalse(self.line.left_out_reason)
        self.assertEqual((self.line.item, str(self.line.sent_on)), ("緑茶", "2025-12-01"))
        self.assertEqual(self.head.name_text, "白洲 正子丸")
        self.assertNotIn("次郎丸", self.head.joint_text)
        self.assertFalse(self._member(self.gifts, self.person).reason)
        self.assertNotIn("次郎丸", self._member(self.gifts, self.twin).reason or "")
        self.gifts._count_members()
        self.assertEqual(self.gifts.member_count, before)
        found = self.env["kokyaku.selection.duplicate"].search([("set_id", "=", self.gifts.id)])
        self.assertFalse(found)

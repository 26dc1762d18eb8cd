import base64

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import fonts_of, page_count
from .label_common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelPrint(LabelCase):
    """宛名ラベル印刷: the wizard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thirteen = cls.env["res.partner"].browse()
        for number in range(13):
            cls.thirteen |= cls.person(name=f"顧客 {number:02}")

    def test_thirteen_people_from_position_five_take_two_sheets(self):
        wizard = self.wizard(self.thirteen, start_position=5)
        self.assertEqual((wizard.label_count, wizard.sheet_count), (13, 2))
        texts = [text for text in self.printed(wizard) if text.text.startswith("顧客")]
        self.assertEqual([text.text for text in texts], [f"顧客 {n:02}" for n in range(13)])
        self.assertEqual([text.page for text in texts], [0] * 8 + [1] * 5)
        # Position 5 is the first label of the third row.
        self.assertTrue(18.6 < texts[0].left < 18.6 + 86.4)
        self.assertTrue(21.5 + 2 * 42.3 < texts[0].base < 21.5 + 3 * 42.3)
        # The second sheet begins in its upper left corner.
        self.assertTrue(21.5 < texts[8].base < 21.5 + 42.3)

    def test_the_pdf_has_its_japanese_font_with_it(self):
        wizard = self.wizard(self.thirteen)
        wizard.action_print()
        content = base64.b64decode(wizard.pdf)
        self.assertEqual(page_count(content), 2)
        found = fonts_of(content)
        self.assertTrue(found and all(embedded for _name, embedded in found), found)

    def test_a_start_position_beyond_the_sheet_is_refused(self):
        wizard = self.wizard(self.thirteen)
        for position in (0, -1, 13):
            with self.assertRaisesRegex(ValidationError, "between 1 and 12"):
                wizard.start_position = position

    def test_another_sheet_another_count(self):
        wizard = self.wizard(self.thirteen)
        with Form(wizard) as form:
            self.assertEqual((form.label_count, form.sheet_count), (13, 2))
            form.format_id = self.env.ref("kokyaku_mailing.label_format_a4_24")
            self.assertEqual((form.label_count, form.sheet_count), (13, 1))
            self.assertTrue(form.preview)

    def test_the_same_person_twice_is_one_label(self):
        partner = self.thirteen[0]
        action = (
            self.env["kokyaku.label.print"]
            .with_user(self.clerk)
            .with_context(active_model="res.partner", active_ids=[partner.id, partner.id])
            .action_open()
        )
        self.assertEqual(self.env["kokyaku.label.print"].browse(action["res_id"]).label_count, 1)

    def test_who_cannot_be_printed_is_listed_with_the_reason(self):
        nowhere = self.person(name="住所 無", city=False, street=False)
        archived = self.person(name="閉店 済", active=False)
        rare = self.person(name="吉田 𠮷男")
        no_code = self.person(name="番号 無", zip=False)
        wizard = self.wizard(self.thirteen[:2] | nowhere | archived | rare | no_code)
        self.assertEqual(wizard.label_count, 3)
        self.assertEqual(wizard.problem_count, 4)
        for words in ("No address: 1", "Archived: 1", "Character not in the font: 1 (𠮷)"):
            self.assertIn(words, wizard.summary.split("Printed, but please check")[0])
        self.assertIn("No postal code: 1", wizard.summary.split("Printed, but please check")[1])
        action = wizard.action_problems()
        rows = self.env[action["res_model"]].with_user(self.clerk).search(action["domain"])
        self.assertEqual(
            {(row.partner_id, row.code, row.printed, row.detail or "") for row in rows},
            {
                (nowhere, "no_address", False, ""),
                (archived, "archived", False, ""),
                (rare, "missing_glyph", False, "𠮷"),
                (no_code, "no_postal_code", True, ""),
            },
        )
        self.assertEqual(rows[0].action_open_partner()["res_id"], rows[0].partner_id.id)

    def test_a_character_the_font_lacks_can_be_left_to_the_pen(self):
        rare = self.person(name="吉田 𠮷男")
        wizard = self.wizard(rare, print_missing=True)
        self.assertEqual((wizard.label_count, wizard.problem_count), (1, 1))
        self.assertIn("吉田 〓男", [text.text for text in self.printed(wizard)])

    def test_nobody_printable_is_no_empty_pdf(self):
        wizard = self.wizard(self.person(name="住所 無", city=False, street=False))
        self.assertEqual((wizard.label_count, wizard.sheet_count), (0, 0))
        with self.assertRaisesRegex(UserError, "None of these people"):
            wizard.action_print()

    def test_nobody_selected(self):
        with self.assertRaisesRegex(UserError, "select the people"):
            self.wizard(self.env["res.partner"])

    def test_without_a_label_sheet_the_cure_is_named(self):
        self.env["kokyaku.label.format"].search([]).active = False
        with self.assertRaisesRegex(UserError, "Label Sheets"):
            self.wizard(self.thirteen)

    def test_select_all_means_all_and_not_the_page(self):
        """The client sends the first ids and the domain; the ids are cut off at a limit."""
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "5")
        domain = [("id", "in", self.thirteen.ids)]
        prints = self.env["kokyaku.label.print"].with_user(self.clerk)
        partners = self.env["res.partner"].with_user(self.clerk)

        def count(ids):
            action = prints.with_context(
                active_model="res.partner", active_ids=ids, active_domain=domain
            ).action_open()
            return prints.browse(action["res_id"]).label_count

        everyone = partners.search(domain, limit=5).ids
        self.assertEqual(count(everyone), 13)
        # Ticked by hand: as many as the limit, but others; and fewer.
        self.assertEqual(count(self.thirteen[-5:].ids), 5)
        self.assertEqual(count(everyone[:3]), 3)

    def test_from_a_model_that_names_its_partner(self):
        users = self.clerk | self.env.user
        self.clerk.partner_id.write(
            {"zip": "100-0013", "city": "千代田区", "street": "1-1", "country_id": self.japan.id}
        )
        prints = self.env["kokyaku.label.print"]
        action = prints.with_context(
            active_model="res.users", active_ids=users.ids, kokyaku_partner_field="partner_id"
        ).action_open()
        wizard = prints.browse(action["res_id"])
        self.assertEqual(wizard._selected_partner_ids(), users.partner_id.ids)

    def test_the_title_and_the_file_are_named_in_japanese(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        wizard = self.wizard(self.thirteen).with_context(lang="ja_JP")
        self.assertIn("宛名ラベル", wizard._file_name())

    def test_the_sheet_with_a_correction_moves_the_print(self):
        before = self.printed(self.wizard(self.thirteen[0]))[0]
        self.sheet.write({"offset_x": 1.5, "offset_y": -0.8})
        after = self.printed(self.wizard(self.thirteen[0]))[0]
        self.assertAlmostEqual(after.left - before.left, 1.5, places=2)
        self.assertAlmostEqual(after.base - before.base, -0.8, places=2)

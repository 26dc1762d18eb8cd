from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLabelFormat(TransactionCase):
    """ラベル用紙: the measures of label sheets."""

    def test_every_sheet_that_is_shipped_adds_up_to_a4(self):
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "kokyaku_mailing"), ("model", "=", "kokyaku.label.format")]
        )
        sheets = self.env["kokyaku.label.format"].browse(shipped.mapped("res_id"))
        self.assertEqual(sheets.sorted("sequence").mapped("per_sheet"), [12, 10, 10, 24, 44])
        for sheet in sheets:
            fmt = sheet._geometry()
            self.assertEqual(fmt.problems(), [], sheet.name)
            for count, size, pitch, margin, page in (
                (fmt.columns, fmt.label_width, fmt.pitch_x, fmt.left, 210),
                (fmt.rows, fmt.label_height, fmt.pitch_y, fmt.top, 297),
            ):
                used = 2 * margin + (count - 1) * pitch + size
                # The makers' 12-label sheet has 0.2 mm more at the bottom than at the top.
                self.assertAlmostEqual(used, page, delta=0.21, msg=sheet.name)

    def test_the_twelve_label_sheet_is_the_default(self):
        wizard = self.env["kokyaku.label.print"].new({})
        self.assertEqual(wizard.format_id, self.env.ref("kokyaku_mailing.label_format_a4_12"))
        self.assertEqual(wizard.format_id._geometry().corner(0), (18.6, 21.5))

    def test_a_sheet_that_does_not_fit_names_the_figures(self):
        sheet = self.env.ref("kokyaku_mailing.label_format_a4_12")
        with self.assertRaisesRegex(ValidationError, r"67\.8 mm wider.*18\.6.*2 × .*86\.4.*210"):
            sheet.columns = 3
        with self.assertRaisesRegex(ValidationError, r"20\.6 mm higher.*21\.5.*6 × .*42\.3.*297"):
            sheet.rows = 7

    def test_figures_that_cannot_be_are_refused_by_name(self):
        sheet = self.env.ref("kokyaku_mailing.label_format_a4_12")
        for values, words in (
            ({"label_width": 0}, "Label Width is 0"),
            ({"rows": -1}, "Rows is -1"),
            ({"left": -2.5}, "Left Margin is -2.5"),
            ({"pitch_x": 80}, "Horizontal Pitch is 80 mm"),
            ({"pitch_y": 40}, "Vertical Pitch is 40 mm"),
            ({"offset_y": 25}, "Correction Down is 25 mm"),
            ({"padding": 15}, "Inner Margin is 15 mm"),
        ):
            with self.subTest(words):
                with self.assertRaises(ValidationError) as caught:  # rolls back, unlike …Regex
                    sheet.write(values)
                self.assertIn(words, str(caught.exception))

    def test_the_message_is_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        sheet = self.env.ref("kokyaku_mailing.label_format_a4_12").with_context(lang="ja_JP")
        with self.assertRaisesRegex(ValidationError, "ラベルが重なります"):
            sheet.pitch_x = 80

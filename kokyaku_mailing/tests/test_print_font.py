import base64
import io
from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.kokyaku_crm.paper import system_fonts

from ..atena import fonts
from ..models import kokyaku_print_font
from .common import LATIN_FONT

LOGGER = kokyaku_print_font.__name__


@tagged("post_install", "-at_install")
class TestPrintFont(TransactionCase):
    """印字フォント: which fonts labels are printed with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fonts = cls.env["kokyaku.print.font"]
        cls.system = system_fonts.find()
        with open(cls.system[0][0], "rb") as file:
            cls.japanese = base64.b64encode(file.read())
        with open(LATIN_FONT, "rb") as file:
            cls.latin = base64.b64encode(file.read())

    def without_system_fonts(self):
        return patch.object(kokyaku_print_font, "_system_fonts", return_value=[])

    def upload(self, content, **values):
        return self.fonts.create({"name": "社内フォント", "file": content, **values})

    def test_the_fonts_of_the_server_are_used_when_there_are_no_others(self):
        gothic = self.fonts._chain("gothic").faces[0].label
        mincho = self.fonts._chain("mincho").faces[0].label
        self.assertNotEqual(gothic, mincho)
        self.assertTrue(self.fonts._chain("gothic").faces[0].covers("〒東京都様"))

    def test_without_any_font_the_user_is_told_what_to_do(self):
        clerk = new_test_user(self.env, "font_clerk", groups="kokyaku_crm.group_user")
        with self.without_system_fonts():
            with self.assertRaisesRegex(UserError, "fonts-ipaexfont"):
                self.fonts.with_user(clerk)._chain("gothic")
            with self.assertRaises(RedirectWarning) as caught:
                self.fonts._chain("gothic")
        action = self.env.ref("kokyaku_mailing.action_print_font")
        self.assertEqual(caught.exception.args[1], action.id)

    def test_an_uploaded_font_is_the_cure(self):
        font = self.upload(self.japanese)
        with self.without_system_fonts():
            chain = self.fonts._chain("gothic")
            self.assertEqual(chain.faces, [font._face()])
            # Of another style it serves as well, better than nothing.
            self.assertEqual(self.fonts._chain("mincho").faces, [font._face()])

    def test_the_administrator_names_a_font_file(self):
        path = self.system[-1][0]
        self.env["ir.config_parameter"].set_param(kokyaku_print_font.PATH_PARAMETER, path)
        with self.without_system_fonts():
            self.assertEqual(self.fonts._chain("gothic").faces, [fonts.face(path)])

    @mute_logger(LOGGER)
    def test_a_named_font_file_that_is_gone_does_not_stop_the_print(self):
        self.env["ir.config_parameter"].set_param(
            kokyaku_print_font.PATH_PARAMETER, "/nowhere/font.ttf"
        )
        self.assertTrue(self.fonts._chain("gothic").faces)

    def test_the_font_of_the_sheet_comes_first(self):
        sheet = self.env.ref("kokyaku_mailing.label_format_a4_12")
        sheet.font_id = self.upload(self.japanese, style="mincho")
        self.assertEqual(sheet._font_chain().faces[0], sheet.font_id._face())

    def test_a_supplement_prints_only_what_the_others_lack(self):
        supplement = self.upload(self.latin, supplement=True)
        chain = self.fonts._chain("gothic")
        self.assertNotEqual(chain.faces[0], supplement._face())
        self.assertIn(supplement._face(), chain.faces)
        self.assertEqual(chain.missing("ERDOĞAN"), "")
        self.assertEqual(
            [face.label for face, _text in chain.pieces("AĞ")],
            [chain.faces[0].label, supplement._face().label],
        )

    def test_a_supplement_alone_is_no_font(self):
        self.upload(self.latin, supplement=True)
        with self.without_system_fonts(), self.assertRaises(RedirectWarning):
            self.fonts._chain("gothic")

    def test_files_that_cannot_be_used_are_refused_with_the_reason(self):
        with self.assertRaisesRegex(ValidationError, "no Japanese characters"):
            self.upload(self.latin)
        with self.assertRaisesRegex(ValidationError, "not a font file"):
            self.upload(base64.b64encode(b"%PDF-1.7 this is no font"))
        with self.assertRaisesRegex(ValidationError, "PostScript outlines"):
            self.upload(base64.b64encode(b"OTTO" + bytes(100)))

    def test_an_exchanged_file_is_used_at_once(self):
        font = self.upload(self.japanese)
        before = font._face()
        other = next(entry[0] for entry in self.system if entry[1] != self.system[0][1])
        with open(other, "rb") as file:
            font.file = base64.b64encode(file.read())
        self.assertNotEqual(font._face().label, before.label)

    def test_a_font_in_memory_is_embedded_like_one_on_disk(self):
        face = fonts.face(base64.b64decode(self.japanese))
        self.assertEqual(face.label, fonts.face(self.system[0][0]).label)
        self.assertIsInstance(face.open(), io.BytesIO)

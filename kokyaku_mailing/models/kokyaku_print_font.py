import logging

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from odoo.addons.kokyaku_crm.paper import system_fonts

from ..atena import fonts

_logger = logging.getLogger(__name__)

STYLES = [(system_fonts.GOTHIC, "Gothic"), (system_fonts.MINCHO, "Mincho")]
PATH_PARAMETER = "kokyaku_mailing.font_path"


class KokyakuPrintFont(models.Model):
    """印字フォント: TrueType fonts that the office brings for its labels.

    Without any, the fonts that the server's system has are used (IPAex and the like). A font
    may also only supply what the others lack: rare kanji of names, or the office's own 外字.
    """

    _name = "kokyaku.print.font"
    _description = "Print Font"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    style = fields.Selection(STYLES, required=True, default=system_fonts.GOTHIC)
    file = fields.Binary(string="Font File", required=True, attachment=True)
    filename = fields.Char(string="File Name")
    supplement = fields.Boolean(
        string="Supplement Only",
        help="Used only for characters that the other fonts do not have, such as rare kanji of "
        "names or characters made by the office.",
    )

    @api.onchange("filename")
    def _onchange_filename(self):
        if self.filename and not self.name:
            self.name = self.filename.rpartition(".")[0] or self.filename

    @api.constrains("file", "supplement")
    def _check_file(self):
        for font in self:
            try:
                font._face()
            except fonts.FontError as error:
                _logger.info("Font %s refused: %s", font.name, error.detail)
                raise ValidationError(font._refusal(error.code)) from error

    def _refusal(self, code):
        """Say why a font file cannot be used, and what to do."""
        reasons = {
            "postscript_outlines": self.env._(
                "“%s” has PostScript outlines (OpenType/CFF), which cannot be embedded in "
                "labels. Please choose a font with TrueType outlines (.ttf), such as IPAex "
                "Gothic or BIZ UDGothic.",
                self.name,
            ),
            "not_japanese": self.env._(
                "“%s” has no Japanese characters. Please choose a Japanese font, or tick "
                "“Supplement Only”.",
                self.name,
            ),
        }
        return reasons.get(code) or self.env._(
            "“%s” is not a font file that can be read. Please choose a TrueType font (.ttf or "
            ".ttc).",
            self.name,
        )

    def _face(self):
        """The font, loaded.

        :return: `atena.fonts.Face`
        :raises FontError: when the file cannot be used
        """
        self.ensure_one()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        return fonts.face(
            lambda: attachment.raw or b"",
            japanese=not self.supplement,
            key=attachment.checksum or f"font-{self.id}",
        )

    @api.model
    def _chain(self, style, preferred=None):
        """The fonts to print with, in order; each supplies what those before it lack.

        First the preferred one, then the file that the system parameter
        ``kokyaku_mailing.font_path`` names, then the office's fonts of the style, then the
        system's of the style, and after them whatever else there is.

        :param style: ``gothic`` or ``mincho``
        :param preferred: a print font, or nothing
        :return: `atena.fonts.FontChain`
        :raises UserError: when there is none at all, with the cure
        """
        own = self.sudo().search([])
        main = own.filtered(lambda font: not font.supplement)
        of_style = main.filtered(lambda font: font.style == style)
        path = self.env["ir.config_parameter"].sudo().get_param(PATH_PARAMETER)
        found = _system_fonts()
        first = _load(
            [
                *(font._face for font in preferred or ()),
                *([lambda: fonts.face(path)] if path else []),
                *(font._face for font in of_style),
                *(_loader(entry) for entry in found if entry[1] == style),
            ]
        )
        rest = _load(
            [
                *(font._face for font in main - of_style),
                *(_loader(entry) for entry in found if entry[1] != style),
            ]
        )
        if not first + rest:
            self._raise_no_font()
        supplements = _load([font._face for font in own - main])
        ordered = first[:3] + supplements + rest[:2] if first else rest[:3] + supplements
        return fonts.FontChain(list(dict.fromkeys(ordered)))

    @api.model
    def _raise_no_font(self):
        message = self.env._(
            "The server has no Japanese font that can be embedded in labels. Please upload a "
            "TrueType font (.ttf), such as the free IPAex Gothic, under Mailing > Settings > "
            "Print Fonts; or have the administrator install one on the server (on Debian and "
            "Ubuntu the package fonts-ipaexfont)."
        )
        if not self.env.user.has_group("kokyaku_crm.group_manager"):
            raise UserError(message)
        action = self.env.ref("kokyaku_mailing.action_print_font")
        raise RedirectWarning(message, action.id, self.env._("Open the print fonts"))


def _load(loaders):
    """The faces that can be loaded; what cannot is logged and left out."""
    faces = []
    for loader in loaders:
        try:
            faces.append(loader())
        except fonts.FontError as error:
            _logger.warning("Font skipped: %s %s", error.code, error.detail)
    return faces


def _loader(entry):
    path, _style, number = entry
    return lambda: fonts.face(path, number)


_found = []


def _system_fonts():
    """The machine's Japanese fonts; looked for again only while none was found."""
    if not _found:
        _found.extend(system_fonts.find())
    return _found

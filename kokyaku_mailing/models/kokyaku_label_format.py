from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.kokyaku_crm.paper.system_fonts import GOTHIC

from ..atena import codes
from ..atena.sheet import LabelFormat
from ..atena.testpage import test_page
from .kokyaku_print_font import STYLES

LENGTH = (6, 2)  # hundredths of a millimetre
FIGURES = (
    "page_width page_height label_width label_height columns rows left top pitch_x pitch_y "
    "offset_x offset_y padding address_size name_size"
).split()


class KokyakuLabelFormat(models.Model):
    """ラベル用紙: a sheet of labels, every figure in millimetres.

    Positions are counted from the sheet's edge (margin + i × pitch). What is shipped are
    sheets whose figures add up to the paper; a test page shows what the office's own printer
    makes of them.
    """

    _name = "kokyaku.label.format"
    _description = "Label Sheet"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: all companies use this sheet.", ondelete="cascade"
    )
    note = fields.Char(string="Products", help="Label sheets with these measures.")
    page_width = fields.Float(string="Paper Width", digits=LENGTH, required=True, default=210.0)
    page_height = fields.Float(string="Paper Height", digits=LENGTH, required=True, default=297.0)
    label_width = fields.Float(digits=LENGTH, required=True, default=86.4)
    label_height = fields.Float(digits=LENGTH, required=True, default=42.3)
    columns = fields.Integer(required=True, default=2)
    rows = fields.Integer(required=True, default=6)
    left = fields.Float(string="Left Margin", digits=LENGTH, required=True, default=18.6)
    top = fields.Float(string="Top Margin", digits=LENGTH, required=True, default=21.5)
    pitch_x = fields.Float(
        string="Horizontal Pitch",
        digits=LENGTH,
        required=True,
        default=86.4,
        help="From the left edge of one label to the left edge of the next.",
    )
    pitch_y = fields.Float(
        string="Vertical Pitch",
        digits=LENGTH,
        required=True,
        default=42.3,
        help="From the upper edge of one label to the upper edge of the next.",
    )
    offset_x = fields.Float(
        string="Correction to the Right",
        digits=LENGTH,
        help="What your printer is off by: positive moves everything to the right, negative to "
        "the left.",
    )
    offset_y = fields.Float(
        string="Correction Down",
        digits=LENGTH,
        help="Positive moves everything down, negative up.",
    )
    padding = fields.Float(
        string="Inner Margin",
        digits=LENGTH,
        default=3.0,
        help="Kept clear along the edges of each label.",
    )
    address_size = fields.Float(string="Type Size of the Address", digits=(4, 1), default=10.0)
    name_size = fields.Float(string="Type Size of the Name", digits=(4, 1), default=15.0)
    font_style = fields.Selection(STYLES, string="Typeface", required=True, default=GOTHIC)
    font_id = fields.Many2one(
        "kokyaku.print.font", string="Font", help="Empty: the first font of the typeface."
    )
    per_sheet = fields.Integer(string="Labels per Sheet", compute="_compute_per_sheet")

    @api.depends("columns", "rows")
    def _compute_per_sheet(self):
        for label in self:
            label.per_sheet = max(label.columns, 0) * max(label.rows, 0)

    @api.constrains(*FIGURES)
    def _check_figures(self):
        for label in self:
            problems = label._geometry().problems()
            if problems:
                raise ValidationError(
                    "\n".join(
                        [
                            self.env._("Label sheet “%s”:", label.name),
                            *(label._sentence(*problem) for problem in problems),
                        ]
                    )
                )

    def _sentence(self, code, field, excess):
        """One sentence for a problem of the sheet, naming the figure and the cure."""
        self.ensure_one()
        label = self._fields[field].get_description(self.env, ["string"])["string"]
        value = f"{self[field]:g}"
        if code in (codes.TOO_WIDE, codes.TOO_HIGH):
            wide = code == codes.TOO_WIDE
            numbers = {
                "page": value,
                "excess": f"{excess:.2f}".rstrip("0").rstrip("."),
                "margin": f"{self.left if wide else self.top:g}",
                "pitch": f"{self.pitch_x if wide else self.pitch_y:g}",
                "size": f"{self.label_width if wide else self.label_height:g}",
                "steps": (self.columns if wide else self.rows) - 1,
            }
            if wide:
                return self.env._(
                    "The labels are %(excess)s mm wider than the paper: left margin %(margin)s + "
                    "%(steps)s × horizontal pitch %(pitch)s + label width %(size)s does not fit "
                    "into the paper width %(page)s mm. Please correct one of these figures.",
                    **numbers,
                )
            return self.env._(
                "The labels are %(excess)s mm higher than the paper: top margin %(margin)s + "
                "%(steps)s × vertical pitch %(pitch)s + label height %(size)s does not fit into "
                "the paper height %(page)s mm. Please correct one of these figures.",
                **numbers,
            )
        sentences = {
            codes.NOT_POSITIVE: self.env._(
                "%(figure)s is %(value)s; it must be greater than 0.", figure=label, value=value
            ),
            codes.NEGATIVE: self.env._(
                "%(figure)s is %(value)s; it must not be negative.", figure=label, value=value
            ),
            codes.OVERLAP_X: self.env._(
                "%(figure)s is %(value)s mm, less than the label width: the labels would overlap.",
                figure=label,
                value=value,
            ),
            codes.OVERLAP_Y: self.env._(
                "%(figure)s is %(value)s mm, less than the label height: the labels would overlap.",
                figure=label,
                value=value,
            ),
            codes.OFFSET_TOO_LARGE: self.env._(
                "%(figure)s is %(value)s mm; more than %(limit)g mm is no correction of a printer. "
                "Please change the margins instead.",
                figure=label,
                value=value,
                limit=excess,
            ),
            codes.PADDING_TOO_LARGE: self.env._(
                "%(figure)s is %(value)s mm, which leaves less than half of the label to print on.",
                figure=label,
                value=value,
            ),
        }
        return sentences[code]

    def _geometry(self):
        """The sheet as the drawing code takes it.

        :return: `atena.sheet.LabelFormat`
        """
        self.ensure_one()
        return LabelFormat(**{name: self[name] for name in FIGURES})

    def _font_chain(self):
        """The fonts of this sheet.

        :return: `atena.fonts.FontChain`
        :raises UserError: when the server has none
        """
        self.ensure_one()
        return self.env["kokyaku.print.font"]._chain(self.font_style, self.font_id.sudo())

    def _test_page(self):
        """テストページ of this sheet.

        :return: PDF as bytes
        :raises UserError: when the server has no font
        """
        self.ensure_one()
        notes = [
            self.env._("Print at 100 % (actual size), not “fit to page”."),
            self.env._("Lay a ruler on the scale: 100 mm must measure 100 mm."),
            self.env._("Hold it against a label sheet; enter the difference as correction."),
        ]
        return test_page(self._geometry(), self._font_chain(), self.name, notes)

    def action_test_page(self):
        """テストページ: open the test page as PDF."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/kokyaku_mailing/label_format/{self.id}/test_page",
            "target": "new",
        }

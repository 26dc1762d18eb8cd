import base64
import io

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.import_reader import reading

ENCODINGS = ("utf-8-sig", "cp932")
SMALLEST, LARGEST = 8, 8000  # pixels of a picture's side
# What of a card is written into the field of the same meaning.
FIELDS = {
    "name": "name",
    "family_name": "family_name",
    "given_name": "given_name",
    "family_kana": "family_kana",
    "given_kana": "given_kana",
    "kana": "kana",
    "function": "function",
    "email": "email",
    "mobile": "mobile_phone",
}
PLACE = ("zip", "city", "street", "street2", "phone", "fax")


class CardEntry(models.TransientModel):
    """名刺・QRコード: one person out of a vCard: pasted, as a file, as a picture of its QR code, or
    read by the camera. Shows who it may be already; else opens the form of a new person, filled.
    """

    _name = "kokyaku.card.entry"
    _description = "Enter a Card"

    text = fields.Text(string="Text of the Card")
    file = fields.Binary(string="File or Picture", attachment=False)
    file_name = fields.Char()
    name = fields.Char(string="Full Name", compute="_compute_card")
    company_name = fields.Char(compute="_compute_card")
    details = fields.Char(compute="_compute_card")
    known_ids = fields.Many2many("res.partner", string="Known Already", compute="_compute_card")

    @api.onchange("file")
    def _onchange_file(self):
        if self.file:
            self.text = self._text_of(base64.b64decode(self.file))
            self.file = False

    @api.depends("text")
    def _compute_card(self):
        for entry in self:
            card = entry._card()
            entry.name = card.get("name")
            entry.company_name = card.get("company_name")
            shown = ("department", "function", "email", "mobile", "phone", "company_phone")
            entry.details = "　".join(filter(None, map(card.get, shown)))
            entry.known_ids = entry._known(card) if card else False

    def action_enter(self):
        """個人マスターに登録: open the form of a new person, filled from the card."""
        self.ensure_one()
        card = self._card()
        if not card:
            raise UserError(
                self.env._(
                    "There is no card here. Please paste a vCard, or choose a vcf file or a "
                    "picture of the QR code."
                )
            )
        values = self._values(card)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_persons"),
            "views": [(False, "form")],
            "res_id": False,
            "target": "current",
            "context": {
                "default_is_company": False,
                "default_type": "contact",
                "res_partner_search_mode": "customer",
                **{f"default_{fname}": value for fname, value in values.items()},
            },
        }

    # ---- Reading -----------------------------------------------------------------------

    def _card(self):
        """Return the card's values by target (see ``kokyaku_crm.reading``), {} without one."""
        text = (self.text or "").strip()
        if not text:
            return {}
        return reading(self.env).vcard.read(text) or {}

    @api.model
    def _text_of(self, content):
        """Return the text of a vcf file, or of the QR code in a picture."""
        for encoding in ENCODINGS:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
        return self._text_of_picture(content)

    @api.model
    def _text_of_picture(self, content):
        try:
            import zxingcpp  # noqa: PLC0415 - one feature only; the add-on installs without it
        except ImportError as error:
            raise UserError(
                self.env._(
                    "Reading QR codes needs the Python package “%s”. Please ask the administrator "
                    "to install it.",
                    "zxing-cpp",
                )
            ) from error
        from PIL import Image  # noqa: PLC0415 - as above

        try:
            picture = Image.open(io.BytesIO(content))
            if not SMALLEST <= max(picture.size) <= LARGEST:
                raise UserError(self.env._("The picture is too small or too large."))
            found = zxingcpp.read_barcodes(picture.convert("RGB"))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise UserError(
                self.env._("This is neither a vcf file nor a picture that can be read.")
            ) from error
        if not found:
            raise UserError(
                self.env._(
                    "No QR code was found in the picture. Please take it once more, from straight "
                    "above."
                )
            )
        return found[0].text

    # ---- Who it is ---------------------------------------------------------------------

    def _known(self, card):
        """Return the people the card may be about: the same e-mail, or alike by name."""
        partners = self.env["res.partner"]
        values = self._values(card)
        known = partners.new({**values, "type": "contact"})._similar_partners(5)
        if card.get("email"):
            same = [("email_normalized", "=", card["email"].lower()), ("is_company", "=", False)]
            known |= partners.search(same, limit=5)
        return known

    def _values(self, card):
        """Return the values of a new person. What stands for the office goes with the company
        when it is one of ours, else to the person; a department we do not have stands before the
        position."""
        values = {fname: card[target] for target, fname in FIELDS.items() if card.get(target)}
        company = card.get("company_name")
        parent = self._company(company)
        department = parent.child_ids.filtered(lambda one: one.name == card.get("department"))[:1]
        if card.get("department") and not department:
            position = " ".join(filter(None, (card["department"], card.get("function"))))
            values["function"] = position
        if parent:
            values["parent_id"] = (department or parent).id
        elif company:
            values["company_name"] = company
        for fname in PLACE:
            if value := card.get(fname) or card.get(f"company_{fname}"):
                values[fname] = value
        states = card.get("state") or card.get("company_state")
        japan = self.env.ref("base.jp")
        if states:
            state = self.env["res.country.state"].search(
                [("country_id", "=", japan.id), ("name", "=", states)], limit=1
            )
            values |= {"state_id": state.id, "country_id": japan.id} if state else {}
        return values

    def _company(self, name):
        companies = self.env["res.partner"]
        if not name:
            return companies
        return companies.new({"name": name, "is_company": True})._similar_partners(1)

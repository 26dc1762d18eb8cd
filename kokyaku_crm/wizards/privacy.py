from base64 import b64encode

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..reports import disclosure


class PrivacyDisclosure(models.TransientModel):
    """開示請求: print everything we hold on a person. The file lives as long as the wizard."""

    _name = "kokyaku.privacy.disclosure"
    _description = "Disclosure of Personal Data"

    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    requested_on = fields.Date(default=fields.Date.context_today)
    reason = fields.Char(
        string="Request",
        help="How it was asked for, and how the identity was checked. Stands in the privacy log.",
    )
    contact = fields.Char(
        string="Contact for Questions",
        required=True,
        default=lambda self: self.env.company.name + " " + self.env.user.name,
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_print(self):
        """Make the PDF, note it in the privacy log, and open it."""
        self.ensure_one()
        self.partner_id.check_access("read")
        if not self.env.user.has_group("kokyaku_crm.group_manager"):
            raise UserError(self.env._("Only managers can disclose personal data."))
        self.write(
            {
                "file": b64encode(self._pdf()),
                "file_name": self.env._("Disclosure %s.pdf", self.partner_id.name or ""),
            }
        )
        self.env["kokyaku.privacy.log"].sudo().create(
            {
                "kind": "disclosure",
                "partner_id": self.partner_id.id,
                "number": f"#{self.partner_id.id}",
                "user_id": self.env.uid,
                "reason": self.reason,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def _pdf(self):
        company = self.env.company
        person = self.partner_id.sudo()
        address = (company.partner_id._display_address(without_company=True) or "").splitlines()
        return disclosure.draw(
            title=self.env._("Notice of the Personal Data We Hold"),
            letterhead=[
                format_date(self.env, fields.Date.context_today(self)),
                company.name,
                " ".join(filter(None, (line.strip() for line in address))),
                " ".join(filter(None, (company.phone, company.email))),
                self.env._("Contact for questions: %s", self.contact),
            ],
            addressee=f"{person.name or ''} {person.honorific_text()}".strip(),
            intro=self.env._(
                "In answer to your request of %s we tell you what we hold on you. If anything is "
                "wrong, or if you want us to stop using or to erase it, please tell the contact "
                "above.",
                format_date(self.env, self.requested_on),
            ),
            sections=person._disclosure_sections(),
        )


class PrivacyErase(models.TransientModel):
    """個人情報の消去: shows what goes and what stays, asks why, and erases."""

    _name = "kokyaku.privacy.erase"
    _description = "Erase a Person"

    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(
        help="Who asked for it, and when: a letter of …, a call of …. Please do not repeat the "
        "name."
    )
    goes = fields.Html(string="What Goes", compute="_compute_summary")
    stays = fields.Html(string="What Stays", compute="_compute_summary")
    confirmed = fields.Boolean(string="I have read this. It cannot be undone.")

    @api.depends("partner_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.partner_id._check_erase()
            lists = wizard.partner_id._erase_summary()
            wizard.goes, wizard.stays = (
                Markup("<ul>%s</ul>")
                % Markup("").join(Markup("<li>%s</li>") % text for text in texts)
                for texts in lists
            )

    def action_erase(self):
        """Erase the person and go back to the list."""
        self.ensure_one()
        if not self.confirmed or not (self.reason or "").strip():
            raise UserError(
                self.env._("Please enter the reason and tick that you have read what goes.")
            )
        self.partner_id._erase(self.reason.strip())
        action = self.env["ir.actions.act_window"]._for_xml_id("kokyaku_crm.action_persons")
        return {**action, "target": "main"}

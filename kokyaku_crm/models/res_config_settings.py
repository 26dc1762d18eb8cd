from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    registration_enabled = fields.Boolean(related="company_id.registration_enabled", readonly=False)
    registration_title = fields.Char(related="company_id.registration_title", readonly=False)
    registration_privacy = fields.Html(related="company_id.registration_privacy", readonly=False)
    registration_privacy_version = fields.Char(
        related="company_id.registration_privacy_version", readonly=False
    )
    registration_url = fields.Char(
        string="Address of the Page", compute="_compute_registration_url"
    )

    @api.depends("company_id")
    def _compute_registration_url(self):
        for settings in self:
            base = settings.get_base_url()
            settings.registration_url = f"{base}/kokyaku/register/{settings.company_id.id}"

    def set_values(self):
        result = super().set_values()
        if self.registration_enabled and (
            is_html_empty(self.registration_privacy) or not self.registration_privacy_version
        ):
            raise ValidationError(
                self.env._(
                    "Member registration of %(company)s: please enter “Privacy Text” and “Version "
                    "of the Privacy Text” before you switch it on.",
                    company=self.company_id.display_name,
                )
            )
        return result

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    registration_enabled = fields.Boolean(
        string="Member Registration",
        help="Let people register as members on a public page. A person is created only after "
        "they have confirmed by e-mail.",
    )
    registration_title = fields.Char(
        string="Title of the Registration Page",
        translate=True,
        help="Empty: Member Registration.",
    )
    registration_privacy = fields.Html(
        string="Privacy Text",
        translate=True,
        help="How you use personal data. Applicants read and accept it.",
    )
    registration_privacy_version = fields.Char(
        string="Version of the Privacy Text",
        help="Noted with every consent. Change it whenever the text changes.",
    )

    @api.model
    def _registration_company(self, number=None):
        """Return the company whose members can register at this address; empty for none.

        :param number: the id in the address, None for the plain address
        """
        companies = self.sudo().search([("registration_enabled", "=", True)])
        if number is not None:
            return companies.filtered(lambda company: company.id == number)
        return companies & self.env.company or companies[:1]

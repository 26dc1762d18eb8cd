from odoo import api, models
from odoo.exceptions import ValidationError


class Portfolio(models.Model):
    """既定のポートフォリオ: the one of a company that the board and the persons show."""

    _inherit = "kokyaku.portfolio"

    @api.model
    def _current(self):
        """Return the default portfolio of the present company; empty when it has none yet."""
        return self.sudo().search(
            [("company_id", "=", self.env.company.id), ("is_default", "=", True)], limit=1
        ).sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        """Who adds a further portfolio by hand has said what it is to count: nothing is asked."""
        for vals in vals_list:
            if vals.get("is_default"):
                self._unset_default(vals.get("company_id") or self.env.company.id)
            else:
                vals.setdefault("configured", True)
        portfolios = super().create(vals_list)
        for portfolio, vals in zip(portfolios, vals_list, strict=True):
            if not vals.get("name"):  # made by a program: named in every language of the office
                for lang, __ in self.env["res.lang"].get_installed():
                    translated = portfolio.with_context(lang=lang)
                    translated.name = translated._default_name()
        return portfolios

    def write(self, vals):
        if vals.get("is_default"):
            for portfolio in self.filtered(lambda one: not one.is_default):
                self._unset_default(vals.get("company_id") or portfolio.company_id.id)
        return super().write(vals)

    def _unset_default(self, company_id):
        """Make room: a company has one default portfolio."""
        former = self.search([("company_id", "=", company_id), ("is_default", "=", True)])
        former.is_default = False
        former.flush_recordset(["is_default"])

    @api.constrains("is_default", "active")
    def _check_default_active(self):
        for portfolio in self:
            if portfolio.is_default and not portfolio.active:
                raise ValidationError(
                    self.env._(
                        "“%s” is the default portfolio of its company and cannot be archived. Make "
                        "another one the default first.",
                        portfolio.name,
                    )
                )

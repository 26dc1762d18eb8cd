from odoo import fields, models


class ResPartner(models.Model):
    """The lines of imported files that became, or changed, a person: told on disclosure."""

    _inherit = "res.partner"

    import_line_ids = fields.One2many(
        "kokyaku.import.person",
        "partner_id",
        string="Rows of Imported Files",
        readonly=True,
        groups="kokyaku_crm.group_user",
    )

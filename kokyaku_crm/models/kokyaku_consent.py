from odoo import fields, models

from .kokyaku_selection_type import PURPOSES

CHANNELS = [
    ("post", "Post"),
    ("email", "E-Mail"),
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("fax", "Fax"),
    ("visit", "Visit"),
]
CONSENT_STATES = [("allowed", "Allowed"), ("refused", "Refused"), ("unknown", "Unknown")]


class KokyakuConsent(models.Model):
    """受取可否: what a person wants to receive, per channel and purpose, and on what basis."""

    _name = "kokyaku.consent"
    _description = "Consent"
    _order = "partner_id, channel, purpose"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    channel = fields.Selection(CHANNELS, required=True)
    purpose = fields.Selection(PURPOSES, required=True)
    state = fields.Selection(CONSENT_STATES, required=True, default="unknown")
    basis = fields.Char(help="On what ground: form, spoken, contract, business card …")
    date = fields.Date(default=fields.Date.context_today)
    source = fields.Char(string="Evidence", help="Where it can be proved: file, page, who heard it.")

    _one_per_channel = models.Constraint(
        "UNIQUE(partner_id, channel, purpose)",
        "There is an entry for this channel and purpose already.",
    )

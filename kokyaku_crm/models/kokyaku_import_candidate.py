from odoo import fields, models


class KokyakuImportCandidate(models.Model):
    """候補: somebody known whom a line of a file may mean, with what speaks for it.

    Without points as long as nobody has been judged.
    """

    _name = "kokyaku.import.candidate"
    _description = "Who a Row May Be"
    _order = "line_id, points desc, id"
    _rec_name = "partner_id"
    _log_access = False

    line_id = fields.Many2one(
        "kokyaku.import.person", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    by_phone = fields.Boolean(readonly=True)
    points = fields.Integer(readonly=True, aggregator=False)
    reasons = fields.Char(readonly=True)

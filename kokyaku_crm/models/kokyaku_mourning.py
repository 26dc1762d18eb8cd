from odoo import fields, models


class KokyakuMourning(models.Model):
    """喪中: someone of the family died; no New Year card for that year. Ends by itself."""

    _name = "kokyaku.mourning"
    _description = "Mourning"
    _order = "date_to desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    notice_date = fields.Date(required=True, default=fields.Date.context_today)
    relation_id = fields.Many2one("kokyaku.relation", ondelete="restrict")
    deceased_name = fields.Char(string="Who Died")
    died_on = fields.Date(help="The 49 days are counted from here.")
    year = fields.Integer(help="The New Year for which no card is sent.", aggregator=False)
    date_to = fields.Date(string="Until", help="The last day of mourning.")
    note = fields.Char()

from odoo import fields, models

REASONS = [
    ("contact", "Delivery or Invoice Contact"),
    ("name", "Name in the Reference"),
    ("family", "Family Name in the Reference"),
    ("address", "Like the Delivery Address"),
]
STATES = [("open", "To Be Decided"), ("done", "Person Set"), ("refused", "Not This Person")]


class KokyakuPersonProposal(models.Model):
    """個人の候補: a company's order or invoice that names no person, and who may be behind it.

    Found by statement (``person_proposal_find``), decided by people (``person_proposal_decide``)
    on a list like that of the sales lines (``person_proposal_screen``). Nothing is set without
    somebody's decision; what was refused is not proposed again. Whoever may not see the document
    does not see its proposal (record rules).
    """

    _name = "kokyaku.person.proposal"
    _inherit = ["kokyaku.worklist.mixin"]
    _description = "Person Proposed for an Order"
    _order = "points desc, partner_id, date desc, id"
    _rec_name = "person_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    order_id = fields.Many2one(
        "sale.order", string="Sales Order", ondelete="cascade", index="btree_not_null"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Ordering Company", ondelete="cascade", index=True
    )
    person_id = fields.Many2one(
        "res.partner",
        string="Person",
        ondelete="set null",
        index="btree_not_null",
        help="The likeliest person, and when it is decided the one who was set. "
        "Empty: several are as likely.",
    )
    reason = fields.Selection(REASONS, string="Why")
    reference = fields.Char(string="Customer Reference")
    date = fields.Date()
    points = fields.Integer(string="Certainty", aggregator=False)
    state = fields.Selection(STATES, required=True, default="open")
    skipped = fields.Boolean(string="Put Off")
    decided_by_id = fields.Many2one("res.users", string="Decided by", ondelete="set null")
    decided_at = fields.Datetime()
    candidate_ids = fields.One2many("kokyaku.person.candidate", "proposal_id", string="Candidates")

    _list_idx = models.Index("(company_id, state, points DESC, partner_id, date DESC, id)")


class KokyakuPersonCandidate(models.Model):
    """Who may be behind an order, and what speaks for it."""

    _name = "kokyaku.person.candidate"
    _description = "Candidate for an Order"
    _order = "points desc, id"
    _rec_name = "person_id"
    _log_access = False

    proposal_id = fields.Many2one(
        "kokyaku.person.proposal", required=True, index=True, ondelete="cascade"
    )
    person_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    points = fields.Integer(string="Certainty", aggregator=False)
    reason = fields.Selection(REASONS, string="Why")

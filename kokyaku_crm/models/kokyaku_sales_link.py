from odoo import fields, models

from .kokyaku_sales_record import LINKED_BY

STATES = [
    ("open", "To Be Decided"),
    ("auto", "Linked Automatically"),
    ("linked", "Linked by Hand"),
    ("new", "Entered as a New Person"),
    ("refused", "Nobody of Ours"),
]
BY_HAND = ("linked", "new", "refused")
# What somebody decided about a buyer (as ``l``) counts for more than what the program finds.
DECIDED = "(l.state IN ('linked', 'new', 'refused') OR l.taken_off IS TRUE)"


class KokyakuSalesLink(models.Model):
    """売上の紐付け: one buyer as the sales lines of a source name them, and who that is.

    A buyer is decided once for all of their lines, those of later imports included: the row is
    the memory. One customer code with one name is one buyer; without a code the name with the
    e-mail, else the phone, else the address. Lines that name nobody at all (the till) share one
    buyer without a name.

    When a customer code passes to another customer, the buyer it named keeps what they have, and
    what is imported from then on is another buyer's.

    Written by statements (``sales_link_collect``, ``sales_link_match``) and by decisions
    (``sales_link_decide``). Nothing but the program writes it.
    """

    _name = "kokyaku.sales.link"
    _inherit = ["kokyaku.buyer.mixin", "kokyaku.worklist.mixin"]
    _description = "Buyer to Be Linked"
    _order = "state, points desc, amount desc, id"
    _rec_name = "buyer_name"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    source = fields.Char(string="Data Source", required=True)
    key = fields.Char(required=True, help="A digest of what tells this buyer from others.")
    # The same, folded as the search keys of the people are.
    code_key = fields.Char()
    name_key = fields.Char()
    kana_key = fields.Char()
    email_key = fields.Char()
    phone_key = fields.Char()
    zip_key = fields.Char()
    address_key = fields.Char()
    company_key = fields.Char()

    line_count = fields.Integer(string="Lines")
    is_to_be_counted = fields.Boolean(
        help="Lines of theirs are being taken back; the figures follow when that is done."
    )
    amount = fields.Monetary(string="Amount (Tax Included)")
    first_date = fields.Date(string="First Purchase")
    last_date = fields.Date(string="Last Purchase")
    state = fields.Selection(STATES, required=True, default="open")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="restrict"
    )
    linked_by = fields.Selection(LINKED_BY)
    points = fields.Integer(
        string="Certainty",
        aggregator=False,
        help="How much speaks for the likeliest person: 0 when nobody was found.",
    )
    reasons = fields.Char(help="What the buyer has in common with the customer.")
    skipped = fields.Boolean(string="Put Off")
    taken_off = fields.Boolean(
        help="Somebody took the link off, or the customer code has passed to somebody else: the "
        "program offers people, but links nobody by itself."
    )
    candidate_ids = fields.One2many("kokyaku.sales.link.candidate", "link_id", string="Candidates")
    log_ids = fields.One2many("kokyaku.sales.link.log", "link_id", string="Decisions")

    _key_uniq = models.UniqueIndex("(company_id, source, key)")
    _list_idx = models.Index("(company_id, state, points DESC, amount DESC, id)")
    _code_idx = models.Index("(company_id, source, code_key) WHERE code_key IS NOT NULL")
    _word_idx = models.Index("(company_id, key) WHERE code_key IS NULL")


class KokyakuSalesLinkCandidate(models.Model):
    """Who a buyer may be, and what speaks for it."""

    _name = "kokyaku.sales.link.candidate"
    _description = "Candidate for a Buyer"
    _order = "points desc, id"
    _rec_name = "partner_id"
    _log_access = False

    link_id = fields.Many2one(
        "kokyaku.sales.link", string="Buyer", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    points = fields.Integer(string="Certainty", aggregator=False)
    reasons = fields.Char()


class KokyakuSalesRecord(models.Model):
    """Each sales line knows its buyer.

    By a plain number: checking a foreign key for each line takes a fourth of the linking, and
    buyers are deleted with their company only, as the lines are.
    """

    _inherit = "kokyaku.sales.record"

    link_id = fields.Integer(string="Buyer No.", index="btree_not_null", aggregator=False)

    # What is still to be looked at, in the order it came.
    _unlinked_idx = models.Index("(company_id, id) WHERE link_id IS NULL")

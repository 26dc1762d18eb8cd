from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

NEW, PROMOTED, RANK_DOWN, LAPSED, REACTIVATED = (
    "new", "promoted", "rank_down", "lapsed", "reactivated"
)


def movement_of(before, after):
    """Name the move from one tier to another (two ``kokyaku.tier`` records, the first may be
    empty).

    Coming back and falling away go first: who returns from 優良離脱客 to コツコツ現役客 has come
    back, whatever the rank.
    """
    if not before:
        return NEW
    if before.lapsed != after.lapsed:
        return LAPSED if after.lapsed else REACTIVATED
    return PROMOTED if after.rank > before.rank else RANK_DOWN


class TierPeriod(models.Model):
    """顧客層の移動: each stay as the move that began it."""

    _name = "kokyaku.tier.period"
    _inherit = ["kokyaku.tier.period", "kokyaku.portfolio.rows"]

    partner_ref = fields.Char("Customer Code", related="partner_id.ref")
    partner_kana = fields.Char("Kana", related="partner_id.kana")
    partner_user_id = fields.Many2one("res.users", "Staff in charge", related="partner_id.user_id")
    tier_color = fields.Integer(related="tier_id.color")
    previous_tier_color = fields.Integer("Previous color", related="previous_tier_id.color")
    movement = fields.Selection(
        [
            (NEW, "New"),
            (PROMOTED, "Moved up"),
            (RANK_DOWN, "Rank down"),
            (LAPSED, "Lapsed"),
            (REACTIVATED, "Reactivated"),
        ],
        compute="_compute_movement", search="_search_movement",
    )
    in_base_month = fields.Boolean(
        "Moved in the base month", compute="_compute_in_base_month",
        search="_search_in_base_month",
        help="From the first of the month of the base date up to the base date.",
    )

    @api.depends("tier_id", "previous_tier_id")
    def _compute_movement(self):
        for stay in self:
            stay.movement = movement_of(stay.previous_tier_id, stay.tier_id)

    @api.model
    def _tier_pairs(self):
        """Return ``{movement: [(previous tier id, tier id)]}`` for all pairs of two tiers."""
        tiers = self.env["kokyaku.tier"].sudo().search([])
        pairs = {}
        for before in tiers:
            for after in tiers - before:
                pairs.setdefault(movement_of(before, after), []).append((before.id, after.id))
        return pairs

    @api.model
    def _search_movement(self, operator, value):
        if operator != "in":
            return NotImplemented
        pairs = self._tier_pairs()
        domains = []
        for movement in value:
            if movement == NEW:
                domains.append(Domain("previous_tier_id", "=", False))
            else:
                domains += [
                    Domain("previous_tier_id", "=", before) & Domain("tier_id", "=", after)
                    for before, after in pairs.get(movement, [])
                ]
        return Domain.OR(domains)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Name the move in SQL, so that it groups and sorts."""
        if field_expr != "movement":
            return super()._field_to_sql(alias, field_expr, query)
        before = SQL.identifier(alias, "previous_tier_id")
        after = SQL.identifier(alias, "tier_id")
        return SQL(
            "(CASE WHEN %s IS NULL THEN %s %s END)",
            before, NEW,
            SQL(" ").join(
                SQL("WHEN (%s, %s) IN %s THEN %s", before, after, tuple(pairs), movement)
                for movement, pairs in self._tier_pairs().items()
            ),
        )

    def _compute_in_base_month(self):
        for stay in self:
            as_of = stay.portfolio_id.as_of
            stay.in_base_month = bool(
                as_of and as_of.replace(day=1) <= stay.date_from <= as_of
            )

    @api.model
    def _search_in_base_month(self, operator, value):
        if operator != "in":
            return NotImplemented

        def this_month(portfolio):
            as_of = portfolio.as_of or portfolio._base_day()
            return [("date_from", ">=", as_of.replace(day=1)), ("date_from", "<=", as_of)]

        found = self._search_per_portfolio(this_month)
        return found if True in value else ~found

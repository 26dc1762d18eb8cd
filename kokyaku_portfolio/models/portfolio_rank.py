from odoo import fields, models
from odoo.tools import SQL


class Portfolio(models.Model):
    """What depends on everyone: a step of its own, after the refresh."""

    _inherit = "kokyaku.portfolio"

    def rank(self):
        """Compute deciles, ABC classes, quintiles and 12-month amounts as of the last refresh.

        - Decile (デシル): equal head-counts by amount, 1 = buys most; when the number does not
          divide by ten, the first ones are larger by one.
        - ABC: by cumulative share of the amount, limits ``abc_a`` and ``abc_b`` in percent; the
          customer that crosses a line belongs to the upper class.
        - Quintiles 5 (best) to 1 for last purchase, number of purchases and amount.
        - ``amount_12m``: net purchases whose day plus 12 months lies after the base date.

        Ties break by customer code, then id, so that a second run gives the same. Only rows that
        differ are written. Prospects have no ranks.

        :raises UserError: a refresh is running
        """
        self._check_may_refresh()
        for portfolio in self:
            portfolio.sudo()._rank()

    def _rank(self):
        self.ensure_one()
        self._lock()
        state = self._state()
        if not state.as_of:
            return
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kokyaku_customer_metrics t SET
                    decile = r.decile, abc_class = r.abc_class, r_quintile = r.r_quintile,
                    f_quintile = r.f_quintile, m_quintile = r.m_quintile,
                    amount_12m = r.amount_12m, ranked_at = %(now)s
                FROM (%(ranks)s) AS r
                WHERE t.id = r.id
                    AND (t.decile, t.abc_class, t.r_quintile, t.f_quintile, t.m_quintile,
                         t.amount_12m)
                    IS DISTINCT FROM (r.decile, r.abc_class, r.r_quintile, r.f_quintile,
                         r.m_quintile, r.amount_12m)
                """,
                now=now, ranks=self._ranks_sql(state.as_of),
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE kokyaku_customer_metrics SET
                    decile = NULL, abc_class = NULL, r_quintile = NULL, f_quintile = NULL,
                    m_quintile = NULL, amount_12m = 0, ranked_at = %s
                WHERE portfolio_id = %s AND tier_id IS NULL AND decile IS NOT NULL""",
                now, self.id,
            )
        )
        tiers = self.env["kokyaku.tier"].search([])
        state.write(
            {
                "ranked_at": now,
                "prospect_count": self._count_prospects(),
                "lapsing": self._board_lapsing(tiers, state.as_of),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _ranks_sql(self, as_of):
        """Return the SELECT of the ranks of all customers in a tier, by the id of their row."""
        return SQL(
            """
            SELECT m.id,
                ntile(10) OVER by_amount AS decile,
                CASE WHEN sum(m.amount) OVER by_amount - m.amount < %(abc_a)s * total.amount
                     THEN 'a'
                     WHEN sum(m.amount) OVER by_amount - m.amount < %(abc_b)s * total.amount
                     THEN 'b' ELSE 'c' END AS abc_class,
                6 - ntile(5) OVER (ORDER BY m.last_date DESC, p.ref, p.id) AS r_quintile,
                6 - ntile(5) OVER (ORDER BY m.purchase_days DESC, p.ref, p.id) AS f_quintile,
                6 - ntile(5) OVER by_amount AS m_quintile,
                COALESCE(y.amount, 0) AS amount_12m
            FROM kokyaku_customer_metrics m
            CROSS JOIN (
                SELECT sum(amount) AS amount FROM kokyaku_customer_metrics
                WHERE portfolio_id = %(portfolio)s AND tier_id IS NOT NULL
            ) AS total
            LEFT JOIN res_partner p ON p.id = m.partner_id
            LEFT JOIN (
                SELECT l.partner_id, sum(d.amount) AS amount
                FROM kokyaku_customer_ledger l, unnest(l.days, l.amounts) AS d (day, amount)
                WHERE l.portfolio_id = %(portfolio)s
                    AND d.day > %(as_of)s::date - 367
                    AND (d.day + interval '12 months')::date > %(as_of)s
                GROUP BY l.partner_id
            ) AS y ON y.partner_id = m.partner_id
            WHERE m.portfolio_id = %(portfolio)s AND m.tier_id IS NOT NULL
            WINDOW by_amount AS (
                ORDER BY m.amount DESC, p.ref, p.id ROWS UNBOUNDED PRECEDING)
            """,
            abc_a=self.abc_a / 100,
            abc_b=self.abc_b / 100,
            as_of=as_of,
            portfolio=self.id,
        )

    def _prospect_domain(self):
        """見込客: the contacts we know who bought nothing, as a domain on ``res.partner``.

        Persons or, by the unit, companies; not our own companies and users, and not those who
        only supply us.
        """
        self.ensure_one()
        own = self.env["res.company"].sudo().search([]).partner_id
        domain = [
            ("company_id", "in", (False, self.company_id.id)),
            ("type", "=", "contact"),
            ("id", "not in", own.ids),
            ("partner_share", "=", True),
            "|", ("customer_rank", ">", 0), ("supplier_rank", "=", 0),
            ("id", "not in", self.env["kokyaku.customer.metrics"].sudo()._search(
                [("portfolio_id", "=", self.id), ("tier_id", "!=", False)], order="id",
            ).select("partner_id")),
        ]
        if self.unit == "person":
            domain.append(("is_company", "=", False))
        else:
            domain.append(("parent_id", "=", False))
        return domain

    def _count_prospects(self):
        return self.env["res.partner"].sudo().search_count(self._prospect_domain())

import json

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import PortfolioCase


class ListCase(PortfolioCase):
    """花 bought often and much, 波 moved up, 遠 fell away and 戻 came back, as of 2024-10-01."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "list_tanto", "kokyaku_crm.group_user",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.loyal = cls.customer("花", ref="A-1", user_id=cls.user.id)
        cls.soon = cls.customer("波", ref="A-2")
        cls.gone = cls.customer("遠", ref="A-3")
        cls.back = cls.customer("戻", ref="A-4")
        for partner, day, amount in (
            (cls.loyal, "2023-11-01", 60_000), (cls.loyal, "2024-09-01", 60_000),
            (cls.soon, "2024-02-01", 5_000), (cls.soon, "2024-02-11", 5_000),
            (cls.gone, "2024-02-01", 3_000),
            (cls.back, "2023-06-01", 4_000), (cls.back, "2024-09-20", 4_000),
        ):
            cls.order(partner, day, amount)
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()
        cls.portfolio.rank()
        cls.mine = cls.env(user=cls.user)

    def people(self, *domain, model="kokyaku.customer.metrics", **search):
        mine = Domain("portfolio_id", "=", self.portfolio.id)
        return "".join(
            self.mine[model].search(mine & Domain(list(domain)), **search).partner_id.mapped("name")
        )


@tagged("post_install", "-at_install")
class TestCustomerList(ListCase):
    """顧客一覧"""

    def test_all_that_match_go_into_a_selection_set(self):
        context = {
            "active_model": "kokyaku.customer.metrics",
            "active_ids": [],
            "active_domain": [
                ("portfolio_id", "=", self.portfolio.id),
                ("tier_id.lapsed", "=", False),
            ],
        }
        chosen = self.mine["kokyaku.customer.metrics"].search(context["active_domain"])
        self.assertTrue(chosen)
        action = self.env.ref("kokyaku_portfolio.action_metrics_selection_add")
        wizard = self.mine[action.res_model].with_context(**context).create(
            {"target": "new", "new_name": "復活のご案内"}
        )
        wizard.action_apply()
        self.assertEqual(wizard.set_id.member_ids.partner_id, chosen.partner_id)
        self.assertEqual(set(wizard.set_id.member_ids.mapped("origin")), {"manual"})

    def test_it_opens_on_the_portfolio_of_the_company(self):
        other = self.portfolio.copy()
        other.refresh()
        found = self.mine["kokyaku.customer.metrics"].search([("in_default_portfolio", "=", True)])
        self.assertEqual(found.portfolio_id, self.portfolio)
        self.assertEqual(set(found.mapped("in_default_portfolio")), {True})
        rest = self.mine["kokyaku.customer.metrics"].search([("in_default_portfolio", "=", False)])
        self.assertEqual(rest.portfolio_id.ids, other.ids)

    def test_who_lapses_within_30_days(self):
        # 240 days after 2024-02-11 is 2024-10-08; 遠 (2024-02-01) has lapsed on 2024-09-28.
        self.assertEqual(self.people(("lapses_soon", "=", True)), "波")
        self.assertNotIn("波", self.people(("lapses_soon", "=", False)))
        row = self.mine["kokyaku.customer.metrics"].search([("partner_id", "=", self.soon.id)])
        self.assertTrue(row.lapses_soon)
        self.assertEqual(str(row.lapses_on), "2024-10-08")

    def test_the_one_who_bought_most_comes_first(self):
        self.assertEqual(self.people(), "花波戻遠")

    def test_my_customers_and_search_by_code(self):
        self.assertEqual(self.people(("partner_id.user_id", "=", self.user.id)), "花")
        self.assertEqual(self.people(("partner_ref", "=", "A-3")), "遠")
        self.assertEqual(self.people(order="partner_ref desc"), "戻遠波花")

    def test_a_row_opens_the_person(self):
        row = self.mine["kokyaku.customer.metrics"].search([("partner_id", "=", self.gone.id)])
        self.assertEqual(row.action_open_partner()["res_id"], self.gone.id)

    def test_a_row_of_a_deleted_person_says_so(self):
        row = self.mine["kokyaku.customer.metrics"].search([("partner_id", "=", self.gone.id)])
        self.env.cr.execute("UPDATE kokyaku_customer_metrics SET partner_id = -1 WHERE id = %s",
                            [row.id])
        row.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "deleted meanwhile"):
            row.action_open_partner()

    def test_the_page_of_a_tier_comes_from_the_index_in_order(self):
        """No sort: or a tier of half a million people would be sorted for each page."""
        tier = self.mine.ref("kokyaku_portfolio.tier_loyal_active")
        self.env.cr.execute(
            """INSERT INTO kokyaku_customer_metrics (portfolio_id, company_id, partner_id, tier_id,
                amount) SELECT %s, %s, -n, %s + n %% 5, n * 7919 %% 100000
            FROM generate_series(1, 20000) n""",
            [self.portfolio.id, self.company.id, tier.id - 4],
        )
        self.env.cr.execute("ANALYZE kokyaku_customer_metrics")
        Metrics = self.mine["kokyaku.customer.metrics"]
        query = Metrics._search(
            [("in_default_portfolio", "=", True), ("tier_id", "!=", False),
             ("tier_id", "=", tier.id)],
            limit=80, order=Metrics._order,
        )
        [[plan]] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", query.select()))
        nodes = json.dumps(plan)
        self.assertIn("kokyaku_customer_metrics_tier_idx", nodes)
        self.assertNotIn('"Sort"', nodes)


@tagged("post_install", "-at_install")
class TestMoves(ListCase):
    """顧客層の移動: who moved when from where to where."""

    def moved(self, movement):
        return self.people(("movement", "=", movement), model="kokyaku.tier.period",
                           order="date_from, id")

    def test_the_kinds_of_moves(self):
        # 花 lapses 2024-06-28 and comes back with the second order; 戻 2024-01-27 likewise.
        self.assertEqual(self.moved("new"), "戻花波遠")
        self.assertEqual(self.moved("promoted"), "波")
        self.assertEqual(self.moved("lapsed"), "戻花遠")
        self.assertEqual(self.moved("reactivated"), "花戻")
        self.assertEqual(self.moved("rank_down"), "")

    def test_every_stay_says_how_it_began_as_the_filter_does(self):
        stays = self.mine["kokyaku.tier.period"].search([])
        for movement, __ in stays._fields["movement"].selection:
            self.assertEqual(
                stays.search([("movement", "=", movement)], order="id"),
                stays.filtered(lambda stay, kind=movement: stay.movement == kind).sorted("id"),
            )
        self.assertEqual(
            stays.search_count([("movement", "in", ["new", "lapsed"])]),
            stays.search_count([("movement", "not in", ["promoted", "reactivated", "rank_down"])]),
        )

    def test_a_return_that_lowers_the_tier_is_a_rank_down(self):
        self.order(self.loyal, "2024-09-25", -90_000)
        self.portfolio.refresh()
        self.assertEqual(self.moved("rank_down"), "花")

    def test_moves_are_counted_by_kind(self):
        groups = self.mine["kokyaku.tier.period"]._read_group(
            [("portfolio_id", "=", self.portfolio.id)], ["movement"], ["__count"]
        )
        self.assertEqual(
            dict(groups), {"new": 4, "promoted": 1, "lapsed": 3, "reactivated": 2}
        )

    def test_the_base_month_is_that_of_the_figures_and_not_of_the_calendar(self):
        self.portfolio.base_date = "2024-09-30"
        self.portfolio.refresh()
        domain = [("in_base_month", "=", True)]
        found = self.mine["kokyaku.tier.period"].search(domain, order="date_from")
        self.assertEqual(found.partner_id.mapped("name"), ["花", "戻", "遠"])
        self.assertEqual(set(found.mapped("in_base_month")), {True})

    def test_current_stays(self):
        now = self.mine["kokyaku.tier.period"].search([("date_to", "=", False)])
        self.assertEqual(len(now), 4)
        self.assertEqual(
            now.filtered(lambda stay: stay.partner_id == self.gone).tier_id.code, "first_lapsed"
        )

    def test_the_person_shows_the_history(self):
        loyal = self.loyal.with_user(self.user)
        self.assertEqual(
            loyal.kokyaku_period_ids.mapped("tier_id.code"),
            ["loyal_active", "first_lapsed", "first_active"],
        )
        self.assertEqual(loyal.kokyaku_tier_color, loyal.kokyaku_tier_id.color)


@tagged("post_install", "-at_install")
class TestDefaultPortfolio(PortfolioCase):
    def test_making_another_one_the_default_takes_it_from_the_first(self):
        other = self.portfolio.copy()
        self.assertFalse(other.is_default)
        other.action_make_default()
        self.assertTrue(other.is_default)
        self.assertFalse(self.portfolio.is_default)
        self.assertEqual(self.env["kokyaku.portfolio"]._current(), other)
        third = self.env["kokyaku.portfolio"].create({"name": "通販", "is_default": True})
        self.assertTrue(third.is_default)
        self.assertFalse(other.is_default)

    def test_another_company_keeps_its_own_default(self):
        there = self.env["res.company"].create({"name": "別会社"})
        theirs = self.env["kokyaku.portfolio"]._default_for(there)
        self.portfolio.copy().action_make_default()
        self.assertTrue(theirs.is_default)

    def test_the_default_is_neither_archived_nor_deleted(self):
        with self.assertRaisesRegex(ValidationError, "cannot be archived"):
            self.portfolio.active = False
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.portfolio.unlink()

    def test_a_portfolio_added_by_hand_is_refreshed_at_night_too(self):
        added = self.env["kokyaku.portfolio"].create({"name": "法人のみ", "unit": "entity"})
        self.env["kokyaku.portfolio"]._cron_refresh()
        runs = self.env["kokyaku.run"].search([("kind", "=", "refresh"), ("state", "=", "queued")])
        self.assertLessEqual({added.id, self.portfolio.id}, set(runs.mapped("res_id")))

    def test_who_presses_refresh_second_joins_the_first(self):
        first = self.portfolio.action_refresh_progress()
        self.assertFalse(first["params"]["note"])
        clerk = new_test_user(
            self.env, "list_second", "kokyaku_crm.group_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        second = self.portfolio.with_user(clerk).action_refresh_progress()
        self.assertEqual(second["params"]["run_id"], first["params"]["run_id"])
        self.assertIn("no need to start it again", second["params"]["note"])

    def test_the_rules_stand_there_in_words(self):
        words = self.portfolio.tier_words
        self.assertIn("90", words)
        self.assertIn("70,000", words)
        self.portfolio.lapse_days = 180
        self.assertIn("180", self.portfolio.tier_words)

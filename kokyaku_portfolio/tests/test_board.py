from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.portfolio_board_sums import FLOWS
from .common import PortfolioCase, day

BASE = "2026-06-20"
STATES = ("active", "lapsed", "repeat", "all")
KEY_FLOWS = ("new", "promoted", "churned", "churned_loyal", "reactivated")
WEEK = (
    "lapsing", "lapsing_urgent", "lapsing_loyal", "loyal_lost_week", "loyal_lost_month",
    "demoted_week", "demoted_month",
)


class BoardCase(PortfolioCase):
    """A company in which everything happens that the board can show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tell_story()
        cls.portfolio.base_date = BASE
        cls.portfolio.refresh()
        cls.portfolio.rank()

    @classmethod
    def tell_story(cls):
        def buys(name, *purchases):
            customer = cls.customer(name)
            for when, amount in purchases:
                cls.order(customer, when, amount)
            return customer

        cls.new = buys("新井 初", ("2026-06-03", 5_000))
        cls.risen = buys("上田 昇", ("2026-05-02", 5_000), ("2026-06-10", 5_000))
        cls.steady = buys("小津 こつ", ("2026-01-10", 9_000), ("2026-06-12", 9_000))
        loyal = [("2025-01-05", 50_000), ("2025-05-05", 20_000), ("2025-10-20", 10_000)]
        cls.lost = buys("優木 離", *loyal)  # 240 days after 20 October: 17 June
        cls.lost_first = buys("初川 離", ("2025-10-10", 3_000))  # 7 June
        cls.back = buys("復田 活", ("2025-02-01", 4_000), ("2026-06-15", 4_000))
        cls.demoted = buys("返品 多", *loyal, ("2026-02-01", 5_000))
        cls.order(cls.demoted, "2026-06-18", -40_000)
        cls.leaving = buys("去川 優", *loyal[:2], ("2025-10-28", 10_000))  # lapses 25 June
        cls.leaving_later = buys("去野 後", ("2025-11-10", 8_000))  # lapses 8 July
        cls.early = buys("古川 早", ("2023-03-01", 2_000))
        cls.returned = buys("全部 返品", ("2026-04-01", 6_000), ("2026-04-05", -6_000))
        cls.prospect = cls.customer("見込 客子")

    def board(self, **options):
        return self.env["kokyaku.portfolio"].board_data(**options)

    def numbers(self, data):
        """Return every number of the board that stands for people."""
        found = {tier["code"]: tier["now"][0] for tier in data["tiers"]}
        found |= {name: data["figures"][name]["now"] for name in (*STATES, *KEY_FLOWS)}
        return found | data["week"] | {"prospects": data["prospects"]}

    def people(self, number, base_date=None, user=None):
        portfolios = self.env["kokyaku.portfolio"].with_user(user or self.env.user)
        action = portfolios.board_people(self.portfolio.id, number, base_date)
        rows = portfolios.env[action["res_model"]].search(action["domain"])
        return rows if action["res_model"] == "res.partner" else rows.partner_id


@tagged("post_install", "-at_install")
class TestBoardFigures(BoardCase):
    def test_key_figures_tell_what_happened_this_month(self):
        figures = self.board()["figures"]
        self.assertEqual(figures["new"]["now"], 1)
        self.assertEqual(figures["promoted"]["now"], 2)
        self.assertEqual(figures["churned"]["now"], 2)
        self.assertEqual(figures["churned_loyal"]["now"], 1)
        self.assertEqual(figures["churned"]["sales_now"], 83_000)
        self.assertEqual(figures["reactivated"]["now"], 1)
        # three of the ten bought once; the one who returned everything is none of them
        self.assertEqual((figures["repeat"]["now"], figures["all"]["now"]), (6, 10))

    def test_the_comparison_counts_the_same_days_of_the_month_before(self):
        data = self.board()
        self.assertEqual(data["comparison"], {
            "kind": "previous_month", "date": "2026-05-20", "from": "2026-05-01",
        })
        figures = data["figures"]
        self.assertEqual((figures["new"]["before"], figures["churned"]["before"]), (1, 0))
        self.assertEqual(figures["active"]["before"], 7)

    def test_people_behind_a_number(self):
        expected = {
            "new": self.new,
            "promoted": self.risen + self.steady,
            "churned": self.lost + self.lost_first,
            "churned_loyal": self.lost,
            "reactivated": self.back,
            "lapsing": self.leaving + self.leaving_later,
            "lapsing_urgent": self.leaving,
            "lapsing_loyal": self.leaving,
            "loyal_lost_week": self.lost + self.demoted,
            "demoted_month": self.demoted,
            "steady_active": self.steady + self.back + self.demoted,
            "first_lapsed": self.lost_first + self.early,
            "repeat": self.risen + self.steady + self.lost + self.back + self.demoted
            + self.leaving,
        }
        for number, people in expected.items():
            with self.subTest(number):
                self.assertEqual(self.people(number), people)

    def test_every_number_opens_as_many_people(self):
        analyst = new_test_user(
            self.env, "board_analyst", groups="kokyaku_crm.group_analyst",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        for base_date in (None, "2026-05", "2026-06-12", "2025-06", "2026-06-19", "2022-12"):
            numbers = self.numbers(self.board(base_date=base_date))
            for number, count in numbers.items():
                with self.subTest(number, base_date=base_date):
                    self.assertEqual(len(self.people(number, base_date, analyst)), count)
            # the numbers of the comparison open, too
            before = self.board(base_date=base_date)
            for name in (*STATES, *KEY_FLOWS):
                with self.subTest(name, base_date=base_date, comparison=True):
                    self.assertEqual(
                        len(self.people(name, before["comparison"]["date"], analyst)),
                        before["figures"][name]["before"],
                    )
        # nothing above was true for want of people
        shown = self.numbers(self.board())
        self.assertFalse({name for name in (*STATES, *KEY_FLOWS, *WEEK) if not shown[name]})
        self.assertEqual(set(FLOWS) - set(KEY_FLOWS), {"demoted", "loyal_lost"})

    def test_a_past_day_shows_the_portfolio_of_that_day(self):
        for when in ("2026-06-20", "2026-03-31", "2025-11-02", "2023-03-01"):
            expected = self.portfolio_of(when)
            for position, kind in ((1, "amount"), (2, "amount_12m")):
                data = self.board(base_date=when, sales=kind)
                shown = {
                    tier["code"]: tuple(tier["now"]) for tier in data["tiers"] if any(tier["now"])
                }
                self.assertEqual(
                    shown,
                    {
                        code: (values[0], values[position])
                        for code, values in expected.items() if values[0] or values[position]
                    },
                    f"{when} {kind}",
                )

    def test_sales_are_those_of_the_people_in_the_cells(self):
        rows = self.env["kokyaku.customer.metrics"].search(
            [("portfolio_id", "=", self.portfolio.id)]
        )
        for kind in ("amount", "amount_12m"):
            for tier in self.board(sales=kind)["tiers"]:
                people = rows.filtered(lambda row, code=tier["code"]: row.tier_id.code == code)
                self.assertEqual(
                    (len(people), sum(people.mapped(kind))), tuple(tier["now"]), tier["code"]
                )

    def test_the_trend_shows_the_portfolio_of_each_month(self):
        data = self.board()
        trend = data["trend"]
        self.assertEqual(len(trend["days"]), 24)
        self.assertEqual(trend["days"][-2:], ["2026-05-31", BASE])
        for position in (0, 10, 20, 23):
            expected = self.portfolio_of(trend["days"][position])
            for code, values in trend["people"].items():
                self.assertEqual(values[position], expected.get(code, (0,))[0], code)
                self.assertEqual(trend["sales"][code][position], expected.get(code, (0, 0))[1])

    def test_prospects_stand_beside_the_ten_tiers(self):
        people = self.people("prospects")
        self.assertIn(self.prospect, people)
        self.assertIn(self.returned, people)
        self.assertNotIn(self.new, people)
        self.assertEqual(self.board()["prospects"], len(people))


@tagged("post_install", "-at_install")
class TestBoardDaysAndStates(BoardCase):
    def test_a_month_means_its_last_known_day(self):
        self.assertEqual(self.board(base_date="2026-02")["base"]["date"], "2026-02-28")
        now = self.board(base_date="2026-06")
        self.assertEqual((now["base"]["date"], now["messages"]), (BASE, []))

    def test_a_day_beyond_the_figures_is_brought_back_and_said(self):
        data = self.board(base_date="2027-01-15")
        self.assertEqual(data["base"]["date"], BASE)
        self.assertEqual(len(data["messages"]), 1)

    def test_before_the_first_order_everything_is_zero_and_said(self):
        data = self.board(base_date="2020-01-31")
        self.assertFalse(any(any(tier["now"]) for tier in data["tiers"]))
        self.assertFalse(any(figure["now"] for figure in data["figures"].values()))
        self.assertEqual(len(data["messages"]), 1)

    def test_comparison_with_last_year_and_with_any_day(self):
        self.assertEqual(
            self.board(comparison="previous_year")["comparison"]["date"], "2025-06-20"
        )
        data = self.board(comparison="2025-11-05")
        self.assertEqual((data["comparison"]["kind"], data["comparison"]["from"]),
                         ("free", "2025-11-01"))

    def test_a_comparison_after_the_base_day_is_refused_in_words(self):
        data = self.board(base_date="2026-03-10", comparison="2026-03-10")
        self.assertEqual(data["comparison"]["date"], "2026-02-10")
        self.assertEqual(len(data["messages"]), 1)

    def test_nonsense_gets_a_sentence(self):
        for options in (
            {"base_date": "soon"}, {"base_date": "2026-13"}, {"comparison": "2026-02-31"},
            {"sales": "id"},
        ):
            with self.subTest(options), self.assertRaises(UserError):
                self.board(**options)
        with self.assertRaises(UserError):
            self.people("everyone")

    def test_a_company_that_has_not_answered_gets_no_portfolio_by_looking(self):
        company = self.env["res.company"].create({"name": "未設定"})
        self.env.user.company_ids += company
        before = self.env["kokyaku.portfolio"].search_count([])
        data = self.env["kokyaku.portfolio"].with_context(
            allowed_company_ids=company.ids
        ).board_data()
        self.assertEqual(data["status"], "unconfigured")
        self.assertEqual(self.env["kokyaku.portfolio"].search_count([]), before)

    def test_never_aggregated_and_without_orders(self):
        company = self.env["res.company"].create({"name": "これから"})
        self.env.user.company_ids += company
        board = self.env["kokyaku.portfolio"].with_context(allowed_company_ids=company.ids)
        portfolio = board._default_for(company)
        self.assertEqual(board.board_data()["status"], "unconfigured")
        portfolio.configured = True
        self.assertEqual(board.board_data()["status"], "never")
        with self.assertRaises(UserError):
            board.board_people(portfolio.id, "active")
        portfolio.refresh()
        self.assertEqual(board.board_data()["status"], "empty")

    def test_it_says_when_the_figures_are_old(self):
        self.assertFalse(self.board()["outdated"])
        self.portfolio.base_date = day(BASE, 1)
        self.assertEqual(self.board()["outdated"], "day")
        self.portfolio.lapse_days = 200
        self.assertEqual(self.board()["outdated"], "rules")
        self.portfolio.refresh()
        self.assertFalse(self.board()["outdated"])

    def test_it_shows_a_refresh_under_way(self):
        self.assertFalse(self.board()["run_id"])
        run = self.portfolio.action_refresh()
        self.assertEqual(self.board()["run_id"], run)


@tagged("post_install", "-at_install")
class TestBoardAccess(BoardCase):
    def member(self, group, **values):
        return new_test_user(
            self.env, f"board_{group}", groups=group and f"kokyaku_crm.group_{group}" or
            "base.group_user", company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)], **values,
        )

    def board_of(self, user):
        return self.env["kokyaku.portfolio"].with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        ).board_data()

    def test_who_may_do_what(self):
        may = {}
        for group in ("analyst", "user", "manager"):
            data = self.board_of(self.member(group))
            self.assertEqual(data["status"], "ok")
            may[group] = (data["can_refresh"], data["can_configure"])
        self.assertEqual(
            may, {"analyst": (False, False), "user": (True, False), "manager": (True, True)}
        )

    def test_analysts_cannot_refresh(self):
        with self.assertRaises(AccessError):
            self.portfolio.with_user(self.member("analyst")).action_refresh()

    def test_others_see_nothing(self):
        clerk = self.member("")
        with self.assertRaises(AccessError):
            self.board_of(clerk)
        with self.assertRaises(AccessError):
            self.people("active", user=clerk)

    def test_another_company_stays_out_of_sight(self):
        other = self.env["res.company"].create({"name": "よその会社"})
        stranger = new_test_user(
            self.env, "board_stranger", groups="kokyaku_crm.group_manager",
            company_id=other.id, company_ids=[(6, 0, other.ids)],
        )
        board = self.env["kokyaku.portfolio"].with_user(stranger).with_context(
            allowed_company_ids=other.ids
        )
        self.assertEqual(board.board_data(portfolio_id=self.portfolio.id)["status"], "unconfigured")
        with self.assertRaises(AccessError):
            board.board_people(self.portfolio.id, "active")

    def test_the_board_follows_the_company_switcher(self):
        other = self.env["res.company"].create({"name": "支店"})
        theirs = self.env["kokyaku.portfolio"]._default_for(other)
        theirs.write({"configured": True, "base_date": BASE})
        theirs.refresh()
        leader = self.member("manager")
        leader.company_ids += other
        both = self.env["kokyaku.portfolio"].with_user(leader).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        data = both.board_data()
        self.assertEqual(data["portfolio"]["id"], theirs.id)
        self.assertEqual({one["id"] for one in data["portfolios"]}, {theirs.id, self.portfolio.id})
        self.assertTrue(all(" — " in one["name"] for one in data["portfolios"]))
        chosen = both.board_data(portfolio_id=self.portfolio.id)
        self.assertEqual(chosen["figures"]["all"]["now"], 10)

    def test_a_second_portfolio_of_the_company_can_be_chosen(self):
        second = self.portfolio.copy({"name": "厳しめ", "loyal_amount": 500_000})
        second.refresh()
        data = self.board(portfolio_id=second.id)
        self.assertEqual(data["portfolio"]["name"], "厳しめ")
        self.assertEqual(
            {tier["code"]: tier["now"][0] for tier in data["tiers"]}["loyal_active"], 0
        )
        self.assertEqual(self.board()["portfolio"]["id"], self.portfolio.id)

    def test_looking_writes_nothing_and_asks_little(self):
        self.board()
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute("SAVEPOINT looking; SET LOCAL transaction_read_only = on")
        try:
            with self.assertQueryCount(9):
                data = self.board(base_date="2026-05", comparison="previous_year")
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT looking")
        self.assertEqual(data["status"], "ok")
        self.assertTrue(fields.Date.to_date(data["as_of"]))

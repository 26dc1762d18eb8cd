from odoo.tests import new_test_user, tagged

from .common import PortfolioCase

FIGURES = (
    "kokyaku_tier_id kokyaku_amount kokyaku_amount_12m kokyaku_first_date kokyaku_last_date "
    "kokyaku_tenure_days kokyaku_lapse_days kokyaku_purchase_days kokyaku_decile "
    "kokyaku_abc_class kokyaku_r_score kokyaku_f_score kokyaku_m_score"
).split()


@tagged("post_install", "-at_install")
class TestSetCriteria(PortfolioCase):
    """選択セット by what the portfolio says: offered, found, grouped and readable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loyal, cls.lapsed, cls.returned, cls.none = (
            cls.customer(name) for name in ("優良", "離脱", "返品", "見込")
        )
        for when, amount in (("2024-01-10", 50_000), ("2024-09-10", 60_000)):
            cls.order(cls.loyal, when, amount)
        for when, amount in (("2022-01-10", 50_000), ("2022-09-10", 40_000)):
            cls.order(cls.lapsed, when, amount)
        cls.order(cls.returned, "2024-08-01", 3_000)
        cls.order(cls.returned, "2024-08-05", -3_000)
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()
        cls.portfolio.rank()
        cls.clerk = new_test_user(
            cls.env,
            "portfolio_clerk",
            groups="kokyaku_crm.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def people(self, *domain, user=None):
        """The people of a set with this condition, built by an ordinary user."""
        one = (
            self.env["kokyaku.selection.set"]
            .with_user(user or self.clerk)
            .create(
                {
                    "name": "復活のご案内",
                    "criterion_ids": [(0, 0, {"kind": "person", "partner_domain": repr(domain)})],
                }
            )
        )
        one._build()
        return one.member_ids.partner_id

    def text(self, *domain):
        line = self.env["kokyaku.selection.criterion"].new(
            {"kind": "person", "partner_domain": repr(list(domain))}
        )
        return line.summary

    def test_every_figure_is_offered_to_filter_and_to_group_by(self):
        offered = self.env["res.partner"].with_user(self.clerk).fields_get(FIGURES)
        self.assertEqual(set(offered), set(FIGURES))
        for name, description in offered.items():
            self.assertTrue(description["searchable"], name)
            self.assertTrue(description["groupable"], name)
            self.assertTrue(description["sortable"], name)
            self.assertFalse(self.env["res.partner"]._fields[name].store, name)

    def test_the_person_shows_what_the_portfolio_says(self):
        row = self.metrics(self.loyal)
        person = self.loyal.with_user(self.clerk)
        for name in FIGURES:
            source = name.removeprefix("kokyaku_")
            self.assertEqual(person[name], row[source], name)
        self.assertEqual(person.kokyaku_tenure_days, 244)
        self.assertEqual(person.kokyaku_amount_12m, 110_000)
        self.assertEqual(person.kokyaku_abc_class, "a")

    def test_a_set_is_built_from_scores(self):
        lapsed = self.env.ref("kokyaku_portfolio.tier_loyal_lapsed")
        self.assertEqual(self.people(("kokyaku_tier_id", "=", lapsed.id)), self.lapsed)
        score = self.metrics(self.loyal).r_score
        self.assertEqual(self.people(("kokyaku_r_score", "=", score)), self.loyal)
        self.assertEqual(self.people(("kokyaku_tenure_days", ">", 243)), self.loyal)
        self.assertEqual(self.people(("kokyaku_amount_12m", ">=", 110_000)), self.loyal)
        self.assertEqual(self.people(("kokyaku_abc_class", "=", "a")), self.loyal + self.lapsed)
        self.assertEqual(
            self.people(("kokyaku_lapse_days", ">=", 240), ("kokyaku_m_score", ">=", 2)),
            self.lapsed,
        )

    def test_a_condition_on_a_score_finds_whom_the_score_says(self):
        """Asked for by what it is derived from, and the same as reading it one by one."""
        bought = self.loyal + self.lapsed + self.returned
        for name in ("r_score", "f_score", "m_score", "lapse_days"):
            figures = {person: self.metrics(person)[name] for person in bought}
            limits = {*figures.values(), *(one + 1 for one in figures.values()), 0, 3, 6, 2.5}
            for limit in limits:
                for operator, holds in (
                    ("=", limit.__eq__),
                    ("<", limit.__gt__),
                    ("<=", limit.__ge__),
                    (">", limit.__lt__),
                    (">=", limit.__le__),
                ):
                    if operator == "=" and not limit:
                        continue  # nothing entered
                    expected = bought.filtered(lambda one: holds(figures[one]) is True)  # noqa: B023
                    found = self.env["res.partner"].search(
                        [("id", "in", bought.ids), (f"kokyaku_{name}", operator, limit)]
                    )
                    self.assertEqual(found, expected, (name, operator, limit))

    def test_who_has_no_score_is_found_as_well(self):
        everyone = self.loyal + self.lapsed + self.returned + self.none
        found = self.env["res.partner"].search(
            [("id", "in", everyone.ids), ("kokyaku_r_score", "=", False)]
        )
        self.assertEqual(found, self.none)

    def test_who_has_no_rank_is_not_in_the_upper_ranks(self):
        self.assertFalse(self.metrics(self.returned).decile)
        self.assertEqual(self.people(("kokyaku_decile", "<=", 3)), self.loyal + self.lapsed)
        self.assertNotIn(self.none, self.people(("kokyaku_amount", "<", 1_000)))

    def test_grouping_counts_everybody_once(self):
        everyone = self.loyal + self.lapsed + self.returned + self.none
        groups = (
            self.env["res.partner"]
            .with_user(self.clerk)
            ._read_group([("id", "in", everyone.ids)], ["kokyaku_abc_class"], ["__count"])
        )
        self.assertEqual(sum(count for _abc, count in groups), 4)
        self.assertEqual(dict(groups)[False], 2)

    def test_the_set_asks_the_portfolio_of_its_own_company(self):
        other = self.env["res.company"].create({"name": "別会社", "currency_id": self.yen.id})
        self.clerk.company_ids += other
        one = (
            self.env["kokyaku.selection.set"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "この会社のお客様",
                    "criterion_ids": [
                        (
                            0,
                            0,
                            {"kind": "person", "partner_domain": "[('kokyaku_decile', '=', 1)]"},
                        )
                    ],
                }
            )
        )
        both = [other.id, self.company.id]
        one.with_context(allowed_company_ids=both).with_company(other)._build()
        self.assertEqual(one.member_ids.partner_id, self.loyal)

    def test_the_criterion_reads_as_one_would_say_it(self):
        self.assertEqual(
            self.text(("kokyaku_amount", ">=", 70_000)), "Amount of at least ¥\xa070,000"
        )
        self.assertEqual(
            self.text(("kokyaku_last_date", "<", "today -12m")),
            "Last purchase before 12 months back",
        )
        self.assertEqual(self.text(("kokyaku_abc_class", "=", "a")), "ABC Class is A")
        self.assertEqual(self.text(("kokyaku_decile", "<=", 3)), "Decile of at most 3")
        tier = self.env.ref("kokyaku_portfolio.tier_loyal_lapsed")
        self.assertEqual(
            self.text(("kokyaku_tier_id", "=", tier.id)), f"Tier is {tier.display_name}"
        )

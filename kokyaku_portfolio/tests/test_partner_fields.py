from odoo.fields import Domain
from odoo.tests import tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestPartnerFields(PortfolioCase):
    """The tier on the person: shown, searched, grouped and sorted, but stored nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loyal, cls.first, cls.none = (cls.customer(name) for name in ("優", "初", "無"))
        cls.order(cls.loyal, "2024-01-10", 50_000)
        cls.order(cls.loyal, "2024-09-10", 50_000)
        cls.order(cls.first, "2024-09-20", 3_000)
        cls.everyone = cls.loyal + cls.first + cls.none
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()

    def search(self, *domain, order=None):
        return self.env["res.partner"].search(
            Domain("id", "in", self.everyone.ids) & Domain(list(domain)), order=order
        )

    def test_the_person_shows_the_figures(self):
        self.assertEqual(self.loyal.kokyaku_tier_id.code, "loyal_active")
        self.assertEqual(self.loyal.kokyaku_amount, 100_000)
        self.assertEqual(str(self.loyal.kokyaku_last_date), "2024-09-10")
        self.assertEqual(self.loyal.kokyaku_lapse_days, 21)
        self.assertEqual(self.loyal.kokyaku_purchase_days, 2)
        self.assertFalse(self.none.kokyaku_tier_id)

    def test_people_are_found_by_tier_in_every_way_the_client_asks(self):
        tier = self.loyal.kokyaku_tier_id
        self.assertEqual(self.search(("kokyaku_tier_id", "=", tier.id)), self.loyal)
        self.assertEqual(self.search(("kokyaku_tier_id", "in", tier.ids)), self.loyal)
        self.assertEqual(self.search(("kokyaku_tier_id", "=", False)), self.none)
        self.assertEqual(self.search(("kokyaku_tier_id", "!=", False)), self.loyal + self.first)
        self.assertEqual(self.search(("kokyaku_tier_id", "!=", tier.id)), self.first + self.none)
        self.assertEqual(self.search(("kokyaku_tier_id.code", "=", "first_active")), self.first)
        self.assertEqual(
            self.search(("kokyaku_tier_id", "any", [("lapsed", "=", False)])),
            self.loyal + self.first,
        )
        self.assertEqual(
            self.search(("kokyaku_tier_id", "in", [False, tier.id])), self.loyal + self.none
        )

    def test_people_are_found_by_figures(self):
        self.assertEqual(self.search(("kokyaku_amount", ">=", 100_000)), self.loyal)
        self.assertEqual(self.search(("kokyaku_last_date", ">", "2024-09-15")), self.first)
        self.assertEqual(self.search(("kokyaku_lapse_days", "<", 15)), self.first)
        self.assertEqual(self.search(("kokyaku_purchase_days", "=", 2)), self.loyal)

    def test_people_are_sorted_and_grouped_by_tier(self):
        self.assertEqual(
            self.search(order="kokyaku_amount desc nulls last").mapped("name"), ["優", "初", "無"]
        )
        groups = self.env["res.partner"]._read_group(
            [("id", "in", self.everyone.ids)], ["kokyaku_tier_id"], ["__count"]
        )
        self.assertEqual(
            {tier.code or None: count for tier, count in groups},
            {"loyal_active": 1, "first_active": 1, None: 1},
        )

    def test_many_people_cost_no_more_queries_than_one(self):
        def queries(people):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            people.mapped("kokyaku_amount")
            return self.env.cr.sql_log_count - before

        queries(self.loyal)  # what is cached once for all
        self.assertEqual(queries(self.everyone), queries(self.loyal))

    def test_another_company_sees_its_own_portfolio_only(self):
        other = self.env["res.company"].create({"name": "別会社", "currency_id": self.yen.id})
        self.env.user.company_ids += other
        there = self.loyal.with_company(other)
        self.assertFalse(there.kokyaku_tier_id)
        self.assertFalse(
            there.search([("id", "=", self.loyal.id), ("kokyaku_tier_id", "!=", False)])
        )

    def test_who_may_not_see_the_portfolio_still_sees_people(self):
        clerk = self.env["res.users"].create(
            {"name": "事務", "login": "clerk",
             "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
             "company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        )
        person = self.loyal.with_user(clerk)
        self.assertEqual(person.name, "優")
        self.assertFalse(person.kokyaku_amount)

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import PortfolioCase

OPERATIONS = ("read", "write", "create", "unlink")
DERIVED = (
    "kokyaku.customer.metrics", "kokyaku.tier.period", "kokyaku.tier.day", "kokyaku.tier.move",
)
INTERNAL = (
    "kokyaku.portfolio.change", "kokyaku.portfolio.pending", "kokyaku.portfolio.state",
    "kokyaku.customer.ledger",
)
GRANTED = {
    "kokyaku_crm.group_analyst": {
        "kokyaku.portfolio": "read", "kokyaku.tier": "read", **dict.fromkeys(DERIVED, "read"),
        "kokyaku.first.start": "read write create",
    },
    "kokyaku_crm.group_manager": {
        "kokyaku.portfolio": "read write create unlink", "kokyaku.tier": "read write",
        **dict.fromkeys(DERIVED, "read"), "kokyaku.first.start": "read write create",
    },
    "base.group_user": {},
    "base.group_portal": {},
    "base.group_public": {},
}
GRANTED["kokyaku_crm.group_user"] = GRANTED["kokyaku_crm.group_analyst"]


@tagged("post_install", "-at_install")
class TestAccess(PortfolioCase):
    """閲覧・分析, 担当者, 管理者, and those who have no business here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.customer("買")
        cls.order(cls.buyer, "2024-09-01", 9_000)
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()
        cls.portfolio.rank()
        cls.users = {
            group: new_test_user(
                cls.env, f"access_{group}", group,
                company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            )
            for group in GRANTED
        }

    def test_every_model_every_operation_every_group(self):
        for group, granted in GRANTED.items():
            for model in ("kokyaku.portfolio", "kokyaku.tier", "kokyaku.first.start",
                          *DERIVED, *INTERNAL):
                records = self.env[model].with_user(self.users[group])
                for operation in OPERATIONS:
                    with self.subTest(group=group, model=model, operation=operation):
                        self.assertEqual(
                            records.has_access(operation),
                            operation in granted.get(model, "").split(),
                        )

    def test_no_model_of_ours_was_forgotten_here(self):
        ours = {
            model.model for model in self.env["ir.model"].search([("model", "=like", "kokyaku.%")])
            if model.modules == "kokyaku_portfolio" and not self.env[model.model]._abstract
        }
        listed = {"kokyaku.portfolio", "kokyaku.tier", "kokyaku.first.start", *DERIVED, *INTERNAL}
        self.assertEqual(ours, listed)

    def test_another_company_sees_nothing_of_ours(self):
        there = self.env["res.company"].create({"name": "別会社"})
        stranger = new_test_user(
            self.env, "access_stranger", "kokyaku_crm.group_manager",
            company_id=there.id, company_ids=[(6, 0, there.ids)],
        )
        for model in ("kokyaku.portfolio", *DERIVED):
            ours = self.env[model].search(
                [("company_id", "=", self.company.id)] if model == "kokyaku.portfolio"
                else [("portfolio_id", "=", self.portfolio.id)]
            )
            self.assertTrue(ours, model)
            records = ours.with_user(stranger).with_context(allowed_company_ids=there.ids)
            self.assertFalse(records.search([("id", "in", ours.ids)]), model)
            with self.assertRaises(AccessError, msg=model):
                records.read(["display_name"])
        portfolio = self.portfolio.with_user(stranger).with_context(allowed_company_ids=there.ids)
        with self.assertRaises(AccessError):
            portfolio.action_refresh()
        with self.assertRaises(AccessError):
            portfolio.action_workbook()

    def test_an_analyst_changes_no_rule(self):
        portfolio = self.portfolio.with_user(self.users["kokyaku_crm.group_analyst"])
        with self.assertRaises(AccessError):
            portfolio.lapse_days = 100
        with self.assertRaises(AccessError):
            portfolio.action_suggest_loyal_amount()
        with self.assertRaises(AccessError):
            portfolio.action_make_default()

    def test_portal_users_learn_no_tier(self):
        portal = self.users["base.group_portal"]
        partner = portal.partner_id
        self.order(partner, "2024-09-01", 9_000)
        self.portfolio.refresh()
        self.assertTrue(partner.kokyaku_tier_id)
        mine = partner.with_user(portal)
        for name in ("kokyaku_tier_id", "kokyaku_amount", "kokyaku_decile", "kokyaku_period_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.mapped(name)
        with self.assertRaises(AccessError):
            mine.search([("kokyaku_amount", ">", 0)])

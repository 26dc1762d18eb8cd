from lxml import etree

from odoo.tests import new_test_user, no_retry, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.kokyaku_crm.tests.browser_common import BrowserCase

from .common import PortfolioCase

MODELS = {
    "kokyaku.portfolio": ("list", "form", "search"),
    "kokyaku.tier": ("list",),
    "kokyaku.customer.metrics": ("list", "kanban", "pivot", "graph", "search"),
    "kokyaku.tier.period": ("list", "pivot", "search"),
    "kokyaku.first.start": ("form",),
    "res.partner": ("list", "form", "kanban", "search"),
}


@tagged("post_install", "-at_install")
class TestViews(PortfolioCase):
    """What every group is given to see, and that every filter in it works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            new_test_user(
                cls.env, f"view_{group}", group,
                company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
            )
            for group in ("kokyaku_crm.group_analyst", "kokyaku_crm.group_user",
                          "kokyaku_crm.group_manager")
        ]
        cls.order(cls.customer("茶"), "2024-09-01", 9_000)
        cls.portfolio.base_date = "2024-10-01"
        cls.portfolio.refresh()
        cls.portfolio.rank()

    def arch(self, model, kind, user):
        views = self.env[model].with_user(user).get_views([(False, kind)])
        return etree.fromstring(views["views"][kind]["arch"])

    def test_every_view_opens_for_every_group(self):
        for user in self.users:
            for model, kinds in MODELS.items():
                for kind in kinds:
                    with self.subTest(user=user.login, model=model, kind=kind):
                        self.assertIsNotNone(self.arch(model, kind, user))

    def test_every_filter_finds_and_every_grouping_groups(self):
        user = self.users[0]
        for model in ("kokyaku.customer.metrics", "kokyaku.tier.period", "res.partner"):
            records = self.env[model].with_user(user)
            for node in self.arch(model, "search", user).iter("filter"):
                context = safe_eval(node.get("context") or "{}")
                with self.subTest(model=model, filter=node.get("name")):
                    if node.get("domain"):
                        records.search_count(safe_eval(node.get("domain"), {"uid": user.id}))
                    if context.get("group_by") not in (None, "properties"):
                        records.formatted_read_group([], [context["group_by"]], ["__count"])

    def test_the_lists_cannot_be_edited(self):
        for model in ("kokyaku.customer.metrics", "kokyaku.tier.period"):
            arch = self.arch(model, "list", self.users[2])
            for operation in ("create", "edit", "delete"):
                self.assertIn(arch.get(operation), ("0", "False", "false"))

    def test_an_office_without_our_groups_sees_contacts_as_before(self):
        clerk = new_test_user(self.env, "view_soumu", "base.group_user")
        for kind in MODELS["res.partner"]:
            arch = etree.tostring(self.arch("res.partner", kind, clerk)).decode()
            self.assertNotIn("kokyaku_tier_id", arch, kind)

    def test_persons_with_their_tier_are_exported(self):
        self.users[1].group_ids += self.env.ref("base.group_allow_export")
        person = self.env["res.partner"].with_user(self.users[1]).search([("name", "=", "茶")])
        data = person.export_data(["name", "kokyaku_tier_id", "kokyaku_tier_id/name",
                                   "kokyaku_amount", "kokyaku_last_date"])["datas"]
        self.assertEqual(data[0][:4], ["茶", "First-time active", "First-time active", 9_000])

    def test_settings_lead_to_the_rules(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.kokyaku_portfolio_id, self.portfolio)
        self.assertIn("240", settings.kokyaku_rules_summary)
        self.assertEqual(settings.action_kokyaku_portfolio()["res_id"], self.portfolio.id)
        self.portfolio.configured = False
        self.assertEqual(
            settings.action_kokyaku_portfolio()["res_model"], "kokyaku.first.start"
        )


@tagged("post_install", "-at_install")
class TestInTheBrowser(BrowserCase, PortfolioCase):
    @no_retry
    def test_from_the_first_start_to_the_person(self):
        """A manager answers the questions, sees the board, finds the loyal, opens one."""
        person = self.customer("優良 花子", ref="A-7")
        self.order(person, "2023-01-10", 80_000)
        self.order(person, "2023-12-10", 80_000)
        self.order(self.customer("初回 太郎", ref="A-8"), "2023-12-01", 80_000)
        self.portfolio.configured = False
        self.env["res.lang"]._activate_lang("en_US")
        new_test_user(
            self.env, "view_kacho", "kokyaku_crm.group_manager", lang="en_US",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )
        self.start_tour("/odoo", "kokyaku_portfolio_first_start", login="view_kacho")
        self.assertTrue(self.portfolio.configured)
        self.assertEqual(self.portfolio.business_type, "mail_order")
        self.assertEqual(str(self.portfolio.base_date), "2023-12-10")
        self.portfolio.loyal_amount = 90_000
        self.env["kokyaku.run"]._work()
        self.start_tour(
            "/odoo/action-kokyaku_portfolio.action_customer_metrics",
            "kokyaku_portfolio_customers", login="view_kacho",
        )

import base64

from odoo.tests import new_test_user, tagged

from odoo.addons.kokyaku_mailing.tests.common import texts_of
from odoo.addons.kokyaku_portfolio.tests.common import PortfolioCase


@tagged("post_install", "-at_install")
class TestPortfolioLabels(PortfolioCase):
    """宛名ラベル from the lists of the portfolio."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "portfolio_label_clerk",
            groups="kokyaku_crm.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        address = {
            "zip": "100-0013",
            "state_id": cls.env.ref("base.state_jp_jp-13").id,
            "city": "千代田区",
            "street": "霞が関1-3-2",
            "country_id": cls.env.ref("base.jp").id,
        }
        cls.shop = cls.customer("株式会社丸田商店", is_company=True, **address)
        cls.buyer = cls.customer("木村 さゆり", parent_id=cls.shop.id, function="部長")
        cls.single = cls.customer("山田 太郎", **address)
        for day in ("2024-01-10", "2025-01-10", "2025-03-10"):
            cls.order(cls.buyer, day, 90000)
            cls.order(cls.single, day, 1000)

    def run_action(self, name, records, **context):
        """Press the action on a list, as the clerk; the wizard it opens."""
        action = self.env.ref(f"kokyaku_portfolio_mailing.{name}").with_user(self.clerk)
        opened = action.with_context(
            active_model=records._name,
            active_ids=records.ids,
            active_id=records[:1].id,
            allowed_company_ids=self.company.ids,
            **context,
        ).run()
        prints = self.env["kokyaku.label.print"].with_user(self.clerk)
        return prints.with_context(allowed_company_ids=self.company.ids).browse(opened["res_id"])

    def names(self, wizard):
        wizard.action_print()
        return [text.text for text in texts_of(base64.b64decode(wizard.pdf))]

    def test_labels_for_the_people_of_a_tier(self):
        self.portfolio.unit = "person"
        self.refresh("2025-04-01", full=True)
        metrics = self.metrics(self.buyer) | self.metrics(self.single)
        wizard = self.run_action("action_print_labels_metrics", metrics)
        self.assertEqual(wizard.label_count, 2)
        texts = self.names(wizard)
        for text in ("株式会社丸田商店", "部長", "木村 さゆり", "山田 太郎"):
            self.assertIn(text, texts)
        self.assertNotIn("御中", texts)

    def test_labels_for_companies_when_the_portfolio_counts_companies(self):
        self.portfolio.unit = "entity"
        self.refresh("2025-04-01", full=True)
        wizard = self.run_action("action_print_labels_metrics", self.metrics(self.shop))
        self.assertEqual(self.names(wizard)[-2:], ["株式会社丸田商店", "御中"])

    def test_without_a_selection_everyone_the_list_finds(self):
        self.portfolio.unit = "person"
        self.refresh("2025-04-01", full=True)
        domain = [
            ("portfolio_id", "=", self.portfolio.id),
            ("tier_id.code", "=", self.tier(self.buyer)),
        ]
        nothing = self.env["kokyaku.customer.metrics"].browse()
        wizard = self.run_action("action_print_labels_metrics", nothing, active_domain=domain)
        self.assertEqual(wizard.label_count, 1)
        self.assertIn("木村 さゆり", self.names(wizard))

    def test_several_stays_of_one_person_are_one_label(self):
        self.portfolio.unit = "person"
        self.refresh("2025-04-01", full=True)
        stays = self.env["kokyaku.tier.period"].search(
            [("portfolio_id", "=", self.portfolio.id), ("partner_id", "=", self.buyer.id)]
        )
        self.assertGreater(len(stays), 1)
        wizard = self.run_action("action_print_labels_tier_period", stays)
        self.assertEqual(wizard.label_count, 1)

    def test_a_customer_who_was_deleted_is_counted_and_stops_nothing(self):
        self.portfolio.unit = "person"
        gone = self.customer("消える 人", city="千代田区", street="1-1")
        self.order(gone, "2025-03-01", 500).write({"state": "sale"})
        self.refresh("2025-04-01", full=True)
        metrics = self.metrics(gone) | self.metrics(self.single)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sale_order WHERE partner_id = %s", [gone.id])
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        wizard = self.run_action("action_print_labels_metrics", metrics)
        self.assertEqual(wizard.label_count, 1)
        self.assertIn(": 1", wizard.summary)

    def test_the_actions_are_offered_to_those_who_print(self):
        analyst = new_test_user(
            self.env, "portfolio_label_analyst", groups="kokyaku_crm.group_analyst"
        )
        for model, name in (
            ("kokyaku.customer.metrics", "action_print_labels_metrics"),
            ("kokyaku.tier.period", "action_print_labels_tier_period"),
        ):
            action = self.env.ref(f"kokyaku_portfolio_mailing.{name}")
            for user, expected in ((self.clerk, True), (analyst, False)):
                bindings = self.env["ir.actions.actions"].with_user(user).get_bindings(model)
                offered = [entry["id"] for entry in bindings.get("action", [])]
                self.assertEqual(action.id in offered, expected, (model, user.login))

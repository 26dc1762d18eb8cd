from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import PortfolioCase


@tagged("post_install", "-at_install")
class TestFirstStart(PortfolioCase):
    """はじめに: the office answers, nothing is assumed silently."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portfolio.configured = False
        cls.manager = new_test_user(
            cls.env, "first_kacho", "kokyaku_crm.group_manager", name="課長",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.analyst = new_test_user(
            cls.env, "first_bunseki", "kokyaku_crm.group_analyst",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )
        cls.env["kokyaku.run"].search([]).unlink()

    def start(self, user=None):
        env = self.env(user=user or self.manager)
        return Form(env["kokyaku.first.start"])

    def recently(self, days=3):
        return str(fields.Date.today() - timedelta(days=days))

    def some_orders(self, day=None):
        for amount in (8_000, 12_000):
            self.order(self.customer(), day or self.recently(), amount)

    def test_a_mail_order_house_counts_persons_with_tax(self):
        self.some_orders()
        form = self.start()
        self.assertFalse(form.unit, "nothing is chosen before the kind of business is")
        self.assertFalse(form.tax)
        form.business_type = "mail_order"
        self.assertEqual((form.unit, form.tax), ("person", "included"))
        self.assertEqual(form.average_order, 10_000)
        self.assertEqual(form.suggested_amount, 70_000)
        self.assertEqual(form.loyal_amount, 70_000)
        form.save().action_confirm()
        self.assertRecordValues(
            self.portfolio,
            [{"configured": True, "business_type": "mail_order", "unit": "person",
              "tax_included": True, "loyal_amount": 70_000, "base_date": False}],
        )

    def test_b2b_counts_companies_without_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "消費税10%", "amount": 10, "company_id": self.company.id,
             "country_id": self.company.account_fiscal_country_id.id
             or self.env.ref("base.jp").id,
             "tax_group_id": self.env["account.tax.group"].create(
                 {"name": "消費税", "company_id": self.company.id}).id}
        )
        order = self.order(self.customer(), self.recently(), 10_000)
        order.order_line.tax_ids = tax
        self.assertEqual(order.amount_total, 11_000)
        form = self.start()
        form.business_type = "b2b"
        self.assertEqual((form.unit, form.tax), ("entity", "excluded"))
        self.assertEqual(form.suggested_amount, 70_000)
        form.tax = "included"
        self.assertEqual(form.suggested_amount, 77_000)

    def test_a_shop_counts_persons_with_tax(self):
        form = self.start()
        form.business_type = "store"
        self.assertEqual((form.unit, form.tax), ("person", "included"))

    def test_another_business_is_asked_both(self):
        form = self.start()
        form.business_type = "other"
        self.assertFalse(form.unit or form.tax)
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "who counts as one customer"):
            wizard.action_confirm()
        self.assertFalse(self.portfolio.configured)

    def test_a_company_without_orders_is_told_and_can_start(self):
        form = self.start()
        form.business_type = "store"
        self.assertEqual(form.purchase_count, 0)
        self.assertEqual(form.loyal_amount, 70_000)
        form.save().action_confirm()
        self.assertTrue(self.portfolio.configured)
        self.portfolio.refresh()
        self.portfolio.rank()
        self.assertEqual(self.portfolio.customer_count, 0)

    def test_a_history_that_ended_in_the_past_proposes_its_last_day(self):
        self.some_orders("2007-02-28")
        form = self.start()
        form.business_type = "mail_order"
        self.assertTrue(form.is_past)
        self.assertEqual(form.base_choice, "last")
        form.save().action_confirm()
        self.assertEqual(str(self.portfolio.base_date), "2007-02-28")

    def test_who_wants_today_nevertheless_gets_it(self):
        self.some_orders("2007-02-28")
        form = self.start()
        form.business_type = "mail_order"
        form.base_choice = "today"
        form.save().action_confirm()
        self.assertFalse(self.portfolio.base_date)

    def test_a_future_order_does_not_make_the_history_look_alive(self):
        self.some_orders("2007-02-28")
        self.order(self.customer(), str(fields.Date.today() + timedelta(days=30)), 5_000)
        self.assertEqual(str(self.start().last_day), "2007-02-28")

    def test_the_answers_start_the_first_refresh(self):
        self.some_orders()
        form = self.start()
        form.business_type = "store"
        action = form.save().action_confirm()
        run = self.env["kokyaku.run"].browse(action["params"]["run_id"])
        self.assertEqual((run.kind, run.state), ("refresh", "queued"))
        self.assertEqual(run.res_id, self.portfolio.id)
        self.assertEqual(action["tag"], "kokyaku_portfolio.board")
        self.env["kokyaku.run"]._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(self.portfolio.customer_count, 2)

    def test_who_may_not_set_up_learns_who_can(self):
        self.some_orders()
        form = self.start(self.analyst)
        self.assertFalse(form.may_configure)
        self.assertIn("課長", form.refusal)
        self.assertEqual(form.purchase_count, 0, "no figures before it is decided who sees what")
        wizard = form.save()
        with self.assertRaisesRegex(AccessError, "課長"):
            wizard.action_confirm()
        self.assertFalse(self.portfolio.configured)

    def test_two_managers_at_once_do_not_overwrite_each_other(self):
        first, second = self.start(), self.start()
        first.business_type, second.business_type = "b2b", "store"
        first, second = first.save(), second.save()
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "meanwhile"):
            second.action_confirm()
        self.assertEqual(self.portfolio.business_type, "b2b")

    def test_an_amount_of_nothing_is_refused(self):
        form = self.start()
        form.business_type = "store"
        form.loyal_amount = 0
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "greater than zero"):
            wizard.action_confirm()

    def test_a_company_never_opened_before_gets_its_portfolio(self):
        other = self.env["res.company"].create({"name": "第二商店", "currency_id": self.yen.id})
        self.manager.company_ids += other
        env = self.env(user=self.manager, context={"allowed_company_ids": other.ids})
        form = Form(env["kokyaku.first.start"])
        form.business_type = "store"
        form.save().action_confirm()
        portfolio = self.env["kokyaku.portfolio"].search([("company_id", "=", other.id)])
        self.assertTrue(portfolio.is_default and portfolio.configured)
        self.assertFalse(self.portfolio.configured)

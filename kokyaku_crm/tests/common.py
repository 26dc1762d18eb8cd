from datetime import datetime

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
}


class KokyakuCase(TransactionCase):
    """A small shop of its own: one company as a customer with two people, one private
    person with a delivery address, two products; and one user of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **QUIET))
        japan = cls.env.ref("base.jp")
        cls.company = cls.env["res.company"].create(
            {"name": "試験商店", "country_id": japan.id, "currency_id": cls.env.ref("base.JPY").id}
        )
        cls.company.partner_id.tz = "Asia/Tokyo"
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=[cls.company.id]))
        partners = cls.env["res.partner"]
        cls.wing = partners.create(
            {"name": "株式会社ウィング", "is_company": True, "country_id": japan.id}
        )
        cls.kuroki = partners.create({"name": "黒木 健一", "parent_id": cls.wing.id})
        cls.suzuki = partners.create({"name": "鈴木 三郎", "parent_id": cls.wing.id})
        cls.haruyama = partners.create({"name": "春山 ひとみ", "country_id": japan.id})
        cls.haruyama_home = partners.create(
            {"name": "実家", "parent_id": cls.haruyama.id, "type": "delivery"}
        )
        cls.tea, cls.cup = cls.env["product.product"].create(
            [
                {"name": "緑茶", "list_price": 1000, "taxes_id": False},
                {"name": "湯呑み", "list_price": 3000, "taxes_id": False},
            ]
        )
        cls.analyst = cls._new_user("kc_analyst", "kokyaku_crm.group_analyst")
        cls.clerk = cls._new_user("kc_clerk", "kokyaku_crm.group_user")
        cls.manager = cls._new_user("kc_manager", "kokyaku_crm.group_manager")
        cls.seller = cls._new_user(
            "kc_seller", "kokyaku_crm.group_user,sales_team.group_sale_salesman"
        )
        cls.sales_lead = cls._new_user(
            "kc_lead", "kokyaku_crm.group_user,sales_team.group_sale_salesman_all_leads"
        )
        cls.outsider = cls._new_user("kc_outsider", "base.group_user")
        cls.portal = cls._new_user("kc_portal", "base.group_portal")

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _load_chart(cls):
        """Give the shop accounts and journals, for tests with invoices."""
        if not cls.company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)

    @classmethod
    def _order(cls, partner, *lines, when="2026-05-10 03:00:00", confirm=True, **values):
        """An order of `lines` (product, quantity), confirmed at the UTC instant `when`."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "user_id": cls.env.uid,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    for product, quantity in lines or [(cls.tea, 1)]
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        order.date_order = datetime.fromisoformat(when)
        return order

    def _as(self, user):
        """The environment of a user, in the shop's company."""
        return self.env(
            user=user,
            context=dict(self.env.context, lang="en_US", allowed_company_ids=[self.company.id]),
        )

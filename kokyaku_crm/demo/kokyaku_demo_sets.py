from datetime import datetime, timedelta

from odoo import Command, api, models

from .kokyaku_demo import TOKYO
from .kokyaku_demo_people import UNSEEN

GREETING = "[('is_company', '=', False), ('parent_id', '!=', False)]"


class KokyakuDemo(models.AbstractModel):
    """The selection sets of the demo company: last year's and this year's, sent and answered."""

    _inherit = "kokyaku.demo"

    @api.model
    def _load_sets(self):
        """Make last year's year-end gifts, an invitation with answers, and what is being
        prepared; once per database."""
        company = self._company()
        if self.env["kokyaku.selection.set"].search_count(
            [("company_id", "=", company.id)], limit=1
        ):
            return
        demo = self.with_context(
            **UNSEEN, allowed_company_ids=company.ids, tz="Asia/Tokyo"
        ).with_company(company)
        demo._create_sets(company, datetime.now(TOKYO).date())

    def _create_sets(self, company, today):
        gifts = self._demo("demo_category_gift")
        owner = self._demo("demo_user_fujita")
        last_year = self._sent_set(
            {
                "name": f"{today.year - 1}年お歳暮送付先",
                "selection_type_id": self._demo("demo_selection_oseibo").id,
                "owner_id": owner.id,
                "department": "営業一課",
                "criterion_ids": [
                    Command.create({"kind": "person", "partner_domain": GREETING}),
                    Command.create(
                        {"kind": "purchase", "connector": "or", "sequence": 20,
                         "categ_ids": [Command.set(gifts.ids)]}
                    ),
                ],
            },
            {"purpose": "greeting", "item": "煎茶詰合せ", "unit_cost": 3200, "noshi": "red",
             "date": today - timedelta(days=355)},
        )  # fmt: skip
        fair = self._sent_set(
            {
                "name": "秋の新茶試飲会ご招待",
                "owner_id": owner.id,
                "department": "営業一課",
                "criterion_ids": [
                    Command.create(
                        {"kind": "purchase", "period": "last", "period_number": 1, "threshold": 3}
                    )
                ],
            },
            {"purpose": "greeting", "item": "招待状", "unit_cost": 180, "cost": 120000,
             "control_percent": 10, "date": today - timedelta(days=40), "order_days": 30},
        )  # fmt: skip
        self._answer(fair.execution_ids)
        fresh = self.env["kokyaku.selection.set"].create(
            {
                "name": f"{today.year}年お歳暮送付先",
                "selection_type_id": last_year.selection_type_id.id,
                "owner_id": owner.id,
                "department": "営業一課",
                "deadline": today + timedelta(days=10),
                "previous_id": last_year.id,
                "criterion_ids": [
                    Command.create(
                        {"kind": "set", "other_set_ids": [Command.set(last_year.ids)]}
                    ),
                    Command.create(
                        {"kind": "purchase", "connector": "or", "sequence": 20,
                         "period": "last", "categ_ids": [Command.set(gifts.ids)]}
                    ),
                ],
            }
        )  # fmt: skip
        fresh._build()
        members = fresh.member_ids.filtered(lambda member: not member.excluded)
        fresh._remove_people(members[:2].partner_id, reason="ご本人の希望")

    def _sent_set(self, values, execution_values):
        """A set that was built, confirmed, printed and sent."""
        one = self.env["kokyaku.selection.set"].create(values)
        one._build()
        wizards = self.env["kokyaku.selection.confirm"].with_context(default_set_id=one.id)
        wizard = wizards.with_user(one.owner_id).create(
            {"channel": "post", "sure": True, **execution_values}
        )
        wizard.action_apply()
        one.execution_ids.with_user(one.owner_id).action_execute()
        return one

    def _answer(self, execution):
        """Every third comes, every tenth declines; of the others nothing was heard."""
        lines = execution.line_ids.filtered("sent_on").sorted("id")
        day = execution.date + timedelta(days=9)
        attends = self.env.ref("kokyaku_crm.response_attends")
        absent = self.env.ref("kokyaku_crm.response_absent")
        lines[9::15]._respond(attends, day, companions=1)
        (lines[::3] - lines[9::15])._respond(attends, day)
        lines[1::10]._respond(absent, day + timedelta(days=1))

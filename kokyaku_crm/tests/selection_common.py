from datetime import timedelta

from odoo.tools import SQL

from ..tools import office_today
from .common import KokyakuCase


class SelectionCase(KokyakuCase):
    """The shop with a set of people that can be written to: two at a company, one at home."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = office_today(cls.env["res.partner"])
        cls.japan = cls.env.ref("base.jp")
        cls.tokyo = cls.env["res.country.state"].search(
            [("country_id", "=", cls.japan.id), ("name", "=", "東京都")], limit=1
        )
        cls.wing.write(
            {
                "zip": "150-0001",
                "state_id": cls.tokyo.id,
                "city": "渋谷区",
                "street": "神宮前1-1-1",
                "street2": "ウィングビル",
            }
        )
        cls.kuroki.function = "部長"
        cls.haruyama.write(
            {"zip": "248-0001", "city": "鎌倉市", "street": "十二所1", "email": "haru@example.jp"}
        )
        cls.gift = cls.env["kokyaku.selection.type"].create(
            {"code": "GIFT", "name": "お歳暮", "purpose": "greeting"}
        )
        cls.set = cls._new_set("2026年お歳暮", cls.kuroki + cls.suzuki + cls.haruyama)

    @classmethod
    def _new_set(cls, name, people, **values):
        one = cls.env["kokyaku.selection.set"].create({"name": name, **values})
        one._add_people(people)
        return one

    @classmethod
    def _confirm(cls, one=None, user=None, **values):
        """Confirm a set by its wizard; give the execution."""
        one = one or cls.set
        wizards = cls.env["kokyaku.selection.confirm"].with_user(user or cls.clerk)
        wizard = wizards.with_context(default_set_id=one.id).create(values)
        action = wizard.action_apply()
        return cls.env["kokyaku.selection.execution"].browse(action["res_id"])

    @classmethod
    def _people(cls, number, **values):
        return cls.env["res.partner"].create(
            [
                {"name": f"客 {place}", "city": "鎌倉市", "street": f"{place}番", **values}
                for place in range(number)
            ]
        )

    @classmethod
    def _mourning(cls, person, days_ago=3):
        return cls.env["kokyaku.mourning"].create(
            {
                "partner_id": person.id,
                "notice_date": cls.today - timedelta(days=days_ago),
                "died_on": cls.today - timedelta(days=days_ago),
            }
        )

    def _line(self, execution, person):
        return execution.line_ids.filtered(lambda line: line.partner_id == person)

    def _reasons(self, execution):
        return {line.partner_id: line.exclusion or "" for line in execution.line_ids}

    def _sql(self, query, *args):
        return self.env.execute_query(SQL(query, *args))

from odoo import Command

from .common import KokyakuCase


class BulkEditCase(KokyakuCase):
    """Three people, two types and two labelled codes to edit in bulk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.kuroki | cls.suzuki | cls.haruyama
        cls.vip, cls.old_friend = cls.env["kokyaku.personal.type"].create(
            [{"code": "BV", "name": "上得意"}, {"code": "BO", "name": "旧友"}]
        )
        cls.rank, cls.route = cls.env["kokyaku.user.code"].create(
            [
                {"model": "res.partner", "slot": "3", "name": "ランク"},
                {"model": "res.partner", "slot": "4", "name": "経路"},
            ]
        )
        cls.gold, cls.silver = cls.env["kokyaku.user.code.value"].create(
            [
                {"code_id": cls.rank.id, "code": "G", "name": "金"},
                {"code_id": cls.rank.id, "code": "S", "name": "銀"},
            ]
        )
        cls.web = cls.env["kokyaku.user.code.value"].create(
            {"code_id": cls.route.id, "code": "W", "name": "ウェブ"}
        )

    def _edit(self, *lines, people=None, user=None, **values):
        people = self.people if people is None else people
        return self._as(user or self.clerk)["kokyaku.bulk.edit"].create(
            {
                "domain": repr([("id", "in", people.ids)]),
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    def _run(self, *lines, **kwargs):
        edit = self._edit(*lines, **kwargs)
        edit.action_check()
        edit.action_execute()
        self.assertEqual(edit.state, "done")
        return edit

    def _add_vip(self, operation="add", types=None):
        types = types or self.vip
        return {
            "fname": "personal_type_ids",
            "operation": operation,
            "personal_type_ids": [Command.set(types.ids)],
        }

    def _set_rank(self, value=None):
        return {"fname": "user_code_3_id", "code_value_id": (value or self.gold).id}

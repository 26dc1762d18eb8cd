from unittest.mock import patch

from lxml import etree

from odoo.tests import tagged

from .common import KokyakuCase

MANY = 500


class Evaluated(Exception):
    """A criterion was evaluated."""


@tagged("post_install", "-at_install")
class TestSelectionList(KokyakuCase):
    """Lists of sets show stored numbers: no criterion is evaluated, however many sets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sets = cls.env["kokyaku.selection.set"].create(
            [
                {
                    "name": f"DM {number}",
                    "owner_id": cls.clerk.id,
                    "criterion_ids": [
                        (0, 0, {"kind": "person", "partner_domain": "[('city', '=', '鎌倉市')]"}),
                        (0, 0, {"kind": "purchase", "product_ids": [(6, 0, cls.tea.ids)]}),
                    ],
                }
                for number in range(MANY)
            ]
        )
        cls.env.flush_all()
        criterion = cls.env.registry["kokyaku.selection.criterion"]
        cls.startClassPatcher(patch.object(criterion, "_people_sql", side_effect=Evaluated))

    def setUp(self):
        super().setUp()
        self.mine = self.env["kokyaku.selection.set"].with_user(self.clerk)

    def _open(self, limit):
        """Make the web client's calls of opening the list; return (records, queries)."""
        views = self.mine.get_views([(False, "list"), (False, "search")])
        arch = etree.fromstring(views["views"]["list"]["arch"])
        columns = {node.get("name") for node in arch.iter("field")}
        specification = {
            name: {"fields": {"display_name": {}}}
            if self.mine._fields[name].type == "many2one"
            else {}
            for name in columns
        }
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        page = self.mine.web_search_read([], specification, limit=limit, count_limit=10001)
        return page["records"], self.env.cr.sql_log_count - before

    def test_a_list_of_500_sets_evaluates_no_criterion(self):
        self._open(2)  # what is read once and kept
        few, queries_for_few = self._open(2)
        all_of_them, queries = self._open(MANY)
        self.assertEqual((len(few), len(all_of_them)), (2, MANY))
        self.assertEqual(queries, queries_for_few, "each set costs a query of its own")
        with self.assertRaises(Evaluated):  # this is what would be noticed
            self.sets[0].with_user(self.clerk)._build()

    def test_groups_the_choice_of_a_set_and_an_opened_set_evaluate_none(self):
        groups = self.mine.web_read_group([], ["state"], ["member_count:sum", "__count"])
        self.assertEqual(groups["groups"][0]["__count"], MANY)
        self.assertEqual(len(self.mine.name_search("DM", limit=MANY)), MANY)
        form = self.mine.get_views([(False, "form")])["views"]["form"]["arch"]
        fields = {node.get("name") for node in etree.fromstring(form).iter("field")}
        self.assertIn("live_count_text", fields)
        names = fields & self.mine._fields.keys()
        [opened] = self.sets[0].with_user(self.clerk).web_read(dict.fromkeys(names, {}))
        self.assertFalse(opened["live_count_text"])

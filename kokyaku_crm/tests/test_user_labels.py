import json

from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import KokyakuCase

PARTNER_FORM = "base.view_partner_form"


@tagged("post_install", "-at_install")
class TestUserLabels(KokyakuCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kokyaku.user.code.value"].search([]).unlink()
        cls.env["kokyaku.user.code"].with_context(active_test=False).search([]).unlink()
        cls.env["kokyaku.user.name"].with_context(active_test=False).search([]).unlink()

    def _label(self, slot, name, model="res.partner"):
        return self.env["kokyaku.user.code"].create({"model": model, "slot": slot, "name": name})

    def _view_fields(self, xmlid, view_type="form", model="res.partner", lang="en_US"):
        view = self.env.ref(xmlid)
        records = self.env[model].with_user(self.manager).with_context(lang=lang)
        arch = records.get_view(view.id, view_type)["arch"]
        return {
            node.get("name")
            for node in etree.fromstring(arch).xpath("//field | //filter")
            if "user_code" in (node.get("name") or "") or "user_name" in (node.get("name") or "")
        }

    def test_unlabelled_slots_show_nowhere(self):
        for model in ("res.partner", "product.template", "product.product", "res.users"):
            names = self.env[model].fields_get()
            self.assertFalse([name for name in names if name.startswith("user_code")], model)
            self.assertFalse([name for name in names if name.startswith("user_name_")], model)
        self.assertEqual(self._view_fields(PARTNER_FORM), set())
        self.assertEqual(self._view_fields("base.view_partner_tree", "list"), set())
        self.assertEqual(self._view_fields("kokyaku_crm.view_person_list", "list"), set())
        self.assertEqual(self._view_fields("base.view_res_partner_filter", "search"), set())

    def test_the_box_of_the_form_goes_when_it_is_empty(self):
        arch = self.env["res.partner"].get_view(self.env.ref(PARTNER_FORM).id)["arch"]
        self.assertNotIn("kokyaku_user_defined", arch)
        self._label("1", "業種")
        arch = self.env["res.partner"].get_view(self.env.ref(PARTNER_FORM).id)["arch"]
        self.assertIn("kokyaku_user_defined", arch)

    def test_a_label_shows_its_slot_everywhere(self):
        self._view_fields(PARTNER_FORM)  # warm the cache with the views of before
        self._label("2", "業種")
        self.env["kokyaku.user.name"].create({"model": "res.partner", "slot": "5", "name": "趣味"})
        wanted = {"user_code_2_id", "user_name_5"}
        self.assertEqual(self._view_fields(PARTNER_FORM), wanted)
        self.assertEqual(self._view_fields("base.view_partner_tree", "list"), wanted)
        self.assertEqual(
            self._view_fields("base.view_res_partner_filter", "search"),
            wanted | {"group_user_code_2_id", "group_user_name_5"},
        )
        strings = self.env["res.partner"].fields_get(attributes=["string"])
        self.assertEqual(strings["user_code_2_id"]["string"], "業種")
        self.assertEqual(strings["user_name_5"]["string"], "趣味")

    def test_group_by_bears_the_label(self):
        self._label("1", "業種")
        arch = self.env["res.partner"].get_view(
            self.env.ref("base.view_res_partner_filter").id, "search"
        )["arch"]
        (node,) = etree.fromstring(arch).xpath("//filter[@name='group_user_code_1_id']")
        self.assertEqual(node.get("string"), "業種")

    def test_a_changed_label_shows_at_once_and_changes_the_cache_key(self):
        label = self._label("1", "業種")
        partners = self.env["res.partner"]
        before = partners._get_view_cache_key(None, "form")
        label.name = "業界"
        self.assertNotEqual(partners._get_view_cache_key(None, "form"), before)
        strings = partners.fields_get(["user_code_1_id"], ["string"])
        self.assertEqual(strings["user_code_1_id"]["string"], "業界")

    def test_browsers_throw_their_views_away(self):
        http = self.env["ir.http"]
        versions = {http._kokyaku_label_version()}
        label = self._label("1", "業種")
        versions.add(http._kokyaku_label_version())
        label.name = "業界"
        versions.add(http._kokyaku_label_version())
        label.active = False
        versions.add(http._kokyaku_label_version())
        self.assertEqual(len(versions), 4)

    def test_labels_are_translated(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        self.env["res.lang"]._activate_lang("en_US")
        label = self._label("1", "Industry")
        label.with_context(lang="ja_JP").name = "業種"
        japanese = self.env["res.partner"].with_context(lang="ja_JP")
        self.assertEqual(
            japanese.fields_get(["user_code_1_id"], ["string"])["user_code_1_id"]["string"], "業種"
        )
        english = self.env["res.partner"].with_context(lang="en_US")
        self.assertEqual(
            english.fields_get(["user_code_1_id"], ["string"])["user_code_1_id"]["string"],
            "Industry",
        )

    def test_an_archived_label_hides_its_slot_and_keeps_the_values(self):
        label = self._label("1", "業種")
        value = self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "01", "name": "建設"}
        )
        self.wing.user_code_1_id = value
        label.active = False
        self.assertNotIn("user_code_1_id", self.env["res.partner"].fields_get())
        self.assertEqual(self.wing.user_code_1_id, value)

    def test_labels_of_products_are_their_own(self):
        self._label("3", "色", model="product.template")
        self.assertNotIn("user_code_3_id", self.env["res.partner"].fields_get())
        for model in ("product.template", "product.product"):
            strings = self.env[model].fields_get(["user_code_3_id"], ["string"])
            self.assertEqual(strings["user_code_3_id"]["string"], "色", model)
        self.assertEqual(
            self._view_fields("product.product_template_form_view", model="product.template"),
            {"user_code_3_id"},
        )
        self.assertEqual(
            self._view_fields("product.product_normal_form_view", model="product.product"),
            {"user_code_3_id"},
        )

    def test_only_values_of_the_own_code_fit(self):
        industry, area = self._label("1", "業種"), self._label("2", "地区")
        colour = self._label("1", "色", model="product.template")
        values = self.env["kokyaku.user.code.value"].create(
            [
                {"code_id": code.id, "code": "01", "name": name}
                for code, name in ((industry, "建設"), (area, "関東"), (colour, "赤"))
            ]
        )
        self.wing.user_code_1_id = values[0]
        with self.assertRaisesRegex(ValidationError, "関東.*地区"):
            self.wing.user_code_1_id = values[1]
        with self.assertRaisesRegex(ValidationError, "赤"):
            self.wing.user_code_1_id = values[2]
        self.tea.product_tmpl_id.user_code_1_id = values[2]
        self.assertEqual(self.tea.user_code_1_id, values[2])

    @mute_logger("odoo.sql_db")
    def test_one_label_per_slot_and_one_value_per_code(self):
        label = self._label("1", "業種")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._label("1", "業界")
        values = self.env["kokyaku.user.code.value"]
        values.create({"code_id": label.id, "code": "01", "name": "建設"})
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            values.create({"code_id": label.id, "code": "01", "name": "小売"})

    def test_a_label_with_values_stays_on_its_slot(self):
        label = self._label("1", "業種")
        label.slot = "4"
        self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "01", "name": "建設"}
        )
        with self.assertRaisesRegex(ValidationError, "業種"):
            label.slot = "5"

    def test_values_in_use_cannot_be_deleted(self):
        label = self._label("1", "業種")
        value = self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "01", "name": "建設"}
        )
        self.wing.user_code_1_id = value
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            value.unlink()

    def test_import_and_export_know_the_label(self):
        label = self._label("1", "業種")
        self.env["kokyaku.user.code.value"].create(
            {"code_id": label.id, "code": "01", "name": "建設"}
        )
        partners = self.env["res.partner"]
        result = partners.load(["name", "user_code_1_id"], [["輸入 商店", "建設"]])
        self.assertFalse(result["messages"])
        exported = partners.browse(result["ids"]).export_data(["name", "user_code_1_id"])
        self.assertEqual(exported["datas"], [["輸入 商店", "建設"]])

    def test_action_of_the_values(self):
        label = self._label("1", "業種")
        action = label.action_open_values()
        self.assertEqual(action["domain"], [("code_id", "=", label.id)])


@tagged("post_install", "-at_install")
class TestSessionInfo(HttpCase):
    def _registry_hash(self):
        self.authenticate("admin", "admin")
        response = self.url_open(
            "/web/session/get_session_info",
            data=json.dumps({"jsonrpc": "2.0", "params": {}}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()["result"]["registry_hash"]

    def test_a_reloading_browser_gets_another_cache_after_a_change_of_labels(self):
        before = self._registry_hash()
        self.assertEqual(self._registry_hash(), before)
        codes = self.env["kokyaku.user.code"].with_context(active_test=False)
        taken = codes.search([("model", "=", "res.partner")]).mapped("slot")
        free = next(slot for slot in map(str, range(1, 11)) if slot not in taken)
        codes.create({"model": "res.partner", "slot": free, "name": "新しい見出し"})
        self.assertNotEqual(self._registry_hash(), before)

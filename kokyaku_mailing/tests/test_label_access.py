from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .label_common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelAccess(LabelCase):
    """Who may print, and whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yamada = cls.person(name="山田 太郎")
        cls.analyst = new_test_user(cls.env, "label_analyst", groups="kokyaku_crm.group_analyst")
        cls.manager = new_test_user(cls.env, "label_manager", groups="kokyaku_crm.group_manager")
        cls.portal = new_test_user(cls.env, "label_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")
        cls.plain = new_test_user(cls.env, "label_plain", groups="base.group_user")

    def test_user_and_manager_print_and_nobody_else(self):
        for user in (self.clerk, self.manager):
            self.assertEqual(self.wizard(self.yamada, user).label_count, 1)
        for user in (self.analyst, self.plain, self.portal, self.public):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wizard(self.yamada, user)

    def test_the_menu_action_is_offered_to_those_who_may(self):
        def offered(user):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("res.partner")
            action = self.env.ref("kokyaku_mailing.action_print_labels")
            return action.id in [entry["id"] for entry in bindings.get("action", [])]

        self.assertTrue(offered(self.clerk))
        self.assertTrue(offered(self.manager))
        self.assertFalse(offered(self.analyst))
        self.assertFalse(offered(self.plain))

    def test_every_right_on_every_model(self):
        expected = {
            "kokyaku.label.format": {
                self.manager: "crwu",
                self.clerk: "crw",
                self.analyst: "r",
                self.plain: "",
                self.portal: "",
                self.public: "",
            },
            "kokyaku.print.font": {
                self.manager: "crwu",
                self.clerk: "r",
                self.analyst: "r",
                self.plain: "",
                self.portal: "",
                self.public: "",
            },
            "kokyaku.label.print": {
                self.manager: "crwu",
                self.clerk: "crwu",
                self.analyst: "",
                self.plain: "",
                self.portal: "",
                self.public: "",
            },
            "kokyaku.label.problem": {
                self.manager: "crwu",
                self.clerk: "crwu",
                self.analyst: "",
                self.plain: "",
                self.portal: "",
                self.public: "",
            },
        }
        operations = {"c": "create", "r": "read", "w": "write", "u": "unlink"}
        for model, rights in expected.items():
            for user, letters in rights.items():
                for letter, operation in operations.items():
                    self.assertEqual(
                        self.env[model].with_user(user).has_access(operation),
                        letter in letters,
                        (model, user.login, operation),
                    )

    def test_people_of_another_company_are_not_printed(self):
        other = self.env["res.company"].create({"name": "別会社"})
        hidden = self.person(name="他社 客", company_id=other.id)
        wizard = self.wizard(self.yamada | hidden)
        self.assertEqual(wizard.label_count, 1)
        self.assertNotIn("他社 客", [text.text for text in self.printed(wizard)])

    def test_people_hidden_behind_another_model_are_counted_without_their_names(self):
        other = self.env["res.company"].create({"name": "別会社"})
        hidden = self.person(name="他社 客", company_id=other.id)
        wizard = self.wizard(self.yamada)
        plan = wizard._plan([self.yamada.id, hidden.id])
        self.assertEqual((plan.partner_ids, plan.hidden), ([self.yamada.id], 1))
        self.assertIn("not visible to you: 1", wizard._summary(plan))
        self.assertNotIn("他社", wizard._summary(plan))

    def test_the_print_of_another_user_stays_theirs(self):
        wizard = self.wizard(self.yamada)
        wizard.action_print()
        colleague = new_test_user(self.env, "label_colleague", groups="kokyaku_crm.group_user")
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).read(["pdf"])

    def test_a_label_sheet_of_another_company_is_not_offered(self):
        other = self.env["res.company"].create({"name": "別会社"})
        sheet = self.sheet.copy({"name": "別会社の用紙", "company_id": other.id, "sequence": 0})
        sheets = self.env["kokyaku.label.format"].with_user(self.clerk)
        self.assertNotIn(sheet, sheets.search([]))
        self.assertEqual(self.wizard(self.yamada).format_id, self.sheet)


@tagged("post_install", "-at_install")
class TestLabelPages(HttpCase):
    """The PDFs, as the browser fetches them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.env.ref("kokyaku_mailing.label_format_a4_12")
        cls.url = f"/kokyaku_mailing/label_format/{cls.sheet.id}/test_page"
        for name, group in (
            ("page_clerk", "kokyaku_crm.group_user"),
            ("page_plain", "base.group_user"),
            ("page_portal", "base.group_portal"),
        ):
            new_test_user(cls.env, name, groups=group, password=name + "_pass")

    def get(self, login):
        self.authenticate(login, login + "_pass")
        return self.url_open(self.url)

    def test_the_test_page_is_a_pdf_to_look_at(self):
        response = self.get("page_clerk")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertTrue(response.headers["Content-Disposition"].startswith("inline"))
        self.assertTrue(response.content.startswith(b"%PDF-"))

    @mute_logger("odoo.http")
    def test_the_test_page_is_not_for_everyone(self):
        for login in ("page_plain", "page_portal"):
            self.assertEqual(self.get(login).status_code, 403, login)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.url).url)

    @mute_logger("odoo.http")
    def test_a_sheet_that_is_gone(self):
        self.authenticate("page_clerk", "page_clerk_pass")
        self.assertEqual(
            self.url_open("/kokyaku_mailing/label_format/999999999/test_page").status_code, 404
        )

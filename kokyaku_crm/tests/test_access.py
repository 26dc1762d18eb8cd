from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import KokyakuCase

MASTERS = [
    "kokyaku.personal.type",
    "kokyaku.selection.type",
    "kokyaku.user.code",
    "kokyaku.user.code.value",
    "kokyaku.user.name",
    "kokyaku.interest",
    "kokyaku.source",
    "kokyaku.honorific.rule",
    "kokyaku.relation",
    "kokyaku.contact.method",
    "kokyaku.response.type",
    "kokyaku.sender",
]
KEPT_BY_USERS = [
    "kokyaku.affiliation",
    "kokyaku.home.address",
    "kokyaku.family.member",
    "kokyaku.consent",
    "kokyaku.mourning",
    "kokyaku.contact.history",
    "kokyaku.daily.report",
    "kokyaku.bulk.edit",
    "kokyaku.bulk.edit.line",
    "kokyaku.selection.set",
    "kokyaku.selection.member",
    "kokyaku.selection.criterion",
    "kokyaku.saved.criteria",
    "kokyaku.handover",
    "kokyaku.handover.line",
    "kokyaku.import",
    "kokyaku.import.profile",
]
READ_ONLY = [
    "kokyaku.run",
    "kokyaku.purchase",
    "kokyaku.company.person",
    "kokyaku.transfer",
    "kokyaku.selection.difference",
    "kokyaku.consent.log",
    "kokyaku.selection.change",
    "kokyaku.staff.load",
    "kokyaku.year.plan",
    "kokyaku.import.company",
    "kokyaku.sales.record",
    "kokyaku.sales.link",
    "kokyaku.person.candidate",
    "kokyaku.person.proposal",
    "kokyaku.sales.link.candidate",
    "kokyaku.sales.link.log",
]
WORKED_ON = [
    "kokyaku.selection.execution",
    "kokyaku.execution.line",
    "kokyaku.selection.duplicate",
]
ROWS_OF_FILES = {
    "kokyaku.import.reject": "r",
    "kokyaku.import.candidate": "r",
    "kokyaku.import.person": "rw",
}
OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestAccess(KokyakuCase):
    """Every model, every operation, every kind of user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")

    def _rights(self, model, user):
        records = self.env[model].with_user(user)
        return "".join(letter[0] for letter in OPERATIONS if records.has_access(letter))

    def test_masters_are_kept_by_managers_and_read_in_the_office(self):
        for model in MASTERS:
            for user, rights in (
                (self.manager, "rwcu"),
                (self.clerk, "r"),
                (self.analyst, "r"),
                (self.outsider, "r"),
                (self.portal, ""),
                (self.public, ""),
            ):
                self.assertEqual(self._rights(model, user), rights, f"{model} {user.login}")

    def test_what_hangs_on_a_person_is_kept_by_users(self):
        for model in KEPT_BY_USERS:
            for user, rights in (
                (self.manager, "rwcu"),
                (self.clerk, "rwcu"),
                (self.analyst, "r"),
                (self.outsider, ""),
                (self.portal, ""),
                (self.public, ""),
            ):
                self.assertEqual(self._rights(model, user), rights, f"{model} {user.login}")

    def test_runs_and_purchases_are_only_read(self):
        for model in READ_ONLY:
            for user, rights in (
                (self.manager, "r"),
                (self.clerk, "r"),
                (self.analyst, "r"),
                (self.outsider, ""),
                (self.portal, ""),
                (self.public, ""),
            ):
                self.assertEqual(self._rights(model, user), rights, f"{model} {user.login}")

    def test_executions_are_made_by_the_program_and_worked_on_by_users(self):
        for model in WORKED_ON:
            for user, rights in (
                (self.manager, "rw"),
                (self.clerk, "rw"),
                (self.analyst, "r"),
                (self.outsider, ""),
                (self.portal, ""),
                (self.public, ""),
            ):
                self.assertEqual(self._rights(model, user), rights, f"{model} {user.login}")

    def test_rows_of_files_are_for_those_who_may_import(self):
        for model, allowed in ROWS_OF_FILES.items():
            for user, rights in (
                (self.manager, allowed),
                (self.clerk, allowed),
                (self.analyst, ""),
                (self.outsider, ""),
                (self.portal, ""),
                (self.public, ""),
            ):
                self.assertEqual(self._rights(model, user), rights, f"{model} {user.login}")

    def test_progress_is_for_nobody(self):
        for user in (self.manager, self.clerk, self.analyst, self.outsider, self.portal):
            self.assertEqual(self._rights("kokyaku.run.progress", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.bulk.edit.change", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.handover.change", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.sales.record.before", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.sales.record.seen", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.sales.link.addition", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.import.product", user), "", user.login)
            self.assertEqual(self._rights("kokyaku.import.mark", user), "", user.login)

    def test_the_wizard_is_for_users(self):
        for user, rights in (
            (self.manager, "rwcu"),
            (self.clerk, "rwcu"),
            (self.analyst, ""),
            (self.outsider, ""),
            (self.portal, ""),
        ):
            self.assertEqual(
                self._rights("kokyaku.sale.order.set.person", user), rights, user.login
            )

    def test_no_model_of_ours_was_forgotten(self):
        ours = set(
            self.env["ir.model"]
            .search([("model", "=like", "kokyaku.%")])
            .filtered(lambda model: "kokyaku_crm" in model.modules and not model.abstract)
            .mapped("model")
        )
        tested = {
            *MASTERS,
            *KEPT_BY_USERS,
            *READ_ONLY,
            *WORKED_ON,
            *ROWS_OF_FILES,
            "kokyaku.change.request",
            "kokyaku.rate.limit",
            "kokyaku.registration",
            "kokyaku.run.progress",
            "kokyaku.bulk.edit.change",
            "kokyaku.handover.change",
            "kokyaku.import.mark",
            "kokyaku.import.product",
            "kokyaku.sales.record.before",
            "kokyaku.sales.record.seen",
            "kokyaku.sales.link.addition",
            "kokyaku.partner.key",
            "kokyaku.sale.order.set.person",
            "kokyaku.selection.cancel",
            "kokyaku.selection.line.out",
            "kokyaku.year.plan.previous",
            "kokyaku.selection.confirm",
            "kokyaku.selection.late",
            "kokyaku.transfer.wizard",
            "kokyaku.transfer.wizard.line",
            "kokyaku.privacy.log",
            "kokyaku.privacy.disclosure",
            "kokyaku.privacy.erase",
            "kokyaku.card.entry",
            "kokyaku.contact.entry",
            "kokyaku.selection.copy",
            "kokyaku.selection.combine",
            "kokyaku.received.compare",
            "kokyaku.response.list",
            "kokyaku.selection.people",
            "kokyaku.selection.export",
            "kokyaku.selection.profile",
            "kokyaku.selection.profile.line",
            "kokyaku.selection.paste",
            "kokyaku.selection.paste.line",
        }
        self.assertEqual(ours, tested)

    def test_groups_imply_each_other(self):
        self.assertTrue(self.manager.has_group("kokyaku_crm.group_user"))
        self.assertTrue(self.clerk.has_group("kokyaku_crm.group_analyst"))
        self.assertFalse(self.analyst.has_group("kokyaku_crm.group_user"))
        self.assertTrue(self.env.ref("base.user_admin").has_group("kokyaku_crm.group_manager"))

    def test_an_analyst_changes_no_customer(self):
        with self.assertRaises(AccessError):
            self.wing.with_user(self.analyst).name = "変更"
        self.wing.with_user(self.clerk).name = "変更"
        self.assertEqual(self.wing.name, "変更")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_runs_of_other_companies_are_invisible(self):
        other = self.env["res.company"].create({"name": "別会社"})
        run = self.env["kokyaku.run"].create(
            {"kind": "x", "name": "x", "company_id": other.id, "user_id": self.manager.id}
        )
        for user in (self.manager, self.clerk, self.analyst):
            env = self._as(user)
            self.assertFalse(env["kokyaku.run"].search([("id", "=", run.id)]), user.login)
            with self.assertRaises(AccessError):
                env["kokyaku.run"].browse(run.id).read(["name"])

    def test_a_user_of_both_companies_sees_both(self):
        other = self.env["res.company"].create({"name": "別会社"})
        run = self.env["kokyaku.run"].create({"kind": "x", "name": "x", "company_id": other.id})
        both = new_test_user(
            self.env,
            login="kc_both",
            groups="kokyaku_crm.group_analyst",
            company_id=self.company.id,
            company_ids=[(6, 0, (self.company | other).ids)],
        )
        runs = self.env["kokyaku.run"].with_user(both)
        self.assertFalse(
            runs.with_context(allowed_company_ids=self.company.ids).search([("id", "=", run.id)])
        )
        self.assertTrue(
            runs.with_context(allowed_company_ids=(self.company | other).ids).search(
                [("id", "=", run.id)]
            )
        )

    def test_a_portal_colleague_learns_nothing_private(self):
        """Portal users read the partners of their company: core's fields, not ours."""
        self.portal.partner_id.parent_id = self.wing
        colleague = self.kuroki.with_user(self.portal)
        self.assertEqual(colleague.read(["name"])[0]["name"], self.kuroki.name)
        ours = [
            name
            for name, field in self.env["res.partner"]._fields.items()
            if field._module == "kokyaku_crm"
        ]
        self.assertIn("birthdate", ours)
        self.assertIn("user_name_5", ours)
        for name in ours:
            self.assertNotIn(name, colleague.fields_get(), name)
            with self.assertRaises(AccessError, msg=name):
                colleague.read([name])

    def test_a_portal_user_changes_their_own_name_on_their_page(self):
        """The portal writes with the rights of the system; the parts follow."""
        partner = self.portal.partner_id
        partner.with_user(self.portal).sudo().write({"name": "窓口　一郎", "phone": "03-1234-5678"})
        self.assertEqual(partner.family_name, "窓口")

    def test_menus_are_shown_by_group(self):
        root = self.env.ref("kokyaku_crm.menu_root").id
        config = self.env.ref("kokyaku_crm.menu_config").id
        for user, sees_root, sees_config in (
            (self.manager, True, True),
            (self.clerk, True, False),
            (self.analyst, True, False),
            (self.outsider, False, False),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(root in visible, sees_root, user.login)
            self.assertEqual(config in visible, sees_config, user.login)

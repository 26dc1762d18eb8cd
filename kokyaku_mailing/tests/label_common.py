import base64

from odoo.tests import TransactionCase, new_test_user

from .common import texts_of


class LabelCase(TransactionCase):
    """A small office of its own: a company with a department, its people, and some others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.japan = cls.env.ref("base.jp")
        cls.tokyo = cls.env.ref("base.state_jp_jp-13")
        cls.sheet = cls.env.ref("kokyaku_mailing.label_format_a4_12")
        cls.clerk = new_test_user(
            cls.env, "label_clerk", groups="kokyaku_crm.group_user", lang="en_US"
        )
        cls.company = cls.person(
            name="株式会社丸田商店",
            is_company=True,
            zip="020-0021",
            state_id=cls.env.ref("base.state_jp_jp-03").id,
            city="盛岡市",
            street="中央通2-2-5",
            street2="丸田ビル 4階",
        )

    @classmethod
    def person(cls, **values):
        """A partner; in Tokyo when nothing else is said and there is no parent."""
        if "parent_id" not in values:
            values = {
                "zip": "100-0013",
                "state_id": cls.tokyo.id,
                "city": "千代田区",
                "street": "霞が関1-3-2",
                "country_id": cls.japan.id,
                **values,
            }
        return cls.env["res.partner"].create(values)

    def wizard(self, partners, user=None, **values):
        """The wizard as the list's action opens it for these partners."""
        action = (
            self.env["kokyaku.label.print"]
            .with_user(user or self.clerk)
            .with_context(active_model=partners._name, active_ids=partners.ids)
            .action_open()
        )
        wizard = (
            self.env["kokyaku.label.print"].with_user(user or self.clerk).browse(action["res_id"])
        )
        wizard.write({"print_order": "listed", **values})
        return wizard

    def printed(self, wizard):
        """The texts of the PDF that the wizard prints."""
        action = wizard.action_print()
        self.assertEqual(action["type"], "ir.actions.act_url")
        return texts_of(base64.b64decode(wizard.with_context(bin_size=False).pdf))

    def lines(self, partners, **values):
        """What is printed for these partners, one list of lines."""
        return [text.text for text in self.printed(self.wizard(partners, **values))]

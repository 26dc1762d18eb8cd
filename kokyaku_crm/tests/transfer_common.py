from odoo.tests import Form

from .common import KokyakuCase

AFTER_LINES = ("successor_follows", "hand_over")  # asked for once there is a successor


class TransferCase(KokyakuCase):
    """Two companies, and three people to be transferred."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wing.write({"zip": "150-0001", "city": "渋谷区", "street": "神宮前1-1-1"})
        cls.sora = cls.env["res.partner"].create(
            {
                "name": "株式会社そら",
                "is_company": True,
                "zip": "530-0001",
                "city": "大阪市北区",
                "street": "梅田2-2-2",
            }
        )
        cls.kuroki.write(
            {"function": "課長", "phone": "03-1111-0001", "email": "kuroki@wing.example.jp"}
        )
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = '2020-01-01' WHERE id = ANY(%s)",
            [(cls.kuroki | cls.suzuki | cls.haruyama).ids],
        )
        cls.env.invalidate_all()

    def _wizard(self, people, user=None, **values):
        wizard = Form(
            self.env["kokyaku.transfer.wizard"]
            .with_user(user or self.clerk)
            .with_context(
                active_model="res.partner",
                active_ids=people.ids,
                allowed_company_ids=self.company.ids,
            )
        )
        for name, value in values.items():
            setattr(wizard, name, value)
        return wizard

    def _transfer(self, people, lines=None, **values):
        """Fill the wizard as a clerk does; `lines` has the values of each person's line."""
        lines = lines or [{}] * len(people)
        after = {name: values.pop(name) for name in AFTER_LINES if name in values}
        wizard = self._wizard(people, **values)
        for number in range(len(wizard.line_ids)):
            with wizard.line_ids.edit(number) as line:
                given = lines.get(line.partner_id) if isinstance(lines, dict) else lines[number]
                for name, value in given.items():
                    setattr(line, name, value)
        for name, value in after.items():
            setattr(wizard, name, value)
        return wizard.save().action_apply()

    def _rows(self, person):
        return [
            (
                row.company_partner_id.name,
                row.department or "",
                row.function or "",
                row.date_to or None,
                row.is_main,
            )
            for row in person.affiliation_ids.sorted("id")
        ]

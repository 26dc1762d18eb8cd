from odoo.tests import tagged

from ..models.people_import_new import QUIET
from .import_people_common import ImportPeopleCase
from .test_import_people_rows import OF_ITS_OWN

ADDRESS = {"zip": "150-0001", "city": "渋谷区", "street": "神宮前1-2-3"}


@tagged("post_install", "-at_install")
class TestImportPeopleCompanies(ImportPeopleCase):
    """A known company that a file changes has its people changed with it, as core has it."""

    maxDiff = None

    def _house(self, ref, **values):
        """A company with people: in use, archived, below a branch, and a delivery address."""
        partners = self._as(self.clerk)["res.partner"].with_context(**QUIET)
        japan = self.env.ref("base.jp").id
        house = partners.create(
            {"ref": ref, "name": "株式会社測定", "is_company": True, "country_id": japan, **values}
        )
        branch = partners.create(
            {"name": "測定大阪支店", "is_company": True, "parent_id": house.id}
        )
        partners.create(
            [
                {"name": "山田 太郎", "parent_id": house.id, "email": "taro@example.jp"},
                {"name": "山田 次郎", "parent_id": house.id, "active": False},
                {"name": "測定 倉庫", "parent_id": house.id, "type": "delivery", "city": "堺市"},
                {"name": "山田 三郎", "parent_id": branch.id},
            ]
        )
        self.env.flush_all()
        return house

    def _tree(self, house):
        """The rows and search keys of a company and of everybody below it."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT to_jsonb(p) || jsonb_build_object('key', ARRAY[k.doc, k.words, k.grams::text])
                 FROM res_partner p JOIN kokyaku_partner_key k ON k.id = p.id
                WHERE p.commercial_partner_id = %(house)s OR p.parent_id IN (
                      SELECT id FROM res_partner WHERE id = %(house)s OR parent_id = %(house)s)
                ORDER BY p.id""",
            {"house": house.id},
        )
        own = {*OF_ITS_OWN, "parent_id", "ref", "write_uid"}
        return [
            {name: value for name, value in row.items() if name not in own}
            for [row] in self.env.cr.fetchall()
        ]

    def _by_both(self, values, *rows, options=None, house=None):
        """Change one company by the ORM and one that is alike by a file; return both trees."""
        orm = self._house("T-1", **(house or {}))
        other = self._house("T-2", **(house or {}))
        orm.with_context(**QUIET).write(values)
        wanted = self._tree(orm)
        everybody = self.env["res.partner"].with_context(active_test=False)
        everybody.search([("id", "child_of", orm.id)]).unlink()
        other.ref = "T-1"
        import_ = self._import(*rows, options=options)
        self._apply(import_)
        self.assertFalse([row for row in self._doubts(import_) if row[3] == "other_company"])
        return other, wanted, import_

    def test_filled_up(self):
        tokyo = self.env.ref("base.state_jp_jp-13").id
        other, wanted, import_ = self._by_both(
            {**ADDRESS, "state_id": tokyo, "kana": "ｿｸﾃｲ", "phone": "03-1234-5678",
             "fax": "03-1234-5679"},
            {"name": "森 花", "company_name": "株式会社測定", "company_kana": "ｿｸﾃｲ",
             "company_phone": "03-1234-5678", "company_fax": "03-1234-5679", "state": "東京都",
             **ADDRESS},
        )  # fmt: skip
        new = self.env["res.partner"].search([("name", "=", "森 花")])
        self.assertEqual(new.parent_id, other)
        new_last = self._tree(other)[:-1]
        self.assertEqual(new_last, wanted)
        self.assertEqual(wanted[2]["street"], "神宮前1-2-3", "the address reaches a contact")
        self.assertEqual(wanted[0]["kana"], "ソクテイ")
        import_.sudo()._undo_people()
        self.env.invalidate_all()
        self.assertFalse(new.exists() or other.street or other.phone or other.kana)
        self.assertFalse(other.child_ids.filtered("street"))

    def test_a_new_name_and_address(self):
        other, wanted, _import = self._by_both(
            {"name": "株式会社測定堂", "street": "神宮前9-9-9", "zip": "150-0001",
             "state_id": False, "city": "渋谷区", "phone": "03-1234-5678"},
            {"ref": "T-1", "name": "株式会社測定堂", "is_company": True, "city": "渋谷区",
             "street": "神宮前9-9-9", "zip": "150-0001", "phone": "03-1234-5678"},
            options={"rule": "overwrite"},
            house={**ADDRESS, "phone": "03-1234-5678"},
        )  # fmt: skip
        self.assertEqual(other.name, "株式会社測定堂")
        self.assertEqual(self._tree(other), wanted)
        self.assertEqual(wanted[2]["complete_name"], "株式会社測定堂, 山田 太郎")
        self.assertEqual(wanted[2]["commercial_company_name"], "株式会社測定堂")

    def test_many_companies_take_no_more_statements_than_a_few(self):
        partners = self.env["res.partner"].with_context(**QUIET)
        houses = partners.create(
            [{"name": f"株式会社測定{n}", "is_company": True} for n in range(40)]
        )
        partners.create([{"name": "山田 太郎", "parent_id": house.id} for house in houses])
        self.env.flush_all()
        counts = []
        for part in (houses[:10], houses[10:]):
            writes = {
                house.id: {**ADDRESS, "street": f"神宮前{house.id}", "phone": f"03-1111-{n:04}"}
                for n, house in enumerate(part)
            }
            before = self.env.cr.sql_log_count
            self.lines._write_people(writes)
            counts.append(self.env.cr.sql_log_count - before)
        few, many = counts
        self.assertLessEqual(many, few + 5)
        self.assertEqual(
            houses.child_ids.mapped("street"), [f"神宮前{house.id}" for house in houses]
        )

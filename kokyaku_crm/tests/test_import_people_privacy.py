from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .import_people_common import ImportPeopleCase


@tagged("post_install", "-at_install")
class TestImportPeoplePrivacy(ImportPeopleCase):
    """The lines of a file are personal data like any other."""

    def _applied(self):
        import_ = self._import({"name": "佐藤 花子", "phone": "090-1111-2222", "note": "内緒の話"})
        self._apply(import_)
        return import_, self._lines(import_)

    def test_a_person_is_told_the_line_they_came_with(self):
        _import, line = self._applied()
        sections = dict(line.partner_id.sudo()._disclosure_sections())
        self.assertIn("Rows of Imported Files", sections)
        self.assertTrue(line.partner_id.acquired_note)

    def test_who_is_erased_is_erased_from_the_lines_too(self):
        _import, line = self._applied()
        person = line.partner_id
        person.with_user(self.manager)._erase("本人の申し出")
        self.env.cr.execute("SELECT 1 FROM kokyaku_import_person WHERE id = %s", [line.id])
        self.assertFalse(self.env.cr.fetchall())

    def test_merging_keeps_lines_and_candidates(self):
        import_ = self._import({"ref": "H1", "name": "春山 ひとみ"})
        line = self._lines(import_)
        line.write({"partner_id": self.haruyama.id})
        self._apply(import_)
        other = self.env["res.partner"].create({"name": "春山 ひとみ"})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.haruyama | other).ids, other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(line.partner_id, other)

    def test_lines_are_deleted_a_month_after_they_were_written(self):
        import_, line = self._applied()
        lines = self.env["kokyaku.import.person"]
        lines._gc_lines()
        self.assertTrue(line.exists())
        import_.sudo().imported_at = fields.Datetime.now() - timedelta(days=31)
        self.env.flush_all()
        lines._gc_lines()
        self.assertFalse(line.exists())
        self.assertTrue(self.env["res.partner"].search([("name", "=", "佐藤 花子")]))
